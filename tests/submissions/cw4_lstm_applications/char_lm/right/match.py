"""match statement, and an unused layer"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        size = vocab_size if embedding is None else embedding
        match cell:
            case "LSTM":
                self.rnn = nn.LSTM(size, hidden_size, batch_first=True)
            case "GRU":
                self.rnn = nn.GRU(size, hidden_size, batch_first=True)
            case "RNN":
                self.rnn = nn.RNN(size, hidden_size, batch_first=True)
            case _:
                raise ValueError(f"cell={cell}")
        self.spare = nn.Linear(3, 3)
        self.to_logits = nn.Linear(hidden_size, vocab_size)
        if embedding is not None:
            self.embed = nn.Embedding(vocab_size, embedding)
        else:
            self.embed = lambda ids: F.one_hot(ids, vocab_size).to(self.to_logits.weight.dtype)

    def forward(self, ids, state=None):
        hiddens, last = self.rnn(self.embed(ids), state)
        return self.to_logits(hiddens), last
