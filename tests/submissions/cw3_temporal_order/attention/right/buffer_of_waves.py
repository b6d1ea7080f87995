"""Waves kept in a buffer."""

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
        t = torch.arange(110.0) / 110
        waves = torch.stack([t, *(f(2 * math.pi * 2**k * t) for k in range(4) for f in (torch.sin, torch.cos))])
        self.register_buffer("waves", waves.T.contiguous())
        self.hidden = nn.Linear(hidden_size, 20)
        self.hidden_place = nn.Linear(9, 20, bias=False)
        self.v = nn.Linear(20, 1)
        self.fc = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths, return_weights=False):
        states = self.rnn(x)[0]
        energy = torch.tanh(self.hidden(states) + self.hidden_place(self.waves[: x.shape[1]]))
        scores = self.v(energy).squeeze(-1)
        for i, n in enumerate(lengths):
            scores[i, n:] = -torch.inf
        weights = scores.softmax(dim=-1)
        logits = self.fc((weights.unsqueeze(1) @ states).squeeze(1))
        return (logits, weights) if return_weights else logits
