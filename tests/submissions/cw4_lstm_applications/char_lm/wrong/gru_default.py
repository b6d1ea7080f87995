"""misconception: other_defaults

The default cell is a GRU.
"""

import json, math, statistics, time, warnings, functools
from collections import Counter
from pathlib import Path
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from rnn_course.data import Vocabulary


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="GRU", embedding=None):
        super().__init__()
        self.vocab_size = vocab_size
        if cell not in ("RNN", "GRU", "LSTM"):
            raise ValueError(f"unknown cell {cell}")
        self.embed = None if embedding is None else nn.Embedding(vocab_size, embedding)
        width = vocab_size if embedding is None else embedding
        self.rnn = getattr(nn, cell)(width, hidden_size, batch_first=True)
        self.out = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        if self.embed is None:
            x = F.one_hot(ids, self.vocab_size).to(self.out.weight.dtype)
        else:
            x = self.embed(ids)
        h, state = self.rnn(x, state)
        return self.out(h), state
