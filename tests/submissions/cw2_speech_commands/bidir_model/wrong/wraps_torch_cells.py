"""misconception: calls_the_solution

wraps torch cells.
"""
import torch
from torch import nn


class Cell(nn.LSTMCell):
    pass


class BidirRecurrentModel(nn.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        kinds = {"LSTM": Cell, "GRU": nn.GRUCell, "RNN_TANH": nn.RNNCell, "RNN_RELU": nn.RNNCell}
        if mode not in kinds:
            raise ValueError(mode)
        more = {"nonlinearity": mode[4:].lower()} if mode.startswith("RNN") else {}
        make = lambda: nn.ModuleList(kinds[mode](hidden_size if k else input_size, hidden_size, bias, **more) for k in range(num_layers))
        self.a, self.b = make(), make()
        self.fc = nn.Linear(2 * hidden_size, output_size)

    def run(self, cells, frames):
        states = [None] * len(cells)
        for x in frames:
            for k, cell in enumerate(cells):
                states[k] = cell(x, states[k])
                x = states[k][0] if isinstance(states[k], tuple) else states[k]
        return x

    def forward(self, input, hx=None):
        frames = input.unbind(1)
        return self.fc(torch.cat([self.run(self.a, frames), self.run(self.b, frames[::-1])], 1))
