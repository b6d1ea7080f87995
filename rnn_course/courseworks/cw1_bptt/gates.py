"""Judges `gru_step` and `lstm_step`: gated cells from their equations."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch

from rnn_course.checks.coursework import Marking, Question
from rnn_course.checks.generic import Finding, close, differs, explain_error, shown, unsound, usable
from rnn_course.checks.mistakes import CONSTANT_SIZE, WRONG_TYPE
from rnn_course.checks.patterns import explained
from rnn_course.checks.report import Criterion, Misconception
from rnn_course.checks.requests import Outcome
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.courseworks.cw1_bptt import gated_steps as known
from rnn_course.courseworks.cw1_bptt import oracle
from rnn_course.courseworks.cw1_bptt.ask import altered, call, flat
from rnn_course.courseworks.cw1_bptt.forward_mistakes import INPUTS_CHANGED
from rnn_course.courseworks.cw1_bptt.gated_steps import Gru, Inputs
from rnn_course.courseworks.cw1_bptt.gates_place import (
    OTHER_STEP,
    SHOWN_WRONG,
    SIGMOID_WRONG,
    place,
)
from rnn_course.seeding import numpy_generator

NAME = "gates"
GRU, LSTM = "gru_step", "lstm_step"
_CRITERIA = {GRU: ("gru", "gru_reset"), LSTM: ("lstm_cell", "lstm_state")}


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide every criterion of the question; each function is judged on its own."""
    rng = numpy_generator(seed, NAME)
    gru_works = _gru(subject, _draw(rng, "zrh", B=3, D=4, H=5), marking)
    lstm_works = _lstm(subject, _draw(rng, "ifog", B=3, D=4, H=5), marking)
    _sizes(subject, rng, (gru_works, lstm_works), marking)
    _large(subject, rng, marking)


def _draw(rng: np.random.Generator, gates: str, *, B: int, D: int, H: int) -> Inputs:
    model = {}
    for gate in gates:
        model[f"Wx{gate}"] = rng.normal(size=(D, H))
        model[f"Wh{gate}"] = rng.normal(size=(H, H))
        model[f"b{gate}"] = rng.normal(size=(1, H))
    x, h, c = rng.normal(size=(B, D)), rng.uniform(-0.9, 0.9, (B, H)), rng.normal(size=(B, H))
    return Inputs(x, h, c, model)


def _step(subject: Subject, name: str, s: Inputs) -> Outcome:
    states = (s.h,) if name == GRU else (s.h, s.c)
    return call(subject, name, s.x, *states, s.model)


def lstm_oracle(s: Inputs) -> list[np.ndarray]:
    """Return the new hidden and cell state, from torch's own cell."""
    weights = {name: torch.tensor(value) for name, value in s.model.items()}
    found = oracle.lstm_step(*(torch.tensor(part) for part in (s.x, s.h, s.c)), weights)
    return [part.numpy() for part in found]


def _prepared(subject: Subject, name: str, arguments: tuple[str, ...], marking: Marking) -> bool:
    """As `usable`, but only this function's criteria fail."""
    own = Marking(tuple(c for c in QUESTION.criteria if c.id in _CRITERIA[name]))
    works = usable(subject, own, name, arguments, "function")
    marking.notes.extend(own.notes)
    if not works:
        for verdict in own.verdicts():
            marking.failed(verdict.criterion.id, verdict.message, verdict.misconception)
    return works


def _gru(subject: Subject, s: Inputs, marking: Marking) -> bool:
    """The step as it is; and with the reset gate fully open, where its place does not matter."""
    if not _prepared(subject, GRU, ("x", "h", "model"), marking):
        return False
    outcome = _step(subject, GRU, s)
    right = Gru().apply(s)
    finding = unsound(outcome, right.shape, "h")
    if finding:
        marking.failed("gru", *finding)
        marking.failed("gru_reset", *finding)
        return False
    finding = differs(outcome.value, right, "h")
    if finding is None:
        marking.passed("gru", "Gates, candidate and mixture agree with the equations.")
        marking.passed("gru_reset", "The reset gate acts on h before the product.")
        return True
    named = _named([outcome.value], ((m, [v]) for m, v in known.wrong_grus(s)))
    open_reset = Inputs(s.x, s.h, s.c, {**s.model, "br": np.full_like(s.model["br"], 60.0)})
    opened = _step(subject, GRU, open_reset)
    works_open = opened.error is None and close(opened.value, Gru().apply(open_reset))
    if named is None and not works_open:
        where = _own_sigmoid(subject)
        named = None if where else _gru_candidate(outcome, s)
        where = where or place(lambda easier: _works(subject, GRU, easier), s, "h", "zr")
        finding = explained(_with(finding, where), outcome.value, right)
        finding = Finding(finding.message, finding.misconception or OTHER_STEP)
    named = named or (known.RESET_WRONG if works_open else finding.misconception)
    marking.failed("gru_reset", finding.message, named)
    if works_open:
        marking.passed("gru", "All is right where the reset gate is fully open.")
    else:
        marking.failed("gru", finding.message, named)
    return False


def _gru_candidate(outcome: Outcome, s: Inputs) -> Misconception | None:
    z, r = known.sigmoid(s.sum("z")), known.sigmoid(s.sum("r"))
    candidate = (np.asarray(plain(outcome.value), dtype=float) - z * s.h) / (1 - z)
    other = known.other_candidate(s.sum("h", h=r * s.h), candidate)
    return known.CANDIDATE_OTHER if other else None


def _lstm_candidate(c: Any, s: Inputs) -> Misconception | None:
    i, f = known.sigmoid(s.sum("i")), known.sigmoid(s.sum("f"))
    if np.shape(plain(c)) != s.c.shape:
        return None
    candidate = (np.asarray(plain(c), dtype=float) - f * s.c) / i
    other = known.other_candidate(s.sum("g"), candidate)
    return known.CANDIDATE_OTHER if other else None


def _lstm(subject: Subject, s: Inputs, marking: Marking) -> bool:
    if not _prepared(subject, LSTM, ("x", "h", "c", "model"), marking):
        return False
    outcome, right = _step(subject, LSTM, s), lstm_oracle(s)
    finding = _no_pair(outcome, s, right)
    if finding:
        marking.failed("lstm_cell", *finding)
        marking.failed("lstm_state", *finding)
        return False
    h, c = outcome.value
    cell = unsound(outcome, s.c.shape, "c", path=(1,)) or differs(c, right[1], "c")
    state = unsound(outcome, s.h.shape, "h", path=(0,)) or differs(h, right[0], "h")
    named = _named([h, c], known.wrong_lstms(s))
    if named is None and state:
        named = _named([h], _first(s, 0))
    if named is None and cell:
        returned_old = known.CELL_RETURNED_OLD if close(c, s.c) else None
        named = returned_old or _named([c], _first(s, 1))
    if named is None and (cell or state):
        cell, state, named = _lstm_place(subject, s, cell, state, c)
    if cell:
        marking.failed("lstm_cell", cell.message, named or cell.misconception)
    else:
        marking.passed("lstm_cell", "c agrees with the equations.")
    if state is None or (cell and _shown_right(h, c, s)):
        marking.passed("lstm_state", "h agrees with the equations, given your c.")
    else:
        marking.failed("lstm_state", state.message, named or state.misconception)
    return cell is None and state is None


def _lstm_place(
    subject: Subject, s: Inputs, cell: Finding | None, state: Finding | None, c: Any
) -> tuple[Finding | None, Finding | None, Misconception | None]:
    """Name what no list knows by where it vanishes; a right cell leaves only what is shown."""
    sigmoid = _own_sigmoid(subject)
    if sigmoid:
        return _with(cell, sigmoid), _with(state, sigmoid), sigmoid.misconception
    if cell and (cell.misconception or _lstm_candidate(c, s)):
        return cell, state, cell.misconception or _lstm_candidate(c, s)
    if cell is None:
        where = place(lambda easier: _works(subject, LSTM, easier), s, "g", "o")
        return None, _with(state, where), where.misconception if where else SHOWN_WRONG
    where = place(lambda easier: _works(subject, LSTM, easier, part=1), s, "g", "ifo")
    cell = explained(_with(cell, where), c, lstm_oracle(s)[1])
    return cell, state, cell.misconception or OTHER_STEP


def _own_sigmoid(subject: Subject) -> Finding | None:
    """Try the student's own sigmoid, if there is one of that name and it takes an array."""
    sums = np.array([[-8.0, -2.0, -0.5], [0.0, 1.0, 8.0]])
    outcome = call(subject, "sigmoid", sums)
    if outcome.error or np.shape(plain(outcome.value)) != sums.shape:
        return None
    wrong = differs(outcome.value, known.sigmoid(sums), "sigmoid(a)", 1e-7)
    if wrong is None:
        return None
    at = np.abs(np.asarray(plain(outcome.value)) - known.sigmoid(sums)).argmax()
    said = f"sigmoid({sums.flat[at]:g}) is {np.ravel(plain(outcome.value))[at]:.4g}"
    return Finding(f"{said}; {known.sigmoid(sums).flat[at]:.4g} is right.", SIGMOID_WRONG)


def _works(subject: Subject, name: str, s: Inputs, part: int | None = None) -> bool:
    """Whether a step is right, of an LSTM perhaps one of its two results only."""
    outcome = _step(subject, name, s)
    if name == GRU:
        return outcome.error is None and close(outcome.value, Gru().apply(s))
    right = lstm_oracle(s)
    if outcome.error or not isinstance(outcome.value, (tuple, list)) or len(outcome.value) != 2:
        return False
    return all(close(outcome.value[i], right[i]) for i in ((0, 1) if part is None else (part,)))


def _with(finding: Finding | None, where: Finding | None) -> Finding | None:
    if finding is None or where is None:
        return finding
    return Finding(f"{finding.message} {where.message}", where.misconception)


def _no_pair(outcome: Outcome, s: Inputs, right: list[np.ndarray]) -> Finding | None:
    if outcome.error:
        return explain_error(outcome.error)
    value = outcome.value
    if isinstance(value, (tuple, list)) and len(value) == 2:
        if close(value[0], right[1]) and not close(value[0], right[0]):
            return Finding("The first result is the cell state.", known.CELL_ORDER)
        return None
    finding = unsound(outcome, None, "the result")
    if finding is None and np.shape(plain(value)) == s.h.shape:
        return Finding(f"{shown(value)} came back; h and c are right.", known.ONE_STATE)
    return finding or Finding(f"{shown(value)} came back; h and c are right.", WRONG_TYPE)


def _shown_right(h: Any, c: Any, s: Inputs) -> bool:
    """Whether h follows from the student's own c, so that one mistake costs once."""
    if np.shape(plain(c)) != s.c.shape or np.ptp(plain(c)) < 1e-6:
        return False
    return close(h, known.sigmoid(s.sum("o")) * np.tanh(plain(c)))


def _first(s: Inputs, part: int) -> Iterable[tuple[Misconception, list[np.ndarray]]]:
    return ((m, [pair[part]]) for m, pair in known.wrong_lstms(s))


def _named(values: list[Any], suspects: Iterable) -> Misconception | None:
    found = [flat(value) for value in values]
    for misconception, expected in suspects:
        if all(close(a, flat(b), 1e-7) for a, b in zip(found, expected, strict=True)):
            return misconception
    return None


def _sizes(
    subject: Subject, rng: np.random.Generator, works: tuple[bool, bool], marking: Marking
) -> None:
    """One row alone, other sizes, and inputs that stay as they were."""
    for name, gates, right_so_far in ((GRU, "zrh", works[0]), (LSTM, "ifog", works[1])):
        if not right_so_far:
            marking.failed("sizes", f"{name} is not right yet.")
            continue
        for sizes in ({"B": 1, "D": 4, "H": 5}, {"B": 2, "D": 6, "H": 3}):
            s = _draw(rng, gates, **sizes)
            outcome = _step(subject, name, s)
            right = Gru().apply(s) if name == GRU else np.stack(lstm_oracle(s))
            said = ", ".join(f"{key} = {value}" for key, value in sizes.items())
            finding = explain_error(outcome.error) if outcome.error else None
            finding = finding or altered(outcome, ("x", "h", "c or model", "model"), INPUTS_CHANGED)
            if finding is None and not close(flat(outcome.value), flat(right)):
                finding = Finding(f"{name} differs.", CONSTANT_SIZE)
            if finding:
                marking.failed("sizes", f"With {said}: {finding.message}", finding.misconception)
    marking.passed("sizes", "Other sizes work, and the inputs are as before.")


def _large(subject: Subject, rng: np.random.Generator, marking: Marking) -> None:
    """Sums of ±1000 saturate a gate; they must not break it."""
    for name, gates in ((GRU, "zrh"), (LSTM, "ifog")):
        s = _draw(rng, gates, B=2, D=3, H=4)
        signs = {f"b{gate}": 1000.0 * rng.choice([-1, 1], (1, 4)) for gate in gates}
        outcome = _step(subject, name, Inputs(s.x, s.h, s.c, {**s.model, **signs}))
        for part in [()] if name == GRU else [(0,), (1,)]:
            finding = unsound(outcome, s.h.shape, name, path=part)
            if finding:
                overflow = not outcome.error and "NaN" in finding.message
                named = known.GATE_OVERFLOW if overflow else finding.misconception
                marking.failed("large", f"For sums of ±1000: {finding.message}", named)
    marking.passed("large", "Saturated gates give finite states.")


QUESTION = Question(
    NAME,
    "Gates",
    (
        Criterion("gru", "GRU: gates, candidate and their mixture", 2.5),
        Criterion("gru_reset", "GRU: the reset gate acts before the product", 1.5),
        Criterion("lstm_cell", "LSTM: the new cell state", 2.5),
        Criterion("lstm_state", "LSTM: the new hidden state", 1.5),
        Criterion("sizes", "Any batch and sizes; the inputs are left alone", 1),
        Criterion("large", "Finite states for sums of ±1000", 1),
    ),
    judge,
    defines=(),
    read=known.GATES,
)
