"""without an embedding a row of the gate matrix is looked up"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        gates = dict(LSTM=4, GRU=3, RNN=1).get(cell)
        if gates is None:
            raise ValueError("cell is RNN, GRU or LSTM")
        self.cell = cell
        if embedding is None:
            self.into = nn.Embedding(vocab_size, gates * hidden_size)
        else:
            self.into = nn.Sequential(nn.Embedding(vocab_size, embedding), nn.Linear(embedding, gates * hidden_size, bias=False))
        self.loop = nn.Linear(hidden_size, gates * hidden_size)
        self.out = nn.Linear(hidden_size, vocab_size)
        self.hidden_size = hidden_size

    def step(self, x, h, c):
        a = self.loop(h)
        if self.cell == "RNN":
            return torch.tanh(x + a), c
        if self.cell == "LSTM":
            i, f, g, o = torch.split(x + a, self.hidden_size, dim=1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            return torch.sigmoid(o) * torch.tanh(c), c
        x, a = x.view(len(x), 3, -1), a.view(len(a), 3, -1)
        gate = torch.sigmoid(x[:, 1:] + a[:, 1:])
        n = torch.tanh(x[:, 0] + gate[:, 0] * a[:, 0])
        return torch.lerp(n, h, gate[:, 1]), c

    def forward(self, ids, state=None):
        x = self.into(ids)
        if state is None:
            state = x.new_zeros(2, len(ids), self.hidden_size)
        h, c = state
        out = torch.empty(*ids.shape, self.out.out_features, dtype=x.dtype)
        rows = []
        for t in range(ids.shape[1]):
            h, c = self.step(x[:, t], h, c)
            rows.append(self.out(h))
        return torch.stack(rows, 1), torch.stack([h, c])
