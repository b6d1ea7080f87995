import torch
from torch import nn


class AttnRecurrentNeuralNet(nn.Module):
    # softmax by hand, mask on the exponentials, then normalised
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        nn.init.normal_(self.rnn.weight_ih_l0)
        self.table = nn.Parameter(torch.randn(110, hidden_size) * 0.1)
        self.query = nn.Parameter(torch.randn(hidden_size))
        self.fc = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths, return_weights=False):
        h, _ = self.rnn(x)
        T = x.shape[1]
        s = torch.tanh(h + self.table[:T]) @ self.query
        m = (torch.arange(T, device=x.device) < lengths.view(-1, 1)).to(s.dtype)
        e = torch.exp(s - s.max(1, keepdim=True).values) * m
        w = e / e.sum(1, keepdim=True)
        y = self.fc((w[:, :, None] * h).sum(dim=1))
        return (y, w) if return_weights else y
