"""misconception: not_written"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        raise NotImplementedError()

    def forward(self, ids, state=None):
        raise NotImplementedError()
