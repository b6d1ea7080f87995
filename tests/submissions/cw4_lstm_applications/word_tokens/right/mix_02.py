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



import heapq
from itertools import groupby


def build_vocabulary(tokens, min_freq=1):
    heap = [(-len(list(same)), token) for token, same in groupby(sorted(tokens))]
    heapq.heapify(heap)
    out = ["<unk>"]
    while heap:
        count, token = heapq.heappop(heap)
        if -count >= min_freq:
            out.append(token)
    return out



def encode(tokens, vocabulary):
    known = dict(zip(vocabulary, range(len(vocabulary))))
    return np.array([known[t] if t in known else 0 for t in tokens])



def bits_per_character(perplexity, n_tokens, n_characters):
    return float(np.log2(perplexity) * (n_tokens / n_characters))
