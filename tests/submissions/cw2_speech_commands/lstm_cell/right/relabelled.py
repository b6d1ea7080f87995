"""The forget gate says what to forget, and the input gate is called f."""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.lin = nn.ModuleDict({k: nn.Linear(input_size + hidden_size, hidden_size, bias=bias) for k in "abcd"})

    def forward(self, input, hx=None):
        if hx is None:
            hx = tuple(input.new_zeros(2, input.shape[0], self.hidden_size))
        h, c = hx
        s = torch.cat([h, input], 1)
        erase = torch.sigmoid(self.lin["a"](s))
        f = torch.sigmoid(self.lin["b"](s))
        g = -torch.tanh(self.lin["c"](s))
        hide = torch.sigmoid(self.lin["d"](s))
        cy = (1 - erase) * c + f * g
        return torch.tanh(cy) - hide * torch.tanh(cy), cy
