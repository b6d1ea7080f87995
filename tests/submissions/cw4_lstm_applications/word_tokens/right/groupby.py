import json, math, statistics, time, warnings, functools
from collections import Counter
from pathlib import Path
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from rnn_course.data import Vocabulary


from itertools import groupby
from collections import defaultdict
def tokenize(text, unit):
    return {"char": list, "word": str.split}[unit](text) if unit in {"char", "word"} else _no(unit)
def _no(unit): raise ValueError(f"{unit!r}")
def build_vocabulary(tokens, min_freq=1):
    pairs = [(-len(list(g)), t) for t, g in groupby(sorted(tokens))]
    return ["<unk>"] + [t for n, t in sorted(pairs) if -n >= min_freq and t != "<unk>"]
def encode(tokens, vocabulary):
    table = defaultdict(int, {t: i for i, t in enumerate(vocabulary)})
    return [table[t] for t in tokens]
def bits_per_character(perplexity, n_tokens, n_characters):
    total_bits = n_tokens * np.log2(perplexity)
    return total_bits / n_characters
