"""matrices with einsum, one bias a gate"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        if cell not in ("RNN", "GRU", "LSTM"):
            raise ValueError
        G = {"RNN": 1, "GRU": 3, "LSTM": 4}[cell]
        D = embedding if embedding is not None else vocab_size
        r = lambda *s: nn.Parameter(torch.empty(*s).uniform_(-0.2, 0.2))
        self.E = r(D, vocab_size) if embedding is not None else None
        self.W, self.U, self.b = r(D, G, hidden_size), r(hidden_size, G, hidden_size), r(G, hidden_size)
        self.R, self.c = r(hidden_size, vocab_size), r(vocab_size)
        self.kind = cell

    def forward(self, ids, state=None):
        if self.E is not None:
            x = self.E.t()[ids]
        else:
            x = torch.eye(self.R.shape[1]).to(self.R)[ids]
        drive = torch.einsum("btd,dgh->btgh", x, self.W) + self.b
        zero = drive.new_zeros(drive.shape[0], drive.shape[-1])
        h, c = (zero, zero) if state is None else state
        outs = []
        for t in range(ids.shape[1]):
            rec = torch.einsum("bk,kgh->bgh", h, self.U)
            d = drive[:, t]
            if self.kind == "GRU":
                r, z = torch.sigmoid(d[:, :2] + rec[:, :2]).unbind(1)
                n = torch.tanh(d[:, 2] + r * rec[:, 2])
                h = n + z * (h - n)
            elif self.kind == "LSTM":
                p = d + rec
                c = torch.sigmoid(p[:, 1]) * c + torch.sigmoid(p[:, 0]) * torch.tanh(p[:, 3])
                h = torch.sigmoid(p[:, 2]) * torch.tanh(c)
            else:
                h = torch.tanh(d + rec)[:, 0]
            outs.append(h @ self.R + self.c)
        return torch.stack(outs, 1), (h, c)
