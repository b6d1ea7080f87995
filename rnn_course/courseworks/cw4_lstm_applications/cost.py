"""Judges what a cell costs: its parameters and operations by formula, and its time by the clock."""

from typing import Any

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, explain_error, unsound, usable
from rnn_course.checks.mistakes import WRONG_TYPE
from rnn_course.checks.patterns import SCALED
from rnn_course.checks.report import Misconception
from rnn_course.checks.requests import Build, Call, Fetch, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Ref, Tensor, plain
from rnn_course.courseworks.cw4_lstm_applications import work_mistakes as m
from rnn_course.seeding import numpy_generator

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}
_SIZES = ("cell", "input_size", "hidden_size")
_REPEATS, _TRIES = 6, 3
_BY_THE_CLOCK = (m.NOT_MEDIAN, m.NO_WARM_UP, m.BACKWARD_NOT_TIMED, m.OTHER_TIME, m.OTHER_COUNT)
# milliseconds; uneven, so that the median is far from mean, least, last, and median of all seven
_FIRST, _LATER, _BACKWARD = 45, (6, 40, 1, 18, 1, 30, 60, 65, 70, 75), 5


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on the two formulas and the clock."""
    rng = numpy_generator(seed, "cost")
    sizes = [tuple(int(n) for n in rng.choice(np.arange(5, 90), 2, False)) for _ in range(2)]
    _judge_formula(subject, "count_parameters", "parameters", sizes, marking)
    _judge_formula(subject, "flops_per_step", "flops", sizes, marking)
    if usable(
        subject, marking, "seconds_per_call", ("layer", "x", "training", "repeats"), "function"
    ):
        _judge_clock(subject, marking)


def _judge_formula(
    subject: Subject, name: str, criterion: str, sizes: list[tuple[int, int]], marking: Marking
) -> None:
    calls = [(kind, *pair) for kind in GATES for pair in sizes]
    for call in calls:
        outcome = subject.ask(Program((Call(name, call),)))[-1]
        wrong = unsound(outcome, (), name)
        if wrong:
            marking.failed(criterion, *wrong)
            return
        right = _right(criterion, *call)
        came = float(plain(outcome.value))
        if came != right:
            said = f'{name}("{call[0]}", {call[1]}, {call[2]}) is {came:g}; {right} is right.'
            marking.failed(criterion, said, _formula_mistake(criterion, came, call))
            return
        if not isinstance(outcome.value, (int, np.integer)):
            said = f"{name} returned {outcome.value!r}."
            marking.failed(criterion, said, m.NOT_WHOLE)
            return
    odd = subject.ask(Program((Call(name, ("LTSM", 3, 4)),)))[-1]
    if not odd.error or odd.error.type != "ValueError":
        came = f"raised {odd.error.type}" if odd.error else "gave a number"
        marking.failed(criterion, f'cell="LTSM" {came}; ValueError is right.', m.UNKNOWN_TAKEN)
    marking.passed(criterion, f"{name} is right for {len(calls)} cells.")


def _right(criterion: str, kind: str, d: int, h: int) -> int:
    gates = GATES[kind]
    return gates * (h * (d + h) + 2 * h) if criterion == "parameters" else 2 * gates * h * (d + h)


def _formula_mistake(criterion: str, came: float, call: tuple) -> Misconception | None:
    kind, d, h = call
    g, weights = GATES[kind], h * (d + h)
    if criterion == "parameters":
        known = [
            (g * (weights + h), m.ONE_BIAS),
            (g * weights, m.NO_BIAS),
            (g * (weights + 2), m.NO_BIAS),
            (g * (h * d + 2 * h), m.NO_RECURRENT),
            (g * (h * d + h), m.NO_RECURRENT),
            (g * (h * h + 2 * h), m.NO_INPUT),
            (g * (h * h + h), m.NO_INPUT),
            (g * (d * (d + h) + 2 * d), m.SIZES_EXCHANGED),
            (g * (d * d + h * d + 2 * h), m.SIZES_EXCHANGED),
            (g * (d * (d + h) + d), m.SIZES_EXCHANGED),
            (g * (weights + d + h), m.SIZES_EXCHANGED),
            *((x * (weights + b * h), m.GATES_MISCOUNTED) for x in range(1, 6) for b in range(3)),
        ]
    else:
        known = [
            (g * weights, m.ADDS_ONLY_ONCE),
            (2 * g * h * d, m.NO_RECURRENT),
            (g * h * d, m.NO_RECURRENT),
            (2 * g * h * h, m.NO_INPUT),
            (g * h * h, m.NO_INPUT),
            (2 * g * d * (d + h), m.SIZES_EXCHANGED),
            *((2 * g * weights + n * h, m.COUNTS_MORE) for n in range(1, 60)),
            (2 * g * weights - g * h, m.ADDITIONS_EXACT),
            (2 * g * weights - 2 * g * h, m.ADDITIONS_EXACT),
            *((n * g * h * d * h, m.SIZES_MULTIPLIED) for n in (1, 2)),
            *((x * weights * y, m.GATES_MISCOUNTED) for x in range(1, 6) for y in (2, 1)),
        ]
    right = _right(criterion, *call)
    whole = came > 0 and (came % right == 0 or right % came == 0)
    known.append((came, SCALED if whole else m.OTHER_FORMULA))
    return next(mistake for value, mistake in known if value == came)


def _judge_clock(subject: Subject, marking: Marking) -> None:
    """The layer says how long each of its calls took in truth.

    On a busy machine a clock may show more than that, so a time that seems wrong is asked again.
    """
    for training, criterion in ((False, "inference"), (True, "training")):
        for _ in range(_TRIES):
            message, mistake = _judge_time(subject, training)
            if mistake not in _BY_THE_CLOCK:
                break
        if mistake is None:
            marking.passed(criterion, message)
        else:
            marking.failed(criterion, message, mistake)


def _judge_time(subject: Subject, training: bool) -> Finding:
    """Return what was seen, and the mistake, or None where the time is right."""
    x = Tensor.of(np.ones((2, 3, 4), np.float32))
    build = Build(
        "Stopwatch",
        (_FIRST, _LATER, _BACKWARD),
        dtype="float32",
        given="rnn_course.courseworks.cw4_lstm_applications.stand_ins",
    )
    call = Call("seconds_per_call", (Ref(0), x, training, _REPEATS))
    seen = subject.ask(Program((build, call, Fetch(Ref(0, ("record",))))))
    if seen[-1].error:
        return explain_error(seen[-1].error)
    wrong = unsound(seen[1], None, "seconds_per_call")
    if wrong or np.size(plain(seen[1].value)) != 1:
        return wrong or Finding("It returned several numbers, not one.", WRONG_TYPE)
    record: list[dict[str, Any]] = plain(seen[2].value)
    came = float(np.reshape(plain(seen[1].value), ()))
    mistake = _mode_mistake(record, training) or _time_mistake(record, came, training)
    said = f"{_calls(record, training)}; it returned {1000 * came:.3g} ms."
    return Finding(said, mistake)


def _each(record: list[dict], training: bool) -> np.ndarray:
    return np.array([c["forward"] + (c["backward"] if training else 0.0) for c in record])


def _calls(record: list[dict], training: bool) -> str:
    if not record:
        return "The layer was never called"
    times = 1000 * _each(record[1:] or record, training)
    span = f"{times.min():.2g} to {times.max():.2g}"
    return f"{len(record)} calls, the later ones {span} ms each"


def _mode_mistake(record: list[dict], training: bool) -> Misconception | None:
    went_back = [call["backward"] > 0 for call in record]
    if len(record) < _REPEATS:
        return m.ONE_CALL
    if len(record) == _REPEATS:
        return m.NO_WARM_UP
    if training:
        return None if all(went_back[1:]) else m.NO_BACKWARD
    if any(went_back):
        return m.BACKWARD_ALWAYS
    return m.GRADIENTS_IN_INFERENCE if any(c["gradients"] for c in record[1:]) else None


def _time_mistake(record: list[dict], came: float, training: bool) -> Misconception | None:
    """Say what number came if it is not the median of the last calls, as many as asked for."""
    times = _each(record, training)
    last, later = times[-_REPEATS:], times[1:]
    forward = np.array([call["forward"] for call in record])[-_REPEATS:]
    known = [
        (np.median(last), None),
        *((value, m.NOT_MEDIAN) for value in (last.mean(), last.min(), last.max(), last[-1])),
        (later.mean(), m.NOT_MEDIAN),
        *((value, m.TOTAL_TIME) for value in (last.sum(), times.sum())),
    ]
    if len(later) == _REPEATS:
        with_first = (np.median(times), times.mean(), times.max())
        known += [(value, m.NO_WARM_UP) for value in with_first]
    if len(later) > _REPEATS + 3:  # more than a few calls to warm up
        known.append((np.median(later), m.OTHER_COUNT))
    if training:
        known.append((np.median(forward), m.BACKWARD_NOT_TIMED))
    gaps = [abs(came - value) / (0.002 + value) for value, _ in known]
    nearest = int(np.argmin(gaps))
    if gaps[nearest] < 0.25:
        return known[nearest][1]
    for unit in (1e3, 1e6, 1e9):
        if 0.5 * last.min() < came / unit < 2 * times.sum():
            return m.NOT_SECONDS
    if last.min() <= came <= last.max():
        return m.NOT_MEDIAN
    return m.CLOCK_STOPS if came < 0.7 * last.min() else m.OTHER_TIME
