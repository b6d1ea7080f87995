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
    words, counts = np.unique(np.array(tokens), return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return ["<unk>"] + [str(words[i]) for i in order if counts[i] >= min_freq]



from collections import defaultdict


def encode(tokens, vocabulary):
    table = defaultdict(int)
    table.update((token, i) for i, token in enumerate(vocabulary))
    return torch.tensor([table[t] for t in tokens])



def bits_per_character(ppl, n_tokens, n_characters):
    bits_per_token = math.log(ppl, 2)
    characters_per_token = n_characters / n_tokens
    return bits_per_token / characters_per_token
