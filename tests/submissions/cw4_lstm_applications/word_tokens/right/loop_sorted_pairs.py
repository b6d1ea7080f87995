"""four functions, way 4"""
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
    result = ["<unk>"]
    pairs = [(-n, t) for t, n in Counter(tokens).items()]
    pairs.sort()
    for n, t in pairs:
        if -n < min_freq:
            break
        result.append(t)
    return result



from collections import defaultdict


def encode(tokens, vocabulary):
    table = defaultdict(int)
    table.update((token, i) for i, token in enumerate(vocabulary))
    return torch.tensor([table[t] for t in tokens])



def bits_per_character(perplexity, n_tokens, n_characters):
    return math.log2(perplexity ** (n_tokens / n_characters))
