"""addmm and transposed matrices."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class RecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        k = hidden_size**-0.5
        self.w_hh = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-k, k))
        self.w_xh = nn.Parameter(torch.empty(hidden_size, input_size).uniform_(-k, k))
        self.b_h = nn.Parameter(torch.empty(hidden_size).uniform_(-k, k))
        self.w_hy = nn.Parameter(torch.empty(n_classes, hidden_size).uniform_(-k, k))
        self.b_y = nn.Parameter(torch.empty(n_classes).uniform_(-k, k))

    def forward(self, x, lengths):
        h = x.new_zeros(x.shape[0], self.w_hh.shape[0])
        final = h.clone()
        for t in range(x.shape[1]):
            h = torch.addmm(self.b_h, x[:, t], self.w_xh.t()).addmm(h, self.w_hh.t()).tanh()
            final = torch.where(lengths.sub(1).eq(t).unsqueeze(-1), h, final)
        return torch.addmm(self.b_y, final, self.w_hy.t())
