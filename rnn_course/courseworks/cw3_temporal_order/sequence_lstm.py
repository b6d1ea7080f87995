"""Judges the LSTM: everything that the plain network is judged on, and its forget gate's bias."""

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import close, usable
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
)

_ASKED = 5.0
# The second bias of a gate may keep its usual random start, up to 1 / sqrt(H).
_SLACK = 1.01 / np.sqrt(H)
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
        candidate, variant = found
        if variant:
            _judge_bias(candidate, variant, marking)


def _judge_bias(candidate: SequenceCandidate, variant: Variant, marking: Marking) -> None:
    totals = _starting_biases(candidate, variant)
    if isinstance(totals, str):
        marking.failed("forget_bias", totals)
        return
    asked = np.abs(totals - _ASKED).max(1) <= _SLACK
    means = ", ".join(
        f"{gate} {mean:.2f}" for gate, mean in zip(_GATES, totals.mean(1), strict=True)
    )
    said = f"With forget_bias={_ASKED:g} the gates' biases start at (mean over the units): {means}."
    if asked[_FORGET] and asked.sum() == 1:
        marking.passed("forget_bias", said)
    elif asked[_FORGET]:
        marking.failed("forget_bias", said, m.FORGET_ALL_GATES)
    elif asked.any():
        marking.failed("forget_bias", said, m.FORGET_WRONG_GATE)
    elif np.abs(totals[_FORGET] - 2 * _ASKED).max() <= _SLACK:
        marking.failed("forget_bias", said, m.FORGET_DOUBLED)
    elif np.abs(totals[_FORGET] + _ASKED).max() <= _SLACK:
        marking.failed("forget_bias", said, m.FORGET_NEGATED)
    elif (np.abs(totals[_FORGET] - _ASKED) <= _SLACK).any():
        marking.failed("forget_bias", said, m.FORGET_PARTLY)
    elif np.abs(totals[_FORGET]).max() <= 2 * _SLACK:
        marking.failed("forget_bias", said, m.FORGET_IGNORED)
    else:
        marking.failed("forget_bias", said)


_GATES = ("input", "forget", "candidate", "output")


def _starting_biases(candidate: SequenceCandidate, variant: Variant) -> np.ndarray | str:
    """Return the biases (4, H) that the gates start with, or why they cannot be told."""
    order = candidate.corresponds(variant) if candidate.build.dtype == "float64" else None
    if order is None:
        return "Not judged: the gates could not be told apart, see the equations."
    build = Build(LSTM.name, SIZES, {"forget_bias": _ASKED}, seed=1)
    anatomy = candidate.subject.ask(Inspect(build))
    if isinstance(anatomy, Raised):
        return f"With forget_bias={_ASKED:g} the constructor raised {anatomy}."
    initial = np.concatenate([anatomy.initial[name].ravel() for name, _, _ in anatomy.parameters])
    offset = _offset(candidate, variant, build, order)
    if offset is None:
        return "forget_bias changes more than the start of the forget gate."
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
