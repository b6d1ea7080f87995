import torch
from torch import nn


class RecurrentNeuralNet(nn.Module):
    # shifts every sequence to the right end and keeps the state zero before its start
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.cell = nn.RNNCell(input_size, hidden_size)
        self.out = nn.Linear(hidden_size, n_classes)
        self.n = hidden_size

    def forward(self, x, lengths):
        B, T, D = x.shape
        shift = T - lengths
        idx = torch.arange(T, device=x.device)[None] - shift[:, None]
        aligned = x.gather(1, idx.clamp(min=0)[..., None].expand(B, T, D))
        h = x.new_zeros(B, self.n)
        for t in range(T):
            h = self.cell(aligned[:, t], h) * (idx[:, t] >= 0)[:, None]
        return self.out(h)
