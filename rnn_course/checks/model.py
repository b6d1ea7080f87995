"""Runs model answers, and what mistakes make of them. On the judge's side only.

A mutant may loop for ever; no clock decides about that, or the same question would have other
mutants on another machine. The lines that a changed answer executes are counted instead.
"""

import ast
import contextlib
import functools
import inspect
import linecache
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import CodeType, FrameType
from typing import Any

import numpy as np

from rnn_course.checks.cases import Case
from rnn_course.checks.convert import in_order, returned
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.matching import Trace, ended, program
from rnn_course.checks.measuring import measured
from rnn_course.checks.observation import OTHER_SEED, Trial, see
from rnn_course.checks.observe import perform
from rnn_course.checks.question import Edit
from rnn_course.checks.requests import Outcome, Program, StandIn
from rnn_course.errors import AuthoringError

MOST_LINES = 20_000


class EndlessError(BaseException):
    """A changed answer has executed more lines than any that ends."""


def edited(source: str, edits: Sequence[Edit], what: str) -> str:
    """Apply edits to a text, one after another.

    Raises:
        AuthoringError: an old text is not there, or stands there more than once; or what comes
            of it is no Python.
    """
    for old, new in edits:
        count = source.count(old)
        if count != 1:
            raise AuthoringError(
                f"{old!r} once in the model answer ({what})",
                "it is not there" if not count else f"it stands there {count} times",
                "Quote more of the line, exactly as it stands in the answer cell.",
            )
        source = source.replace(old, new)
    try:
        _compiled(source, f"<{what}>")
    except SyntaxError as error:
        raise AuthoringError(
            f"Python that runs after the edits ({what})", str(error), "Mend the new text."
        ) from error
    return source


@functools.lru_cache(maxsize=8)
def _compiled(source: str, title: str) -> CodeType:
    """Compile a text; what stands above an answer is the same for all that is tried."""
    return compile(source, title, "exec")


def namespace(above: str, source: str, name: str) -> dict[str, Any]:
    """Execute an answer below what stands above it; return what it has defined.

    Raises:
        Exception: whatever the text raises.
    """
    known: dict[str, Any] = {"__name__": "__main__"}
    for text, title in ((above, f"<above {name}>"), (source, f"<{name}>")):
        linecache.cache[title] = (len(text), None, text.splitlines(keepends=True), title)
        exec(_compiled(text, title), known)
    return known


def attempt(
    known: dict[str, Any], case: Case, traces: Mapping[str, Trace], *, twice: bool = False
) -> Trial:
    """Run one case on an answer in this process; see `matching` for traces."""
    steps, unmatched = program(LocalSubject(known), case, traces)

    def outcomes(seed: int) -> Mapping[str, Outcome]:
        return _named(case, ended(perform(known, Program(steps, seed)), unmatched))

    return Trial(outcomes(case.seed), outcomes(case.seed + OTHER_SEED) if twice else None)


def _named(case: Case, outcomes: Sequence[Outcome]) -> Mapping[str, Outcome]:
    return measured(case.measured, dict(zip(case.steps, outcomes, strict=False)))


class LineBudget:
    """Counts the lines that an answer executes, and stops it when they are used up.

    Python forgets a trace function that raises, so a budget covers one run at a time: whoever
    goes on after `spent` is true is not stopped again.

    Args:
        name: of the answer; lines of other texts are not counted.
        most: how many there are.
    """

    def __init__(self, name: str, most: int = MOST_LINES) -> None:
        self._title, self._left = f"<{name}>", most
        self._before: Any = None

    @property
    def spent(self) -> bool:
        """Whether no line is left."""
        return self._left < 0

    def __enter__(self) -> "LineBudget":
        self._before = sys.gettrace()
        sys.settrace(self._entered)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _entered(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._inside if frame.f_code.co_filename == self._title else None

    def _inside(self, frame: FrameType, event: str, argument: Any) -> Any:
        self._left -= event == "line"
        if self._left < 0:
            raise EndlessError("more lines than any answer that ends")
        return self._inside


def _equal(one: Any, other: Any) -> bool:
    a, b = see(one), see(other)
    return a.structure == b.structure and np.array_equal(a.numbers, b.numbers)


@contextlib.contextmanager
def noting(name: str, entered: set[int]) -> Iterator[None]:
    """Note the first line of every function of an answer that is entered."""

    def entering(frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if code.co_filename == f"<{name}>" and code.co_flags & inspect.CO_OPTIMIZED:
            entered.add(code.co_firstlineno)

    before = sys.gettrace()
    sys.settrace(entering)
    try:
        yield
    finally:
        sys.settrace(before)


def unused(source: str, entered: set[int]) -> frozenset[int]:
    """Return the lines of definitions of which nothing was entered; no case can see them."""
    lines: set[int] = set()
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            span = range(first, (node.end_lineno or first) + 1)
            if not entered.intersection(span):
                lines.update(span)
    return frozenset(lines)


def calls_of(known: dict[str, Any], names: Sequence[str], case: Case) -> tuple[StandIn, ...]:
    """Run a case and note what earlier answers were asked, and what they returned.

    Args:
        known: what the model answer and the cells above it define; as before afterwards.
        names: of the answers, with what of a result counts: ``step.:2``; see `question`.
        case: what is run.
    """
    looks: dict[str, list[str]] = {}
    for name, _, keys in (entry.partition(".") for entry in names):
        looks.setdefault(name, []).append(keys)
    noted: dict[str, list[tuple[Any, Any, Any]]] = {name: [] for name in looks}
    own = {name: known[name] for name in looks}

    def recording_calls(name: str) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            # its own defaults are filled in, not a student's
            asked: tuple[Any, ...] = (in_order(own[name], args, kwargs), {})
            result = own[name](*args, **kwargs)
            if not any(_equal(asked, call[:2]) for call in noted[name]):
                noted[name].append((*asked, returned(result)))
            return result

        return call

    known |= {name: recording_calls(name) for name in looks}
    try:
        attempt(known, case, {})
    finally:
        known |= own
    return tuple(
        StandIn(name, tuple(calls), tuple(looks[name])) for name, calls in noted.items() if calls
    )
