"""One step forward."""

from collections.abc import Iterator

import numpy as np

from rnn_course.checks.cases import Case
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.requests import Call


def network(rng: np.random.Generator, D: int, H: int, K: int, **scaled: float) -> dict:
    """Draw a network of two decimals with biases that are not zero."""
    shapes = {"Wxh": (D, H), "Whh": (H, H), "Why": (H, K), "bh": (1, H), "by": (1, K)}
    return {
        name: scaled.get(name, 1.0) * np.round(rng.normal(size=shape) / np.sqrt(shape[0]), 2)
        for name, shape in shapes.items()
    }


def _step(
    rng: np.random.Generator, group: str, said: str, B: int, D: int, H: int, K: int, **changed
) -> Case:
    model = network(rng, D, H, K) | {k: v for k, v in changed.items() if k != "X"}
    X = changed.get("X", np.round(rng.normal(size=(B, D)), 2))
    h = np.round(rng.normal(size=(B, H)) / 2, 2)
    steps = {
        "train": Call("cell_fn_forward", (X, h, model)),
        "test": Call("cell_fn_forward", (X, h, model, False)),
    }
    return Case(said, steps, group)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Ordinary steps, other sizes, large scores, and states that no slip in them can change."""
    yield _step(rng, "small", "B = 2, D = 3, H = 4, K = 3", 2, 3, 4, 3)
    yield _step(rng, "small", "B = 3, D = 2, H = 3, K = 4", 3, 2, 3, 4)
    for said, sizes in (("B = 1", (1, 3, 4, 3)), ("D = H = K = 2", (2, 2, 2, 2))):
        yield _step(rng, "sizes", said, *sizes)
    yield _step(rng, "sizes", "B = 4, D = 1, H = 6, K = 5", 4, 1, 6, 5)
    by = np.array([[1000.0, -1000.0, 999.0]])
    yield _step(rng, "large", "scores of ±1000", 2, 3, 4, 3, by=by)
    Why = 3000 * np.round(rng.normal(size=(4, 3)), 2)
    yield _step(rng, "large", "large weights", 3, 3, 4, 3, Why=Why)
    far = {
        "Why": np.full((4, 3), 500.0),
        "Wxh": np.ones((3, 4)),
        "X": np.array([[3.0] * 3, [-3.0] * 3]),
    }
    yield _step(rng, "large", "rows of scores that are far apart", 2, 3, 4, 3, **far)
    for signs in ((1, -1, 1, 1), (-1, 1, 1, -1)):
        # tanh(±60) is ±1, whatever else is in the sum
        bh = 60.0 * np.array([signs])
        yield _step(rng, "saturated", "a state of ±1", 2, 3, 4, 3, bh=bh)


TANH = 'np.tanh(h @ model["Whh"] + X @ model["Wxh"] + model["bh"])'
SCORES = 'h_new @ model["Why"] + model["by"]'
RETURNED = "return (y if train else softmax(y)), h_new, cache"
EXP = "np.exp(scores - scores.max(axis=1, keepdims=True))"


def _instead(old: str, *others: str) -> tuple:
    return tuple((old, other) for other in others)


QUESTION = compare(
    "cell_fn_forward",
    "One step forward",
    cases=cases,
    signature={"cell_fn_forward": ("X", "h", "model")},
    parts=(
        Part("state", "The new state h", 4, ("h=train.1", "h=test.1"), groups=("small",)),
        Part(
            "logits",
            "The scores y",
            2,
            "y=train.0",
            groups=("small", "saturated"),
            follows="state",
            apart=("saturated",),
        ),
        Part(
            "softmax",
            "Probabilities with train=False, even for scores of 1000",
            1,
            "probabilities=test.0",
            groups=("small", "saturated"),
            follows="logits",
            apart=("saturated",),
        ),
        Part(
            "softmax",
            "Probabilities with train=False, even for scores of 1000",
            1,
            "probabilities=test.0",
            groups=("large",),
            follows="softmax",
        ),
        Part(
            "general",
            "Any batch and any sizes; the inputs are left alone",
            1,
            ("h=train.1", "y=train.0"),
            groups=("sizes",),
            follows="state",
        ),
        Part(
            "general",
            "Any batch and any sizes; the inputs are left alone",
            1,
            ("train@changed", "test@changed", "train@again"),
            groups=("small",),
        ),
    ),
    mistakes=(
        Mistake("hidden_bias_missing", "s", "w", ((' + model["bh"]', ""),)),
        Mistake(
            "tanh_missing",
            "The new state",
            "w",
            (((TANH, TANH.removeprefix("np.tanh")),)),
        ),
    ),
    read="One step forward",
)
