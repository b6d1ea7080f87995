"""the state is a dict; steps through functional cells"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        gates = {"RNN": 1, "GRU": 3, "LSTM": 4}
        if cell not in gates:
            raise ValueError(cell)
        self.kind, self.vocab = cell, vocab_size
        width = embedding or vocab_size
        self.emb = nn.Embedding(vocab_size, embedding) if embedding else None
        self.wx = nn.Linear(width, gates[cell] * hidden_size)
        self.wh = nn.Linear(hidden_size, gates[cell] * hidden_size)
        self.head = nn.Linear(hidden_size, vocab_size)
        self.H = hidden_size

    def forward(self, ids, state=None):
        x = self.emb(ids) if self.emb else F.one_hot(ids, self.vocab).to(self.head.weight.dtype)
        x = self.wx(x)
        if state is None:
            state = {"h": x.new_zeros(len(ids), self.H), "c": x.new_zeros(len(ids), self.H)}
        h, c = state["h"], state["c"]
        hs = []
        for xt in x.unbind(1):
            a = self.wh(h)
            if self.kind == "RNN":
                h = (xt + a).tanh()
            elif self.kind == "GRU":
                x1, x2, x3 = xt.chunk(3, 1)
                a1, a2, a3 = a.chunk(3, 1)
                z = (x1 + a1).sigmoid()
                h = z * h + (1 - z) * (x3 + (x2 + a2).sigmoid() * a3).tanh()
            else:
                i, f, g, o = (xt + a).chunk(4, 1)
                c = f.sigmoid() * c + i.sigmoid() * g.tanh()
                h = o.sigmoid() * c.tanh()
            hs += [h]
        return self.head(torch.stack(hs, 1)), {"h": h, "c": c}
