"""Make the runs behind the question on curves: ``python make_curves.py``, half a minute.

Three networks read the same words with the same settings, five times each from other first
weights. They have one layer, read from left to right, and spend the same number of parameters on
their recurrent layer. The histories go to ``curves/``, which students get; this file, which says
whose they are, stays here.
"""

import json
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from rnn_course.data import SpeechCommands
from rnn_course.training import evaluate, fit, gradient_norms

NAMES = {"A": "GRU", "B": "RNN", "C": "LSTM"}
BUDGET = 20_000  # parameters of a recurrent layer, at most
SEEDS = range(5)
SETTINGS = {"epochs": 5, "lr": 1e-3, "batch_size": 32, "valid_every": 25}


class Reader(nn.Module):
    """One recurrent layer of torch's own, and a readout of its last state."""

    def __init__(self, kind: str, input_size: int, hidden_size: int, classes: int) -> None:
        super().__init__()
        self.layer = getattr(nn, kind)(input_size, hidden_size, batch_first=True)
        self.readout = nn.Linear(hidden_size, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits (B, K) for features (B, T, D)."""
        return self.readout(self.layer(x)[0][:, -1])


def cost(kind: str, input_size: int, hidden_size: int) -> int:
    """Return the number of parameters of a recurrent layer, counted from torch's own."""
    layer = getattr(nn, kind)(input_size, hidden_size)
    return sum(parameter.numel() for parameter in layer.parameters())


def affordable(kind: str, input_size: int) -> int:
    """Return the largest hidden size within the budget."""
    return max(h for h in range(1, 200) if cost(kind, input_size, h) <= BUDGET)


def main() -> None:
    """Train all of them, and write what students see."""
    folder = Path(__file__).parent / "curves"
    train, valid, test = (SpeechCommands(split, source="synthetic") for split in
                          ("train", "valid", "test"))  # fmt: skip
    features = train.features.shape[-1]
    facts = {}
    for name, kind in NAMES.items():
        size = affordable(kind, features)
        norms, accuracies = [], []
        for seed in SEEDS:
            torch.manual_seed(seed)
            model = Reader(kind, features, size, len(train.classes))
            norms.append(gradient_norms(model, test.features, test.labels))
            history = fit(model, train, valid, seed=seed, device="cpu", progress=False, **SETTINGS)
            # The time would only tell which of torch's modules happens to run on a faster library.
            replace(history, seconds=0.0).save(folder / f"{name}_{seed}.json")
            accuracies.append(evaluate(model, test, device="cpu").accuracy)
            print(name, seed, history, f"test {accuracies[-1]:.3f}")
        facts[name] = {
            "hidden_size": size,
            "recurrent_parameters": cost(kind, features, size),
            "test_accuracy": accuracies,
            "gradient_norms_before_training": torch.stack(norms).mean(0).tolist(),
        }
    (folder / "facts.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
