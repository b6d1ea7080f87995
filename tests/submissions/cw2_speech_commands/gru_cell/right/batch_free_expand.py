import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.register_buffer("zero", torch.zeros(1, hidden_size))
        self.ih = nn.Linear(input_size, 3 * hidden_size, bias)
        self.hh = nn.Linear(hidden_size, 3 * hidden_size, bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = self.zero.expand(input.size(0), -1)
        gi, gh = self.ih(input), self.hh(hx)
        H = self.hidden_size
        r = torch.sigmoid(gi[:, :H] + gh[:, :H])
        z = torch.sigmoid(gi[:, H : 2 * H] + gh[:, H : 2 * H])
        n = torch.tanh(gi[:, 2 * H :] + r * gh[:, 2 * H :])
        return z * hx + (1 - z) * n
