"""first weights of its own, explicit zero states"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        layers = {"RNN": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM}
        if cell not in layers:
            raise ValueError("No such cell: " + str(cell))
        self.cell, self.vocab_size, self.hidden_size = cell, vocab_size, hidden_size
        self.embedding = embedding
        if embedding is not None:
            self.lookup = nn.Embedding(vocab_size, embedding)
        self.rnn = layers[cell](embedding if embedding is not None else vocab_size, hidden_size, batch_first=True)
        self.dense = nn.Linear(hidden_size, vocab_size)
        for p in self.parameters():
            nn.init.normal_(p, std=0.05)

    def begin_state(self, batch, like):
        zeros = torch.zeros(1, batch, self.hidden_size, dtype=like.dtype, device=like.device)
        return (zeros, zeros.clone()) if self.cell == "LSTM" else zeros

    def forward(self, ids, state=None):
        if self.embedding is not None:
            x = self.lookup(ids)
        else:
            x = F.one_hot(ids.long(), self.vocab_size).to(self.dense.weight.dtype)
        if state is None:
            state = self.begin_state(ids.shape[0], x)
        output, state = self.rnn(x, state)
        return self.dense(output), state
