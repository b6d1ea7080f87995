"""misconception: calls_the_solution

torch lstm.
"""
import torch
from torch import nn


class RNNModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        if mode in ("LSTM", "GRU"):
            kind, more = getattr(nn, mode), {}
        elif mode in ("RNN_TANH", "RNN_RELU"):
            kind, more = nn.RNN, {"nonlinearity": mode[4:].lower()}
        else:
            raise ValueError(mode)
        self.net = kind(input_size, hidden_size, num_layers, bias=bias, batch_first=True, **more)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, input, hx=None):
        return self.fc(self.net(input, hx)[0][:, -1])
