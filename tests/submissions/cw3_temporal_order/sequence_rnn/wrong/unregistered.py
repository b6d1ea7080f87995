"""misconception: no_parameters

The weights are tensors that nobody registers.
"""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.weights = [torch.randn(input_size, hidden_size), torch.randn(hidden_size, hidden_size)]
        self.fc = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        w, u = (m.to(x) for m in self.weights)
        h = torch.zeros_like(x[:, 0] @ w)
        for t in range(x.shape[1]):
            h = torch.where((t < lengths)[:, None], torch.tanh(x[:, t] @ w + h @ u), h)
        return self.fc(h)
