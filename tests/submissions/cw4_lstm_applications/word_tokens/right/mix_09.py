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



def bits_per_character(ppl, n_tokens, n_characters):
    bits_per_token = math.log(ppl, 2)
    characters_per_token = n_characters / n_tokens
    return bits_per_token / characters_per_token
