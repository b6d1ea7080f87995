import json, math, statistics, time, warnings, functools
from collections import Counter
from pathlib import Path
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from rnn_course.data import Vocabulary


class MyLSTM(nn.Module):
    def __init__(self, n, H):
        super().__init__()
        self.H = H
        self.x = nn.Linear(n, 4 * H); self.h = nn.Linear(H, 4 * H, bias=False)
    def forward(self, x, state=None):
        if state is None: state = (x.new_zeros(1, len(x), self.H), x.new_zeros(1, len(x), self.H))
        h, c = state[0][0], state[1][0]
        out = []
        for t in range(x.shape[1]):
            i, f, g, o = (self.x(x[:, t]) + self.h(h)).chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            out.append(h)
        return torch.stack(out, 1), (h[None], c[None])
class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        self.vocab_size = vocab_size
        n = embedding if embedding is not None else vocab_size
        self.emb = nn.Embedding(vocab_size, n) if embedding is not None else None
        if cell == "LSTM": self.rnn = MyLSTM(n, hidden_size)
        elif cell == "GRU": self.rnn = nn.GRU(n, hidden_size, batch_first=True)
        elif cell == "RNN": self.rnn = nn.RNN(n, hidden_size, batch_first=True)
        else: raise ValueError(cell)
        self.lin = nn.Linear(hidden_size, vocab_size)
    def forward(self, ids, state=None):
        x = self.emb(ids) if self.emb is not None else F.one_hot(ids, self.vocab_size).to(self.lin.weight.dtype)
        h, s = self.rnn(x, state)
        return self.lin(h), s
