import torch
from torch import nn


def sig(x):
    return 0.5 * (1 + torch.tanh(x / 2))


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.layers = nn.ParameterList()
        for _ in range(4):
            self.layers.append(torch.randn(hidden_size, input_size) / 10)
            self.layers.append(torch.randn(hidden_size, hidden_size) / 10)
        self.biases = nn.ParameterList([torch.zeros(hidden_size) for _ in range(8)] if bias else [])

    def forward(self, input, hx=None):
        h, c = hx or (torch.zeros_like(input[:, :1]).expand(-1, self.hidden_size),) * 2
        z = []
        for k in range(4):
            s = input @ self.layers[2 * k].T + h @ self.layers[2 * k + 1].T
            if len(self.biases):
                s = s + self.biases[2 * k] + self.biases[2 * k + 1]
            z.append(s)
        c = sig(z[1]) * c + sig(z[0]) * torch.tanh(z[3])
        return sig(z[2]) * torch.tanh(c), c
