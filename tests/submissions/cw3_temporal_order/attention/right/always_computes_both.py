"""A helper method returns both; a dictionary of modules."""

import math

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class AttnRecurrentNeuralNet(nn.Module):
    def __init__(self, d, h, k):
        super().__init__()
        self.parts = nn.ModuleDict({
            "read": nn.RNN(d, h, batch_first=True),
            "rate": nn.Sequential(nn.Linear(h + 2, 2 * h), nn.ReLU(), nn.Linear(2 * h, 1)),
            "name": nn.Linear(h, k, bias=False),
        })
        nn.init.normal_(self.parts["read"].weight_ih_l0)

    def attend(self, states, lengths):
        b, t = states.shape[:2]
        u = torch.arange(t, dtype=states.dtype) / 110
        place = torch.stack([u, u * u], -1).repeat(b, 1, 1)
        scores = self.parts["rate"](torch.cat([place, states], -1)).flatten(1)
        over = torch.arange(t).repeat(b, 1) >= lengths.reshape(-1, 1)
        return scores.masked_fill(over, -torch.inf).softmax(1)

    def forward(self, x, lengths, return_weights=False):
        states = self.parts["read"](x)[0]
        weights = self.attend(states, lengths)
        result = self.parts["name"]((weights.unsqueeze(2) * states).sum(1)), weights
        return result if return_weights else result[0]
