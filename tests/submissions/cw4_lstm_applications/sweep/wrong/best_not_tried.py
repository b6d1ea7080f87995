"""misconception: not_a_setting"""
import itertools
import json
import math
from pathlib import Path

GRID = {"num_steps": [16, 64], "num_hiddens": [32, 128], "lr": [0.3, 3.0, 300.0]}


def run_setting(num_steps, num_hiddens, lr):
    perplexity = 1e100 if lr > 100 else 20 - 2 * math.log(num_hiddens) - 3 * lr ** 0.5 + num_steps / 16
    return {"perplexity": perplexity, "text": "the " * 3}


points = []
for values in itertools.product(*GRID.values()):
    setting = dict(zip(GRID, values))
    seconds = setting["num_hiddens"] / 60 + 3 / setting["num_steps"]
    points.append({"setting": setting, "result": run_setting(**setting), "error": None, "seconds": seconds})
Path("sweep.jsonl").write_text("".join(json.dumps(p) + "\n" for p in points))
best = {"num_steps": 16, "num_hiddens": 256, "lr": 3.0}
slowest = max(points, key=lambda p: p["seconds"])["setting"]
diverged = [300.0]
