import math

import torch
from torch import nn


def position(T, like):
    t = torch.arange(T, dtype=like.dtype, device=like.device) / 110
    cols = [t]
    for k in range(4):
        cols += [torch.sin(2 * math.pi * 2**k * t), torch.cos(2 * math.pi * 2**k * t)]
    return torch.stack(cols, 1)


class AttnRecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.cell = nn.RNNCell(input_size, hidden_size)
        nn.init.normal_(self.cell.weight_ih)
        self.A = nn.Linear(hidden_size + 9, 16)
        self.v = nn.Linear(16, 1)
        self.fc = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths, return_weights=False):
        T = x.shape[1]
        h = [self.cell(x[:, 0])]
        for t in range(1, T):
            h.append(self.cell(x[:, t], h[-1]))
        p = position(T, x)
        s = torch.stack(
            [
                self.v(torch.tanh(self.A(torch.cat([h_t, p[t].expand(len(x), 9)], 1))))[:, 0]
                for t, h_t in enumerate(h)
            ],
            1,
        )
        s = s.masked_fill(torch.arange(T, device=x.device)[None] > lengths[:, None] - 1, -torch.inf)
        w = (s - s.logsumexp(1, keepdim=True)).exp()
        logits = self.fc(sum(w[:, t, None] * h[t] for t in range(T)))
        return (logits, w) if return_weights else logits
