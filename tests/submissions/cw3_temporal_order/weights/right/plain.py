"""The weights of the model answer, as they were saved."""
import math

import torch
from torch import nn


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        self.rnn = nn.LSTM(input_size, hidden_size, batch_first=True)
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        h, _ = self.rnn(x)
        last = h[torch.arange(h.size(0)), lengths - 1]
        return self.out(last)


class AttnRecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        self.mix = nn.Linear(hidden_size + 9, hidden_size)
        self.score = nn.Linear(hidden_size, 1, bias=False)
        self.out = nn.Sequential(
            nn.Linear(hidden_size, hidden_size), nn.Tanh(), nn.Linear(hidden_size, n_classes)
        )

    def forward(self, x, lengths, return_weights=False):
        h, _ = self.rnn(x)
        T = x.size(1)
        t = torch.arange(T, dtype=x.dtype) / 110
        columns = [t]
        for k in range(4):
            columns.append(torch.sin(2 * math.pi * 2**k * t))
            columns.append(torch.cos(2 * math.pi * 2**k * t))
        where = torch.stack(columns, 1).expand(x.size(0), T, 9)
        e = self.score(torch.tanh(self.mix(torch.cat([h, where], 2)))).squeeze(2)
        e = e.masked_fill(torch.arange(T) >= lengths.unsqueeze(1), float("-inf"))
        a = torch.softmax(e, 1)
        logits = self.out(torch.einsum("bt,bth->bh", a, h))
        return (logits, a) if return_weights else logits


import json
from pathlib import Path

from safetensors.torch import load_file, save_file

SOLUTION = Path(__file__).parents[5] / "solutions" / "cw3_temporal_order"


def take(name, change=lambda tensors, note: None):
    """Hand in the weights of the model answer, after a change."""
    raw = (SOLUTION / name).read_bytes()
    note = json.loads(raw[8 : 8 + int.from_bytes(raw[:8], "little")])["__metadata__"]
    tensors = load_file(SOLUTION / name)
    change(tensors, note)
    save_file({key: t.contiguous() for key, t in tensors.items()}, name, metadata=note)


take("lstm.safetensors")
take("attention.safetensors")
