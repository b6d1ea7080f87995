"""a class that writes"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class Writer:
    def __init__(self, model, vocab, rng):
        self.model, self.vocab, self.rng, self.state, self.z = model, vocab, rng, None, None

    def read(self, ids):
        with torch.no_grad():
            out, self.state = self.model(torch.tensor([list(map(int, ids))]), self.state)
        self.z = out[0][-1]

    def write(self, temperature):
        if temperature <= 0:
            token = self.z.argmax().item()
        else:
            token = torch.multinomial(F.softmax(self.z.double() / temperature, 0), 1, True, generator=self.rng).item()
        self.read([token])
        return self.vocab.decode([token])[0]


def generate_text(model, prefix, n, vocab, temperature, rng):
    writer = Writer(model, vocab, rng)
    writer.read(vocab.encode(prefix))
    return prefix + "".join(writer.write(temperature) for _ in range(n))
