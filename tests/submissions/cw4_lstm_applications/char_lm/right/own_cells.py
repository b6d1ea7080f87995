"""cells written by hand, one Linear each way"""
import torch
from torch import nn
import torch.nn.functional as F


class MyCell(nn.Module):
    def __init__(self, d, h, gates):
        super().__init__()
        self.x = nn.Linear(d, gates * h)
        self.h = nn.Linear(h, gates * h)
        self.size = h


class MyRNN(MyCell):
    def __init__(self, d, h):
        super().__init__(d, h, 1)

    def forward(self, x, s):
        s = x.new_zeros(len(x), self.size) if s is None else s
        s = torch.tanh(self.x(x) + self.h(s))
        return s, s


class MyGRU(MyCell):
    def __init__(self, d, h):
        super().__init__(d, h, 3)

    def forward(self, x, s):
        s = x.new_zeros(len(x), self.size) if s is None else s
        xr, xz, xn = self.x(x).chunk(3, -1)
        hr, hz, hn = self.h(s).chunk(3, -1)
        r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
        s = (1 - z) * torch.tanh(xn + r * hn) + z * s
        return s, s


class MyLSTM(MyCell):
    def __init__(self, d, h):
        super().__init__(d, h, 4)

    def forward(self, x, s):
        if s is None:
            s = (x.new_zeros(len(x), self.size),) * 2
        h, c = s
        o, g, f, i = (self.x(x) + self.h(h)).chunk(4, -1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        return h, (h, c)


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        if cell not in {"RNN", "GRU", "LSTM"}:
            raise ValueError("cell")
        self.V = vocab_size
        self.emb = nn.Embedding(vocab_size, embedding) if embedding is not None else None
        self.cell = {"RNN": MyRNN, "GRU": MyGRU, "LSTM": MyLSTM}[cell](embedding or vocab_size, hidden_size)
        self.out = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        logits = []
        for t in range(ids.shape[1]):
            column = ids[:, t]
            x = self.emb(column) if self.emb is not None else F.one_hot(column, self.V).to(self.out.weight)
            h, state = self.cell(x, state)
            logits.append(self.out(h))
        return torch.stack(logits, dim=1), state
