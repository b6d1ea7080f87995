"""torch cells in a loop over steps"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        if cell == "LSTM":
            make = nn.LSTMCell
        elif cell == "GRU":
            make = nn.GRUCell
        elif cell == "RNN":
            make = nn.RNNCell
        else:
            raise ValueError("cell must be RNN, GRU or LSTM")
        self.kind, self.vocab_size = cell, vocab_size
        self.embedding = nn.Embedding(vocab_size, embedding) if embedding else nn.Identity()
        self.cell = make(embedding or vocab_size, hidden_size)
        self.linear = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        if isinstance(self.embedding, nn.Identity):
            ids = F.one_hot(ids, self.vocab_size).to(next(self.parameters()).dtype)
        x = self.embedding(ids)
        hidden = []
        for t in range(x.size(1)):
            state = self.cell(x[:, t], state)
            hidden.append(state[0] if self.kind == "LSTM" else state)
        return self.linear(torch.stack(hidden, 1)), state
