"""Whether given initial states ``hx`` are started from, in any form that makes sense."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from rnn_course.checks.generic import Finding, close, explain_error
from rnn_course.checks.models.explain import Explanation
from rnn_course.checks.models.mistakes import MISTAKES
from rnn_course.checks.models.starts import B, Starts, T, forms
from rnn_course.checks.models.student import Student
from rnn_course.checks.models.verify import draw_trial, oracle
from rnn_course.checks.requests import Case, Outcome
from rnn_course.checks.values import plain


def wrong_start(
    student: Student, explanation: Explanation, rng: np.random.Generator
) -> Finding | None:
    """Find what is wrong with starting from hx; None if one form of it works."""
    trial = None
    parameters: Any = None  # as constructed: equal ones would make equal logits of a softmax
    x = rng.normal(0, 1, (B, T, student.size.D))
    if explanation.cast:
        trial = draw_trial(student, explanation.cast, rng, (B, T))
        parameters, x = trial.parameters, trial.x
    (zero,) = student.run([Case((x,), parameters=parameters)])
    first, misused, ignored = None, None, False
    for (_, meanings), outcome in _answers(student, x, parameters, rng):
        if outcome.error:
            first = first or explain_error(outcome.error)
            continue
        if close(outcome.value, plain(zero.value)):
            ignored = True
        elif trial is None or any(
            close(outcome.value, oracle(explanation.cast, trial, starts)[0]) for starts in meanings
        ):
            return _written_over(outcome.changed)
        elif misused is None:
            misused = _misuse(outcome, meanings[0], explanation, trial)
    if ignored:
        return Finding("With hx and without, the logits are the same.", MISTAKES["hx_ignored"])
    return (
        misused
        or first
        or Finding("With hx, the logits are not those of a network that starts there.")
    )


def _answers(
    student: Student, x: np.ndarray, parameters: Any, rng: np.random.Generator
) -> Iterator[tuple[tuple[Any, list], Outcome]]:
    """Hand over the first form; if that is not enough, all others in one go."""
    first, *others = forms(student.size, rng)
    for some in ([first], others):
        cases = [Case((x, hx), parameters=parameters) for hx, _ in some]
        yield from zip(some, student.run(cases), strict=False)


def _misuse(
    outcome: Outcome, starts: Starts, explanation: Explanation, trial: Any
) -> Finding | None:
    """Name what was made of initial states that a model should have started from."""
    for name, wrong in _wrong_starts(starts):
        if close(outcome.value, oracle(explanation.cast, trial, wrong)[0]):
            return Finding("With hx, the logits are those of another start.", MISTAKES[name])
    return None


def _wrong_starts(starts: Starts) -> Iterator[tuple[str, Starts]]:
    for change in (lambda s: s.flip(0), lambda s: s[:1].expand_as(s)):
        if len(starts[0][0]) > 1:
            yield "hx_misplaced", {d: tuple(map(change, s)) for d, s in starts.items()}
    if len(starts) == 2:
        yield "hx_misplaced", {0: starts[1], 1: starts[0]}
        yield "hx_misplaced", {0: starts[0], 1: starts[0]}
    if len(starts[0]) == 2:
        yield "hx_cells_ignored", {d: (h, torch.zeros_like(c)) for d, (h, c) in starts.items()}
        yield "hx_cells_ignored", {d: (h, h) for d, (h, _) in starts.items()}


def _written_over(changed: tuple[str, ...]) -> Finding | None:
    if "1" in changed:
        return Finding("The states in hx are written over.", MISTAKES["input_changed"])
    return None
