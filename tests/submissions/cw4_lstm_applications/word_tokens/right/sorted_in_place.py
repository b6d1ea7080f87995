"""A list of kept words, sorted by count and spelling."""

import json, math, statistics, time, warnings, functools
from collections import Counter
from pathlib import Path
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from rnn_course.data import Vocabulary


def tokenize(text, unit):
    if unit == "char":
        return list(text)
    if unit == "word":
        return text.split()
    raise ValueError(f"unit is char or word, not {unit}")

def build_vocabulary(tokens, min_freq=1):
    counts = Counter(tokens)
    kept = [t for t, c in counts.items() if c >= min_freq and t != "<unk>"]
    kept.sort(key=lambda t: (-counts[t], t))
    return ["<unk>"] + kept

def encode(tokens, vocabulary):
    place = {t: i for i, t in enumerate(vocabulary)}
    return [place.get(t, 0) for t in tokens]

def bits_per_character(perplexity, n_tokens, n_characters):
    return n_tokens * math.log2(perplexity) / n_characters
