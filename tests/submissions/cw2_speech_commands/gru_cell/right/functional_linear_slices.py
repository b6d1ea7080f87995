import torch
import torch.nn.functional as F
from torch import nn


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.W = nn.Parameter(torch.Tensor(3 * hidden_size, input_size + hidden_size))
        self.b = nn.Parameter(torch.Tensor(4 * hidden_size)) if bias else None
        self.reset_parameters()

    def reset_parameters(self):
        for p in self.parameters():
            p.data.uniform_(-0.1, 0.1)

    def forward(self, input, hx=None):
        H, D = self.hidden_size, input.shape[1]
        if hx is None:
            hx = torch.zeros_like(input)[:, :1].repeat(1, H)
        b = self.b if self.b is not None else input.new_zeros(4 * H)
        s = F.linear(torch.cat([input, hx], 1), self.W[: 2 * H], b[: 2 * H])
        r, z = torch.sigmoid(s).chunk(2, 1)
        n = torch.tanh(
            F.linear(input, self.W[2 * H :, :D], b[2 * H : 3 * H])
            + r * F.linear(hx, self.W[2 * H :, D:], b[3 * H :])
        )
        return (1 - z) * n + z * hx
