"""Judges the LSTM: everything that the plain network is judged on, and its forget gate's bias."""

from typing import Any

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, close, usable
from rnn_course.checks.requests import Build, Describe, Inspect, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Raised, plain
from rnn_course.courseworks.cw3_temporal_order import mistakes as m
from rnn_course.courseworks.cw3_temporal_order.recurrent import Variant
from rnn_course.courseworks.cw3_temporal_order.sequence_models import (
    CONSTRUCTOR,
    LSTM,
    SIZES,
    H,
    SequenceCandidate,
    judge_kind,
    structural,
)

_ASKED = 5.0
# A second bias that keeps its usual random start is up to 1 / sqrt(H).
_SLACK = 1.01 / np.sqrt(H)
_EXACT = 1e-5
_FORGET = 1


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on ``LSTMNeuralNet``."""
    if not usable(subject, marking, LSTM.name, CONSTRUCTOR):
        return
    signature = subject.ask(Describe(LSTM.name)).signature or ()
    settable = any(name == "forget_bias" or name.startswith("**") for name, _ in signature)
    found = judge_kind(subject, seed, marking, LSTM, {"forget_bias": 0.0} if settable else {})
    if not settable:
        arguments = ", ".join(name for name, _ in signature)
        marking.failed("forget_bias", f"The arguments are ({arguments}).", m.FORGET_NOT_SETTABLE)
    elif found:
        wrong, said = _bias_problem(*found)
        if wrong:
            marking.failed("forget_bias", *wrong)
        else:
            marking.passed("forget_bias", said)


def _bias_problem(
    candidate: SequenceCandidate, variant: Variant | None
) -> tuple[Finding | None, str]:
    """Find out how the gates start; also return what was seen."""
    default, one = (_start(candidate, keywords) for keywords in ({}, {"forget_bias": 1.0}))
    if not _same_start(default, one):
        return Finding(m.FORGET_DEFAULT.seen, m.FORGET_DEFAULT), ""
    totals = _starting_biases(candidate, variant) if variant else None
    if isinstance(totals, Finding):
        return totals, ""
    if totals is None:
        return _untold(candidate, one), "Not judged further: the gates cannot be told apart."
    gaps = np.abs(totals - _ASKED)
    near, exact = gaps.max(1) <= _SLACK, gaps[_FORGET].max() <= _EXACT
    means = ", ".join(
        f"{gate} {mean:.2f}" for gate, mean in zip(_GATES, totals.mean(1), strict=True)
    )
    said = f"With forget_bias={_ASKED:g} the gates' biases start at (mean over the units): {means}."
    forget = totals[_FORGET]
    known = (
        (near[_FORGET] and near.sum() > 1, m.FORGET_ALL_GATES),
        (near[_FORGET], m.FORGET_SECOND_BIAS),
        (near.any(), m.FORGET_WRONG_GATE),
        (np.abs(forget - 2 * _ASKED).max() <= _SLACK, m.FORGET_DOUBLED),
        (np.abs(forget + _ASKED).max() <= _SLACK, m.FORGET_NEGATED),
        ((gaps[_FORGET] <= _SLACK).any(), m.FORGET_PARTLY),
        (np.abs(forget).max() <= 2 * _SLACK, m.FORGET_IGNORED),
    )
    if exact and near.sum() == 1:
        return None, said
    if near[_FORGET] and near.sum() == 1:
        said = f"With forget_bias={_ASKED:g} the forget gate's biases start at "
        said += f"{forget.min():.3f} … {forget.max():.3f}."
    return Finding(said, next((mistake for seen, mistake in known if seen), m.FORGET_OTHER)), said


def _start(candidate: SequenceCandidate, keywords: dict) -> tuple[dict, Any]:
    """Return the parameters that a model starts with, and its logits with others."""
    build = Build(LSTM.name, SIZES, keywords, dtype=candidate.build.dtype, seed=1)
    anatomy = candidate.subject.ask(Inspect(build))
    case = Pass((candidate.x, candidate.lengths), parameters=0.3)
    (outcome,) = candidate.subject.ask(Run(build, (case,)))
    return ({} if isinstance(anatomy, Raised) else dict(anatomy.initial)), plain(outcome.value)


def _same_start(a: tuple[dict, Any], b: tuple[dict, Any]) -> bool:
    alike = a[0].keys() == b[0].keys() and all(map(np.array_equal, a[0].values(), b[0].values()))
    return alike and close(a[1], b[1])


def _untold(candidate: SequenceCandidate, one: tuple[dict, Any]) -> Finding | None:
    """Say what is wrong where the equations are others: not all can be told then."""
    made_of = structural(candidate.anatomy, LSTM)
    if made_of is m.OTHER_CELL:
        return Finding("Without the gates of an LSTM there is no forget gate.", made_of)
    asked = _start(candidate, {"forget_bias": _ASKED})
    if _same_start(one, asked):
        return Finding(m.FORGET_IGNORED.seen, m.FORGET_IGNORED)
    if made_of is m.BIAS_MISSING and all(map(np.array_equal, one[0].values(), asked[0].values())):
        return Finding(m.FORGET_CONSTANT.seen, m.FORGET_CONSTANT)
    return None


_GATES = ("input", "forget", "candidate", "output")


def _starting_biases(candidate: SequenceCandidate, variant: Variant) -> np.ndarray | Finding | None:
    """Return the biases (4, H) that the gates start with; None if that cannot be told."""
    order = candidate.corresponds(variant) if candidate.build.dtype == "float64" else None
    if order is None:
        return None
    build = Build(LSTM.name, SIZES, {"forget_bias": _ASKED}, seed=1)
    anatomy = candidate.subject.ask(Inspect(build))
    if isinstance(anatomy, Raised):
        return Finding(f"With forget_bias={_ASKED:g} the constructor raised {anatomy}.")
    initial = np.concatenate([anatomy.initial[name].ravel() for name, _, _ in anatomy.parameters])
    offset = _offset(candidate, variant, build, order)
    if offset is None:
        return Finding("forget_bias changes more than the start of the forget gate.")
    totals = np.zeros((len(_GATES), H))
    for part in _bias_slots(variant):
        totals += initial[order[part]].reshape(totals.shape)
    totals[_FORGET] += offset
    return totals


def _bias_slots(variant: Variant) -> list[slice]:
    """Return where the oracle's biases lie among its numbers."""
    start, slots = 0, []
    for name, shape in variant.shapes(LSTM.gates, SIZES).items():
        size = int(np.prod(shape))
        if name.startswith("b"):
            slots.append(slice(start, start + size))
        start += size
    return slots


def _offset(
    candidate: SequenceCandidate, variant: Variant, build: Build, order: np.ndarray
) -> float | None:
    """Tell whether the value is added in every step (not stored in a bias): how much it is."""
    shapes = [(name, shape) for name, shape, _ in candidate.anatomy.parameters]
    values = candidate.rng.uniform(-0.8, 0.8, sum(int(np.prod(shape)) for _, shape in shapes))
    parameters, start = {}, 0
    for name, shape in shapes:
        size = int(np.prod(shape))
        parameters[name] = values[start : start + size].reshape(shape)
        start += size
    case = Pass((candidate.x, candidate.lengths), parameters=parameters)
    (outcome,) = candidate.subject.ask(Run(build, (case,)))
    for offset in (0.0, _ASKED):
        ours = values[order]
        slots = _bias_slots(variant)
        if slots:
            ours[slots[0]][_FORGET * H : (_FORGET + 1) * H] += offset
        if close(plain(outcome.value), candidate.oracle(variant).respond(ours)[0]):
            return offset
    return None
