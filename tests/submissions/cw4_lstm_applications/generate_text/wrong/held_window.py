"""misconception: not_warmed_up | whole_text_again | state_dropped"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


@torch.no_grad()
def generate_text(model, prefix, n, vocab, temperature, rng):
    text = prefix
    for _ in range(n):
        z = model(torch.as_tensor(vocab.encode(text[-4:]))[None])[0][0, -1]
        token = z.argmax() if temperature == 0 else torch.multinomial((z / temperature).softmax(0), 1, generator=rng)
        text += vocab.decode([int(token)])[0]
    return text
