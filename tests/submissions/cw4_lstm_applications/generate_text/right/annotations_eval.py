"""puts the mode back"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def generate_text(model: nn.Module, prefix: str, n: int, vocab, temperature: float, rng: torch.Generator) -> str:
    training = model.training
    model.eval()
    ids, text = torch.tensor(vocab.encode(prefix)[None]), prefix
    with torch.no_grad():
        logits, state = model(ids)
        for _ in range(n):
            logits = logits[:, -1]
            ids = logits.argmax(-1) if temperature == 0 else torch.multinomial(torch.softmax(logits / temperature, -1), 1, generator=rng).squeeze(-1)
            text += "".join(vocab.decode(ids))
            logits, state = model(ids[:, None], state)
    model.train(training)
    return text
