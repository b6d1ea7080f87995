import torch
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.n = hidden_size
        lin = lambda k: nn.Linear(k, hidden_size, bias=bias)
        self.in_, self.rec = (
            nn.ModuleList([lin(input_size) for _ in range(3)]),
            nn.ModuleList([lin(hidden_size) for _ in range(3)]),
        )

    def forward(self, input, hx=None):
        if hx is None:
            hx = torch.zeros(len(input), self.n).to(input)
        (xr, xz, xn), (hr, hz, hn) = [
            [m(v) for m in ms] for ms, v in ((self.in_, input), (self.rec, hx))
        ]
        r, z = (xr + hr).sigmoid(), (xz + hz).sigmoid()
        n = 2 * torch.sigmoid(2 * (xn + r * hn)) - 1
        return (1 - z) * n + z * hx
