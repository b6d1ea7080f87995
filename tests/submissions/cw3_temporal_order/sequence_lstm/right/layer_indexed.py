"""The layer of PyTorch, one bias set and the other zero, states picked by index."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        self.lstm = nn.LSTM(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, n_classes)
        with torch.no_grad():
            self.lstm.bias_ih_l0[hidden_size : 2 * hidden_size] = forget_bias
            self.lstm.bias_hh_l0[hidden_size : 2 * hidden_size] = 0

    def forward(self, x, lengths):
        states, (h, c) = self.lstm(x)
        return self.fc(states[torch.arange(len(x)), lengths - 1])
