"""all but the last of the prefix, then a loop"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def generate_text(model, prefix, n, vocab, temperature, rng):
    tokens = vocab.encode(prefix).tolist()
    state = None
    with torch.inference_mode():
        if len(tokens) > 1:
            _, state = model(torch.tensor([tokens[:-1]]))
        while len(tokens) < len(prefix) + n:
            out, state = model(torch.tensor([tokens[-1:]]), state)
            if temperature == 0.0:
                best = out[0, -1].max(0).indices
            else:
                best = torch.multinomial(F.softmax(out[0, -1] / temperature, dim=-1), num_samples=1, generator=rng)
            tokens.append(best.item())
    return "".join(vocab.decode(tokens))
