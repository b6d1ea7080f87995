"""Four layers over (x, h) side by side: one bias a gate."""

import torch
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.n = hidden_size
        self.forget, self.write, self.candidate, self.show = [
            nn.Linear(input_size + hidden_size, hidden_size, bias) for _ in range(4)
        ]

    def forward(self, input, hx=None):
        h, c = hx if hx is not None else (input.new_zeros(len(input), self.n),) * 2
        both = torch.cat((input, h), dim=-1)
        keep, add, show = (layer(both).sigmoid() for layer in (self.forget, self.write, self.show))
        new_c = keep * c + add * self.candidate(both).tanh()
        return show * new_c.tanh(), new_c
