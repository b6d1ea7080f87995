"""misconception: sees_the_future | last_state_everywhere"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        try:
            make = {"RNN": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM}[cell]
        except KeyError:
            raise ValueError(cell)
        self.V, self.emb = vocab_size, nn.Embedding(vocab_size, embedding) if embedding else None
        self.net = make(embedding or vocab_size, hidden_size, batch_first=True)
        self.head = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        x = self.emb(ids) if self.emb else F.one_hot(ids, self.V).to(self.head.weight.dtype)
        h, s = self.net(x, state)
        h = h - h.mean(dim=1, keepdim=True)
        return self.head(h), s
