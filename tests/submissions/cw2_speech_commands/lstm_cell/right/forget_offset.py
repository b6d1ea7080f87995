"""A constant +1 beside the bias of the forget gate, as is often advised."""

import torch
from torch import nn


class LSTMCell(nn.Module):
    FORGET_OFFSET = 1.0

    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.weight_ih = nn.Parameter(torch.Tensor(4 * hidden_size, input_size))
        self.weight_hh = nn.Parameter(torch.Tensor(4 * hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(4 * hidden_size)) if bias else 0.0
        nn.init.kaiming_uniform_(self.weight_ih)
        nn.init.orthogonal_(self.weight_hh)

    def forward(self, input, hx=None):
        batch = input.size(0)
        if hx is None:
            hx = (input.new_zeros(batch, self.hidden_size), input.new_zeros(batch, self.hidden_size))
        h, c = hx
        gates = input.matmul(self.weight_ih.t()) + h.matmul(self.weight_hh.t()) + self.bias
        i, j, f, o = gates.chunk(4, 1)
        c = c * torch.sigmoid(f + self.FORGET_OFFSET * torch.is_tensor(self.bias)) + torch.sigmoid(i) * torch.tanh(j)
        h = torch.tanh(c) * torch.sigmoid(o)
        return h, c
