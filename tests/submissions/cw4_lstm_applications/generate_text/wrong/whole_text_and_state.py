"""misconception: whole_text_again | state_dropped"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


@torch.no_grad()
def generate_text(model, prefix, n, vocab, temperature, rng):
    text, state = prefix, None
    for _ in range(n):
        logits, state = model(torch.as_tensor(vocab.encode(text))[None], state)
        z = logits[0, -1]
        token = z.argmax().item() if temperature == 0 else torch.multinomial(torch.softmax(z / temperature, 0), 1, generator=rng).item()
        text += vocab.decode([token])[0]
    return text
