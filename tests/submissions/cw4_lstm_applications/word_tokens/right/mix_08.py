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
    return [vocabulary.index(t) if t in vocabulary else 0 for t in tokens]



def bits_per_character(perplexity, n_tokens, n_characters):
    return math.log2(perplexity ** (n_tokens / n_characters))
