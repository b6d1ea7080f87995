"""formulas and clocks of other kinds"""
import statistics
import time

import numpy as np
import torch
from torch import nn


def count_parameters(cell, input_size, hidden_size):
    kinds = {"RNN": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM}
    if cell not in kinds:
        raise ValueError("unknown cell")
    return sum(p.numel() for p in kinds[cell](input_size, hidden_size).parameters())



def flops_per_step(cell, input_size, hidden_size):
    if cell not in ("RNN", "GRU", "LSTM"):
        raise ValueError(cell)
    per_gate = 2 * input_size * hidden_size + 2 * hidden_size**2
    return {"RNN": per_gate, "GRU": 3 * per_gate, "LSTM": 4 * per_gate}[cell]



def seconds_per_call(layer, x, training, repeats=20):
    if training:
        def once():
            h, state = layer(x)
            torch.autograd.backward(h.sum())
    else:
        @torch.inference_mode()
        def once():
            return layer(x)
    once(), once()
    best = float("inf")
    for _ in range(max(repeats, 5)):
        begin = time.perf_counter()
        once()
        best = min(best, time.perf_counter() - begin)
    return best
