"""a subclass of a base with the encoding"""
import torch
from torch import nn
import torch.nn.functional as F


class Encoded(nn.Module):
    def __init__(self, vocab_size, embedding):
        super().__init__()
        self.vocab_size = vocab_size
        self.lookup = nn.Embedding(vocab_size, embedding) if embedding else None
        self.width = embedding or vocab_size

    def encode(self, ids, dtype):
        if self.lookup is None:
            return F.one_hot(ids, self.vocab_size).to(dtype)
        return self.lookup(ids)


class CharLM(Encoded):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None, dropout=0.2):
        super().__init__(vocab_size, embedding)
        if cell.upper() not in ("RNN", "GRU", "LSTM"):
            raise ValueError(cell)
        self.rnn = getattr(nn, cell.upper())(self.width, hidden_size, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        y, s = self.rnn(self.encode(ids, self.out.weight.dtype), state)
        return self.out(self.dropout(y)), s
