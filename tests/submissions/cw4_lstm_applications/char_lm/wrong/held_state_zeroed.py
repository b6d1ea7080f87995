"""misconception: state_ignored"""
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
        self.V, self.H, self.kind = vocab_size, hidden_size, cell
        self.emb = nn.Embedding(vocab_size, embedding) if embedding else None
        self.net = getattr(nn, cell)(embedding or vocab_size, hidden_size, batch_first=True)
        self.head = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        x = self.emb(ids) if self.emb else F.one_hot(ids, self.V).to(self.head.weight.dtype)
        state = torch.zeros(1, len(ids), self.H, dtype=x.dtype)
        if self.kind == "LSTM":
            state = (state, state)
        h, s = self.net(x, state)
        return self.head(h), s
