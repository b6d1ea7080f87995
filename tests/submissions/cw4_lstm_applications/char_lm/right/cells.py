import json, math, statistics, time, warnings, functools
from collections import Counter
from pathlib import Path
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from rnn_course.data import Vocabulary


class CharLM(nn.Module):
    """With the cells of torch, and a loop of its own."""
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        self.vocab_size, self.hidden_size = vocab_size, hidden_size
        kinds = {"RNN": nn.RNNCell, "GRU": nn.GRUCell, "LSTM": nn.LSTMCell}
        if cell not in kinds: raise ValueError(f"{cell!r} is none of {list(kinds)}")
        self.embedding = nn.Embedding(vocab_size, embedding) if embedding is not None else None
        self.cell = kinds[cell](embedding if embedding is not None else vocab_size, hidden_size)
        self.to_logits = nn.Linear(hidden_size, vocab_size)
    def forward(self, ids, state=None):
        xs = self.embedding(ids) if self.embedding is not None else F.one_hot(ids, self.vocab_size).to(self.to_logits.weight.dtype)
        hs = []
        for x in xs.unbind(1):
            state = self.cell(x, state)
            hs.append(state[0] if isinstance(state, tuple) else state)
        return self.to_logits(torch.stack(hs, dim=1)), state
