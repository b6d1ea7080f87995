"""logits in double, tensors all the way"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def generate_text(model, prefix, n, vocab, temperature, rng):
    tape = torch.zeros(1, len(prefix) + n, dtype=torch.int64)
    tape[0, : len(prefix)] = torch.tensor(vocab.encode(prefix))
    state, start = None, 0
    with torch.no_grad():
        for end in range(len(prefix), len(prefix) + n):
            z, state = model(tape[:, start:end], state)
            z = z[0, -1].double()
            tape[0, end] = z.argmax() if not temperature else torch.multinomial((z / temperature).softmax(-1), 1, generator=rng).item()
            start = end
    return "".join(vocab.decode(tape[0]))
