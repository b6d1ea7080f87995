"""misconception: unknown_cell_accepted"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        self.V = vocab_size
        d = embedding or vocab_size
        if embedding:
            self.emb = nn.Embedding(vocab_size, embedding)
        if cell == "LSTM":
            self.rnn = nn.LSTM(d, hidden_size, batch_first=True)
        elif cell == "GRU":
            self.rnn = nn.GRU(d, hidden_size, batch_first=True)
        else:
            self.rnn = nn.RNN(d, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        x = self.emb(ids) if hasattr(self, "emb") else F.one_hot(ids, self.V).to(self.fc.weight.dtype)
        y, state = self.rnn(x, state)
        return self.fc(y), state
