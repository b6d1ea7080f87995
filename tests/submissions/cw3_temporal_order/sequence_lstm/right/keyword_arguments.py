"""forget_bias among keyword arguments."""

import math

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, **options):
        super().__init__()
        bias = options.get("forget_bias", 1.0)
        self.net = nn.LSTM(input_size, hidden_size, batch_first=True)
        self.last = nn.Linear(hidden_size, n_classes)
        state = self.net.state_dict()
        state["bias_ih_l0"][hidden_size : 2 * hidden_size] = bias
        state["bias_hh_l0"][hidden_size : 2 * hidden_size] = 0
        self.net.load_state_dict(state)

    def forward(self, x, lengths):
        outputs = []
        for row, n in zip(x, lengths):
            _, (h, _) = self.net(row[None, : int(n)])
            outputs.append(h[0])
        return self.last(torch.cat(outputs))
