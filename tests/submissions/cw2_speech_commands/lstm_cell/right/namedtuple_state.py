"""Returns a named tuple, registers a hook, keeps the shapes on self."""

import torch
from torch import nn


from collections import namedtuple

State = namedtuple("State", "h c")


class LSTMCell(nn.Module):
    """LSTM of Gers et al."""

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True) -> None:
        super().__init__()
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        self.W_ii, self.W_if, self.W_ig, self.W_io = (self._w(input_size) for _ in range(4))
        self.W_hi, self.W_hf, self.W_hg, self.W_ho = (self._w(hidden_size) for _ in range(4))
        if bias:
            self.b_i, self.b_f, self.b_g, self.b_o = (self._w(1) for _ in range(4))
        else:
            self.b_i = self.b_f = self.b_g = self.b_o = 0

    def _w(self, columns):
        k = self.hidden_size**-0.5
        return nn.Parameter(torch.distributions.Uniform(-k, k).sample((columns, self.hidden_size)))

    def forward(self, input, hx=None):
        self.last_shape = input.shape
        if hx is None:
            zeros = input.new_zeros(input.shape[0], self.hidden_size)
            hx = State(zeros, zeros)
        h, c = hx
        i = torch.sigmoid(torch.matmul(input, self.W_ii) + torch.matmul(h, self.W_hi) + self.b_i)
        f = torch.sigmoid(torch.matmul(input, self.W_if) + torch.matmul(h, self.W_hf) + self.b_f)
        g = torch.tanh(torch.matmul(input, self.W_ig) + torch.matmul(h, self.W_hg) + self.b_g)
        o = torch.sigmoid(torch.matmul(input, self.W_io) + torch.matmul(h, self.W_ho) + self.b_o)
        c = torch.add(torch.mul(f, c), torch.mul(i, g))
        return State(torch.mul(o, torch.tanh(c)), c)
