"""misconception: bias_missing

Biases on the state side only.
"""

import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.inp = nn.ModuleDict({g: nn.Linear(input_size, hidden_size, bias=False) for g in ("r", "u", "c")})
        self.rec = nn.ModuleDict({g: nn.Linear(hidden_size, hidden_size, bias=bias) for g in ("r", "u", "c")})

    def forward(self, input, hx=None):
        h = hx if hx is not None else torch.zeros_like(self.inp["r"](input))
        r = torch.sigmoid(self.inp["r"](input) + self.rec["r"](h))
        u = torch.sigmoid(self.inp["u"](input) + self.rec["u"](h))
        c = torch.tanh(self.inp["c"](input) + r * self.rec["c"](h))
        return u * c + (1 - u) * h
