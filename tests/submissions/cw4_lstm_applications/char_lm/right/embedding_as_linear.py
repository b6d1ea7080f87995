"""the embedding is a Linear over one-hot vectors"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        if cell not in ("LSTM", "GRU", "RNN"):
            raise ValueError
        self.vocab_size = vocab_size
        self.project = nn.Linear(vocab_size, embedding, bias=False) if embedding else nn.Identity()
        self.rnn = {"LSTM": nn.LSTM, "GRU": nn.GRU, "RNN": nn.RNN}[cell](embedding or vocab_size, hidden_size)
        self.decoder = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        x = F.one_hot(ids.T, self.vocab_size).to(self.decoder.weight.dtype)
        out, state = self.rnn(self.project(x), state)
        return self.decoder(out).transpose(0, 1).contiguous(), state
