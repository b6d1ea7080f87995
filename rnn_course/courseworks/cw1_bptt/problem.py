"""Random networks and sequences on which answers are tried."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

Model = dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Problem:
    """A network, a batch of sequences, and what the future has to say.

    Attributes:
        model: ``Wxh (D, H)``, ``Whh (H, H)``, ``Why (H, K)``, ``bh (1, H)``, ``by (1, K)``.
        xs: T inputs (B, D).
        labels: (T, B), whole numbers below K.
        state: the first hidden state (B, H).
        dh: gradient of later losses by the state after the first step, (B, H).
    """

    model: Model
    xs: list[np.ndarray]
    labels: np.ndarray
    state: np.ndarray
    dh: np.ndarray

    @property
    def x(self) -> np.ndarray:
        """The first input (B, D)."""
        return self.xs[0]

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The arguments of `bptt`."""
        return self.model, self.xs, self.labels, self.state

    def scaled(self, **factors: float) -> "Problem":
        """Return the same problem with some of the model's parameters multiplied."""
        model = {name: factors.get(name, 1.0) * value for name, value in self.model.items()}
        return replace(self, model=model)


def draw(rng: np.random.Generator, *, B: int, T: int, D: int, H: int, K: int) -> Problem:
    """Draw a problem with weights of ordinary size and biases that are not zero."""
    model = {
        "Wxh": rng.normal(size=(D, H)) / np.sqrt(D),
        "Whh": rng.normal(size=(H, H)) / np.sqrt(H),
        "Why": rng.normal(size=(H, K)) / np.sqrt(H),
        "bh": rng.normal(size=(1, H)) / 2,
        "by": rng.normal(size=(1, K)) / 2,
    }
    xs = [rng.normal(size=(B, D)) for _ in range(T)]
    labels = rng.integers(0, K, size=(T, B))
    return Problem(model, xs, labels, rng.normal(size=(B, H)) / 2, rng.normal(size=(B, H)) / 2)


def network(rng: np.random.Generator, D: int, H: int, K: int, **changed: Any) -> Model:
    """Draw a network of two decimals, which a student can paste, with biases that are not zero.

    Args:
        rng: the randomness.
        D: number of inputs.
        H: number of hidden units.
        K: number of classes.
        changed: by the name of a parameter what stands in its place; a number is a factor.
    """
    shapes = {"Wxh": (D, H), "Whh": (H, H), "Why": (H, K), "bh": (1, H), "by": (1, K)}
    drawn = {name: rng.normal(size=shape) / np.sqrt(shape[0]) for name, shape in shapes.items()}
    model = {name: two_decimals(value) for name, value in drawn.items()}
    for name, by in changed.items():
        model[name] = by if isinstance(by, np.ndarray) else by * model[name]
    return model


def two_decimals(numbers: np.ndarray) -> np.ndarray:
    """Round to two decimals, away from zero: no number is zero by accident."""
    rounded = np.round(numbers, 2)
    return np.where(rounded == 0, 0.01, rounded)
