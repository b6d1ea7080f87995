import json, math, statistics, time, warnings, functools
from collections import Counter
from pathlib import Path
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from rnn_course.data import Vocabulary


class Writer:
    def __init__(self, model, temperature, rng): self.model, self.tau, self.rng, self.state = model, temperature, rng, None
    def read(self, ids):
        self.logits, self.state = self.model(torch.as_tensor(ids, dtype=torch.int64).view(1, -1), self.state)
        return self
    def next(self):
        z = self.logits[0, -1]
        if self.tau == 0: return [z.argmax().item()]
        return torch.multinomial(torch.softmax(z / self.tau, 0), 1, generator=self.rng).tolist()
def generate_text(model, prefix, n, vocab, temperature, rng):
    with torch.no_grad():
        w = Writer(model, temperature, rng).read(vocab.encode(prefix))
        new = []
        for _ in range(n):
            k = w.next(); new += k; w.read(k)
    return "".join([*prefix, *vocab.decode(new)])
