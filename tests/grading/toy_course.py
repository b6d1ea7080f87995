"""The toy coursework's questions, three small ones."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np

from rnn_course.checks.coursework import Marking, Question
from rnn_course.checks.report import Criterion
from rnn_course.checks.requests import Call, Program
from rnn_course.checks.subject import Subject
from rnn_course.seeding import numpy_generator

DEADLY = "deadly"
"""A submitted file of this name ends the process that grades it, for tests of just that."""


def _elementwise(
    name: str, oracle: Callable[[np.ndarray], np.ndarray]
) -> Callable[[Subject, int, Marking], None]:
    def judge(subject: Subject, seed: int, marking: Marking) -> None:
        _perhaps_die(subject)
        x = numpy_generator(seed, name).normal(size=5)
        (outcome,) = subject.ask(Program((Call(name, (x,)),)))
        if outcome.error:
            marking.fail_rest(f"It raised {outcome.error}")
        elif not isinstance(outcome.value, np.ndarray) or outcome.value.shape != x.shape:
            marking.fail_rest(f"It returned {outcome.value!r}")
        elif np.abs(outcome.value - oracle(x)).max() < 1e-12:
            marking.passed("value")
            marking.passed("pure") if not outcome.changed else marking.failed("pure", "changed")
        else:
            marking.failed("value", f"off by {np.abs(outcome.value - oracle(x)).max():.2g}")

    return judge


def _perhaps_die(subject: Subject) -> None:
    """Die if the submission says so: always, or until the file that it names is there."""
    said = subject.file(DEADLY)
    if said is None:
        return
    if said and Path(said.decode()).exists():
        return
    if said:
        Path(said.decode()).touch()
    os.kill(os.getpid(), signal.SIGKILL)


def _question(
    name: str, oracle: Callable[[np.ndarray], np.ndarray], needs: tuple[str, ...] = ()
) -> Question:
    criteria = (Criterion("value", "Right numbers", 3), Criterion("pure", "Input unchanged", 1))
    return Question(name, name.title(), criteria, _elementwise(name, oracle), (name,), needs)


QUESTIONS = (
    _question("double", lambda x: 2 * x),
    _question("square", lambda x: x * x),
    _question("eighth", lambda x: ((x * x) ** 2) ** 2, ("square",)),
    Question("essay", "Essay", (Criterion("essay", "Marked by a person", 2),)),
)
