"""All biases zero, then the one."""

import math

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0, unused=None):
        super().__init__()
        self.encoder = nn.LSTM(input_size, hidden_size, 1, batch_first=True)
        self.linear = nn.Linear(hidden_size, n_classes)
        for p in self.encoder.parameters():
            if p.dim() == 1:
                nn.init.zeros_(p)
            else:
                nn.init.xavier_uniform_(p)
        with torch.no_grad():
            self.encoder.bias_hh_l0.reshape(4, -1)[1] += forget_bias

    def forward(self, x, lengths):
        states, _ = self.encoder(x)
        at_end = torch.arange(x.shape[1]) == (lengths - 1)[:, None]
        return self.linear((states * at_end[..., None]).sum(dim=1))
