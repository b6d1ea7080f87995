"""The question ``lstm_cell``."""

from dataclasses import replace
from functools import cache, partial

import numpy as np
import torch

from rnn_course.checks.coursework import Marking, Question
from rnn_course.checks.report import Criterion
from rnn_course.checks.subject import Subject
from rnn_course.checks.withheld import RECURRENT
from rnn_course.courseworks.cw2_speech_commands.cells import mistaken_lstm_cell as mistaken
from rnn_course.courseworks.cw2_speech_commands.cells.equations import (
    Family,
    bound,
    judge_recovered,
)
from rnn_course.courseworks.cw2_speech_commands.cells.fit import lstm_step
from rnn_course.courseworks.cw2_speech_commands.cells.judging import Opened, judge_cell
from rnn_course.courseworks.cw2_speech_commands.cells.known import KNOWN
from rnn_course.courseworks.cw2_speech_commands.cells.probes import at, sigmoid
from rnn_course.courseworks.cw2_speech_commands.cells.recover import estimate_lstm, recover_lstm

_FAMILY = Family(
    (
        ("input gate", "input"),
        ("forget gate", "forget"),
        ("candidate", "input"),
        ("output gate", "output"),
    ),
    recover_lstm,
    lstm_step,
    torch.nn.LSTMCell,
    ("forget", "input"),
    "cell_clipped",
)
_CLOSE = 1e-4
_CUT = "cell_clipped"
_PARTS = {
    "forget": "the share of the old cell that is kept",
    "input": "what is added to the cell",
    "output": "the hidden state",
}


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Judge a student's LSTM cell."""
    judge_cell("LSTMCell", 2, _equations, recover_lstm, subject, seed, marking)


def _equations(opened: Opened, marking: Marking) -> bool:
    opened = _in_order(opened, marking)
    named = cache(partial(_named, opened))
    most = bound(opened)
    clipped = most is not None and not ({named()["forget"], named()["input"]} - {"", None, _CUT})
    recognised = not clipped and judge_recovered(
        _FAMILY, opened, marking, lambda: bool(KNOWN.keys() & {*named().values()})
    )
    if clipped:
        marking.failed("forget", f"The new cell state stops at {most:.4g}.", KNOWN[_CUT])
        if named()["output"] in KNOWN:
            marking.failed("output", "Seen in the hidden state.", KNOWN[named()["output"]])
    elif not recognised:
        _judge_parts(opened, named(), marking)
    for criterion in _FAMILY.criteria:
        marking.passed(criterion)
    return recognised


def _in_order(opened: Opened, marking: Marking) -> Opened:
    """See whether hy comes first; only cy can leave the range from -1 to 1."""
    first, second = opened.other()
    if np.abs(first).max() <= 1 or np.abs(second).max() > 1:
        return opened
    text = f"The first result reaches {np.abs(first).max():.3g}; |hy| cannot exceed 1."
    marking.failed("state", text, KNOWN["states_in_wrong_order"])
    return replace(opened, cell=opened.cell.but(swapped=True), answer=opened.answer[::-1])


def _named(opened: Opened) -> dict[str, str | None]:
    """Name what each of the three equations is, "" where it is right."""
    parts = _names(opened)
    named = {"forget": parts.forget, "input": parts.added, "output": parts.hidden}
    if parts.forget is None and bound(opened) is None and _bent(opened):
        named["forget"] = "peephole"
    return named


def _judge_parts(opened: Opened, named: dict[str, str | None], marking: Marking) -> None:
    """Where the cell is no LSTM: which of its three equations is not right, and what is it?"""
    if opened.cell.alone:
        errors = {part: 0.0 if name == "" else np.inf for part, name in named.items()}
        wrong = [part for part, name in named.items() if name != ""]
    else:
        errors = _errors(opened)
        wrong = [part for part, error in errors.items() if not error < _CLOSE] or list(_PARTS)
        if KNOWN.keys() & {*named.values()}:  # what is known to be right misled the estimates
            wrong = [part for part in wrong if named[part] != ""]
    for part in wrong:
        told = _CLOSE < errors[part] < np.inf
        off = f": off by {errors[part]:.3g} at best" if told else ""
        text = f"No weights explain {_PARTS[part]}{off}."
        name = named[part]
        if name in KNOWN:
            marking.failed(part, text, KNOWN[name])
        else:
            marking.failed(part, text)
    if not any(named[part] in KNOWN for part in wrong):
        for part, what in _PARTS.items():
            if named[part] in KNOWN:
                marking.failed(part, f"Seen in {what}.", KNOWN[named[part]])


def _errors(opened: Opened) -> dict[str, float]:
    """Return how far each equation is from the best that estimated weights can do."""
    cell, draw, (x, h, c) = opened.cell, opened.draws[0], opened.rows
    hidden = cell.hidden
    rows = estimate_lstm(
        lambda *arrays: cell.respond(draw, *arrays),
        cell.inputs,
        hidden,
        opened.rng("probes", 0),
    ).rows
    sums = [at(rows[k * hidden : (k + 1) * hidden], np.concatenate([x, h], 1)) for k in range(4)]
    i, f, o = sigmoid(sums[0]), sigmoid(sums[1]), sigmoid(sums[3])
    hy, cy = opened.answer
    _, empty = cell.respond(draw, x, h, 0 * c)
    gaps = {
        "forget": cy - empty - f * c,
        "input": empty - i * np.tanh(sums[2]),
        "output": hy - o * np.tanh(cy),
    }
    return {part: _size(gap) for part, gap in gaps.items()}


def _bent(opened: Opened) -> bool:
    """Tell whether the new cell is no affine function of the old one, as if a gate read it."""
    cell, (x, h, _) = opened.cell, opened.rows
    low, mid, high = (
        cell.respond(opened.draws[0], x, h, np.full(h.shape, c))[1] for c in (0.5, 1.0, 1.5)
    )
    return bool(np.abs(high - 2 * mid + low).max() > _CLOSE)


def _size(gap: np.ndarray) -> float:
    return float(np.nan_to_num(np.abs(gap), nan=np.inf).max())


def _names(opened: Opened) -> mistaken.Parts:
    x, h, c = (0.4 * row for row in opened.rows)
    number = 0.7
    hy, cy = opened.cell.respond(number, x, h, 3 * c)
    if not any(map(_is_wrong, mistaken.lstm(number, x, 3 * c, h, (hy, cy)))):
        swapped = "hx_taken_apart_wrongly"
        return mistaken.Parts(swapped, swapped, swapped)
    most = bound(opened)
    return mistaken.lstm(number, x, h, 3 * c, (hy, cy), np.nan if most is None else most)


def _is_wrong(name: str | None) -> bool:
    return name != ""


QUESTION = Question(
    "lstm_cell",
    "An LSTM cell",
    (
        Criterion("state", "Takes hx = (h, c) or None, returns (h′, c′), each (B, H)", 2),
        Criterion("forget", "Forget gate: how much of the old cell stays", 2),
        Criterion("input", "Input gate and candidate: what is added to the cell", 2),
        Criterion("output", "Output gate: the hidden state from the new cell", 3),
        Criterion("bias", "The bias flag: biases with True, none with False", 1),
        Criterion("gradients", "Weights are registered, initialised and get their gradients", 2),
        Criterion("batch", "Any batch and any sizes; rows do not meet; nothing is overwritten", 2),
        Criterion("device", "dtype and device follow the input", 1),
    ),
    judge,
    defines=("LSTMCell",),
    read="An LSTM cell",
    without=frozenset({RECURRENT}),
)
