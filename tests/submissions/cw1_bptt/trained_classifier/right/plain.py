"""The weights of the model answer, as they were saved."""
from torch import nn


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        self.input_size = input_size
        kind = {"RNN": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU}[cell]
        self.memory = kind(
            input_size, memory_units, num_layers, dropout=dropout, batch_first=True
        )
        self.scores = nn.Linear(memory_units, output_size)

    def forward(self, images):
        h = self.memory(images.view(images.size(0), -1, self.input_size))[0]
        return self.scores(h[:, -1, :])


import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

SOLUTION = Path(__file__).parents[5] / "solutions" / "cw1_bptt"


def take(name, change=lambda tensors, note: None):
    """Hand in the weights of the model answer, after a change."""
    raw = (SOLUTION / name).read_bytes()
    note = json.loads(raw[8 : 8 + int.from_bytes(raw[:8], "little")])["__metadata__"]
    tensors = load_file(SOLUTION / name)
    change(tensors, note)
    save_file({key: t.contiguous() for key, t in tensors.items()}, name, metadata=note)


take("digits_classifier.safetensors")
