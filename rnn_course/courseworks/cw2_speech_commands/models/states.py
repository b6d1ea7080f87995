"""Whether given initial states ``hx`` are started from, as the question says."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from rnn_course.checks.generic import (
    Finding,
    close,
    explain_error,
    unsound,
)
from rnn_course.checks.requests import Outcome, Pass
from rnn_course.checks.values import plain
from rnn_course.courseworks.cw2_speech_commands.models.explain import Explanation
from rnn_course.courseworks.cw2_speech_commands.models.mistakes import MISTAKES
from rnn_course.courseworks.cw2_speech_commands.models.recover import by_name
from rnn_course.courseworks.cw2_speech_commands.models.simulate import NUMBER
from rnn_course.courseworks.cw2_speech_commands.models.starts import B, Starts, T, drawn_starts
from rnn_course.courseworks.cw2_speech_commands.models.student import Student
from rnn_course.courseworks.cw2_speech_commands.models.verify import Trial, draw_trial, oracle

Pair = tuple[torch.Tensor, ...]  # of a stack: h, and c of an LSTM, (L, B, H) each


def wrong_start(student: Student, explanation: Explanation) -> Finding | None:
    """Find what is wrong with starting from hx."""
    if student.length:
        return None  # after so many steps nothing is left of where a model started
    trial = None
    parameters: Any = None  # as constructed: equal ones would make equal logits of a softmax
    x = student.rng("hx").normal(0, 1, (B, student.frames(T), student.size.D))
    if explanation.cast:
        trial = draw_trial(explanation.cast.roles, student.stream("start"), (B, T))
        parameters = by_name(explanation.cast.parameters(trial.values), student.shapes)
        x = trial.x
    hx, starts = drawn_starts(student.size, student.stream("forms"))
    # with hx first: a model that keeps its state has none of its own yet
    started, without = _asked(student, x, hx, parameters)
    if started.error:
        shape = "(L, B, H)" if student.size.directions == 1 else "(2L, B, H)"
        handed = f"a pair of tensors {shape}" if student.size.mode == "LSTM" else f"shape {shape}"
        said = f"With hx as asked for, {handed}: {explain_error(started.error).message}"
        return Finding(said, MISTAKES["hx_refused"])
    shaped = unsound(started, np.shape(plain(without.value)), "With hx, the result")
    if shaped:
        return Finding(shaped.message, MISTAKES["hx_refused"])
    if close(started.value, plain(without.value)):
        return None if _moves_open(student, x, hx, trial) else _ignored()
    if trial and not close(started.value, oracle(trial, starts).logits):
        return _misuse(started, starts, trial)
    if "1" in started.changed:
        return Finding("The states in hx are written over.", MISTAKES["input_changed"])
    return None


def _asked(student: Student, x: np.ndarray, hx: Any, parameters: Any) -> list[Outcome]:
    return student.run(Pass(inputs, parameters=parameters) for inputs in ((x, hx), (x,)))


def _ignored() -> Finding:
    return Finding("With hx and without, the logits are the same.", MISTAKES["hx_ignored"])


def _moves_open(student: Student, x: np.ndarray, hx: Any, trial: Trial | None) -> bool:
    """Tell whether hx matters where all is positive, so that no rectifier on the way hides it."""
    if trial:
        return False
    positive = tuple(map(np.abs, hx)) if isinstance(hx, tuple) else np.abs(hx)
    started, without = _asked(student, np.abs(x), positive, NUMBER)
    return not close(started.value, plain(without.value))


def _misuse(outcome: Outcome, starts: Starts, trial: Trial) -> Finding:
    """Name what was made of initial states that a model should have started from."""
    for name, what, wrong in _wrong_starts(starts.states):
        if close(outcome.value, oracle(trial, Starts(wrong)).logits):
            return Finding(f"The logits are those of a network {what}.", MISTAKES[name])
    return Finding("With hx, the logits are not those of a network that starts there.")


def _wrong_starts(right: dict[int, Pair]) -> Iterator[tuple[str, str, dict[int, Pair]]]:
    """List mistakes, in words, with the states that each starts from; c may go its own way."""
    for name, what, wrong in _misplaced(right):
        yield name, what, wrong
        if len(right[0]) == 2:
            cells: dict[int, Pair] = {d: (right[d][0], wrong[d][1]) for d in right}
            yield name, f"{what}, in c only", cells
    if len(right[0]) == 2:
        for what, change in _WRONG_CELLS.items():
            name = "hx_cells_ignored" if what.startswith("whose c") else "hx_misplaced"
            yield name, what, {d: change(*pair) for d, pair in right.items()}


_WRONG_CELLS: dict[str, Callable[[torch.Tensor, torch.Tensor], Pair]] = {
    "whose c starts at zero": lambda h, c: (h, torch.zeros_like(c)),
    "whose c starts at h0": lambda h, c: (h, h),
    "whose h starts at c0, and c at h0": lambda h, c: (c, h),
    "whose h starts at c0 as well": lambda h, c: (c, c),
    "whose h starts at zero": lambda h, c: (torch.zeros_like(h), c),
    "whose layer l starts from hx[l], and not from (h0[l], c0[l])": lambda h, c: (
        torch.stack([h[0], c[0]]),
        torch.stack([h[-1], c[-1]]),
    ),
}


def _misplaced(right: dict[int, Pair]) -> Iterator[tuple[str, str, dict[int, Pair]]]:
    changes = {
        "whose layers start in reverse order": lambda s: s.flip(0),
        "whose layers all start at hx[0]": lambda s: s[:1].expand_as(s),
        "whose first layer alone starts at hx": lambda s: torch.cat([s[:1], 0 * s[1:]]),
        "whose last layer alone starts at hx": lambda s: torch.cat([0 * s[:-1], s[-1:]]),
        "whose layers all start at hx[-1]": lambda s: s[-1:].expand_as(s),
    }
    for what, change in changes.items() if len(right[0][0]) > 1 else ():
        yield "hx_misplaced", what, {d: tuple(map(change, s)) for d, s in right.items()}
    if len(right) == 1:
        return
    ahead, back = right[0], right[1]
    none: Pair = tuple(map(torch.zeros_like, ahead))
    mixed: Pair = tuple(torch.cat(pair) for pair in zip(ahead, back, strict=True))
    one, other = (tuple(s[d::2] for s in mixed) for d in (0, 1))
    turned = tuple(s.flip(0) for s in back)
    half, misplaced = "hx_half_ignored", "hx_misplaced"
    yield half, "whose backward stack starts at zero", {0: ahead, 1: none}
    yield half, "whose forward stack starts at zero", {0: none, 1: back}
    yield misplaced, "whose stacks both start from the first half of hx", {0: ahead, 1: ahead}
    yield misplaced, "whose stacks both start from the second half of hx", {0: back, 1: back}
    yield misplaced, "whose forward stack starts from the second half of hx", {0: back, 1: ahead}
    yield misplaced, "whose stacks take turns in hx: hx[0::2] and hx[1::2]", {0: one, 1: other}
    yield misplaced, "whose stacks take turns in hx: hx[1::2] and hx[0::2]", {0: other, 1: one}
    yield misplaced, "whose backward layers start in reverse order", {0: ahead, 1: turned}
