"""Whether given initial states ``hx`` are started from, in any form that makes sense."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from rnn_course.checks.generic import Finding, close, explain_error
from rnn_course.checks.requests import Outcome, Pass
from rnn_course.checks.together import Later
from rnn_course.checks.values import plain
from rnn_course.courseworks.cw2_speech_commands.models.explain import Explanation
from rnn_course.courseworks.cw2_speech_commands.models.mistakes import MISTAKES
from rnn_course.courseworks.cw2_speech_commands.models.recover import by_name
from rnn_course.courseworks.cw2_speech_commands.models.starts import B, Form, Starts, T, forms
from rnn_course.courseworks.cw2_speech_commands.models.student import Student
from rnn_course.courseworks.cw2_speech_commands.models.verify import Trial, draw_trial, oracle


def wrong_start(student: Student, explanation: Explanation) -> Finding | None:
    """Find what is wrong with starting from hx; None if one form of it works."""
    trial = None
    parameters: Any = None  # as constructed: equal ones would make equal logits of a softmax
    x = student.rng("hx").normal(0, 1, (B, T, student.size.D))
    if explanation.cast:
        trial = draw_trial(explanation.cast.roles, student.stream("start"), (B, T))
        parameters = by_name(explanation.cast.parameters(trial.values), student.shapes)
        x = trial.x
    usual, *others = forms(student.size, student.stream("forms"))
    # with hx first: a model that keeps its state has none of its own yet
    started, *without = student.run(
        Pass(inputs, parameters=parameters) for inputs in ((x, usual[0]), (x,))
    )
    refused, misused, ignored = None, None, False
    for (_, meanings), outcome in _in_turn(
        [(usual, started)], lambda: _answers(student, x, parameters, others)
    ):
        if outcome.error:
            refused = refused or explain_error(outcome.error)
            continue
        if close(outcome.value, plain(without[0].value)):
            ignored = True
        elif trial is None or any(
            close(outcome.value, oracle(trial, starts)[0]) for starts in meanings
        ):
            return _written_over(outcome.changed)
        elif misused is None:
            misused = _misuse(outcome, meanings[0], trial)
    if ignored:
        return Finding("With hx and without, the logits are the same.", MISTAKES["hx_ignored"])
    return (
        misused
        or refused
        or Finding("With hx, the logits are not those of a network that starts there.")
    )


def _answers(
    student: Student, x: np.ndarray, parameters: Any, handed: list[Form]
) -> list[tuple[Form, Outcome]]:
    """Hand over forms of hx in one go."""
    cases = [Pass((x, hx), parameters=parameters) for hx, _ in handed]
    return list(zip(handed, student.run(cases), strict=False))


def _in_turn(first: list, others: Later) -> Iterator[tuple[Form, Outcome]]:
    """Go on to the other forms only when the first was not enough."""
    yield from first
    yield from others()


def _misuse(outcome: Outcome, starts: Starts, trial: Trial) -> Finding | None:
    """Name what was made of initial states that a model should have started from."""
    for name, wrong in _wrong_starts(starts.states):
        if close(outcome.value, oracle(trial, Starts(wrong))[0]):
            return Finding("With hx, the logits are those of another start.", MISTAKES[name])
    return None


def _wrong_starts(starts: dict[int, tuple]) -> Iterator[tuple[str, dict[int, tuple]]]:
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
