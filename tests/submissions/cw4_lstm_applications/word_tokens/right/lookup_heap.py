"""four functions, way 5"""
import math
from collections import Counter

import numpy as np
import torch


def tokenize(text, unit):
    try:
        return {"char": lambda: tuple(text), "word": lambda: tuple(text.split())}[unit]()
    except KeyError:
        raise ValueError("unit must be char or word") from None



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
    def number(token):
        try:
            return vocabulary.index(token)
        except ValueError:
            return vocabulary.index("<unk>")

    return list(map(number, tokens))



def bits_per_character(ppl, n_tokens, n_characters):
    bits_per_token = math.log(ppl, 2)
    characters_per_token = n_characters / n_tokens
    return bits_per_token / characters_per_token
