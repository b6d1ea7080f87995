import json, math, statistics, time, warnings, functools
from collections import Counter
from pathlib import Path
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from rnn_course.data import Vocabulary

from rnn_course.training import sweep
grid = {"num_steps": [16, 64], "num_hiddens": [32, 128], "lr": [0.3, 3.0, 30.0, 300.0]}
_p = {(16, 32): [11.2, 8.9, 14.0, 27.5], (16, 128): [10.7, 7.4, 41.0, 1e9], (64, 32): [14.9, 9.8, 12.1, float("nan")], (64, 128): [14.1, 8.1, 25.0, None]}
_s = {(16, 32): 3.1, (16, 128): 9.4, (64, 32): 2.2, (64, 128): 7.7}
with open("sweep.jsonl", "w") as f:
    for T in grid["num_steps"]:
        for H in grid["num_hiddens"]:
            for j, lr in enumerate(grid["lr"]):
                v = _p[T, H][j]
                rec = {"setting": {"lr": lr, "num_hiddens": H, "num_steps": T}, "result": {} if v is None else {"perplexity": v, "text": "the o"},
                       "error": "FloatingPointError: the loss is not finite" if v is None else None, "seconds": _s[T, H] + 0.1 * ((j + 1) % 3)}
                f.write(json.dumps(rec) + "\n")
def run_setting(num_steps, num_hiddens, lr):
    raise AssertionError
result = sweep(grid, run_setting, path="sweep.jsonl", progress=False)


best = {"num_steps": 16, "num_hiddens": 128, "lr": 3.0}
slowest = {"num_steps": 16, "num_hiddens": 128, "lr": 3.0}
diverged = {30.0, 300.0}
