"""Judges ``wrong_predictions`` on a model that keeps count of its own mistakes."""

import math
from typing import Any

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, explain_error, shown, unsound, usable
from rnn_course.checks.report import Misconception
from rnn_course.checks.requests import Build, Call, Describe, Fetch, Outcome, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Ref, Rng, plain
from rnn_course.courseworks.cw3_temporal_order import training_mistakes as m
from rnn_course.seeding import derive

NAME = "wrong_predictions"
_TRIALS, _N = 5, 607
_FEW = (2, 40)  # trials and sequences, to see whether two generators differ


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on ``wrong_predictions``."""
    if not usable(subject, marking, NAME, ("model", "rng", "trials", "n"), "function"):
        return
    outcomes = subject.ask(Program(_steps(derive(seed, NAME))))
    if outcomes[-1].error:
        marking.fail_rest(*explain_error(outcomes[-1].error))
        return
    value, record = plain(outcomes[1].value), plain(outcomes[2].value)
    wrong = _pair_problem(outcomes[1], value)
    if wrong:
        marking.fail_rest(*wrong)
        return
    mean, spread = (float(np.reshape(part, ())) for part in value)
    _judge_mode(record, marking)
    counts = _counts(record)
    others = [plain(outcomes[index].value)["drawn"] for index in (5, 8)]
    _judge_fresh(record, others[0] != others[1] or not others[0], marking, _defaults(subject))
    if record["misread"]:
        said = f"{record['misread']} sequences came with a length that is not theirs."
        marking.failed("mean", said, m.WRONG_LENGTHS)
    if counts is None:
        marking.fail_rest("Not judged: the trials could not be told apart.")
        return
    _judge_number("mean", mean, counts.mean(), _known_means(counts), marking)
    _judge_number("spread", spread, counts.std(ddof=1), _known_spreads(counts), marking)


def _steps(seed: int) -> tuple:
    """One call that is judged, and two short ones that differ in nothing but the generator."""
    build = Build(
        "Scripted",
        (),
        {"wrong_share": 11},
        dtype="float32",
        given="rnn_course.courseworks.cw3_temporal_order.stubs",
    )
    steps: list = [build, Call(NAME, (Ref(0), Rng(seed), _TRIALS, _N)), Fetch(Ref(0, ("record",)))]
    for other in (1, 2):
        model = Ref(len(steps))
        steps += [build, Call(NAME, (model, Rng(seed + other), *_FEW), keep=True)]
        steps += [Fetch(Ref(model.step, ("record",)))]
    return tuple(steps)


def _pair_problem(outcome: Outcome, value: Any) -> Finding | None:
    if value is None:
        return unsound(outcome, None, "The result")
    said = f"It returned {shown(outcome.value)}, not (mean, spread)."
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        return Finding(said, m.NO_TWO_NUMBERS)
    kinds = (int, float, np.generic, np.ndarray)
    numbers = all(isinstance(part, kinds) and np.size(part) == 1 for part in value)
    return None if numbers else Finding(said, m.NO_TWO_NUMBERS)


def _defaults(subject: Subject) -> dict[str, str]:
    return dict(subject.ask(Describe(NAME)).signature or ())


def _counts(record: dict) -> np.ndarray | None:
    """Return how many were wrong in each trial (trials,); None if trials cannot be told apart."""
    counted = _trials(record["tests"])
    if counted is None:  # perhaps each batch was looked at twice
        counted = _trials([test for test in record["tests"] if not test[2]])
    return counted


def _trials(tests: list) -> np.ndarray | None:
    counts, held, wrong = [], 0, 0
    for size, mistakes, _ in tests:
        held, wrong = held + size, wrong + mistakes
        if held == _N:
            counts.append(wrong)
            held = wrong = 0
    return np.array(counts) if held == 0 and len(counts) == _TRIALS else None


def _judge_mode(record: dict, marking: Marking) -> None:
    training = record["trained"] + record["unfrozen"]
    if training or record["graded"]:
        said = f"{training} sequences were predicted in training mode, "
        said += f"{record['trained'] + record['graded']} with gradients."
        marking.failed("frozen", said, m.NOT_EVAL_MODE)
    else:
        marking.passed("frozen", "The model was evaluated as it should be.")


def _judge_fresh(
    record: dict, follows_rng: bool, marking: Marking, defaults: dict[str, str]
) -> None:
    again = record["retested"] + record["retrained"]
    tested = record["tested"] + record["trained"]
    if again == record["repeated"] and tested - again == _TRIALS * _N:
        again, tested = 0, tested - again  # each batch was looked at more than once
    said = f"Asked for {_TRIALS} trials of {_N}, it predicted {tested} sequences"
    wanted = {"trials": "10", "n": "3000"}
    off = [
        f"{name}={defaults[name]}"
        for name in wanted
        if defaults.get(name, "") not in ("", wanted[name])
    ]
    if again:
        marking.failed("trials", f"{said}, {again} of them again.", m.SAME_SEQUENCES)
    elif not follows_rng:
        said = "Two calls with different generators saw the same sequences."
        marking.failed("trials", said, m.DRAWS_ELSEWHERE)
    elif tested != _TRIALS * _N:
        marking.failed("trials", said + ".", m.ONE_TRIAL)
    elif off:
        marking.failed("trials", f"The defaults are {', '.join(off)}.", m.ONE_TRIAL)
    else:
        marking.passed("trials", said + ", all fresh.")


def _known_means(counts: np.ndarray) -> list[tuple[float, Misconception]]:
    mean = counts.mean()
    return [
        (_N - mean, m.COUNTS_RIGHT_ONES),
        (1 - mean / _N, m.COUNTS_RIGHT_ONES),
        (100 - 100 * mean / _N, m.COUNTS_RIGHT_ONES),
        (mean / _N, m.SHARE_OF_ERRORS),
        (100 * mean / _N, m.SHARE_OF_ERRORS),
        (counts.sum(), m.SUMMED_TRIALS),
        (counts.std(ddof=1), m.NO_TWO_NUMBERS),
        (counts[-1], m.ONE_TRIAL),
        (counts[0], m.ONE_TRIAL),
        (counts.cumsum().mean(), m.COUNTER_GOES_ON),
        (np.median(counts), m.MEAN_IS_MEDIAN),
        (np.floor(mean), m.MEAN_ROUNDED),
        (np.rint(mean), m.MEAN_ROUNDED),
    ]


def _known_spreads(counts: np.ndarray) -> list[tuple[float, Misconception]]:
    spread = counts.std(ddof=1)
    return [
        (counts.std(), m.SPREAD_POPULATION),
        (spread**2, m.SPREAD_VARIANCE),
        (counts.var(), m.SPREAD_VARIANCE),
        (counts.cumsum().std(ddof=1), m.COUNTER_GOES_ON),
        (counts.cumsum().std(), m.COUNTER_GOES_ON),
        (np.sqrt(counts.mean() * (1 - counts.mean() / _N)), m.SPREAD_ASSUMED),
        (np.sqrt(counts.mean()), m.SPREAD_ASSUMED),
        (np.ptp(counts), m.SPREAD_RANGE),
        (np.ptp(counts) / 2, m.SPREAD_RANGE),
        (spread / np.sqrt(_TRIALS), m.SPREAD_RANGE),
        (counts.std() / np.sqrt(_TRIALS), m.SPREAD_RANGE),
        (np.abs(counts - counts.mean()).mean(), m.SPREAD_RANGE),
        (spread / _N, m.SHARE_OF_ERRORS),
        (100 * spread / _N, m.SHARE_OF_ERRORS),
        (counts.std() / _N, m.SHARE_OF_ERRORS),
        (100 * counts.std() / _N, m.SHARE_OF_ERRORS),
    ]


def _judge_number(
    criterion: str, came: float, right: float, known: list[Any], marking: Marking
) -> None:
    said = f"The {criterion} is {came:.4g}; {right:.4g} is right."
    if math.isclose(came, right, rel_tol=1e-5, abs_tol=1e-8):
        marking.passed(criterion, said)
    else:
        match = (mistake for value, mistake in known if math.isclose(came, value, rel_tol=1e-5))
        marking.failed(criterion, said, next(match, None))
