"""NumPy draws, seeded from rng"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


@torch.no_grad()
def generate_text(model, prefix, n, vocab, temperature, rng):
    numpy_rng = np.random.default_rng(torch.randint(2**31, (1,), generator=rng).item())
    logits, state = model(torch.as_tensor(vocab.encode(prefix))[None, :])
    ids = []
    for _ in range(n):
        row = logits[0, -1].double().numpy()
        if temperature == 0:
            k = int(np.argmax(row))
        else:
            p = np.exp((row - row.max()) / temperature)
            k = int(numpy_rng.choice(len(p), p=p / p.sum()))
        ids.append(k)
        logits, state = model(torch.full((1, 1), k), state)
    return prefix + "".join(vocab.decode(ids))
