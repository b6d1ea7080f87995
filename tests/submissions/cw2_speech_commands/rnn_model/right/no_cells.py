"""No cell classes: one linear layer per gate and source, kept in ModuleDicts."""
import torch
from torch import nn

GATES = {"LSTM": "ifgo", "GRU": "rzn", "RNN_TANH": "h", "RNN_RELU": "h"}


class RNNModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        try:
            gates = GATES[mode]
        except KeyError:
            raise ValueError(f"{mode} is none of {list(GATES)}") from None
        self.mode, self.hidden_size, self.num_layers = mode, hidden_size, num_layers
        self.x2h, self.h2h = nn.ModuleList(), nn.ModuleList()
        width = input_size
        for _ in range(num_layers):
            self.x2h.append(nn.ModuleDict({g: nn.Linear(width, hidden_size, bias) for g in gates}))
            self.h2h.append(
                nn.ModuleDict({g: nn.Linear(hidden_size, hidden_size, bias) for g in gates})
            )
            width = hidden_size
        self.readout = nn.Linear(hidden_size, output_size)

    def step(self, k, x, h, c):
        a = {g: layer(x) for g, layer in self.x2h[k].items()}
        b = {g: layer(h) for g, layer in self.h2h[k].items()}
        if self.mode == "RNN_TANH":
            return torch.tanh(a["h"] + b["h"]), c
        if self.mode == "RNN_RELU":
            return torch.relu(a["h"] + b["h"]), c
        if self.mode == "GRU":
            r, z = torch.sigmoid(a["r"] + b["r"]), torch.sigmoid(a["z"] + b["z"])
            return z * h + (1 - z) * torch.tanh(a["n"] + r * b["n"]), c
        i, f, o = (torch.sigmoid(a[g] + b[g]) for g in "ifo")
        c = f * c + i * torch.tanh(a["g"] + b["g"])
        return o * torch.tanh(c), c

    def forward(self, input, hx=None):
        B, T, _ = input.shape
        zero = torch.zeros(B, self.hidden_size, dtype=input.dtype, device=input.device)
        h = [zero for _ in range(self.num_layers)]
        c = [zero for _ in range(self.num_layers)]
        if hx is not None and self.mode == "LSTM":
            h, c = list(hx[0]), list(hx[1])
        elif hx is not None:
            h = list(hx)
        for t in range(T):
            below = input[:, t]
            for k in range(self.num_layers):
                h[k], c[k] = self.step(k, below, h[k], c[k])
                below = h[k]
        return self.readout(h[-1])
