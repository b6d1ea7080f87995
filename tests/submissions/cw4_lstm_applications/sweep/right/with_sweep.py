"""the sweep of the course"""
import itertools
import json
import math
from pathlib import Path

from rnn_course.training import sweep


def run_setting(num_steps, num_hiddens, lr):
    if lr > 50:
        raise ValueError("a loss that is not finite")
    return {"perplexity": 3 + num_steps / num_hiddens + abs(math.log(lr)), "text": "a"}


grid = {"num_steps": [8, 32], "num_hiddens": [16, 64], "lr": [0.1, 1, 10, 100]}
result = sweep(grid, run_setting, path="sweep.jsonl", progress=False)
best = result.best("perplexity").setting
slowest = max(result.points, key=lambda point: point.seconds).setting
diverged = [p.setting["lr"] for p in result.failures]
