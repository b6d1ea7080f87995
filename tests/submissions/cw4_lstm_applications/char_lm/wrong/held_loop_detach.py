"""misconception: gradient_cut"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        if cell not in ("RNN", "GRU", "LSTM"):
            raise ValueError(cell)
        self.V, self.kind = vocab_size, cell
        self.emb = nn.Embedding(vocab_size, embedding) if embedding else None
        self.net = getattr(nn, cell + "Cell")(embedding or vocab_size, hidden_size)
        self.head = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        x = self.emb(ids) if self.emb else F.one_hot(ids, self.V).to(self.head.weight.dtype)
        out = []
        for t in range(x.shape[1]):
            state = self.net(x[:, t], state)
            h = state[0] if self.kind == "LSTM" else state
            out.append(self.head(h))
            state = tuple(s.detach() for s in state) if self.kind == "LSTM" else state.detach()
        return torch.stack(out, 1), state
