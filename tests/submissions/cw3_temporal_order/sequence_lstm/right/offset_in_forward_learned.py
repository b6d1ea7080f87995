import torch
from torch import nn


class LSTMNeuralNet(nn.Module):
    # the bias of the forget gate is forget_bias + a learned part that starts at 0
    def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
        super().__init__()
        self.hidden_size, self.forget_bias = hidden_size, forget_bias
        self.x = nn.Linear(input_size, 4 * hidden_size)
        self.h = nn.Linear(hidden_size, 4 * hidden_size, bias=False)
        nn.init.zeros_(self.x.bias)
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths):
        h = c = torch.zeros(x.shape[0], self.hidden_size).to(x)
        result = h
        for t, x_t in enumerate(x.unbind(1), start=1):
            i, f, g, o = (self.x(x_t) + self.h(h)).chunk(4, 1)
            c = torch.sigmoid(f + self.forget_bias) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            result = torch.where((lengths == t)[:, None], h, result)
        return self.out(result)
