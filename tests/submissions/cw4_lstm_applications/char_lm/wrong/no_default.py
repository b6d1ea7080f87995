"""misconception: wrong_signature"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    def __init__(self, vocab_size, embedding, hidden_size, cell):
        super().__init__()
        self.emb = nn.Embedding(vocab_size, embedding)
        self.rnn = nn.LSTM(embedding, hidden_size, batch_first=True)
        self.out = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        h, s = self.rnn(self.emb(ids), state)
        return self.out(h), s
