import json, math, statistics, time, warnings, functools
from collections import Counter
from pathlib import Path
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from rnn_course.data import Vocabulary


import re
def tokenize(text, unit):
    if unit not in ("char", "word"): raise ValueError("unit")
    return re.findall(r"\S+" if unit == "word" else r"(?s).", text)
def build_vocabulary(tokens, min_freq=1):
    if len(tokens) == 0: return ["<unk>"]
    names, n = np.unique(np.array(tokens, dtype=object), return_counts=True)
    order = np.lexsort((np.arange(len(names)), -n))
    return ["<unk>"] + [str(names[i]) for i in order if n[i] >= min_freq]
def encode(tokens, vocabulary):
    look = dict(zip(vocabulary, range(len(vocabulary))))
    out = np.zeros(len(tokens), dtype=int)
    for i, t in enumerate(tokens):
        if t in look: out[i] = look[t]
    return out.tolist()
def bits_per_character(perplexity, n_tokens, n_characters):
    return float(np.log2(perplexity) * (n_tokens / n_characters))
