"""The state at the end asks."""

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
        self.q = nn.Linear(hidden_size, hidden_size)
        self.k = nn.Linear(hidden_size + 1, hidden_size)
        self.v = nn.Linear(hidden_size, 1)
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths, return_weights=False):
        h, _ = self.rnn(x)
        end = h[torch.arange(len(x)), lengths - 1]
        t = (torch.arange(h.shape[1]).to(h) / 110).expand(h.shape[:2]).unsqueeze(2)
        scores = self.v(torch.tanh(self.q(end).unsqueeze(1) + self.k(torch.cat([h, t], 2)))).squeeze(2)
        keep = torch.arange(h.shape[1]).expand(len(x), -1) < lengths[:, None]
        weights = scores.masked_fill(keep.logical_not(), -math.inf).softmax(1)
        context = (h * weights[:, :, None]).sum(1)
        logits = self.out(context)
        return (logits, weights) if return_weights else logits
