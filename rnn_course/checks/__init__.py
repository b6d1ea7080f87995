"""The engine: how any answer is judged. It knows no coursework.

What an author of questions needs can be imported from here; the modules say more.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnn_course.checks.cases import (
        Case,
        array,
        calls,
        choice,
        fixed,
        frame,
        generator,
        integer,
        integers,
        joined,
        listed,
        mapping,
        number,
        tensor,
        text,
        tupled,
    )
    from rnn_course.checks.coursework import Coursework, Marking, Question
    from rnn_course.checks.question import Mistake, Part, compare, essay, variables
    from rnn_course.checks.report import Criterion
    from rnn_course.checks.requests import Build, Call, Fetch, Load
    from rnn_course.checks.subject import Subject
    from rnn_course.checks.values import Frame, Ref, Rng, Tensor

_PUBLIC = {
    "cases": (
        "Case array calls choice fixed frame generator integer integers joined listed mapping "
        "number tensor text tupled"
    ),
    "coursework": "Coursework Marking Question",
    "question": "Mistake Part compare essay variables",
    "report": "Criterion",
    "requests": "Build Call Fetch Load",
    "subject": "Subject",
    "values": "Frame Ref Rng Tensor",
}
_MODULE_OF = {name: module for module, names in _PUBLIC.items() for name in names.split()}

__all__ = [
    "Build",
    "Call",
    "Case",
    "Coursework",
    "Criterion",
    "Fetch",
    "Frame",
    "Load",
    "Marking",
    "Mistake",
    "Part",
    "Question",
    "Ref",
    "Rng",
    "Subject",
    "Tensor",
    "array",
    "calls",
    "choice",
    "compare",
    "essay",
    "fixed",
    "frame",
    "generator",
    "integer",
    "integers",
    "joined",
    "listed",
    "mapping",
    "number",
    "tensor",
    "text",
    "tupled",
    "variables",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
