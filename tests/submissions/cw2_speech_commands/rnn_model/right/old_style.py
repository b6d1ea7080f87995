"""In the manner of older hand-outs: hx is one tensor, for an LSTM taken for h and c."""
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


class RNNModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super(RNNModel, self).__init__()
        self.mode = mode
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.output_size = output_size
        self.rnn_cell_list = nn.ModuleList()
        if mode == "LSTM":
            self.rnn_cell_list.append(LSTMCell(input_size, hidden_size, bias))
            for l in range(1, num_layers):
                self.rnn_cell_list.append(LSTMCell(hidden_size, hidden_size, bias))
        elif mode == "GRU":
            self.rnn_cell_list.append(GRUCell(input_size, hidden_size, bias))
            for l in range(1, num_layers):
                self.rnn_cell_list.append(GRUCell(hidden_size, hidden_size, bias))
        elif mode == "RNN_TANH":
            self.rnn_cell_list.append(BasicRNNCell(input_size, hidden_size, bias, "tanh"))
            for l in range(1, num_layers):
                self.rnn_cell_list.append(BasicRNNCell(hidden_size, hidden_size, bias, "tanh"))
        elif mode == "RNN_RELU":
            self.rnn_cell_list.append(BasicRNNCell(input_size, hidden_size, bias, "relu"))
            for l in range(1, num_layers):
                self.rnn_cell_list.append(BasicRNNCell(hidden_size, hidden_size, bias, "relu"))
        else:
            raise ValueError("Invalid RNN mode selected.")
        self.att_fc = nn.Linear(hidden_size, 1)
        self.fc = nn.Linear(hidden_size, output_size)

    def forward(self, input, hx=None):
        if hx is None:
            h0 = torch.zeros(
                self.num_layers, input.size(0), self.hidden_size,
                dtype=input.dtype, device=input.device,
            )
            c0 = h0
        elif self.mode == "LSTM":
            h0, c0 = hx
        else:
            h0 = hx
        outs = []
        hidden = list()
        for layer in range(self.num_layers):
            if self.mode == "LSTM":
                hidden.append((h0[layer, :, :], c0[layer, :, :]))
            else:
                hidden.append(h0[layer, :, :])
        for t in range(input.size(1)):
            for layer in range(self.num_layers):
                source = input[:, t, :] if layer == 0 else (
                    hidden[layer - 1][0] if self.mode == "LSTM" else hidden[layer - 1]
                )
                hidden[layer] = self.rnn_cell_list[layer](source, hidden[layer])
            outs.append(hidden[-1][0] if self.mode == "LSTM" else hidden[-1])
        out = outs[-1].squeeze(1) if outs[-1].dim() == 3 else outs[-1]
        return self.fc(out)
