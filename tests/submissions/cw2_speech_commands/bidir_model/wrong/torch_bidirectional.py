"""misconception: calls_the_solution

torch bidirectional.
"""
import torch
import torch.nn as N


class BidirRecurrentModel(N.Module):
    def __init__(self, mode, input_size, hidden_size, num_layers, bias, output_size):
        super().__init__()
        kinds = {"LSTM": N.LSTM, "GRU": N.GRU, "RNN_TANH": N.RNN, "RNN_RELU": N.RNN}
        if mode not in kinds:
            raise ValueError(mode)
        more = {"nonlinearity": "relu"} if mode == "RNN_RELU" else {}
        make = lambda: kinds[mode](input_size, hidden_size, num_layers, bias=bias, batch_first=True, **more)
        self.a, self.b = make(), make()
        self.fc = N.Linear(2 * hidden_size, output_size)

    def forward(self, input, hx=None):
        return self.fc(torch.cat([self.a(input)[0][:, -1], self.b(input.flip(1))[0][:, -1]], 1))
