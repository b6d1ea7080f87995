"""Time first throughout."""

import math

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class AttnRecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size)
        nn.init.normal_(self.rnn.weight_ih_l0)
        self.mix, self.v = nn.Linear(hidden_size + 1, hidden_size), nn.Parameter(torch.randn(hidden_size))
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths, return_weights=False):
        h, _ = self.rnn(x.transpose(0, 1))
        T, B, _ = h.shape
        place = torch.linspace(0, 1, 111)[:T].to(h).reshape(T, 1, 1).repeat(1, B, 1)
        e = self.mix(torch.cat([place, h], 2)).tanh() @ self.v
        e = e + torch.where(torch.arange(T)[:, None] < lengths[None], 0.0, -math.inf).to(e)
        a = e.softmax(0)
        logits = self.out(torch.einsum("tb,tbh->bh", a, h))
        return (logits, a.T) if return_weights else logits
