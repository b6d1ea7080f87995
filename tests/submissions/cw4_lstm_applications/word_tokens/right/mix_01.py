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
    result = ["<unk>"]
    pairs = [(-n, t) for t, n in Counter(tokens).items()]
    pairs.sort()
    for n, t in pairs:
        if -n < min_freq:
            break
        result.append(t)
    return result



def encode(tokens, vocabulary):
    def number(token):
        try:
            return vocabulary.index(token)
        except ValueError:
            return vocabulary.index("<unk>")

    return list(map(number, tokens))



def bits_per_character(perplexity, n_tokens, n_characters):
    nats = n_tokens * math.log(perplexity)
    return nats / math.log(2) / n_characters
