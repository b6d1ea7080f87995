"""misconception: embedding_ignored"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        if cell not in ("RNN", "GRU", "LSTM"):
            raise ValueError(f"unknown cell {cell!r}")
        self.vocab_size = vocab_size
        self.embedding = None
        width = vocab_size
        self.rnn = getattr(nn, cell)(width, hidden_size, batch_first=True)
        self.out = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        if self.embedding is None:
            x = F.one_hot(ids, self.vocab_size).to(self.out.weight.dtype)
        else:
            x = self.embedding(ids)
        h, state = self.rnn(x, state)
        return self.out(h), state
