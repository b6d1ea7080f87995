"""four functions, way 2"""
import math
from collections import Counter

import numpy as np
import torch


def tokenize(text, unit):
    match unit:
        case "word":
            return [w for w in text.split(" ") if w]
        case "char":
            return [ch for ch in text]
        case _:
            raise ValueError("unit")



def build_vocabulary(tokens, min_freq=1):
    counts = {}
    for token in tokens:
        counts[token] = counts.get(token, 0) + 1
    ordered = sorted(sorted(counts), key=counts.get, reverse=True)
    return ["<unk>", *(t for t in ordered if counts[t] >= min_freq)]



def encode(tokens, vocabulary):
    known = dict(zip(vocabulary, range(len(vocabulary))))
    return np.array([known[t] if t in known else 0 for t in tokens])



def bits_per_character(perplexity, n_tokens, n_characters):
    nats = n_tokens * math.log(perplexity)
    return nats / math.log(2) / n_characters
