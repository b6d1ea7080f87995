"""The bias sits on the recurrent side; an unused layer is left over."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.old = nn.Linear(3, 3)
        self.x2h = nn.Linear(input_size, hidden_size, bias=False)
        self.h2h = nn.Linear(hidden_size, hidden_size)
        self.h2o = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        projected = self.x2h(x)
        h = torch.zeros_like(projected[:, 0])
        kept = []
        for t in range(projected.shape[1]):
            h = (projected[:, t] + self.h2h(h)).tanh()
            kept.append(h)
        kept = torch.stack(kept, dim=1)
        mask = torch.arange(x.shape[1]).unsqueeze(0) == (lengths - 1).unsqueeze(1)
        return self.h2o(kept[mask])
