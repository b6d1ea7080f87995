"""misconception: ids_as_numbers"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        if cell not in ("RNN", "GRU", "LSTM"):
            raise ValueError(cell)
        self.rnn = getattr(nn, cell)(1, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        x = ids.unsqueeze(-1).to(self.fc.weight.dtype)
        y, state = self.rnn(x, state)
        return self.fc(y), state
