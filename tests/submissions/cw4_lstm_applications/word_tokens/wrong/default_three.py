"""misconception: other_default | wrong_signature"""
import math
from collections import Counter

import numpy as np
import torch


def tokenize(text, unit):
    if unit == "char":
        return list(text)
    if unit == "word":
        return text.split()
    raise ValueError(f"unit is 'char' or 'word', not {unit!r}")


def build_vocabulary(tokens, min_freq=3):
    counts = Counter(tokens)
    kept = [token for token, count in counts.items() if count >= min_freq]
    return ["<unk>"] + sorted(kept, key=lambda token: (-counts[token], token))


def encode(tokens, vocabulary):
    number = {token: i for i, token in enumerate(vocabulary)}
    return [number.get(token, 0) for token in tokens]


def bits_per_character(perplexity, n_tokens, n_characters):
    return n_tokens * math.log2(perplexity) / n_characters
