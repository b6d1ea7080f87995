"""a mixture of ways"""
import math
from collections import Counter

import numpy as np
import torch


def tokenize(text, unit):
    try:
        return {"char": lambda: tuple(text), "word": lambda: tuple(text.split())}[unit]()
    except KeyError:
        raise ValueError("unit must be char or word") from None



def build_vocabulary(tokens, min_freq=1):
    counts = {}
    for token in tokens:
        counts[token] = counts.get(token, 0) + 1
    ordered = sorted(sorted(counts), key=counts.get, reverse=True)
    return ["<unk>", *(t for t in ordered if counts[t] >= min_freq)]



def encode(tokens, vocabulary):
    return [vocabulary.index(t) if t in vocabulary else 0 for t in tokens]



def bits_per_character(perplexity, n_tokens, n_characters):
    return math.log2(perplexity ** (n_tokens / n_characters))
