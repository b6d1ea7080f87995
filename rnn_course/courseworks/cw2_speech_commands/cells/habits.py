"""What every cell is asked beside its equations: states, batches, devices, gradients."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rnn_course.checks.generic import Finding, difference, explain_error, unsound
from rnn_course.checks.mistakes import FIXED_DEVICE, FIXED_DTYPE
from rnn_course.checks.requests import Anatomy, Outcome, Pass
from rnn_course.checks.together import together
from rnn_course.courseworks.cw2_speech_commands.cells.known import KNOWN
from rnn_course.courseworks.cw2_speech_commands.cells.student import Arrays, Cell

ROWS = 24
_SAME = 1e-10
_HUGE = 10.0
_FEW = 3
_SMALL = 0.01


def known(id: str, message: str) -> Finding:
    """Make a finding of a known mistake."""
    return Finding(message, KNOWN[id])


class First(NamedTuple):
    """What came of the first calls, at one setting of the parameters; see `first_cases`."""

    whole: Outcome
    again: Outcome
    without: Outcome
    zeros: Outcome
    one: Outcome
    some: Outcome
    far: Outcome
    bounded: Outcome
    training: Outcome


_ONE, _SOME = slice(2, 3), slice(1, 4)
FAR = (1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 20.0, 50.0, 100.0, 300.0, 1000.0)
FAR_INPUT = 30.0


def far_rows(rows: Arrays) -> Arrays:
    """Return rows whose last state is as large as `FAR` says, then rows with a large input.

    Whatever is cut off shows there, and nowhere else, wherever it is cut off.
    """
    x, *states = (row.copy() for row in rows)
    states[-1][: len(FAR)] = np.sign(states[-1][: len(FAR)]) * np.array(FAR)[:, None]
    x[len(FAR) :] *= FAR_INPUT
    return (x, *states)


def first_cases(cell: Cell, parameters: dict, rows: Arrays) -> First:
    """Ask one instance: the same twice, without a state, with zeros, parts, in training mode.

    Something with a state goes before that without one, so that what a cell remembers shows.
    """
    x, *states = rows
    whole = cell.given(*rows)
    one, some = (cell.given(*(row[part] for row in rows)) for part in (_ONE, _SOME))
    zeros = cell.given(x, *(0 * state for state in states))
    far, bounded = cell.given(*far_rows(rows)), cell.given(*bound_rows(cell))
    asked = (whole, whole, (x,), zeros, one, some, far, bounded, whole)
    cases = [Pass(inputs, parameters=parameters) for inputs in asked]
    cases[1] = replace(cases[1], parameters={})  # as the first call left them
    cases[-2] = replace(cases[-2], parameters=_SMALL)
    cases[-1] = replace(cases[-1], training=True)
    return First(*cell.ask(cases))


def bound_rows(cell: Cell) -> Arrays:
    """Return states of 20 to 50; with small weights gates are half open, and they stay large."""
    sizes = np.linspace(20, 50, 2 * cell.hidden).reshape(2, -1) * [[1], [-1]]
    return (np.zeros((2, cell.inputs)), *[0 * sizes] * (cell.states - 1), sizes)


def default_state(cell: Cell, first: First) -> Finding | None:
    """Compare hx=None with zeros."""
    without, zeros = first.without, first.zeros
    if without.error:
        message, misconception = explain_error(without.error)
        if misconception in (FIXED_DTYPE, FIXED_DEVICE):
            return None  # `device_and_dtype` says so, and takes the points
        return known("state_required", f"Without hx: {message}")
    came, wanted = cell.read(without.value), cell.read(zeros.value)
    if came is None or wanted is None:
        return unsound(without, None, "the result without hx")
    gap = _gap(came, wanted)
    if gap < _SAME:
        return None
    return known("default_state_not_zero", f"hx=None and hx=zeros give results {gap:.3g} apart.")


def other_states(rows: Arrays) -> Arrays:
    """Return the same input with other states, c so large that the new one leaves (-1, 1)."""
    x, h, *c = rows
    return (x, -0.5 * h, *(8 * state for state in c))


def ignores_state(answer: Arrays, other: Arrays) -> Finding | None:
    """Find a cell whose result does not depend on the state."""
    if _gap(answer, other) > _SAME:
        return None
    return known("state_ignored", "Two different states gave exactly the same result.")


def not_repeatable(a: Arrays, b: Arrays) -> Finding | None:
    """Compare two equal calls: where the answers differ, no comparison says anything else."""
    gap = _gap(a, b)
    if gap <= _SAME:
        return None
    return known("state_kept_between_calls", f"Two equal calls gave results {gap:.3g} apart.")


def batches(cell: Cell, first: First) -> list[Finding]:
    """Compare a batch with its parts, one row alone, a repetition and training mode."""
    outcomes = (first.whole, first.one, first.some, first.again, first.training)
    for size, outcome in zip((ROWS, 1, 3, ROWS, "any"), outcomes, strict=True):
        if outcome.error:
            message = explain_error(outcome.error).message
            return [known("single_row_only", f"A batch of {size} rows: {message}")]
    states = [cell.read(outcome.value) for outcome in outcomes]
    answers = [answer for answer in states if answer is not None]
    if len(answers) < len(states):
        return [known("single_row_only", "The result's type changes with the batch size.")]
    for name, state in zip(("hy", "cy")[: cell.states], answers[1], strict=True):
        if state.shape != (1, cell.hidden):
            text = f"{name} has shape {state.shape}; {(1, cell.hidden)} is right."
            return [known("axis_lost", f"A batch of one row: {text}")]
    return [*_overwritten(outcomes), *_compare(answers)]


def _overwritten(outcomes: Iterable[Outcome]) -> list[Finding]:
    changed = {name for outcome in outcomes for name in outcome.changed}
    what = {"0": "input", "1": "hx"}
    names = sorted(what.get(name, f"parameter {name}") for name in changed)
    if not names:
        return []
    return [known("state_overwritten", f"Changed by the call: {', '.join(names)}.")]


def _compare(answers: list[Arrays]) -> list[Finding]:
    whole, one, some, again, training = answers
    found = []
    gap = _gap(whole, again)
    if gap > _SAME:
        found.append(
            known("state_kept_between_calls", f"Two equal calls gave results {gap:.3g} apart.")
        )
    elif _gap(whole, training) > _SAME:
        found.append(
            known("random_in_training", "model.train() and model.eval() give different results.")
        )
    for part, answer in ((_ONE, one), (_SOME, some)):
        wanted = tuple(state[part] for state in whole)
        gap = _gap(answer, wanted)
        if gap > _SAME and not found:
            alike = max(float(np.ptp(state, axis=0).max()) for state in whole) < _SAME
            size = len(wanted[0])
            text = f"{size} of {len(whole[0])} rows, asked alone, differ by {gap:.3g}."
            found.append(known("one_row_of_the_batch" if alike else "rows_mixed", text))
    return found


def _gap(a: Arrays, b: Arrays) -> float:
    return max(difference(p, q) for p, q in zip(a, b, strict=True))


def device_and_dtype(cell: Cell, parameters: dict, rows: Arrays, first: First) -> Finding | None:
    """Look at float64 without a state; run in float32 and, for the device, on ``meta``."""
    x, *states = (row[:_FEW] for row in rows)
    with_state = cell.given(x, *states)
    single = [Pass(inputs, parameters=parameters) for inputs in ((x,), with_state)]
    in_single, elsewhere = together(
        lambda: cell.ask(single, "float32"), lambda: cell.ask([Pass((x,))], "float32", "meta")
    )
    for dtype, outcomes in (("float64", (first.without, first.whole)), ("float32", in_single())):
        for outcome in outcomes:
            wrong = _type_problem(cell, outcome, dtype)
            if wrong:
                return Finding(f"With {dtype}: {wrong.message}", wrong.misconception)
    (outcome,) = elsewhere()
    if outcome.error:  # it may only need its state
        wrong = explain_error(outcome.error)
        if wrong.misconception == FIXED_DEVICE:
            return wrong
        (outcome,) = cell.ask([Pass(with_state)], "float32", "meta")
    return _device_problem(outcome)


def _device_problem(outcome: Outcome) -> Finding | None:
    if outcome.error:
        wrong = explain_error(outcome.error)
        return wrong if wrong.misconception == FIXED_DEVICE else None
    value = outcome.value if isinstance(outcome.value, (tuple, list)) else (outcome.value,)
    elsewhere = [v.device for v in value if getattr(v, "device", "meta") != "meta"]
    if elsewhere:
        return Finding(f"A result is on {elsewhere[0]}, not on the input's.", FIXED_DEVICE)
    return None


def _type_problem(cell: Cell, outcome: Outcome, dtype: str) -> Finding | None:
    if outcome.error:
        wrong = explain_error(outcome.error)
        return wrong if wrong.misconception in (FIXED_DTYPE, FIXED_DEVICE) else None
    states = cell.read(outcome.value) or ()
    for state in states:
        if str(state.dtype) != dtype:
            return Finding(f"the result has dtype {state.dtype}.", FIXED_DTYPE)
    return None


def start(anatomy: Anatomy) -> Finding | None:
    """Look at the initial weights."""
    values = [np.asarray(value, dtype=float) for value in anatomy.initial.values()]
    if not values:
        return known("nothing_to_train", "named_parameters() is empty.")
    if not all(np.isfinite(value).all() for value in values):
        bad = [name for name, v in anatomy.initial.items() if not np.isfinite(v).all()]
        return known("not_initialised", f"Never set: {', '.join(bad[:4])}.")
    if all(np.ptp(value) == 0 for value in values if value.size > 1):
        return known("all_alike_at_start", "Within each parameter all numbers are equal.")
    largest = max(float(np.abs(value).max()) for value in values)
    if largest > _HUGE:
        return known("weights_too_large_at_start", f"The largest weight is {largest:.3g}.")
    return None
