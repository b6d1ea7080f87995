"""The weights of the model answer, as they were saved."""
import torch.nn.functional as F
from torch import nn


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        self.vocab_size = vocab_size
        if embedding is not None:
            self.embedding = nn.Embedding(vocab_size, embedding)
        self.width = embedding
        kind = {"RNN": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU}[cell]
        self.recurrent = kind(embedding or vocab_size, hidden_size, batch_first=True)
        self.readout = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        if self.width is None:
            x = F.one_hot(ids, self.vocab_size).to(self.readout.weight)
        else:
            x = self.embedding(ids)
        h, state = self.recurrent(x, state)
        return self.readout(h), state


import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

SOLUTION = Path(__file__).parents[5] / "solutions" / "cw4_lstm_applications"


def take(name, change=lambda tensors, note: None):
    """Hand in the weights of the model answer, after a change."""
    raw = (SOLUTION / name).read_bytes()
    note = json.loads(raw[8 : 8 + int.from_bytes(raw[:8], "little")])["__metadata__"]
    tensors = load_file(SOLUTION / name)
    change(tensors, note)
    save_file({key: t.contiguous() for key, t in tensors.items()}, name, metadata=note)


take("language_model.safetensors")
