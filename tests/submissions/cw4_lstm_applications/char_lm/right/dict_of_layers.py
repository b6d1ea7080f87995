"""a ModuleDict, state in a list"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    CELLS = dict(RNN=nn.RNN, GRU=nn.GRU, LSTM=nn.LSTM)

    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        if cell not in self.CELLS:
            raise ValueError(f"{cell} is not one of {list(self.CELLS)}")
        d = vocab_size if embedding is None else embedding
        self.parts = nn.ModuleDict({"rnn": self.CELLS[cell](d, hidden_size, 1, batch_first=True), "out": nn.Linear(hidden_size, vocab_size)})
        if embedding is not None:
            self.parts["in"] = nn.Embedding(vocab_size, embedding)
        self.vocab_size = vocab_size

    def encode(self, ids):
        if "in" in self.parts:
            return self.parts["in"](ids)
        return F.one_hot(ids, num_classes=self.vocab_size).type_as(self.parts["out"].bias)

    def forward(self, ids, state=None):
        h, state = self.parts["rnn"](self.encode(ids), state)
        return [self.parts["out"](h), state]
