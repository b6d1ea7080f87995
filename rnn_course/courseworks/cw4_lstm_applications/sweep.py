"""Judges a study of settings: the record that the sweep wrote, and what was read off it."""

import json
import math
from typing import Any

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import shown
from rnn_course.checks.requests import Describe
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Opaque, plain
from rnn_course.courseworks.cw4_lstm_applications import sweep_mistakes as m
from rnn_course.data import Vocabulary

FILE = "sweep.jsonl"
NAMES = ("num_steps", "num_hiddens", "lr")
_LEAST = {"num_steps": 2, "num_hiddens": 2, "lr": 3}
_MOST_BYTES = 4 * 2**20
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
_GUESSING = len(Vocabulary.characters())

Point = dict[str, Any]


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on the record and the readings; it has nothing to draw by lot."""
    points = _points(subject, marking)
    if points is None:
        return
    _judge_grid(points, marking)
    _judge_results(points, marking)
    _judge_extreme(subject, "best", points, _perplexity, marking)
    _judge_extreme(subject, "slowest", points, lambda point: -_seconds(point), marking)
    _judge_diverged(subject, points, marking)


def _points(subject: Subject, marking: Marking) -> list[Point] | None:
    content = subject.file(FILE)
    if content is None or not content.strip():
        marking.fail_rest(f"There is no file {FILE}, or nothing in it.", m.NO_RECORD)
        return None
    if len(content) > _MOST_BYTES:
        marking.fail_rest(f"{FILE} has {len(content)} bytes.", m.RECORD_BROKEN)
        return None
    by_setting = {}
    try:
        for line in content.decode().splitlines():
            point = json.loads(line)
            by_setting[tuple(float(point["setting"][name]) for name in NAMES)] = point
            _seconds(point), _perplexity(point)
    except _BROKEN as problem:
        said = f"{FILE} cannot be read: {type(problem).__name__}: {problem}."
        marking.fail_rest(said, m.RECORD_BROKEN)
        return None
    return list(by_setting.values())


def _key(setting: Any) -> tuple[float, ...] | None:
    """Return a setting as numbers; None if it is none."""
    try:
        return tuple(float(setting[name]) for name in NAMES)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _perplexity(point: Point) -> float:
    value = point["result"].get("perplexity") if not point["error"] else None
    return math.inf if value is None or math.isnan(float(value)) else float(value)


def _seconds(point: Point) -> float:
    return float(point["seconds"])


def _judge_grid(points: list[Point], marking: Marking) -> None:
    values = {name: sorted({float(p["setting"][name]) for p in points}) for name in NAMES}
    said = ", ".join(f"{len(found)} {name}" for name, found in values.items())
    said = f"{len(points)} settings: {said}"
    few = [name for name in NAMES if len(values[name]) < _LEAST[name]]
    # only counted: of settings that somebody made up, all combinations might fill the memory
    missing = math.prod(map(len, values.values())) - len({_key(p["setting"]) for p in points})
    if few:
        least = ", ".join(f"{_LEAST[name]} {name}" for name in few)
        marking.failed("grid", f"{said}; at least {least} are asked for.", m.GRID_TOO_SMALL)
    elif missing:
        marking.failed("grid", f"{said}; {missing} are missing.", m.GRID_INCOMPLETE)
    else:
        marking.passed("grid", said + ".")


def _judge_results(points: list[Point], marking: Marking) -> None:
    done = [point for point in points if not point["error"]]
    lacking = [
        p
        for p in done
        if "perplexity" not in p["result"] or not isinstance(p["result"].get("text"), str)
    ]
    best = min(map(_perplexity, points))
    said = f"{len(done)} of {len(points)} settings finished; the best perplexity is {best:.3g}"
    if lacking:
        said = f"{len(lacking)} of {len(done)} finished settings lack a perplexity or a text."
        marking.failed("results", said, m.RESULT_INCOMPLETE)
    elif best >= _GUESSING:
        marking.failed("results", said + ".", m.NOTHING_LEARNED)
    else:
        marking.passed("results", said + ".")


def _judge_extreme(
    subject: Subject, name: str, points: list[Point], rank: Any, marking: Marking
) -> None:
    """Compare a named setting with the one that ranks first."""
    value = plain(subject.ask(Describe(name)).value)
    chosen = _key(value)
    known = {_key(point["setting"]): point for point in points}
    if chosen not in known:
        said = f"`{name}` is {shown(value)}, which is no setting of the sweep."
        marking.failed(name, said, m.NOT_A_SETTING)
        return
    right = min(points, key=rank)
    what = _told(known[chosen])
    if rank(known[chosen]) == rank(right):
        marking.passed(name, f"`{name}` is the setting with {what}.")
        return
    worst = rank(known[chosen]) == max(map(rank, points))
    mistakes = {
        "best": (m.BEST_MISREAD, m.READS_WORST),
        "slowest": (m.SLOWEST_MISREAD, m.READS_FASTEST),
    }
    said = f"`{name}` has {what}; {right['setting']} has {_told(right)}."
    marking.failed(name, said, mistakes[name][worst])


def _numbers(value: Any) -> set[float]:
    """Return the numbers of a list, a tuple, an array or a set, or of one number."""
    if isinstance(value, Opaque) and value.type in ("set", "frozenset"):
        inside = value.text.removeprefix("frozenset(").removesuffix(")")
        value = [float(text) for text in inside.strip("{}").split(",")]
    if isinstance(value, np.ndarray):
        value = value.ravel().tolist()
    numbers = value if isinstance(value, (list, tuple)) else [value]
    if any(isinstance(number, str) for number in numbers):
        raise TypeError("texts are no learning rates")
    return {float(number) for number in numbers}


def _told(point: Point) -> str:
    perplexity = f"perplexity {_perplexity(point):.3g}" if not point["error"] else "an error"
    return f"{perplexity} after {_seconds(point):.2g} s"


def _judge_diverged(subject: Subject, points: list[Point], marking: Marking) -> None:
    value = plain(subject.ask(Describe("diverged")).value)
    broken = {float(p["setting"]["lr"]) for p in points if _perplexity(p) > _GUESSING}
    if not broken:
        worst = max(map(_perplexity, points))
        said = f"The highest perplexity is {worst:.3g}, less than that of guessing, {_GUESSING}."
        marking.failed("diverged", said, m.NO_DIVERGENCE)
        return
    try:
        named = _numbers(value)
    except (TypeError, ValueError, OverflowError):
        marking.failed("diverged", f"`diverged` is {shown(value)}.", m.DIVERGED_MISREAD)
        return
    said = (
        f"`diverged` is {sorted(named)}; a perplexity above {_GUESSING} came at {sorted(broken)}."
    )
    if named == broken:
        marking.passed("diverged", said)
    else:
        failed = {float(p["setting"]["lr"]) for p in points if p["error"]}
        learned = {float(p["setting"]["lr"]) for p in points if _perplexity(p) <= _GUESSING}
        known = (
            (broken < named, m.DIVERGED_TOO_MANY),
            (bool(named) and named == failed, m.DIVERGED_FAILED_ONLY),
            (named < broken, m.DIVERGED_TOO_FEW),
            (bool(named) and named <= learned, m.DIVERGED_INVERTED),
        )
        mistake = next((mistake for seen, mistake in known if seen), m.DIVERGED_MISREAD)
        marking.failed("diverged", said, mistake)
