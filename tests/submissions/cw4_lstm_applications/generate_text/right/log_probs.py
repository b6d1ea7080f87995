"""from log-probabilities, batch first kept"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


@torch.no_grad()
def generate_text(model, prefix, n, vocab, temperature=1.0, rng=None):
    """Continue a text."""
    model.eval()
    tokens = torch.tensor(vocab.encode(list(prefix)))[None]
    all_tokens = [tokens]
    h = None
    for _ in range(n):
        logits, h = model(tokens, h)
        logp = F.log_softmax(logits[:, -1, :], dim=-1)
        if temperature == 0:
            tokens = logp.argmax(dim=1, keepdim=True)
        else:
            tokens = torch.multinomial((logp / temperature).softmax(-1), 1, generator=rng)
        all_tokens.append(tokens)
    return "".join(vocab.decode(torch.cat(all_tokens, 1)[0].tolist()))
