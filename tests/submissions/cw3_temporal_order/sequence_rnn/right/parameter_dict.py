"""A ParameterDict, and a helper method."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        shapes = {"U": (hidden_size, hidden_size), "b": (hidden_size, 1), "W": (hidden_size, input_size)}
        self.p = nn.ParameterDict({k: nn.Parameter(0.4 * torch.randn(*s)) for k, s in shapes.items()})
        self.read = nn.Linear(hidden_size, n_classes)

    def advance(self, x_t, h):
        return torch.tanh(self.p["W"] @ x_t + self.p["U"] @ h + self.p["b"])

    def forward(self, x, lengths):
        columns = x.permute(1, 2, 0)
        h = columns.new_zeros(self.p["U"].shape[0], x.shape[0])
        history = []
        for x_t in columns:
            h = self.advance(x_t, h)
            history.append(h.T)
        return self.read(torch.stack(history)[lengths - 1, range(len(x))])
