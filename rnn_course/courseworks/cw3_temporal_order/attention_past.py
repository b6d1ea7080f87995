"""Tells from attention weights alone what a state has seen: the ratio of two is their states'."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnn_course.checks.report import Misconception
from rnn_course.checks.values import plain
from rnn_course.courseworks.cw3_temporal_order import mistakes as m

_B, _T = 3, 8
_NOTHING = 1e-10


def past_mistake(ask: Callable[..., list], x: np.ndarray, parameters: Any) -> Misconception | None:
    """Find out whether a state depends on the step before it, on later ones, on other sequences.

    In a softmax the logarithms of two weights differ by the difference of their scores, so they
    keep it where neither state has changed.

    Args:
        ask: runs batches of (inputs, lengths) and returns the outcomes of (logits, weights).
        x: inputs (B, T, D) without padding, at least three steps long.
        parameters: values to run them with.

    Returns:
        The mistake, or None if there is none or it cannot be told.
    """
    first, last = x.copy(), x.copy()
    first[0, 0] += 1.0
    last[0, -1] += 1.0
    lengths = np.full(len(x), x.shape[1])
    found = ask((x, lengths), (first, lengths), (last, lengths), parameters=parameters)
    before, after_first, after_last = (_logarithms(outcome, x.shape[:2]) for outcome in found)
    if before is None or after_first is None or after_last is None:
        return None
    if np.allclose(np.exp(before).sum(0), 1):  # a softmax over the batch
        return None
    if np.abs(after_first - before)[1:].max() > _NOTHING:
        return m.TIME_IS_BATCH
    forwards = np.ptp((after_first - before)[0, 1:])
    backwards = np.ptp((after_last - before)[0, :-1])
    seen = np.abs(after_first - before)[0].max()
    if forwards > _NOTHING or seen < _NOTHING:
        return None
    return m.RUNS_BACKWARDS if backwards > _NOTHING else m.NO_RECURRENCE


def _logarithms(outcome: Any, shape: tuple[int, ...]) -> np.ndarray | None:
    if outcome.error or not isinstance(outcome.value, (tuple, list)) or len(outcome.value) != 2:
        return None
    weights = np.asarray(plain(outcome.value[1]))
    if weights.dtype.kind != "f" or weights.size != np.prod(shape):
        return None
    return np.log(weights.reshape(shape)) if np.all(weights > 0) else None


def unpadded(rng: np.random.Generator, features: int) -> np.ndarray:
    """Draw sequences (B, T, D) for `past_mistake`."""
    return rng.normal(size=(_B, _T, features))
