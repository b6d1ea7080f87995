"""The update gate keeps where torch's renews, forgetting is one minus a gate, forget offset 1."""
import torch
from torch import nn


class Cell(nn.Module):
    def __init__(self, mode, n_in, n, bias):
        super().__init__()
        self.mode, self.n = mode, n
        k = {"LSTM": 4, "GRU": 3}.get(mode, 1)
        self.whh = nn.Linear(n, k * n, bias=False)
        self.wih = nn.Linear(n_in, k * n, bias=bias)

    def start(self, x):
        zero = x.new_zeros((x.shape[0], self.n))
        return [zero, zero]

    def forward(self, x, state):
        h, c = state
        a, b = self.wih(x), self.whh(h)
        if self.mode == "LSTM":
            f, i, o, g = torch.chunk(a + b, 4, 1)
            c = (1 - torch.sigmoid(f)) * c + torch.sigmoid(i) * torch.tanh(g)
            return [torch.sigmoid(o) * torch.tanh(c), c]
        if self.mode == "GRU":
            z = torch.sigmoid(a[:, : self.n] + b[:, : self.n])
            r = torch.sigmoid(a[:, self.n : 2 * self.n] + b[:, self.n : 2 * self.n])
            new = torch.tanh(a[:, 2 * self.n :] + r * b[:, 2 * self.n :])
            return [(1 - z) * h + z * new, c]
        return [torch.tanh(a + b) if self.mode == "RNN_TANH" else torch.relu(a + b), c]


class RNNModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        if mode not in ["LSTM", "GRU", "RNN_TANH", "RNN_RELU"]:
            raise ValueError("unknown mode")
        self.lstm = mode == "LSTM"
        self.readout = nn.Linear(hidden_size, output_size)
        self.layers = nn.ModuleList([Cell(mode, input_size, hidden_size, bias)])
        self.layers.extend(Cell(mode, hidden_size, hidden_size, bias) for _ in range(num_layers - 1))

    def forward(self, input, hx=None):
        states = [layer.start(input) for layer in self.layers]
        if hx is not None:
            for k, state in enumerate(states):
                if self.lstm:
                    state[0], state[1] = hx[0][k], hx[1][k]
                else:
                    state[0] = hx[k]
        t = 0
        while t < input.shape[1]:
            out = input[:, t]
            for k in range(len(states)):
                states[k] = self.layers[k](out, states[k])
                out = states[k][0]
            t += 1
        return self.readout(out)
