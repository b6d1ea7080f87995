"""What every cell is asked beside its equations: states, batches, devices, gradients."""

from typing import Any

import numpy as np

from rnn_course.checks.cells.known import KNOWN
from rnn_course.checks.cells.student import Arrays, Cell, Refused
from rnn_course.checks.generic import Finding, difference, explain_error, unsound
from rnn_course.checks.mistakes import FIXED_DEVICE, FIXED_DTYPE
from rnn_course.checks.requests import Anatomy, Case, Outcome

_SAME = 1e-10
_HUGE = 10.0


def known(id: str, message: str) -> Finding:
    """Make a finding of a known mistake."""
    return Finding(message, KNOWN[id])


def default_state(cell: Cell, parameters: dict, rows: Arrays) -> Finding | None:
    """Compare hx=None with zeros."""
    x, *states = rows
    zeros = cell.given(x, *(0 * state for state in states))
    # Something else goes first, so that what a cell remembers on its own shows.
    inputs = (cell.given(*rows), (x,), zeros)
    _, without, given = cell.ask([Case(i, parameters=parameters) for i in inputs])
    if without.error:
        message, misconception = explain_error(without.error)
        if misconception in (FIXED_DTYPE, FIXED_DEVICE):
            return None  # `device_and_dtype` says so, and takes the points
        return known("state_required", f"Without hx: {message}")
    came, wanted = cell.read(without.value), cell.read(given.value)
    if came is None or wanted is None:
        return unsound(without, None, "the result without hx")
    gap = max(difference(a, b) for a, b in zip(came, wanted, strict=True))
    if gap < _SAME:
        return None
    return known("default_state_not_zero", f"hx=None and hx=zeros give results {gap:.3g} apart.")


def ignores_state(cell: Cell, parameters: dict, rows: Arrays) -> Finding | None:
    """Find a cell whose result does not depend on the state."""
    x, *states = rows
    a = cell.respond(parameters, x, *states)
    b = cell.respond(parameters, x, *(-0.5 * state for state in states))
    if max(difference(p, q) for p, q in zip(a, b, strict=True)) > _SAME:
        return None
    return known("state_ignored", "Two different states gave exactly the same result.")


def not_repeatable(cell: Cell, parameters: dict, rows: Arrays) -> Finding | None:
    """Ask the same twice: where the answers differ, no comparison says anything else."""
    a, b = cell.respond_each([parameters, {}], *rows)
    gap = _gap(a, b)
    if gap <= _SAME:
        return None
    return known("state_kept_between_calls", f"Two equal calls gave results {gap:.3g} apart.")


def batches(cell: Cell, parameters: dict, rows: Arrays) -> list[Finding]:
    """Compare a batch with its parts, one row alone, a repetition and training mode."""
    parts = [slice(None), slice(2, 3), slice(1, 4), slice(None)]
    cases = [
        Case(cell.given(*(r[p] for r in rows)), parameters=parameters, training=False)
        for p in parts
    ]
    cases.append(Case(cell.given(*rows), parameters=parameters, training=True))
    outcomes = cell.ask(cases)
    failed = next((o for o in outcomes if o.error), None)
    if failed:
        size = len(rows[0][parts[outcomes.index(failed)]]) if failed is not outcomes[-1] else "any"
        message = explain_error(failed.error)[0]
        return [known("single_row_only", f"A batch of {size} rows: {message}")]
    answers = [cell.read(outcome.value) for outcome in outcomes]
    if any(answer is None for answer in answers):
        return [known("single_row_only", "The result's type changes with the batch size.")]
    return [*_overwritten(outcomes), *_compare(answers, parts)]


def _overwritten(outcomes: list[Outcome]) -> list[Finding]:
    changed = {name for outcome in outcomes for name in outcome.changed}
    what = {"0": "input", "1": "hx"}
    names = sorted(what.get(name, f"parameter {name}") for name in changed)
    if not names:
        return []
    return [known("state_overwritten", f"Changed by the call: {', '.join(names)}.")]


def _compare(answers: list[Any], parts: list[slice]) -> list[Finding]:
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
    for part, answer in ((parts[1], one), (parts[2], some)):
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


def device_and_dtype(cell: Cell, parameters: dict, rows: Arrays) -> Finding | None:
    """Run in float64 without a state, in float32 and, for the device, on ``meta``."""
    x = rows[0]
    cases = [Case((x,), parameters=parameters), Case(cell.given(*rows), parameters=parameters)]
    for dtype in ("float64", "float32"):
        for outcome in cell.ask(cases, dtype):
            wrong = _type_problem(cell, outcome, dtype)
            if wrong:
                return Finding(f"With {dtype}: {wrong.message}", wrong.misconception)
    cases = [Case((x,)), Case(cell.given(*rows))]
    for outcome in cell.ask(cases, "float32", "meta"):
        if outcome.error:
            message, misconception = explain_error(outcome.error)
            if misconception == FIXED_DEVICE:
                return Finding(message, misconception)
            continue
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


def without_bias(
    cell: Cell, draws: list[dict], rng: np.random.Generator, known_gates: bool
) -> Finding | None:
    """With bias=False, nothing may depend on the parameters where input and state are zero.

    Args:
        known_gates: whether the gates are known not to read the old cell, which may then be
            other than zero.
    """
    x, h = np.zeros((5, cell.inputs)), np.zeros((5, cell.hidden))
    c = rng.normal(size=h.shape) if known_gates else 0 * h
    rows = (x, h, c) if cell.states == 2 else (x, h)
    try:
        a, b = cell.respond_each(draws[:2], *rows)
    except Refused as refused:
        if refused.outcome.error:
            return Finding(f"With bias=False: {explain_error(refused.outcome.error)[0]}")
        return Finding("With bias=False the result has another form.")
    gap = _gap(a, b)
    if gap < _SAME:
        return None
    text = f"Two settings of the weights differ by {gap:.3g} at zero input and state."
    return known("bias_ignored", f"With bias=False: {text}")
