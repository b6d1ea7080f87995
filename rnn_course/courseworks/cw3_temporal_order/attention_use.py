"""Tells what an attention model classifies, whatever its score and its classifier are.

A gradient says which number of the parameters does what. In a sequence of one step all weight is on
it: what the logits have no gradient for there belongs to the scores, or carries the state from step
to step. Where all inputs are equal and no state is carried, all states are equal and the weights do
not matter: what the logits have a gradient for nevertheless carries the state. Without those
numbers a state is a function of its own input, and with two kinds of inputs the context is
known from the weight that the steps of one kind have together.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnn_course.checks.generic import Finding, difference
from rnn_course.checks.requests import Build, Inspect, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.courseworks.cw3_temporal_order import attention_mistakes as known

Numbers = dict[str, np.ndarray]
Read = Callable[[Any], np.ndarray | None]

_NOTHING = 1e-10
_STEPS, _MIXED, _DRAWS = 14, 8, 6
_FAR = 0.1  # of the way between the two kinds; a straight line between known points errs by 0.02
_UNEVEN = 0.2  # how far the share of one kind is from a half at least, for something to be told
_SPREAD = 0.8, 1.25
_SIZES = _D, _H, _K = 8, 32, 8


class Probed:
    """Runs a model on sequences without padding.

    Args:
        subject: the student's answers.
        build: how to make one.
        read: takes the weights (B, T) out of an outcome, None where they are no such thing.
    """

    def __init__(self, subject: Subject, build: Build, read: Read) -> None:
        self.subject, self.build, self.read = subject, build, read
        self.tolerance = 1e-8 if build.dtype == "float64" else 1e-3

    def run(self, parameters: Numbers, *batches: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return logits (B, K) and weights (B, T) of each batch; fewer where one goes wrong."""
        keywords = {"return_weights": True}
        cases = [Pass(_whole(x), keywords, parameters=parameters) for x in batches]
        found = []
        for outcome in self.subject.ask(Run(self.build, tuple(cases))):
            weights = self.read(outcome)
            if weights is None or np.ndim(logits := plain(outcome.value[0])) != 2:
                break
            found.append((logits, weights))
        return found

    def felt(self, parameters: Numbers, x: np.ndarray, cotangents: Any) -> Numbers:
        """Say for which numbers of the parameters the logits of x (B, T, D) have a gradient.

        With a pair of cotangents: the logits, or the weights, where the other is None.
        """
        keywords = {"return_weights": True} if isinstance(cotangents, tuple) else {}
        case = Pass(_whole(x), keywords, parameters=parameters, cotangents=cotangents)
        (outcome,) = self.subject.ask(Run(self.build, (case,)))
        found = (outcome.gradients or {}).get("parameters", {})
        slopes = {k: np.abs(g) if (g := found.get(k)) is not None else 0 * v
                  for k, v in parameters.items()}  # fmt: skip
        least = _NOTHING * max((float(g.max()) for g in slopes.values() if g.size), default=0.0)
        return {name: slope > least for name, slope in slopes.items()}


def _whole(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return x, np.full(len(x), x.shape[1])


def use_problem(probed: Probed, draw: Callable[[], Numbers], rng: Any) -> Finding | None:
    """Find out whether the logits come from the weighted sum of recurrent states, and that alone.

    Args:
        probed: the model.
        draw: draws values for all parameters.
        rng: draws the inputs.
    """
    for attempt in range(_DRAWS):  # a ReLU may be dead for some, or the weights be all alike
        p = draw()
        kinds = rng.normal(size=(2, probed.build.args[0]))
        carries, scores = _roles(probed, p, rng)
        free = {name: np.where(carries[name], 0, value) for name, value in p.items()}
        wrong = _lengths_problem(probed, p, free, kinds[:1])
        if wrong:
            return wrong
        still, sharp = (
            {name: np.where(scores[name], factor * v, v) for name, v in free.items()}
            for factor in (0, 4 * 2**attempt)
        )
        error = _mixture_error(probed, still, sharp, kinds, rng)
        if error is not None:
            said = "With two kinds of inputs the weights say how far the context is from one to the"
            said += f" other; the logits are off by {100 * error:.0f} % of that way."
            return Finding(said, known.WEIGHTS_UNUSED) if error > _FAR else None
    return None


def scores_learn(probed: Probed, p: Numbers, rng: Any) -> bool:
    """Tell whether the logits have a gradient for the scores, where the weights have none."""
    return any(numbers.any() for numbers in _roles(probed, p, rng)[1].values())


def _roles(probed: Probed, p: Numbers, rng: Any) -> tuple[Numbers, Numbers]:
    """Say which numbers of the parameters carry the state, and which belong to the scores."""
    features, _, classes = probed.build.args
    x, steps = rng.normal(size=(16, 1, features)), rng.normal(size=(4, _STEPS, features))
    cotangents = rng.normal(size=(16, classes)), rng.normal(size=(4, _STEPS))
    first = probed.felt(p, x, cotangents[0])
    later = probed.felt(p, steps, cotangents[0][:4])
    weighed = probed.felt(p, steps, (None, cotangents[1]))
    # Weights that depend on the inputs depend on the state before. Others may be detached.
    by = weighed if any((weighed[name] & first[name]).any() for name in p) else later
    loose = {name: by[name] & ~first[name] for name in p}
    still = {name: np.where(loose[name], 0, value) for name, value in p.items()}
    moves = probed.felt(still, np.repeat(x[:4], 4, 1), cotangents[0][:4])
    carries = {name: moves[name] & loose[name] for name in p}
    return carries, {name: loose[name] & ~carries[name] for name in p}


def _lengths_problem(probed: Probed, p: Numbers, free: Numbers, kind: np.ndarray) -> Finding | None:
    """Compare sequences of one input over and over, of several lengths."""
    batches = [np.repeat(kind[:, None], n, 1) for n in (1, 2, 3, _STEPS)]
    carried, alone = (probed.run(parameters, *batches) for parameters in (p, free))
    if len(carried) + len(alone) < 2 * len(batches) or not all(map(_normed, alone)):
        return None
    if all(np.isin(weights, (0, 1)).all() for _, weights in alone):  # no gradient tells apart
        return None
    if max(difference(carried[0][0], logits) for logits, _ in carried[1:]) < _NOTHING:
        said = "With one input at every step the logits are the same for 1, 2, 3 and "
        said += f"{_STEPS} steps: no state that knows the steps before is in the sum."
        return Finding(said, known.NOT_OF_STATES)
    gap = max(difference(alone[0][0], logits) for logits, _ in alone[1:])
    if gap > probed.tolerance:
        said = "With equal states at all steps their weighted sum is that state, for 1 step and for"
        return Finding(f"{said} {_STEPS}; the logits differ by {gap:.2g}.", known.MORE_THAN_STATES)
    return None


def _mixture_error(
    probed: Probed, still: Numbers, sharp: Numbers, kinds: np.ndarray, rng: Any
) -> float | None:
    """Measure how far the logits are from those that follow from the weights; None: no telling.

    The logits that belong to a context are looked up: for each share of inputs of the first kind
    they are known from parameters whose scores are all alike.
    """
    grades = np.arange(_STEPS) < np.arange(_STEPS + 1)[:, None]
    mixed = rng.permuted(np.tile(np.arange(_STEPS) < _STEPS // 2, (_MIXED, 1)), axis=1)
    table = probed.run(still, kinds[1 - grades.astype(int)])
    tried = probed.run(sharp, kinds[1 - mixed.astype(int)])
    if not table or not tried or not (_normed(table[0]) and _normed(tried[0])):
        return None
    shares, at = (table[0][1] * grades).sum(1), (tried[0][1] * mixed).sum(1)
    order = np.argsort(shares)
    way = np.ptp(table[0][0], axis=0).max()
    if way < 1e-6 or np.abs(at - 0.5).max() < _UNEVEN:
        return None
    columns = table[0][0][order].T
    expected = np.stack([np.interp(at, shares[order], column) for column in columns], 1)
    return difference(tried[0][0], expected) / float(way)


def _normed(found: tuple[np.ndarray, np.ndarray]) -> bool:
    return bool(np.allclose(found[1].sum(1), 1, atol=1e-4))


def spread_problem(subject: Subject, build: Build, rng: Any) -> Finding | None:
    """Find out whether the numbers that inputs are multiplied by start with a spread of 1.

    Where one of the inputs is 0, the logits have no gradient for the numbers that belong to it.
    """
    made = [
        subject.ask(Inspect(Build(build.name, _SIZES, dtype=build.dtype, seed=seed)))
        for seed in range(4)
    ]
    probed = Probed(subject, Build(build.name, _SIZES, dtype=build.dtype), lambda _: None)
    p = {name: rng.normal(size=shape) / 3 for name, shape, _ in made[0].parameters}
    x, cotangents = rng.normal(size=(16, 1, _D)), rng.normal(size=(16, _K))
    used = probed.felt(p, x, cotangents)
    without = [probed.felt(p, x * (np.arange(_D) != j), cotangents) for j in range(4)]
    found = [each.initial[name][used[name] & ~w[name]] for each in made for name in p
             for w in without]  # fmt: skip
    values = np.concatenate([np.ravel(numbers) for numbers in found])
    spread = float(np.sqrt((values**2).mean())) if values.size else 1.0
    if _SPREAD[0] < spread < _SPREAD[1]:
        return None
    said = f"The weights that the inputs are multiplied by start with a spread of {spread:.2g}"
    return Finding(f"{said}; 1 is right.", known.SMALL_INPUT_WEIGHTS)
