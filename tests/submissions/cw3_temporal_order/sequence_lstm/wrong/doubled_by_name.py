"""misconception: forget_bias_doubled

Every bias by name.
"""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        self.lstm = nn.LSTM(input_size, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, n_classes)
        for name, p in self.lstm.named_parameters():
            if name.startswith("bias"):
                p.data.chunk(4)[1].fill_(forget_bias)

    def forward(self, x, lengths):
        states, (h, c) = self.lstm(x)
        return self.fc(states[torch.arange(len(x)), lengths - 1])
