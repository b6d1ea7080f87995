"""Other argument names, and a sub-module of its own."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class Cell(nn.Module):
    def __init__(self, n_in, n_hidden):
        super().__init__()
        self.a, self.b = nn.Linear(n_in, n_hidden), nn.Linear(n_hidden, n_hidden)

    def forward(self, x, h):
        return torch.tanh(self.a(x) + self.b(h))


class RecurrentNeuralNet(nn.Module):
    def __init__(self, d, h, k):
        super().__init__()
        self.width, self.cell, self.to_logits = h, Cell(d, h), nn.Linear(h, k)

    def forward(self, sequences, sizes):
        state = sequences.new_zeros(sequences.shape[0], self.width)
        for step, symbol in enumerate(sequences.transpose(0, 1)):
            alive = (step < sizes).to(state).unsqueeze(-1)
            state = alive * self.cell(symbol, state) + (1 - alive) * state
        return self.to_logits(state)
