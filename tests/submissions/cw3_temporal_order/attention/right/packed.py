"""A packed batch, padded again."""

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
        self.score = nn.Linear(hidden_size + 1, 1)
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths, return_weights=False):
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        h, _ = pad_packed_sequence(self.rnn(packed)[0], batch_first=True, total_length=x.shape[1])
        t = torch.arange(x.shape[1]).to(x)[None, :, None].expand(len(x), -1, 1) / 110
        s = self.score(torch.cat([h, t], -1))
        s = s.masked_fill((torch.arange(x.shape[1])[None] >= lengths[:, None])[..., None], -torch.inf)
        a = s.softmax(dim=1)
        logits = self.out((a * h).sum(dim=1))
        return (logits, a.squeeze(-1)) if return_weights else logits
