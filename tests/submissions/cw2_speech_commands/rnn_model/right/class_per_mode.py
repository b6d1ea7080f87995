"""A sub-class of a common layer for each mode; states as dictionaries."""
import torch
from torch import nn, sigmoid, tanh


class Layer(nn.Module):
    gates = 1

    def __init__(self, n_in, n, bias):
        super().__init__()
        self.n = n
        self.w_hidden = nn.Linear(n, self.gates * n, bias=bias)
        self.w_input = nn.Linear(n_in, self.gates * n, bias=False)

    def zero(self, x):
        return {"h": torch.zeros_like(x[..., :1]).repeat(1, self.n)}


class Tanh(Layer):
    def forward(self, x, s):
        return {"h": tanh(self.w_input(x) + self.w_hidden(s["h"]))}


class Relu(Layer):
    def forward(self, x, s):
        return {"h": torch.clamp_min(self.w_input(x) + self.w_hidden(s["h"]), 0)}


class Gru(Layer):
    gates = 3

    def forward(self, x, s):
        xs, hs = self.w_input(x).view(-1, 3, self.n), self.w_hidden(s["h"]).view(-1, 3, self.n)
        keep = sigmoid(xs[:, 2] + hs[:, 2])
        new = tanh(xs[:, 0] + sigmoid(xs[:, 1] + hs[:, 1]) * hs[:, 0])
        return {"h": keep * s["h"] + (1 - keep) * new}


class Lstm(Layer):
    gates = 4

    def zero(self, x):
        zero = super().zero(x)["h"]
        return {"h": zero, "c": zero}

    def forward(self, x, s):
        a = (self.w_input(x) + self.w_hidden(s["h"])).view(-1, 4, self.n)
        c = sigmoid(a[:, 0]) * s["c"] + sigmoid(a[:, 1]) * tanh(a[:, 3])
        return {"h": sigmoid(a[:, 2]) * tanh(c), "c": c}


class RNNModel(nn.Module):
    kinds = {"LSTM": Lstm, "GRU": Gru, "RNN_TANH": Tanh, "RNN_RELU": Relu}

    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        if mode not in self.kinds:
            raise ValueError(f"Expected one of {sorted(self.kinds)}, got {mode}")
        widths = [input_size, *[hidden_size] * num_layers]
        self.layers = nn.ModuleList(
            self.kinds[mode](a, b, bias) for a, b in zip(widths, widths[1:])
        )
        self.readout = nn.Linear(hidden_size, output_size)

    def forward(self, input, hx=None):
        sequence = input
        for k, layer in enumerate(self.layers):
            state = layer.zero(input[:, 0])
            if hx is not None:
                state = {"h": hx[0][k], "c": hx[1][k]} if isinstance(layer, Lstm) else {"h": hx[k]}
            shown = []
            for x in torch.unbind(sequence, dim=1):
                state = layer(x, state)
                shown.append(state["h"])
            sequence = torch.stack(shown, dim=1)
        return self.readout(sequence[:, -1, :])
