import torch
from torch import nn


class LSTMCell(nn.Module):
    # keeps 1 - e with e the "erase" gate; output gate from negated sum
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        H = self.hidden_size = hidden_size
        self.erase = nn.Linear(input_size + H, H, bias=bias)
        self.write = nn.Linear(input_size + H, H, bias=bias)
        self.cand = nn.Linear(input_size + H, H, bias=bias)
        self.hide = nn.Linear(input_size + H, H, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = (input.new_zeros(input.size(0), self.hidden_size),) * 2
        h, c = hx
        xh = torch.cat([input, h], 1)
        c = (
            c
            - torch.sigmoid(self.erase(xh)) * c
            + torch.sigmoid(self.write(xh)) * torch.tanh(self.cand(xh))
        )
        return torch.tanh(c) / (1 + torch.exp(self.hide(xh))), c
