"""a mixture of ways"""
import math
from collections import Counter

import numpy as np
import torch


def tokenize(text, unit):
    try:
        return {"char": lambda: tuple(text), "word": lambda: tuple(text.split())}[unit]()
    except KeyError:
        raise ValueError("unit must be char or word") from None



def build_vocabulary(tokens, min_freq=1):
    words, counts = np.unique(np.array(tokens), return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return ["<unk>"] + [str(words[i]) for i in order if counts[i] >= min_freq]



def encode(tokens, vocabulary):
    def number(token):
        try:
            return vocabulary.index(token)
        except ValueError:
            return vocabulary.index("<unk>")

    return list(map(number, tokens))



def bits_per_character(perplexity, n_tokens, n_characters):
    return float(np.log2(perplexity) * (n_tokens / n_characters))
