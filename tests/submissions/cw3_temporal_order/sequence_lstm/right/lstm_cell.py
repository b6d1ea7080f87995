"""nn.LSTMCell, states in lists."""

import math

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        self.cell = nn.LSTMCell(input_size, hidden_size)
        self.fc = nn.Linear(hidden_size, n_classes)
        H = hidden_size
        self.cell.bias_hh.data[H : 2 * H] = 0
        self.cell.bias_ih.data[H : 2 * H] = forget_bias

    def forward(self, x, lengths):
        state, seen = None, []
        for x_t in x.transpose(0, 1):
            state = self.cell(x_t, state)
            seen.append(state[0])
        picked = [seen[n - 1][b] for b, n in enumerate(lengths.tolist())]
        return self.fc(torch.stack(picked))
