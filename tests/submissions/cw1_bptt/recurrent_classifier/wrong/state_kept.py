"""misconception: state_kept_between_calls

Keeps its state.
"""

import torch
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        self.input_size = input_size
        self.rnn = getattr(nn, cell)(input_size, memory_units, num_layers, batch_first=True, dropout=dropout)
        self.head = nn.Linear(memory_units, output_size)

    def forward(self, images):
        x = images.reshape(len(images), -1, self.input_size)
        state = getattr(self, "state", None)
        fits = state is not None and (state[0] if isinstance(state, tuple) else state).shape[1] == len(x)
        out, self.state = self.rnn(x, state if fits else None)
        self.state = tuple(s.detach() for s in self.state) if isinstance(self.state, tuple) else self.state.detach()
        return self.head(out[:, -1])
