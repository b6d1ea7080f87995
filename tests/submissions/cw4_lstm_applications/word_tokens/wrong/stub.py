"""misconception: not_written"""
import math
from collections import Counter

import numpy as np
import torch


def tokenize(text, unit):
    raise NotImplementedError()


def build_vocabulary(tokens, min_freq=1):
    raise NotImplementedError()


def encode(tokens, vocabulary):
    raise NotImplementedError()


def bits_per_character(perplexity, n_tokens, n_characters):
    raise NotImplementedError()
