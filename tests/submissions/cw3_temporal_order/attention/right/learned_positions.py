"""Position embeddings that are learned."""

import math

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class AttnRecurrentNeuralNet(nn.Module):
    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
        nn.init.normal_(self.rnn.weight_ih_l0)
        self.place = nn.Embedding(110, hidden_size)
        self.score = nn.Linear(hidden_size, 1)
        self.out = nn.Linear(hidden_size, n_classes)

    def forward(self, x, lengths, return_weights=False):
        h, _ = self.rnn(x)
        steps = torch.arange(x.shape[1])
        score = self.score(torch.tanh(h + self.place(steps))).squeeze(-1)
        score[steps[None] >= lengths[:, None]] = -torch.inf
        alpha = score.softmax(-1)
        logits = self.out((alpha.unsqueeze(-1) * h).sum(1))
        if return_weights:
            return logits, alpha
        return logits
