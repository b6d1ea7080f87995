"""misconception: bias_missing

no bias anywhere, head as a Parameter"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        if cell not in ("RNN", "GRU", "LSTM"):
            raise ValueError(cell)
        self.n = vocab_size
        self.E = None
        if embedding is not None:
            self.E = nn.Parameter(torch.randn(vocab_size, embedding))
        self.core = getattr(nn, cell)(embedding or vocab_size, hidden_size, bias=False, batch_first=True)
        self.W = nn.Parameter(torch.randn(hidden_size, vocab_size) * 0.1)

    def forward(self, ids, state=None):
        one_hot = torch.zeros(*ids.shape, self.n, dtype=self.W.dtype).scatter_(2, ids.unsqueeze(2), 1.0)
        h, state = self.core(one_hot if self.E is None else one_hot @ self.E, state)
        return h @ self.W, state
