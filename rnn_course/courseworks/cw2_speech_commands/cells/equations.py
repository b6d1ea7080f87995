"""Judges what a cell computes: against torch's cell with recovered weights, and by freedom."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np
import torch

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, difference, explain_error
from rnn_course.courseworks.cw2_speech_commands.cells.fit import Formula, gru_step
from rnn_course.courseworks.cw2_speech_commands.cells.freedom import (
    Assigned,
    assigned,
    directions,
    missed,
)
from rnn_course.courseworks.cw2_speech_commands.cells.habits import (
    FAR,
    bound_rows,
    far_rows,
    known,
)
from rnn_course.courseworks.cw2_speech_commands.cells.judging import Opened
from rnn_course.courseworks.cw2_speech_commands.cells.recover import Weights
from rnn_course.courseworks.cw2_speech_commands.cells.student import Arrays, Refused

AGREES = 1e-10
_ALIKE = 1e-6
_SETTINGS = 3
_SPARE = 1.4
_SUSPECT = 2
_KEPT = 0.75  # of a state, at most, while gates are half open
_FAR_AGREES = 1e-6  # of weights recovered to 1e-11, times thousands
_LARGE = "large_numbers_cut"

Recover = Callable[..., Weights]


class Family(NamedTuple):
    """What a cell ought to be.

    Attributes:
        gates: name of each gate and the criterion that it belongs to, in torch's order.
        recover: see `recover`.
        formula: see `fit`.
        oracle: torch's cell class.
        far: criteria of what goes wrong where states are large, and where inputs are.
        clipped: the mistake of a last state that is cut off.
    """

    gates: tuple[tuple[str, str], ...]
    recover: Recover
    formula: Formula
    oracle: type[torch.nn.Module]
    far: tuple[str, str]
    clipped: str

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria of the equations."""
        return tuple(dict.fromkeys(criterion for _, criterion in self.gates))


def _recoveries(
    family: Family, opened: Opened, mistaken: Callable[[], bool]
) -> Iterator[tuple[Weights, dict]]:
    """Yield settings of the student's parameters at which torch's cell can do what theirs does.

    Several settings are tried, as one may hide a gate by chance. Two will do where a mistake is
    seen as well.
    """
    found = False
    for index, draw in enumerate(() if opened.cell.alone else opened.draws):
        if index == _SUSPECT and not found and mistaken():
            return
        weights = family.recover(
            lambda *rows, draw=draw: opened.cell.respond(draw, *rows),
            opened.cell.inputs,
            opened.cell.hidden,
            opened.rng("probes", index),
        )
        if weights.residual < AGREES and _gap(family, opened, index, weights) < AGREES:
            found = True
            yield weights, draw


def _gap(family: Family, opened: Opened, index: int, weights: Weights) -> float:
    wanted = reference(family.oracle, weights, opened.rows)
    came = opened.answer
    if index:
        came = opened.cell.respond(opened.draws[index], *opened.rows)
    return max(difference(a, b) for a, b in zip(came, wanted, strict=True))


def reference(oracle: type[torch.nn.Module], weights: Weights, rows: Arrays) -> Arrays:
    """Return what torch's own cell makes of the rows with the weights, in float64."""
    inputs, hidden = weights.input.shape[1], weights.hidden.shape[1]
    cell = oracle(inputs, hidden, dtype=torch.float64)
    x, *states = (torch.tensor(row) for row in rows)
    with torch.no_grad():
        for parameter, value in zip(cell.parameters(), weights.tensors(), strict=True):
            parameter.copy_(value)
        made = cell(x, tuple(states) if len(states) == 2 else states[0])
    return tuple(m.numpy() for m in (made if isinstance(made, tuple) else (made,)))


def judge_recovered(
    family: Family, opened: Opened, marking: Marking, mistaken: Callable[[], bool]
) -> bool:
    """Tell whether a cell is of the family; if so, fail what its parameters cannot set freely.

    A weight counts as free if it is so near two of three settings of the parameters: near one,
    its parameter may have next to no effect, as the direction of a normalised weight has where
    its length is almost zero.

    Args:
        family: what it ought to be.
        opened: the cell.
        marking: of the question.
        mistaken: whether the cell is seen to make a mistake that is known.
    """
    shares: list[np.ndarray] = []
    for weights, draw in islice(_recoveries(family, opened, mistaken), _SETTINGS):
        share, unread, offset = _seen(family, weights, draw) or _measured(
            family, opened, weights, draw
        )
        if not shares:
            marking.notes.extend(f"Nothing reads the parameter `{name}`." for name in unread)
            if offset:
                _mention_offset(opened, marking)
            for criterion, finding in _far(family, opened, weights, draw):
                marking.failed(criterion, *finding)
        if not shares and not share.any():
            return True
        shares.append(share)
    if not shares:
        return False
    stuck = np.sort(shares, axis=0)[(len(shares) - 1) // 2]
    rows = weights.rows[:, : opened.cell.size + 1].reshape(stuck.shape)
    bracket = np.abs(weights.bias_hidden[-opened.cell.hidden :]).max() > _ALIKE
    for criterion, finding in _unfree(family, stuck, rows, opened.cell.inputs, bool(bracket)):
        marking.failed(criterion, *finding)
    return True


def _seen(family: Family, weights: Weights, draw: dict) -> Assigned | None:
    """See what of each weight is not free, (gates, H, D + H + 1), the bias last, if that shows."""
    linear = np.concatenate([weights.input, weights.hidden], 1)
    biases = weights.bias + weights.bias_hidden
    count, own = len(biases), len(biases) // len(family.gates)
    if family.formula is gru_step:  # the candidate's two biases act apart
        biases = np.r_[biases[:-own], weights.bias[-own:], weights.bias_hidden[-own:]]
    found = assigned(linear.ravel(), biases, draw)
    if found is None:
        return None
    share, of_biases = np.split(found.share, [linear.size])
    if len(biases) > count:
        of_biases = np.r_[of_biases[: -2 * own], of_biases[-2 * own :].reshape(2, own).max(0)]
    share = np.column_stack([share.reshape(linear.shape), of_biases])
    return found._replace(share=share.reshape(len(family.gates), own, -1))


def _measured(family: Family, opened: Opened, weights: Weights, draw: dict) -> Assigned:
    """Measure what of each weight is not free, as `_seen` does."""
    rows = _probes(opened, weights.rows.shape[1])
    moves = directions(opened.cell, draw, rows)
    wanted = weights.rows if family.formula is gru_step else weights.rows[:, :-1]
    share = missed(moves, family.formula, wanted, rows)
    size = opened.cell.size
    stuck = np.column_stack([share[:, :size], share[:, size:].max(1)])
    return Assigned(
        stuck.reshape(len(family.gates), opened.cell.hidden, -1), list(_unread(draw, moves)), True
    )


def _far(
    family: Family, opened: Opened, weights: Weights, draw: dict
) -> Iterator[tuple[str, Finding]]:
    """Compare with torch's cell where states, then inputs, are large."""
    rows = far_rows(opened.rows)
    outcome, cell = opened.first.far, opened.cell
    if draw is not opened.draws[0]:
        came = cell.respond(draw, *rows)
    elif outcome.error:
        yield family.far[1], Finding(f"With large numbers: {explain_error(outcome.error).message}")
        return
    else:
        came = cell.states_of(outcome, len(rows[0]))
    wanted, split = reference(family.oracle, weights, rows), len(FAR)
    state, new = (("h", ("h'",)), ("c", ("h'", "c'")))[cell.states - 1]
    parts = (slice(0, split), slice(split, None))
    for part, criterion, id in zip(parts, family.far, (family.clipped, _LARGE), strict=True):
        for name, a, b in zip(new[::-1], came[::-1], wanted[::-1], strict=True):
            gap = np.abs(a[part] - b[part]) > _FAR_AGREES * np.maximum(1, np.abs(b[part]))
            if not gap.any():
                continue
            row, unit = np.argwhere(gap)[0]
            where = f"{state} = {rows[-1][row, unit]:.4g}" if id == family.clipped else "large x"
            seen, right = a[part][row, unit], b[part][row, unit]
            text = f"With {where}, {name} is {seen:.6g}; {right:.6g} is right."
            yield criterion, known(id, text)
            break


def bound(opened: Opened) -> float | None:
    """Return at what size the last state is cut off, whatever the equations are, if it is."""
    sizes = bound_rows(opened.cell)[-1]
    try:
        came = opened.cell.states_of(opened.first.bounded, len(sizes))[-1]
    except Refused:
        return None
    most = float(np.abs(came).max())
    alike = np.abs(came - most * np.sign(sizes)).max() < AGREES
    return most if alike and 0 < most < np.abs(sizes).min() * _KEPT else None


def _probes(opened: Opened, weights: int) -> Arrays:
    """Draw as many rows as tell apart the weights of three gates that meet in one output."""
    return opened.draw_rows("freedom", int(_SPARE * 3 * weights))


def _mention_offset(opened: Opened, marking: Marking) -> None:
    """Mention a gate that is not half open at parameters of zero; it costs nothing."""
    cell = opened.cell
    x, state = np.zeros((1, cell.inputs)), np.ones((1, cell.hidden))
    states = (0 * state, state) if cell.states == 2 else (state,)
    kept = cell.respond(0.0, x, *states)[-1]
    if np.isfinite(kept).all() and np.abs(kept - 0.5).max() > AGREES:
        share = f"{float(kept[0, 0]):.3g}"
        marking.notes.append(
            f"With all parameters zero, {share} of the old state is kept, not 0.5."
        )


def _unread(draw: dict, moves: np.ndarray) -> Iterator[str]:
    """Name parameters that make no difference; they cost nothing."""
    ends = np.cumsum([value.size for value in draw.values()])[:-1]
    for name, part in zip(draw, np.split(moves, ends, 1), strict=True):
        if part.size and not part.any():
            yield name


def has_full_rank(family: Family, opened: Opened) -> bool:
    """Tell whether the parameters move the cell in as many ways as the family has."""
    cell = opened.cell
    rows = _probes(opened, cell.size + 2)
    values = np.linalg.svd(directions(cell, opened.draws[0], rows), compute_uv=False)
    wanted = len(family.gates) * cell.hidden * cell.size
    return int((values > 1e-6 * values[0]).sum()) >= wanted


def _unfree(
    family: Family, missed: np.ndarray, rows: np.ndarray, inputs: int, bracket: bool
) -> Iterator[tuple[str, Finding]]:
    explained = set()
    if family.formula is gru_step and np.abs(rows[-1][:, inputs:-1]).max() < _ALIKE:
        # the reset gate has nothing to act on, so nothing is known of it
        text = "In the candidate, the state has no weight."
        for criterion in ("candidate", "reset"):
            yield criterion, known("candidate_without_state", text)
        explained = {0, len(rows) - 1}
    for index, other, finding in _related(family, missed, rows, inputs):
        explained |= {index, other}
        yield family.gates[other][1], finding
    unbiased = [k for k in range(len(rows)) if k not in explained and missed[k, :, -1].any()]
    if unbiased:
        names = ", ".join(family.gates[k][0] for k in unbiased)
        gru = family.formula is gru_step and unbiased == [len(rows) - 1]
        id = "hidden_bias_outside" if gru and not bracket else "bias_missing"
        part = ", in the input's part" if gru and bracket else ""
        yield "bias", known(id, f"With bias=True, no bias of its own in: {names}{part}.")
    for k, (name, criterion) in enumerate(family.gates):
        if k not in explained and missed[k, :, :-1].any():
            yield criterion, _unreached(name, missed[k], rows[k], inputs)


def _related(
    family: Family, missed: np.ndarray, rows: np.ndarray, inputs: int
) -> Iterator[tuple[int, int, Finding]]:
    """Find pairs of gates with equal or opposite weights, in the input's or the state's part."""
    for other in range(len(rows)):
        for index in range(other):
            names = f"{family.gates[index][0]} and {family.gates[other][0]}"
            for part in (slice(0, inputs), slice(inputs, rows.shape[2] - 1)):
                a, b = rows[index][:, part], rows[other][:, part]
                if not missed[other][:, part].any() or np.abs(a).max() < _ALIKE:
                    continue
                if np.abs(a - b).max() < _ALIKE:
                    text = f"Whatever the parameters are, {names} have equal weights."
                    yield index, other, known("shared_weights", text)
                    break
                if np.abs(a + b).max() < _ALIKE:
                    text = f"Whatever the parameters are, {names} add up to one."
                    yield index, other, known("coupled_gates", text)
                    break


def _unreached(name: str, missed: np.ndarray, rows: np.ndarray, inputs: int) -> Finding:
    if np.abs(rows[:, inputs:-1]).max() < _ALIKE:
        return known("no_recurrent_input", f"In the {name}, the state has no weight.")
    if np.abs(rows[:, :inputs]).max() < _ALIKE:
        return known("no_input", f"In the {name}, the input has no weight.")
    stuck = int((missed[:, :-1] > 0).sum())
    text = f"In the {name}, {stuck} of {missed[:, :-1].size} weights cannot be set on their own."
    return known("weights_not_free", text)
