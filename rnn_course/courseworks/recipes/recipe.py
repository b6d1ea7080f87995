"""What a reference is made of, and the tools that all recipes share.

Everything in a reference has a name: ``input/…`` and ``parameter/…`` are given, ``torch/…`` are a
network's parameters in the layout of torch's own, ``output/…`` and ``gradient/…`` are results.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor

from rnn_course.checks.requests import Outcome, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.errors import CheckError

SEED = 2024
Arrays = dict[str, np.ndarray]
Tensors = dict[str, Tensor]


@dataclass(frozen=True)
class Recipe:
    """How one reference is made, and what it is compared with where there is no model answer.

    Attributes:
        coursework: name of the coursework.
        question: id of the question.
        case: tells the references of one question apart.
        calls: the student's function or class, with the arguments of a constructor.
        draw: makes what is given from a seed; float64 and whole numbers.
        oracle: makes the results from what is given, in its floating type and on its device.
        answer: asks the model answer for the same results, and for ``parameter/…`` where the
            answer's layout is its own.
        seed: of the stored reference.
    """

    coursework: str
    question: str
    case: str
    calls: str
    draw: Callable[[int], Arrays]
    oracle: Callable[[Tensors], Tensors]
    answer: Callable[[Subject, Arrays], Arrays]
    seed: int = SEED

    @property
    def name(self) -> str:
        """Where its file is, without the ending."""
        return f"{self.coursework}/{self.question}-{self.case}"


def given_under(prefix: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is named ``prefix/…``, by the rest of the name, in order."""
    start = f"{prefix}/"
    return {name.removeprefix(start): v for name, v in given.items() if name.startswith(start)}


def labelled(prefix: str, named: Mapping[Any, Any]) -> dict[str, Any]:
    """Name things ``prefix/…``."""
    return {f"{prefix}/{name}": value for name, value in named.items()}


def ran(subject: Subject, *steps: Any) -> list[Outcome]:
    """Run steps of a program.

    Raises:
        CheckError: a step raised.
    """
    outcomes: list[Outcome] = subject.ask(Program(steps))
    if error := outcomes[-1].error:
        asked = f"step {len(outcomes)} of {len(steps)} to return something"
        raise CheckError(asked, str(error), "Mend the model answer.")
    return outcomes


def results(subject: Subject, *steps: Any) -> list[Any]:
    """Run steps of a program; return what each came to, as arrays and numbers."""
    return [plain(outcome.value) for outcome in ran(subject, *steps)]
