"""Runs parts of a judgement side by side, so that what they ask goes out in one message.

::

    state, batch = together(lambda: judge_state(subject), lambda: judge_batch(subject))
    state()  # what judge_state returned, or the exception it raised

A part runs until it asks something; when every part waits or has ended, all that was asked is
answered at once, and the parts go on, always in the same order. A kernel is so spoken to as often
as the part that asks most, not as often as all of them together.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from greenlet import getcurrent, greenlet

from rnn_course.errors import ObservationError

Later = Callable[[], Any]  # gives a result, or raises what came instead


class _Part(greenlet):
    """A part: what it switches to its parent are its questions, what it gets back the answers."""


def together(*parts: Callable[[], Any]) -> list[Later]:
    """Run parts, functions without arguments; return for each what it has come to."""
    ended: dict[int, Later] = {}
    asking: dict[int, tuple[_Part, list]] = {}

    def go_on(index: int, part: _Part, *answers: list[Later]) -> None:
        try:
            came = part.switch(*answers)
        except Exception as error:
            ended[index] = partial(_raise, error)
            return
        if part.dead:
            ended[index] = partial(_give, came)
        else:
            asking[index] = part, came

    for index, part in enumerate(parts):
        go_on(index, _Part(part))
    while asking:
        waiting, asking = asking, {}
        answers = iter(answered([q for _, questions in waiting.values() for q in questions]))
        for index, (part, questions) in waiting.items():
            go_on(index, part, [next(answers) for _ in questions])
    return [ended[index] for index in range(len(parts))]


def answered(questions: Sequence[tuple[Any, Any]]) -> list[Later]:
    """Have pairs of a subject and a request answered, with those of the parts beside, if any."""
    here = getcurrent()
    if isinstance(here, _Part):
        return here.parent.switch(questions)
    found: dict[int, Later] = {}
    for subject in {id(subject): subject for subject, _ in questions}.values():
        places = [index for index, (asked, _) in enumerate(questions) if asked is subject]
        came = _answers(subject, [questions[index][1] for index in places])
        for index, later in zip(places, came, strict=True):
            found[index] = later
    return [found[index] for index in range(len(questions))]


def _answers(subject: Any, requests: list[Any]) -> list[Later]:
    """Return an answer to each; where the subject is lost on the way, the rest raise that."""
    found: list[Later] = []
    try:
        for answer in subject.answers(requests):
            found.append(partial(_give, answer))
    except ObservationError as error:
        found += [partial(_raise, error)] * (len(requests) - len(found))
    return found


def _give(value: Any) -> Any:
    return value


def _raise(error: Exception) -> Any:
    raise error
