import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size, self.bias = hidden_size, bias
        self.M = nn.Parameter(
            0.1 * torch.randn(input_size + hidden_size + int(bias), 4 * hidden_size)
        )

    def forward(self, input, hx=None):
        batch = input.shape[0]
        h, c = hx if hx is not None else input.new_zeros(2, batch, self.hidden_size)
        parts = [input, h] + ([input.new_ones(batch, 1)] if self.bias else [])
        i, f, g, o = torch.split(
            torch.matmul(torch.cat(parts, dim=1), self.M), self.hidden_size, dim=1
        )
        cy = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(cy), cy
