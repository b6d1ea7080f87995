"""Small tools that the judges of this coursework share."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from rnn_course.checks.generic import Finding, close
from rnn_course.checks.report import Misconception
from rnn_course.checks.requests import Call, Outcome, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain

Suspect = tuple[Misconception, Any]


def call(subject: Subject, function: str, *args: Any, **kwargs: Any) -> Outcome:
    """Call a student's function once."""
    return subject.ask(Program((Call(function, args, kwargs),)))[0]


def identify(value: Any, suspects: Iterable[Suspect]) -> Misconception | None:
    """Return the mistake whose result this is: arrays that agree to 1e-7, of whatever shape."""
    for misconception, expected in suspects:
        if expected is not None and close(flat(value), flat(expected), 1e-7):
            return misconception
    return None


def flat(value: Any) -> np.ndarray:
    """Return all numbers of an array, or of a list of arrays, in one row.

    What is not made of numbers gives an empty row.
    """
    value = plain(value)
    try:
        if isinstance(value, (list, tuple)):
            return np.concatenate([flat(part) for part in value])
        return np.asarray(value, dtype=float).reshape(-1)
    except (TypeError, ValueError):
        return np.empty(0)


def altered(
    outcome: Outcome, names: tuple[str, ...], misconception: Misconception
) -> Finding | None:
    """Tell which arguments a call has changed in place, if it has."""
    changed = [names[int(index)] for index in outcome.changed if index.isdigit()]
    if not changed:
        return None
    return Finding(f"After the call, {' and '.join(changed)} had other values.", misconception)
