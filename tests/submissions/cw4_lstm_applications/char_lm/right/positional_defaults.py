"""other names of arguments, typed"""
import torch
from torch import nn
import torch.nn.functional as F


class CharLM(nn.Module):
    """A language model."""

    def __init__(self, n_tokens: int, n_hidden: int, cell: str = "LSTM", embedding: int | None = None) -> None:
        nn.Module.__init__(self)
        assert n_tokens > 0
        if cell not in ["LSTM", "GRU", "RNN"]:
            raise ValueError(f"expected LSTM, GRU or RNN, got {cell}")
        self.n_tokens = n_tokens
        n_in = n_tokens
        if embedding is not None:
            self.emb = nn.Embedding(n_tokens, embedding)
            n_in = embedding
        self.body = eval(f"nn.{cell}")(n_in, n_hidden, batch_first=True)
        self.tail = nn.Sequential(nn.Linear(n_hidden, n_tokens))

    def forward(self, tokens: torch.Tensor, state=None):
        x = self.emb(tokens) if "emb" in self._modules else nn.functional.one_hot(tokens, self.n_tokens).to(self.tail[0].weight.dtype)
        return (lambda out, s: (self.tail(out), s))(*self.body(x, state))
