"""one loop for prefix and new characters"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def generate_text(model, prefix, n, vocab, temperature, rng):
    ids = [int(i) for i in vocab.encode(prefix)]
    state = None
    with torch.no_grad():
        for t in range(len(prefix) + n - 1):
            logits, state = model(torch.LongTensor([[ids[t]]]), state)
            if t + 1 < len(ids):
                continue
            if temperature == 0:
                ids.append(int(logits.view(-1).argmax()))
            else:
                ids.append(int(torch.multinomial(torch.softmax(logits.view(-1) / temperature, 0), 1, generator=rng)))
    return "".join(vocab.decode(ids))
