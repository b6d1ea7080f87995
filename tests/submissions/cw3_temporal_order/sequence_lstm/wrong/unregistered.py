"""misconception: no_parameters

The gates are in a plain list.
"""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class LSTMNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        self.hidden_size = hidden_size
        self.gates = [nn.Linear(input_size + hidden_size, hidden_size).double() for _ in range(4)]
        self.gates[1].bias.data.fill_(forget_bias)
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        h = c = x.new_zeros(len(x), self.hidden_size)
        states = []
        for t in range(x.shape[1]):
            self_i, self_f, self_g, self_o = (gate.to(x.dtype) for gate in self.gates)
            z = torch.cat([x[:, t], h], 1)
            i, f, o = torch.sigmoid(self_i(z)), torch.sigmoid(self_f(z)), torch.sigmoid(self_o(z))
            g = torch.tanh(self_g(z))
            c = f * c + i * g
            h = o * torch.tanh(c)
            states.append(h)
        states = torch.stack(states, 1)
        return self.out(states[torch.arange(len(x)), lengths - 1])
