"""a mixture of ways"""
import math
from collections import Counter

import numpy as np
import torch


def tokenize(text: str, unit: str = "char") -> list[str]:
    if unit not in ("char", "word"):
        raise ValueError(f"unknown unit {unit}")
    tokens, word = [], ""
    if unit == "char":
        tokens.extend(text)
        return tokens
    for letter in text + " ":
        if letter != " ":
            word += letter
        elif word:
            tokens.append(word)
            word = ""
    return tokens



def build_vocabulary(tokens, min_freq=1):
    counts = {}
    for token in tokens:
        counts[token] = counts.get(token, 0) + 1
    ordered = sorted(sorted(counts), key=counts.get, reverse=True)
    return ["<unk>", *(t for t in ordered if counts[t] >= min_freq)]



from collections import defaultdict


def encode(tokens, vocabulary):
    table = defaultdict(int)
    table.update((token, i) for i, token in enumerate(vocabulary))
    return torch.tensor([table[t] for t in tokens])



def bits_per_character(perplexity, n_tokens, n_characters):
    nats = n_tokens * math.log(perplexity)
    return nats / math.log(2) / n_characters
