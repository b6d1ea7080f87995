"""Which mistakes a coursework declares and no known answer shows.

A mistake of a question that is data is made by an edit of its model answer, and `question_audit`
looks whether it is seen. One without edits, and one that a judge by hand tells, are only known to
be told if some answer of the corpus is told them.

What a judge by hand can tell is what the modules of its package hold: a `Misconception` by a name,
or in a tuple, a list or a dict. What any question can show (`checks.mistakes`) is not counted.
"""

import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from rnn_course.checks import forbidden, mistakes, patterns
from rnn_course.checks.coursework import Question
from rnn_course.checks.report import Misconception

_DEEPEST = 3  # containers in containers


def without_example(questions: Iterable[Question], told: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of declared mistakes that none of the known answers is told, in order.

    Args:
        questions: as they are declared, see `courses.CourseworkFolder.declared`. They have judged,
            so that all that their judges import is imported.
        told: ids of the mistakes that answers to them were told.
    """
    known = set(told)
    return tuple(sorted(set(_untried(questions)) - known))


def declared(questions: Iterable[Question]) -> tuple[str, ...]:
    """Return the ids of all mistakes that questions declare, with edits or without."""
    questions = list(questions)
    compared = [q.comparison for q in questions if q.comparison is not None]
    edited = {mistake.id for comparison in compared for mistake in comparison.mistakes}
    return tuple(sorted(edited | set(_untried(questions))))


def _untried(questions: Iterable[Question]) -> Iterator[str]:
    """Yield what only an answer can show to be told."""
    rooms: dict[int, Mapping[str, Any]] = {}
    for question in questions:
        if question.comparison is not None:
            yield from (m.id for m in question.comparison.mistakes if not m.ways())
        if question.judge is not None:
            rooms |= {id(names): names for names in _room(question.judge)}
    for names in rooms.values():
        for value in list(names.values()):
            yield from (each.id for each in _misconceptions(value, 0))


def _room(judge: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the names of a judge's module and of all in its package."""
    while isinstance(judge, partial):
        judge = judge.func
    function = inspect.unwrap(judge)
    yield getattr(function, "__globals__", {})
    package, dot, _ = getattr(function, "__module__", "").rpartition(".")
    for name, module in list(sys.modules.items()):
        if dot and name.startswith(f"{package}."):
            yield vars(module)


def _misconceptions(value: Any, depth: int) -> Iterator[Misconception]:
    if isinstance(value, Misconception):
        if not _everybodys(value):
            yield value
    elif depth < _DEEPEST and isinstance(value, (tuple, list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _misconceptions(item, depth + 1)


def _everybodys(mistake: Misconception) -> bool:
    return any(mistake in vars(module).values() for module in (mistakes, patterns, forbidden))
