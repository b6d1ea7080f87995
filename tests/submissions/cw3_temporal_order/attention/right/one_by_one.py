"""Each sequence alone, weights written into zeros."""

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
        self.first = nn.Linear(hidden_size, hidden_size)
        self.place = nn.Linear(9, hidden_size)
        self.second = nn.Linear(hidden_size, 1)
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths, return_weights=False):
        logits, weights = [], []
        for sequence, n in zip(x, lengths.tolist()):
            h = self.rnn(sequence[None, :n])[0][0]
            t = torch.arange(n).to(x) / 110
            p = torch.stack([t] + [g(2 * math.pi * k * t) for k in (1, 2, 3, 4) for g in (torch.sin, torch.cos)], 1)
            a = torch.softmax(self.second(torch.tanh(self.first(h) + self.place(p)))[:, 0], 0)
            logits.append(self.out(a @ h))
            weights.append(F.pad(a, (0, x.shape[1] - n)))
        logits, weights = torch.stack(logits), torch.stack(weights)
        return (logits, weights) if return_weights else logits
