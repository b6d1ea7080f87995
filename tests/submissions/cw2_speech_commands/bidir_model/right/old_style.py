"""In the manner of older hand-outs: one hx for both directions, and for h and c."""
import torch
from torch import nn


class BasicRNNCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True, nonlinearity="tanh"):
        super().__init__()
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(nonlinearity)
        self.hidden_size, self.nonlinearity = hidden_size, nonlinearity
        self.ih = nn.Linear(input_size, hidden_size, bias=bias)
        self.hh = nn.Linear(hidden_size, hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(input.size(0), self.hidden_size)
        return getattr(torch, self.nonlinearity)(self.ih(input) + self.hh(hx))


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.ih = nn.Linear(input_size, 4 * hidden_size, bias=bias)
        self.hh = nn.Linear(hidden_size, 4 * hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            zeros = input.new_zeros(input.size(0), self.hidden_size)
            hx = (zeros, zeros)
        h, c = hx
        i, f, g, o = (self.ih(input) + self.hh(h)).chunk(4, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class GRUCell(nn.Module):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__()
        self.hidden_size = hidden_size
        self.ih = nn.Linear(input_size, 3 * hidden_size, bias=bias)
        self.hh = nn.Linear(hidden_size, 3 * hidden_size, bias=bias)

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(input.size(0), self.hidden_size)
        xr, xz, xn = self.ih(input).chunk(3, dim=1)
        hr, hz, hn = self.hh(hx).chunk(3, dim=1)
        r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
        n = torch.tanh(xn + r * hn)
        return (1 - z) * n + z * hx


def make_cell(mode, n_in, n, bias):
    if mode == "LSTM":
        return LSTMCell(n_in, n, bias)
    if mode == "GRU":
        return GRUCell(n_in, n, bias)
    if mode == "RNN_TANH":
        return BasicRNNCell(n_in, n, bias, "tanh")
    if mode == "RNN_RELU":
        return BasicRNNCell(n_in, n, bias, "relu")
    raise ValueError(f"unknown mode {mode}")


class BidirRecurrentModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super(BidirRecurrentModel, self).__init__()
        self.mode = mode
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.rnn_cell_list = nn.ModuleList()
        self.rnn_cell_list_rev = nn.ModuleList()
        for cells in (self.rnn_cell_list, self.rnn_cell_list_rev):
            cells.append(make_cell(mode, input_size, hidden_size, bias))
            for l in range(1, num_layers):
                cells.append(make_cell(mode, hidden_size, hidden_size, bias))
        self.att_fc = nn.Linear(hidden_size * 2, 1)
        self.fc = nn.Linear(hidden_size * 2, output_size)

    def forward(self, input, hx=None):
        if hx is None:
            hx = input.new_zeros(2 * self.num_layers, input.size(0), self.hidden_size)
            hx = (hx, hx) if self.mode == "LSTM" else hx
        hidden, hidden_rev = [], []
        for layer in range(self.num_layers):
            if self.mode == "LSTM":
                h0, c0 = hx
                rev = self.num_layers + layer
                hidden.append((h0[layer, :, :], c0[layer, :, :]))
                hidden_rev.append((h0[rev, :, :], c0[rev, :, :]))
            else:
                hidden.append(hx[layer, :, :])
                hidden_rev.append(hx[self.num_layers + layer, :, :])
        outs, outs_rev = [], []
        for sequence, cells, states, results in (
            (input, self.rnn_cell_list, hidden, outs),
            (torch.flip(input, [1]), self.rnn_cell_list_rev, hidden_rev, outs_rev),
        ):
            for t in range(sequence.size(1)):
                for layer in range(self.num_layers):
                    if layer == 0:
                        below = sequence[:, t, :]
                    elif self.mode == "LSTM":
                        below = states[layer - 1][0]
                    else:
                        below = states[layer - 1]
                    states[layer] = cells[layer](below, states[layer])
                results.append(states[-1][0] if self.mode == "LSTM" else states[-1])
        out = torch.cat((outs[-1], outs_rev[-1]), 1)
        return self.fc(out)
