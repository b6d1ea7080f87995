"""Additive attention as in the statement."""

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
        self.mix = nn.Linear(hidden_size + 9, hidden_size)
        self.v = nn.Linear(hidden_size, 1, bias=False)
        self.fc = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths, return_weights=False):
        B, T, _ = x.shape
        states, _ = self.rnn(x)
        t = torch.arange(T).to(x) / 110
        angles = 2 * math.pi * t[:, None] * torch.tensor([1.0, 2.0, 4.0, 8.0]).to(x)
        pos = torch.cat([t[:, None], angles.sin(), angles.cos()], 1)
        keys = torch.cat([states, pos.expand(B, T, 9)], 2)
        scores = self.v(torch.tanh(self.mix(keys)))[..., 0]
        mask = torch.arange(T) < lengths[:, None]
        scores = scores.masked_fill(~mask, float("-inf"))
        weights = torch.softmax(scores, dim=1)
        context = torch.einsum("bt,bth->bh", weights, states)
        logits = self.fc(context)
        return (logits, weights) if return_weights else logits
