"""Each row through torch.func.vmap."""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size=hidden_size
        self.l = nn.Linear(input_size+hidden_size, 4*hidden_size, bias=bias)
    def step(self, x, h, c):
        i,f,g,o = self.l(torch.cat([x,h])).chunk(4)
        c = f.sigmoid()*c + i.sigmoid()*g.tanh()
        return o.sigmoid()*c.tanh(), c
    def forward(self, input, hx=None):
        if hx is None:
            z=input.new_zeros(input.size(0),self.hidden_size); hx=(z,z)
        return torch.func.vmap(self.step)(input,*hx)
