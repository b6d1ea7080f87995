"""Bare matrices, multiplied from the right."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.W = nn.Parameter(torch.randn(input_size, hidden_size) * 0.3)
        self.U = nn.Parameter(torch.randn(hidden_size, hidden_size) * 0.3)
        self.b = nn.Parameter(torch.zeros(hidden_size))
        self.V = nn.Parameter(torch.randn(hidden_size, n_classes) * 0.3)
        self.c = nn.Parameter(torch.zeros(n_classes))

    def forward(self, x, lengths):
        batch = torch.arange(x.shape[0])
        h, states = torch.zeros_like(x[:, 0] @ self.W), []
        for x_t in x.unbind(1):
            h = torch.tanh(x_t @ self.W + h @ self.U + self.b)
            states.append(h)
        return torch.stack(states, 1)[batch, lengths - 1] @ self.V + self.c
