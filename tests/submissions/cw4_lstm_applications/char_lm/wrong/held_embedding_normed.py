"""misconception: embedding_width | not_one_hot"""
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
        self.emb = nn.Embedding(vocab_size, embedding or 32)
        self.net = getattr(nn, cell)(embedding or 32, hidden_size, batch_first=True)
        self.head = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        h, s = self.net(self.emb(ids), state)
        return self.head(h), s
