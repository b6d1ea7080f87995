"""a mixture of ways"""
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
    result = ["<unk>"]
    pairs = [(-n, t) for t, n in Counter(tokens).items()]
    pairs.sort()
    for n, t in pairs:
        if -n < min_freq:
            break
        result.append(t)
    return result



def encode(tokens, vocabulary):
    known = dict(zip(vocabulary, range(len(vocabulary))))
    return np.array([known[t] if t in known else 0 for t in tokens])



def bits_per_character(perplexity, n_tokens, n_characters):
    return math.log2(perplexity ** (n_tokens / n_characters))
