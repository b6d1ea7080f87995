"""The way a cell is judged, whichever it is: open it, its equations, its habits, its honesty."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.forbidden import forbidden
from rnn_course.checks.generic import (
    Finding,
    difference,
    explain_error,
    shown,
    unsound,
    usable,
)
from rnn_course.checks.mistakes import (
    CONSTANT_SIZE,
    FIXED_DTYPE,
    NOT_FINITE,
    SHAPES_DISAGREE,
    WRONG_SHAPE,
    WRONG_SIGNATURE,
    WRONG_TYPE,
)
from rnn_course.checks.requests import Anatomy, Describe, Pass
from rnn_course.checks.subject import Subject
from rnn_course.checks.together import Later, together
from rnn_course.checks.values import Raised, Tensor
from rnn_course.checks.watch import AUTOGRAD
from rnn_course.courseworks.cw2_speech_commands.cells import habits
from rnn_course.courseworks.cw2_speech_commands.cells.gradients import gradients
from rnn_course.courseworks.cw2_speech_commands.cells.habits import ROWS
from rnn_course.courseworks.cw2_speech_commands.cells.known import KNOWN
from rnn_course.courseworks.cw2_speech_commands.cells.no_bias import Recover, without_bias
from rnn_course.courseworks.cw2_speech_commands.cells.student import Arrays, Cell, Refused, drawn
from rnn_course.seeding import numpy_generator

# (D, H) by number of states. First D and H differ, so that whoever confuses them is seen; a cell
# that does is then looked at where they are equal. An LSTM shows each gate alone: small sizes do;
# a GRU's gates show only where others are saturated, and more inputs leave more such directions.
SIZES = {2: ((2, 3), (3, 3)), 1: ((4, 3), (4, 4))}
OTHER_SIZES = ((1, 1), (2, 5))
SCALES = (0.6, 0.45, 0.8, 0.6, 0.5)  # of the parameters; one may hide a gate by chance, not all
_POINTS = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0))


@dataclass(frozen=True, eq=False)
class Opened:
    """A cell that answers, and settings of its parameters to ask it at.

    Attributes:
        seed: of the question; what is drawn from it does not depend on how a cell is written.
        draws: values of all parameters, drawn at random, several times.
        rows: x and states, each (B, …).
        first: what came of the first calls, as batches.
        answer: the new states for the rows, at the first values of the parameters.
        other: gives the new states for `habits.other_states`, or raises `Refused`.
    """

    cell: Cell
    seed: int
    anatomy: Anatomy
    draws: list[dict[str, np.ndarray]]
    rows: Arrays
    first: habits.First
    answer: Arrays
    other: Later

    def rng(self, *path: int | str) -> np.random.Generator:
        """Return the generator of what is drawn for one purpose."""
        return _generator(self.seed, self.cell, *path)

    def draw_rows(self, purpose: str, count: int) -> Arrays:
        """Draw x and states."""
        return _rows(self.cell, self.rng(purpose), count)


def _generator(seed: int, cell: Cell, *path: int | str) -> np.random.Generator:
    return numpy_generator(seed, cell.name, cell.inputs, cell.hidden, *path)


def _rows(cell: Cell, rng: np.random.Generator, count: int) -> Arrays:
    widths = (cell.inputs, *[cell.hidden] * cell.states)
    x, *states = (rng.normal(size=(count, width)) for width in widths)
    # a last state within (-1, 1): what is cut off beyond is looked at by itself
    return (x, *states[:-1], np.tanh(states[-1]))


Equations = Callable[[Opened, Marking], bool]  # whether torch's cell can do the same


def judge_cell(
    name: str,
    states: int,
    equations: Equations,
    recover: Recover,
    subject: Subject,
    seed: int,
    marking: Marking,
) -> None:
    """Judge a cell class by criteria state, bias, gradients, batch, device and its equations'."""
    described = subject.ask(Describe(name))
    has_bias = described.signature is None or len(described.signature) > 2
    has_bias |= any(argument.startswith("*") for argument, _ in described.signature or ())
    signature = ("input_size", "hidden_size", "bias")[: 3 if has_bias else 2]
    if not usable(subject, marking, name, signature):
        return
    cell = Cell(subject, name, *SIZES[states][0], states, bias=True if has_bias else None)
    opened = _open(cell, seed, marking)
    anatomy = cell.anatomy() if opened is None else opened.anatomy
    if forbidden(subject, marking, name, outcomes=cell.log, anatomy=anatomy) or opened is None:
        return
    if not has_bias:
        marking.failed("bias", "There is no third argument.", KNOWN["bias_argument_missing"])
    default = dict(described.signature or ()).get("bias", "True")
    if default in ("", "False"):
        said = f"Its default is {default}." if default else "The argument bias has no default."
        marking.failed("bias", said, WRONG_SIGNATURE)
    try:
        _judge_opened(opened, equations, recover, marking)
    except Refused as refused:
        marking.fail_rest(*_refusal(opened.cell, refused))
    if any(set(outcome.used) - {AUTOGRAD} for outcome in cell.log):
        forbidden(subject, marking, name, outcomes=cell.log, anatomy=anatomy)


def _judge_opened(opened: Opened, equations: Equations, recover: Recover, marking: Marking) -> None:
    """Ask everything side by side; mark in one order. Only the equations mark while they ask."""
    ignored = habits.ignores_state(opened.answer, opened.other())
    if ignored:
        marking.failed("state", *ignored)
        marking.fail_rest("Not reached: the cell has to read its state first.")
        return
    opened = _batch(opened, marking)
    form, is_state = _form(opened.cell, opened.first.whole.value)
    if form:
        marking.failed("state", *form)
    if not is_state:
        text = "The result is no state for a next step."
        marking.failed("gradients", text, form and form.misconception)
    cell, first, draw = opened.cell, opened.first, opened.draws[0]
    recognised, gradient, device, unbiased, *sizes = together(
        lambda: equations(opened, marking),
        lambda: gradients(cell, opened.draws[:3], opened.rng("gradients")),
        lambda: habits.device_and_dtype(cell, draw, opened.rows, first),
        lambda: without_bias(opened.cell, opened.rng, 1.0, recover),
        *(partial(_other_size, cell, *size) for size in ([] if cell.alone else OTHER_SIZES)),
    )
    for size in sizes:
        _decide(marking, "batch", size())
    recognised()  # raises `Refused` before anything else is marked
    _decide(marking, "gradients", habits.start(opened.anatomy))
    _decide(marking, "device", device())
    if habits.not_repeatable(opened.answer, _again(opened)):
        for criterion in ("state", "bias"):  # comparisons say nothing where no call is like another
            marking.passed(criterion)
        return
    _decide(marking, "state", habits.default_state(cell, first))
    _decide(marking, "gradients", None if form else gradient())
    biased = unbiased()
    if biased and not recognised():
        biased = without_bias(opened.cell, opened.rng, 0.0, None)
    _decide(marking, "bias", biased)


def _form(cell: Cell, value: Any) -> tuple[Finding | None, bool]:
    """Say in what else than asked for the states lie, and whether a next step can start there."""
    text = f"The result is {shown(value)}."
    if cell.states == 1:
        return (
            (None, True)
            if isinstance(value, Tensor)
            else (habits.known("returns_a_pair", text), False)
        )
    if isinstance(value, (tuple, list)) and isinstance(value[-1], (tuple, list)):
        return habits.known("output_nested", text), False
    if isinstance(value, (tuple, list)) and len(value) == 2:
        return None, True
    return habits.known("states_in_another_form", text), isinstance(value, Tensor) and len(
        value.shape
    ) == 3


def _again(opened: Opened) -> Arrays:
    """Return what came when the first call was made once more."""
    if not opened.cell.alone:
        return opened.cell.states_of(opened.first.again, ROWS)
    return opened.cell.respond_each([opened.draws[0], {}], *opened.rows)[1]


def _decide(marking: Marking, criterion: str, finding: Finding | None) -> None:
    if finding:
        marking.failed(criterion, *finding)
    else:
        marking.passed(criterion)


# Opening


def _open(cell: Cell, seed: int, marking: Marking) -> Opened | None:
    """Open the cell; without an answer, everything fails with the reason.

    What has its own mistake's points is mended for the rest: layers in plain lists, randomness.
    """
    opened, reason = _open_any_size(cell, seed, marking)
    if reason and reason.misconception in (
        KNOWN["parameters_not_registered"],
        KNOWN["nothing_to_train"],
    ):
        opened, _ = _open_any_size(cell.but(adopt=True), seed, marking)
        if opened:
            marking.failed("gradients", *reason)
    if opened is None:
        marking.fail_rest(*(reason or ("The cell does not answer.",)))
    elif not opened.cell.alone and habits.not_repeatable(opened.answer, _again(opened)):
        calm, _ = _open_any_size(opened.cell.but(calm=True), seed, marking)
        if calm and not habits.not_repeatable(calm.answer, _again(calm)):
            gap = difference(opened.answer[0], _again(opened)[0])
            text = f"Two equal calls gave results {gap:.3g} apart."
            marking.failed("batch", text, KNOWN["random_result"])
            return calm
    return opened


def _open_any_size(cell: Cell, seed: int, marking: Marking) -> tuple[Opened | None, Finding | None]:
    """Find a size at which the cell answers; else say why it does not."""
    reasons: list[Finding] = []
    for inputs, hidden in SIZES[cell.states]:
        sized = cell.but(inputs=inputs, hidden=hidden)
        found = _open_sized(sized, seed)
        if isinstance(found, Opened):
            if reasons:
                marking.failed("batch", reasons[0].message, KNOWN["inputs_and_hidden_confused"])
            return found, None
        reasons.append(found)
    reason = reasons[0]
    if _constant_shapes(cell):
        reason = Finding(reason.message, CONSTANT_SIZE)
    return None, reason


def _constant_shapes(cell: Cell) -> bool:
    """Tell whether input_size or hidden_size makes no difference to the parameters' shapes."""
    shapes = []
    for inputs, hidden in ((4, 3), (4, 5), (6, 3)):
        anatomy = cell.but(inputs=inputs, hidden=hidden).anatomy()
        shapes.append(isinstance(anatomy, Anatomy) and [s for _, s, _ in anatomy.parameters])
    return bool(shapes[0]) and shapes[0] in shapes[1:]


def _open_sized(cell: Cell, seed: int) -> Opened | Finding:
    anatomy = cell.anatomy()
    if isinstance(anatomy, Raised):
        return explain_error(anatomy)
    if not anatomy.parameters:
        return habits.known("nothing_to_train", "named_parameters() is empty.")
    rng = _generator(seed, cell, "parameters")
    draws = [drawn(anatomy, rng, scale) for scale in SCALES]
    rows = _rows(cell, _generator(seed, cell, "rows"), ROWS)
    asked, other = together(
        lambda: habits.first_cases(cell, draws[0], rows),
        lambda: cell.respond(draws[0], *habits.other_states(rows)),
    )
    first = asked()
    try:
        answer = cell.states_of(first.whole, ROWS)
    except Refused as refused:
        reason, cell = _refusal(cell, refused), cell.but(alone=True)
        try:
            answer = cell.respond(draws[0], *rows)
        except Refused:
            return reason
        other = _other_alone(cell, draws[0], rows)
    if not all(np.isfinite(state).all() for state in answer):
        return Finding("The result has NaN or infinite numbers.", NOT_FINITE)
    return Opened(cell, seed, anatomy, draws, rows, first, answer, other)


def _other_alone(cell: Cell, draw: dict, rows: Arrays) -> Later:
    return lambda: cell.respond(draw, *habits.other_states(rows))


def _uncut(cell: Cell, text: str) -> bool:
    """Tell whether an error speaks of as many numbers as all gates have, and of one state's."""
    sizes = set(re.findall(r"\((\d+)\)", text))
    return sizes == {str(cell.hidden), str(cell.hidden * (4 if cell.states == 2 else 3))}


def _refusal(cell: Cell, refused: Refused, rows: int = ROWS) -> Finding:
    """Say why an answer is none."""
    outcome = refused.outcome
    if outcome.error:
        reason = explain_error(outcome.error)
        hidden = reason.misconception == FIXED_DTYPE and _has_hidden_weights(cell)
        text = f"With every parameter zero, the result depends on the input. {reason.message}"
        if reason.misconception == SHAPES_DISAGREE and _uncut(cell, outcome.error.text):
            wide = cell.hidden * (4 if cell.states == 2 else 3)
            text = f"{wide} numbers, those of all gates, meet a state of H = {cell.hidden}."
            return habits.known("gates_not_cut_apart", f"{text} {reason.message}")
        return habits.known("parameters_not_registered", text) if hidden else reason
    value, shape = outcome.value, (rows, cell.hidden)
    if cell.states == 2 and isinstance(value, Tensor) and value.shape == shape:
        return habits.known("cell_state_not_returned", f"The result is {shown(value)}.")
    if cell.states == 1 and isinstance(value, (list, tuple)):
        return habits.known("returns_a_pair", f"The result is {shown(value)}.")
    if cell.states == 2 and isinstance(value, Tensor):
        return habits.known("states_in_another_form", f"The result is {shown(value)}.")
    paths = ((0,), (1,)) if cell.states == 2 and value is not None else ((),)
    names = ("hy", "cy")
    for path, name in zip(paths, names, strict=False):
        wrong = unsound(outcome, shape, name, path=path)
        if wrong:
            return wrong
    return Finding(f"The result is {shown(value)}.", WRONG_TYPE)


def _has_hidden_weights(cell: Cell) -> bool:
    """Tell whether x or h matters, in torch's default dtype, although all parameters are zero.

    With zeros each gate is σ(0) = 1/2 and each candidate tanh(0) = 0. From c = 0 an LSTM makes
    c' = 0/2 + 0/2 = 0 and h' = tanh(0) / 2 = 0, whatever x and h are; a GRU makes h' = 0/2 + h/2,
    whatever x is. A result that moves all the same is moved by weights that the zeros did not
    reach: tensors that are no parameters, and would never be trained.
    """
    c = [np.zeros((2, cell.hidden))] * (cell.states - 1)
    points = [(np.full((2, cell.inputs), x), np.full((2, cell.hidden), h), *c) for x, h in _POINTS]
    cases = [Pass(cell.given(*point), parameters=0.0) for point in points]
    came = [cell.read(outcome.value) for outcome in cell.ask(cases, "float32")]
    if cell.states == 1 or None in came:  # a GRU's result depends on h directly
        came = came[:2]
    answers = [answer for answer in came if answer is not None]
    moved = any(difference(a[0], answers[0][0]) > 0 for a in answers[1:])
    return moved and len(answers) == len(came)


# Batches and biases


def _batch(opened: Opened, marking: Marking) -> Opened:
    """Judge the treatment of batches; return a cell that can be asked about its equations."""
    cell, draw = opened.cell, opened.draws[0]
    if cell.alone:
        text = f"A batch of {ROWS} rows fails; one row alone works."
        marking.failed("batch", text, KNOWN["single_row_only"])
        return opened
    found = habits.batches(cell, opened.first)
    for finding in found:
        marking.failed("batch", *finding)
    names = {finding.misconception.id for finding in found if finding.misconception}
    if not names & {"one_row_of_the_batch", "rows_mixed"}:
        return opened
    alone, draw = cell.but(alone=True), opened.draws[0]
    answer, other = alone.respond(draw, *opened.rows), _other_alone(alone, draw, opened.rows)
    return replace(opened, cell=alone, answer=answer, other=other)


def _other_size(cell: Cell, inputs: int, hidden: int) -> Finding | None:
    sized = cell.but(inputs=inputs, hidden=hidden)
    states = [np.zeros((2, hidden))] * cell.states
    try:
        sized.respond({}, np.zeros((2, inputs)), *states)
    except Refused as refused:
        reason, name = _refusal(sized, refused, rows=2)
        lost = hidden == 1 and name == WRONG_SHAPE
        text = f"With input_size={inputs}, hidden_size={hidden}: {reason}"
        return Finding(text, KNOWN["axis_lost"] if lost else CONSTANT_SIZE)
    return None
