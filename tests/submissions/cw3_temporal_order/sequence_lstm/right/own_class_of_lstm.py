"""A subclass of nn.LSTM that starts its forget gate itself."""

import math

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class OpenLSTM(nn.LSTM):
    def __init__(self, *args, forget_bias, **kwargs):
        self.start = forget_bias
        super().__init__(*args, **kwargs)

    def reset_parameters(self):
        super().reset_parameters()
        n = self.hidden_size
        for bias, value in ((self.bias_ih_l0, self.start), (self.bias_hh_l0, 0)):
            nn.init.constant_(bias[n : 2 * n], value)


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        self.lstm = OpenLSTM(input_size, hidden_size, batch_first=True, forget_bias=forget_bias)
        self.fc = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        return self.fc(self.lstm(x)[0][torch.arange(len(x)), lengths.long() - 1])
