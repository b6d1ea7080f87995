"""one-hot vectors from a buffer that is an identity matrix"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        if not isinstance(cell, str) or cell not in ("LSTM", "GRU", "RNN"):
            raise ValueError("cell")
        if embedding is None:
            self.register_buffer("table", torch.eye(vocab_size))
        else:
            self.table = nn.Parameter(torch.randn(vocab_size, embedding))
        self.rnn = getattr(nn, cell)(self.table.shape[1], hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        hidden, state = self.rnn(self.table[ids], state)
        b, t, h = hidden.shape
        return self.fc(hidden.reshape(b * t, h)).view(b, t, -1), state
