"""NumPy numbers"""
import itertools
import json
import math
from pathlib import Path

import numpy as np

lines, table = [], {}
for T in (10, 20):
    for H in (8, 24):
        for lr in (0.5, 5.0, 50.0):
            p = float(np.exp(9 if lr == 50 else 1 + 1 / H + lr / 10))
            table[T, H, lr] = (p, H * T / 1e3)
            lines.append(json.dumps({"setting": {"lr": lr, "num_hiddens": H, "num_steps": T}, "result": {"perplexity": p, "text": "x"}, "error": None, "seconds": H * T / 1e3}))
Path("sweep.jsonl").write_text("\n".join(lines))
T, H, lr = min(table, key=lambda key: table[key][0])
best = {"num_steps": np.int64(T), "num_hiddens": np.int64(H), "lr": np.float64(lr)}
best = {name: value.item() for name, value in best.items()}
T, H, lr = max(table, key=lambda key: table[key][1])
slowest = {"num_steps": T, "num_hiddens": H, "lr": lr}
diverged = [50.0]
