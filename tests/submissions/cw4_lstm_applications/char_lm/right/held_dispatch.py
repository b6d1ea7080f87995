"""a registry, weights in a ParameterDict"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


CELLS = {}


def register(f):
    CELLS[f.__name__] = f
    return f


@register
def RNN(a, b, h, c):
    return torch.tanh(a + b), c


@register
def LSTM(a, b, h, c):
    g, i, f, o = (a + b).tensor_split(4, -1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


@register
def GRU(a, b, h, c):
    (az, ar, an), (bz, br, bn) = a.tensor_split(3, -1), b.tensor_split(3, -1)
    keep = torch.sigmoid(az + bz)
    return keep * h + (1 - keep) * torch.tanh(an + torch.sigmoid(ar + br) * bn), c


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        if cell not in CELLS:
            raise ValueError(cell)
        self.cell = CELLS[cell]
        g = dict(RNN=1, GRU=3, LSTM=4)[cell] * hidden_size
        shapes = {"W": (embedding or vocab_size, g), "U": (hidden_size, g), "b": (g,), "d": (g,), "R": (hidden_size, vocab_size), "r": (vocab_size,)}
        if embedding:
            shapes["E"] = (vocab_size, embedding)
        self.p = nn.ParameterDict({k: nn.Parameter(torch.randn(s) / 8) for k, s in shapes.items()})

    def forward(self, ids, state=None):
        p = self.p
        rows = p["W"][ids] if "E" not in p else p["E"][ids] @ p["W"]
        h, c = state or (rows.new_zeros(len(ids), p["U"].shape[0]),) * 2
        hs = []
        for t in range(ids.shape[-1]):
            h, c = self.cell(rows[:, t] + p["b"], h @ p["U"] + p["d"], h, c)
            hs.append(h)
        return torch.stack(hs).transpose(0, 1) @ p["R"] + p["r"], (h, c)
