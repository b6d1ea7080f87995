"""time first inside, transposed on both sides"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        kinds = {"RNN": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM}
        try:
            kind = kinds[cell]
        except KeyError:
            raise ValueError(cell) from None
        self.v = vocab_size
        if embedding:
            self.table = nn.Embedding(vocab_size, embedding)
            self.layer = kind(embedding, hidden_size)
        else:
            self.layer = kind(vocab_size, hidden_size)
        self.head = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        x = self.table(ids) if hasattr(self, "table") else torch.eye(self.v, dtype=self.head.weight.dtype, device=ids.device)[ids]
        y, new = self.layer(x.transpose(0, 1), state)
        return self.head(y).permute(1, 0, 2), new
