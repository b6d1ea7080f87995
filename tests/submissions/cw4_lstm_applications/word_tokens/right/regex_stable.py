"""four functions, way 3"""
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
    words, counts = np.unique(np.array(tokens), return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return ["<unk>"] + [str(words[i]) for i in order if counts[i] >= min_freq]



def encode(tokens, vocabulary):
    return [vocabulary.index(t) if t in vocabulary else 0 for t in tokens]



def bits_per_character(perplexity, n_tokens, n_characters):
    return float(np.log2(perplexity) * (n_tokens / n_characters))
