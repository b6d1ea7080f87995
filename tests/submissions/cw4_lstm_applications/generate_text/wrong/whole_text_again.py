"""misconception: whole_text_again"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


@torch.no_grad()
def generate_text(model, prefix, n, vocab, temperature, rng):
    text = prefix
    for _ in range(n):
        z = model(torch.as_tensor(vocab.encode(text))[None])[0][0, -1]
        if temperature == 0:
            token = z.argmax().item()
        else:
            token = torch.multinomial(torch.softmax(z / temperature, 0), 1, generator=rng).item()
        text += vocab.decode([token])[0]
    return text
