"""Eight linear layers."""

import math

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        for gate in "ifgo":
            setattr(self, "x" + gate, nn.Linear(input_size, hidden_size))
            setattr(self, "h" + gate, nn.Linear(hidden_size, hidden_size))
        nn.init.constant_(self.xf.bias, forget_bias)
        nn.init.zeros_(self.hf.bias)
        self.out, self.hidden_size = nn.Linear(hidden_size, n_classes), hidden_size

    def forward(self, x, lengths):
        h = c = x.new_zeros(len(x), self.hidden_size)
        for t in range(x.shape[1]):
            v = x[:, t]
            i = torch.sigmoid(self.xi(v) + self.hi(h))
            f = torch.sigmoid(self.xf(v) + self.hf(h))
            g = torch.tanh(self.xg(v) + self.hg(h))
            o = torch.sigmoid(self.xo(v) + self.ho(h))
            c2 = f * c + i * g
            h2 = o * torch.tanh(c2)
            go = (t < lengths).unsqueeze(1)
            h, c = torch.where(go, h2, h), torch.where(go, c2, c)
        return self.out(h)
