import json, math, statistics, time, warnings, functools
from collections import Counter
from pathlib import Path
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from rnn_course.data import Vocabulary


@torch.inference_mode()
def generate_text(model, prefix, n, vocab, temperature, rng):
    codes = [int(c) for c in vocab.encode(prefix)]
    state = None
    if len(codes) > 1:
        _, state = model(torch.tensor([codes[:-1]]), state)
    current = codes[-1]
    new = []
    while len(new) < n:
        logits, state = model(torch.tensor([[current]]), state)
        z = logits[0, 0].double()
        if temperature > 0:
            w = (z - z.max()).div(temperature).exp()
            current = int(torch.multinomial(w, 1, generator=rng))
        else:
            current = int(z.max(0).indices)
        new.append(current)
    return prefix + "".join(vocab.decode(np.array(new, dtype=int)))
