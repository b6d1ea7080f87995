"""Bilinear score with a position gain."""

import math

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class AttnRecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        nn.init.normal_(self.rnn.weight_ih_l0)
        self.table = nn.Embedding(128, hidden_size)
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths, return_weights=False):
        h, _ = self.rnn(x)
        index = torch.arange(h.shape[1], device=x.device)
        scores = (h * self.table(index)).sum(-1)
        weights = scores.masked_fill(index >= lengths[:, None], -torch.inf).softmax(-1)
        logits = self.out(torch.matmul(weights[:, None, :], h)[:, 0])
        return (logits, weights) if return_weights else logits
