"""Whether given initial states ``hx`` are started from, in any form that makes sense.

The question says: shaped (L, B, H), for two directions (2L, B, H) with the forward layers first; a
pair of these for an LSTM. Lists of states, torch's order of directions, a pair of directions and
the like are as good.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from rnn_course.checks.generic import Finding, close, explain_error
from rnn_course.checks.models.explain import Explanation
from rnn_course.checks.models.mistakes import MISTAKES
from rnn_course.checks.models.roles import Size
from rnn_course.checks.models.student import Student
from rnn_course.checks.models.verify import draw_trial, oracle
from rnn_course.checks.requests import Case
from rnn_course.checks.values import plain

Starts = dict[int, tuple]  # direction -> states (L, B, H), as torch takes them
_B, _T = 3, 4


def wrong_start(
    student: Student, explanation: Explanation, rng: np.random.Generator
) -> Finding | None:
    """Find what is wrong with starting from hx; None if one form of it works."""
    trial = None
    parameters: Any = 0.25
    x = rng.normal(0, 1, (_B, _T, student.size.D))
    if explanation.cast:
        trial = draw_trial(student, explanation.cast, rng, (_B, _T))
        parameters, x = trial.parameters, trial.x
    (zero,) = student.run([Case((x,), parameters=parameters)])
    first, ignored = None, False
    for hx, meanings in forms(student.size, rng):
        (outcome,) = student.run([Case((x, hx), parameters=parameters)])
        if outcome.error:
            first = first or explain_error(outcome.error)
            continue
        if close(outcome.value, plain(zero.value)):
            ignored = True
        elif trial is None or any(
            close(outcome.value, oracle(explanation.cast, trial, starts)[0]) for starts in meanings
        ):
            return _written_over(outcome.changed)
    if ignored:
        return Finding("With hx and without, the logits are the same.", MISTAKES["hx_ignored"])
    return first or Finding("With hx, the logits are not those of a network that starts there.")


def _written_over(changed: tuple[str, ...]) -> Finding | None:
    if "1" in changed:
        return Finding("The states in hx are written over.", MISTAKES["input_changed"])
    return None


def forms(size: Size, rng: np.random.Generator) -> Iterator[tuple[Any, list[Starts]]]:
    """List forms of hx, the question's first, with the starts that each may mean."""
    if size.directions == 1:
        yield from _one_stack(size, rng)
        return
    L = size.L
    for hx, states in _packed(size, 2 * L, rng):
        halves = {d: tuple(s[d * L : (d + 1) * L] for s in states) for d in (0, 1)}
        crossed = {d: tuple(s[d::2] for s in states) for d in (0, 1)}
        yield hx, [_tensors(halves), _tensors(crossed)]
    forward, reverse = (list(_packed(size, L, rng)) for _ in (0, 1))
    for (f, starts), (r, others) in zip(forward, reverse, strict=True):
        both = [_tensors({0: starts, 1: others}), _tensors({0: others, 1: starts})]
        yield (f, r), both
        yield [f, r], both
    for hx, states in forward:
        yield hx, [_tensors({0: states, 1: states}), _tensors({0: states})]


def _one_stack(size: Size, rng: np.random.Generator) -> Iterator[tuple[Any, list[Starts]]]:
    for hx, states in _packed(size, size.L, rng):
        yield hx, [_tensors({0: states})]
    if size.mode == "LSTM":
        h = rng.normal(0, 1, (size.L, _B, size.H))
        meanings = [_tensors({0: (h, c)}) for c in (h, np.zeros_like(h))]
        yield h, meanings
        yield list(h), meanings


def _packed(
    size: Size, layers: int, rng: np.random.Generator
) -> Iterator[tuple[Any, tuple[np.ndarray, ...]]]:
    """List ways to hand over the states of some layers, and the states (layers, B, H)."""
    h, c = rng.normal(0, 1, (2, layers, _B, size.H))
    if size.mode != "LSTM":
        yield h, (h,)
        yield list(h), (h,)
        return
    yield (h, c), (h, c)
    yield list(zip(h, c, strict=True)), (h, c)
    yield (list(h), list(c)), (h, c)
    yield h, (h, h)
    yield np.stack([h, c], axis=1), (h, c)


def _tensors(starts: dict[int, tuple[np.ndarray, ...]]) -> Starts:
    return {
        d: tuple(torch.from_numpy(np.ascontiguousarray(s)) for s in states)
        for d, states in starts.items()
    }
