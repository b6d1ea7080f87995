"""misconception: weights_not_normed | weights_on_padding

Divided by the sum over all steps, padding among them.
"""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import PackedSequence, pack_sequence, unpad_sequence


class AttnRecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        self.place = nn.Embedding(110, hidden_size)
        self.v = nn.Linear(hidden_size, 1)
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths, return_weights=False):
        h = self.rnn(x)[0]
        e = torch.exp(self.v(torch.tanh(h + self.place(torch.arange(h.shape[1])))).squeeze(2))
        w = e / e.sum(1, keepdim=True)
        w = torch.where(torch.arange(h.shape[1]) < lengths[:, None], w, torch.zeros_like(w))
        out = self.out((w[..., None] * h).sum(1))
        return (out, w) if return_weights else out
