"""misconception: memory_read"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        if cell not in ("RNN", "GRU", "LSTM"):
            raise ValueError(cell)
        self.lstm, self.v = cell == "LSTM", vocab_size
        self.emb = nn.Embedding(vocab_size, embedding) if embedding else None
        self.cell = getattr(nn, cell + "Cell")(embedding or vocab_size, hidden_size)
        self.out = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        x = self.emb(ids) if self.emb else F.one_hot(ids, self.v).to(self.out.weight.dtype)
        ys = []
        for t in range(ids.shape[1]):
            state = self.cell(x[:, t], state)
            ys.append(self.out(state[1] if self.lstm else state))
        return torch.stack(ys, 1), state
