"""A learned query, scaled dot product, positions added to the keys."""

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
        self.query = nn.Parameter(torch.randn(hidden_size))
        self.key = nn.Linear(hidden_size, hidden_size)
        self.where = nn.Parameter(0.1 * torch.randn(110, hidden_size))
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths, return_weights=False):
        h = self.rnn(x)[0]
        keys = self.key(h) + self.where[: h.shape[1]]
        scores = keys @ self.query / math.sqrt(h.shape[-1])
        valid = torch.arange(h.shape[1]).unsqueeze(0) < lengths.unsqueeze(1)
        scores = torch.where(valid, scores, torch.full_like(scores, -torch.inf))
        weights = F.softmax(scores, dim=1)
        logits = self.out(torch.bmm(weights.unsqueeze(1), h).squeeze(1))
        return (logits, weights) if return_weights else logits
