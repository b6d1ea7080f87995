"""Judges the students' own sequences: their structure exactly, their distribution by chi-square."""

import re
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from scipy.stats import chisquare

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, shown, unsound, usable
from rnn_course.checks.mistakes import CONSTANT_SIZE
from rnn_course.checks.requests import Call, Outcome, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Rng, plain
from rnn_course.courseworks.cw3_temporal_order import data_mistakes as m
from rnn_course.data import temporal_order
from rnn_course.data.symbol_sequences import MAX_LENGTH, MIN_LENGTH, RANGES, SYMBOLS
from rnn_course.seeding import derive

NAME = "generate_inputs_labels"
_N, _FEW = 2500, 7
_RARE = 1e-8
_X, _Y, _END = (SYMBOLS.index(symbol) for symbol in "XYB")
_RANGES = RANGES["6b"]


@dataclass(frozen=True)
class Drawn:
    """A set of sequences, read: ids (n, T) with -1 where no symbol stands, lengths, labels."""

    ids: np.ndarray
    lengths: np.ndarray
    labels: np.ndarray

    @property
    def relevant(self) -> np.ndarray:
        """Where X or Y stands (n, T)."""
        return (self.ids == _X) | (self.ids == _Y)

    @property
    def steps(self) -> np.ndarray:
        """Steps of the three symbols (n', 3), of the sequences that have three."""
        three = self.relevant.sum(1) == 3
        return np.nonzero(self.relevant[three])[1].reshape(-1, 3)

    @property
    def is_y(self) -> np.ndarray:
        """Which of the three symbols are Y (n', 3)."""
        three = self.relevant.sum(1) == 3
        return np.take_along_axis(self.ids[three], self.steps, 1) == _Y


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on ``generate_inputs_labels``."""
    if not usable(subject, marking, NAME, ("n", "rng"), "function"):
        return
    first = derive(seed, NAME)
    calls = [Call(NAME, (n, Rng(s))) for n, s in _draws(first)]
    outcomes = subject.ask(Program(tuple(calls)))
    # A program stops at the first exception: it stands for the calls that were not reached.
    many, again, repeated, other = (*outcomes, *[outcomes[-1]] * len(calls))[: len(calls)]
    wrong = _shape_problem(many, _N)
    if wrong and (many.error or wrong.misconception not in _READABLE):
        marking.fail_rest(*wrong)
        return
    wrong = wrong or _shape_problem(again, _FEW) or _type_problem(many)
    if wrong:
        marking.failed("shapes", *wrong)
    else:
        marking.passed("shapes", f"inputs ({_N}, 110, 8), lengths ({_N},), labels ({_N},).")
    _judge_rng(again, repeated, other, marking)
    if _is_ours(subject, marking, again, first):
        return
    drawn = _read(many, marking)
    if drawn is not None:
        drawn = _judge_structure(drawn, marking)
        _judge_symbols(drawn, marking)
        _judge_labels(drawn, marking)
        _judge_distribution(drawn, marking)


def _draws(first: int) -> tuple[tuple[int, int], ...]:
    """Sizes and seeds of the calls: in one go, so that a hidden generator has moved on."""
    return (_N, first), (_FEW, first), (_FEW, first), (_FEW, first + 1)


_READABLE = (m.LABEL_ONE_HOT, m.AXES_EXCHANGED)


def _shape_problem(outcome: Outcome, n: int) -> Finding | None:
    if outcome.error or outcome.value is None:
        return unsound(outcome, None, "The result")
    if not isinstance(outcome.value, (tuple, list)) or len(outcome.value) != 3:
        return Finding(f"It returned {shown(outcome.value)}, not (inputs, lengths, labels).")
    inputs, _, labels = map(_shape, outcome.value)
    if labels == (n, 8):
        return Finding(f"labels has shape {labels}; {(n,)} is right.", m.LABEL_ONE_HOT)
    if (
        len(inputs) == 3
        and inputs != (n, MAX_LENGTH, 8)
        and sorted(inputs) == sorted((n, MAX_LENGTH, 8))
    ):
        said = f"inputs has shape {inputs}; {(n, MAX_LENGTH, 8)} is right."
        return Finding(said, m.AXES_EXCHANGED)
    wrong = unsound(outcome, (n, MAX_LENGTH, 8), "inputs", path=(0,))
    wrong = wrong or unsound(outcome, (n,), "lengths", path=(1,))
    wrong = wrong or unsound(outcome, (n,), "labels", path=(2,))
    if wrong and n != _N and "shape" in wrong.message:
        return Finding(wrong.message, CONSTANT_SIZE)
    return wrong


def _shape(part: Any) -> tuple[int, ...]:
    """Return a part's shape, () of a list of arrays that do not go together."""
    try:
        return np.shape(plain(part))
    except ValueError:
        return ()


def _type_problem(outcome: Outcome) -> Finding | None:
    inputs, lengths, labels = (np.asarray(plain(part)).dtype for part in outcome.value)
    if inputs != np.float32:
        return Finding(f"inputs is {inputs}; float32 is right.", m.NOT_FLOAT32)
    if lengths.kind not in "iu" or labels.kind not in "iu":
        said = f"lengths is {lengths} and labels {labels}; integers are right."
        return Finding(said, m.NOT_INTEGERS)
    return None


def _is_ours(subject: Subject, marking: Marking, came: Outcome, seed: int) -> bool:
    """Fail an answer that draws what our own generator draws from the same rng."""
    parts, ours = _parts(came), temporal_order(_FEW, seed=np.random.default_rng(seed))
    if parts and len(parts) == 3 and all(map(np.array_equal, parts, ours)):
        said = "From one rng come the very sequences of `temporal_order`."
        marking.incidents.append(f"{NAME} hands the work to temporal_order, or copies it.")
        marking.fail_rest(said, m.OURS)
        for verdict in marking.verdicts():  # what had passed before is overruled
            marking.failed(verdict.criterion.id, said, m.OURS)
        return True
    if re.search(r"\btemporal_order\b", subject.source(NAME)):
        said = f"The source of {NAME} mentions temporal_order; no use of it was seen."
        marking.incidents.append(said)
    return False


def _read(outcome: Outcome, marking: Marking) -> Drawn | None:
    """Read the sequences; None, and everything failed, where they are not one-hot."""
    inputs, lengths, labels = (np.asarray(plain(part)) for part in outcome.value)
    if inputs.shape != (_N, MAX_LENGTH, 8):
        order = [inputs.shape.index(size) for size in (_N, MAX_LENGTH, 8)]
        inputs = inputs.transpose(order)
    if labels.ndim == 2:
        labels = labels.argmax(1)
    wrong = unsound(outcome, (_N,), "lengths", path=(1,))
    if wrong or labels.shape != (_N,):
        marking.fail_rest(*(wrong or Finding(f"labels is {shown(outcome.value[2])}.")))
        return None
    if not np.all(np.isin(inputs, (0, 1))) or inputs.sum(-1).max() > 1:
        said = (
            f"Its numbers add up to {inputs.sum(-1).min():g} … {inputs.sum(-1).max():g} in a step."
        )
        marking.fail_rest(said, m.NOT_ONE_HOT)
        return None
    ids = np.where(inputs.sum(-1) > 0, inputs.argmax(-1), -1)
    return Drawn(ids, lengths.astype(np.int64), labels)


def _parts(outcome: Outcome) -> list[Any] | None:
    if outcome.error or not isinstance(outcome.value, (tuple, list)):
        return None
    return [plain(part) for part in outcome.value]


def _judge_rng(first: Outcome, again: Outcome, other: Outcome, marking: Marking) -> None:
    a, b, c = map(_parts, (first, again, other))
    if a is None or b is None or c is None:
        marking.failed("rng", "A second call did not return sequences.")
    elif not all(np.array_equal(p, q) for p, q in zip(a, b, strict=True)):
        marking.failed("rng", "default_rng(s) twice gave two results.", m.RNG_IGNORED)
    elif np.array_equal(a[0], c[0]):
        marking.failed("rng", "Two seeds gave one result.", m.ALWAYS_THE_SAME)
    else:
        marking.passed("rng", "All randomness comes from rng.")


def _judge_structure(drawn: Drawn, marking: Marking) -> Drawn:
    """Decide on the structure; return the sequences with the start and length that they have."""
    ids, lengths = drawn.ids, drawn.lengths
    rows, steps = np.arange(_N), np.arange(MAX_LENGTH)
    filled = ids >= 0
    inside = steps < lengths[:, None]
    last = np.clip(lengths - 1, 0, MAX_LENGTH - 1)
    ends = filled.argmax(1) > 0
    mapped = _other_columns(ids)
    if mapped:
        marking.failed("structure", mapped, m.ORDER_OF_SYMBOLS)
    elif ends.any() and filled[:, -1].all():
        said = f"{ends.sum()} of {_N} sequences start with padding."
        marking.failed("structure", said, m.PADDED_IN_FRONT)
        moved = (steps + filled.argmax(1)[:, None]) % MAX_LENGTH
        return replace(drawn, ids=np.take_along_axis(ids, moved, 1))
    elif np.all(ids[:, 0] != 0):
        marking.failed("structure", "No sequence has E at step 0.", m.NO_START)
    elif (filled & ~inside).any() and np.all(ids[rows, last] == _END):
        said = f"{(filled & ~inside).sum()} steps after the end hold symbols."
        marking.failed("structure", said, m.PADDED_WITH_SYMBOLS)
    elif not np.array_equal(filled.sum(1), lengths):
        off = int(np.median(lengths - filled.sum(1)))
        said = f"lengths differ from the number of symbols by {off} (median)."
        marking.failed("structure", said, m.LENGTH_WRONG)
        return replace(drawn, lengths=filled.sum(1))
    elif np.any(ids[rows, last] != _END):
        said = f"{(ids[rows, last] != _END).sum()} of {_N} sequences do not end with B."
        marking.failed("structure", said, m.NO_END)
    elif (ids[:, 0] != 0).any() or not np.array_equal(filled, inside):
        marking.failed("structure", "Some sequences do not start with E or have gaps.", m.NO_START)
    else:
        marking.passed("structure", "E first, B last, zeros after it, lengths right.")
    return drawn


def _other_columns(ids: np.ndarray) -> str:
    """Say so where other columns than 0 and 7 play the part of E and B."""
    start = np.bincount(ids[ids[:, 0] >= 0, 0], minlength=8)
    only = np.flatnonzero(start == len(ids))
    if only.size == 1 and only[0] != 0 and not np.any(ids[:, 1:] == only[0]):
        return f"Every sequence starts with column {only[0]}, which is {SYMBOLS[only[0]]}."
    return ""


def _judge_symbols(drawn: Drawn, marking: Marking) -> None:
    counts = drawn.relevant.sum(1)
    if np.any(counts != 3):
        said = (
            f"{(counts != 3).sum()} of {_N} sequences hold {counts.min()} … {counts.max()} X or Y."
        )
        marking.failed("symbols", said, m.WRONG_SYMBOL_COUNT)
        return
    inner = drawn.ids[:, 1:MIN_LENGTH][~drawn.relevant[:, 1:MIN_LENGTH]]
    share = np.bincount(inner[inner >= 0], minlength=8)[:8] / inner.size
    if share[0] or share[_END] > 1 / MIN_LENGTH:
        marking.failed("symbols", "E or B stands inside the sequences.", m.DISTRACTOR_WRONG)
        return
    for place, (column, (first, last)) in enumerate(zip(drawn.steps.T, _RANGES, strict=True), 1):
        low, high = column.min(), column.max()
        said = f"t{place} runs from {low} to {high}; {first} to {last} is right."
        if (low, high) == (first, last - 1):
            marking.failed("symbols", said, m.RANGE_END_MISSING)
        elif (low, high) != (first, last) and low < high:  # one place for all: a shared draw
            marking.failed("symbols", said, m.RANGE_WRONG)
    marking.passed("symbols", "Three X or Y in each sequence, each in its range.")


def _judge_labels(drawn: Drawn, marking: Marking) -> None:
    if drawn.is_y.shape[0] != _N:
        marking.failed("labels", "Not judged: some sequences do not hold three symbols.")
        return
    came, y = drawn.labels, drawn.is_y.astype(int)
    right = y @ (4, 2, 1)
    agree = float((came == right).mean())
    said = f"{100 * agree:.0f} % of the labels fit their sequences."
    known = (
        (y @ (1, 2, 4), m.LABEL_REVERSED),
        (7 - right, m.LABEL_INVERTED),
        (7 - y @ (1, 2, 4), m.LABEL_INVERTED),
        (right + 1, m.LABEL_FROM_ONE),
        (y.sum(1), m.LABEL_COUNTS),
        (3 - y.sum(1), m.LABEL_COUNTS),
    )
    if agree < 1:
        match = (mistake for labels, mistake in known if np.array_equal(came, labels))
        marking.failed("labels", said, next(match, m.LABEL_UNRELATED))
    elif _unlikely(came, 0, 7):
        shares = np.bincount(came.astype(int), minlength=8) / _N
        said = f"Class shares are {shares.min():.3f} … {shares.max():.3f}; 0.125 is right."
        marking.failed("labels", said, m.CLASSES_UNBALANCED)
    else:
        marking.passed("labels", "Labels fit, and the eight classes are equally frequent.")


def _unlikely(values: np.ndarray, first: int, last: int) -> bool:
    """Tell whether chance alone can hardly explain the counts of first … last."""
    counts = np.bincount(
        np.clip(values - first, 0, last - first).astype(int), minlength=last - first + 1
    )
    return bool(chisquare(counts).pvalue < _RARE)


def _judge_distribution(drawn: Drawn, marking: Marking) -> None:
    lengths, steps = drawn.lengths, drawn.steps
    low, high = int(lengths.min()), int(lengths.max())
    said = f"Lengths run from {low} to {high}; {MIN_LENGTH} to {MAX_LENGTH} is right."
    if low == high:
        marking.failed("distribution", said, m.FIXED_LENGTH)
    elif (low, high) == (MIN_LENGTH, MAX_LENGTH - 1):
        marking.failed("distribution", said, m.RANGE_END_MISSING)
    elif (low, high) != (MIN_LENGTH, MAX_LENGTH):
        marking.failed("distribution", said, m.RANGE_WRONG)
    elif len(np.unique(drawn.ids[:, 20:33], axis=0)) < 0.9 * _N:
        said = "Many sequences share their distractors."
        marking.failed("distribution", said, m.SHARED_DRAW)
    elif _distractors_off(drawn):
        marking.failed("distribution", _distractors_off(drawn), m.DISTRACTOR_WRONG)
    elif _linked(drawn):
        marking.failed("distribution", _linked(drawn), m.SHARED_DRAW)
    elif _dealt(drawn):
        marking.failed("distribution", _dealt(drawn), m.DEALT_OUT)
    elif _unlikely(lengths, MIN_LENGTH, MAX_LENGTH) or any(
        # that a range is another one costs in "symbols"
        len(steps) and _unlikely(column, column.min(), column.max())
        for column in steps.T
    ):
        said = "Some lengths or places are far more frequent than others."
        marking.failed("distribution", said, m.NOT_UNIFORM)
    else:
        marking.passed("distribution", "Lengths, places and distractors are uniform and unlinked.")


def _distractors_off(drawn: Drawn) -> str:
    """Say what is wrong with the distractors as a whole, "" if nothing."""
    body = drawn.ids[:, 1 : MIN_LENGTH - 1]
    counts = np.bincount(body[(body >= 1) & (body <= 4)], minlength=5)[1:]
    if counts.min() == 0 or chisquare(counts).pvalue < _RARE:
        shares = counts / max(counts.sum(), 1)
        return f"a, b, c, d have shares {', '.join(f'{share:.3f}' for share in shares)}."
    return ""


def _dealt(drawn: Drawn) -> str:
    """Say what follows from one sequence to the next, or comes in equal numbers; "" if nothing."""
    for name, values in _draws_of(drawn).items():
        counts = np.bincount(values - values.min())
        if (
            len(counts) < 2
            or (chance := float((counts / len(values)) @ (counts / len(values)))) == 1
        ):
            continue
        alike = float((values[1:] == values[:-1]).mean())
        if abs(alike - chance) > 6.5 * np.sqrt(chance * (1 - chance) / len(values)):
            return f"In {100 * alike:.0f} % of neighbouring sequences {name} is the same."
        if np.ptp(counts) <= 1:
            return f"All values of {name} are equally frequent, to the last sequence."
    return ""


def _draws_of(drawn: Drawn) -> dict[str, np.ndarray]:
    """Return what was drawn for each sequence, by what it is called."""
    named = {"the length": drawn.lengths}
    if len(drawn.steps) == _N:
        named |= {"the class": drawn.is_y @ (4, 2, 1)}
        named |= {f"t{place}": column for place, column in enumerate(drawn.steps.T, 1)}
    return named


def _linked(drawn: Drawn) -> str:
    """Say which two draws hang together, "" if none do."""
    body = drawn.ids[:, 1:MIN_LENGTH]
    one, two = body[:, :-1], body[:, 1:]
    letters = (one >= 1) & (one <= 4) & (two >= 1) & (two <= 4)
    pairs = np.bincount((4 * one + two - 5)[letters], minlength=16)
    if chisquare(pairs).pvalue < _RARE:
        return "A distractor depends on the one before."
    for (a, x), (b, y) in combinations(_draws_of(drawn).items(), 2):
        if np.ptp(x) and np.ptp(y) and abs(np.corrcoef(x, y)[0, 1]) > 6.5 / np.sqrt(_N):
            return f"{a} and {b} hang together."
    if len(drawn.steps) and not np.ptp(drawn.steps, axis=0).all():
        return "All sequences have X or Y at one step."
    return ""
