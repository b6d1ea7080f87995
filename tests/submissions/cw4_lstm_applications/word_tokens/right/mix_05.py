"""a mixture of ways"""
import math
from collections import Counter

import numpy as np
import torch


import re


def tokenize(text, unit):
    patterns = {"char": ".", "word": "[^ ]+"}
    if unit not in patterns:
        raise ValueError(unit)
    return re.findall(patterns[unit], text)



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



def bits_per_character(ppl, n_tokens, n_characters):
    bits_per_token = math.log(ppl, 2)
    characters_per_token = n_characters / n_tokens
    return bits_per_token / characters_per_token
