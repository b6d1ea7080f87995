"""Runs model answers, and what mistakes make of them. On the judge's side only.

A mutant may loop for ever; no clock decides about that, or the same question would have other
mutants on another machine. The lines that a changed answer executes are counted instead.
"""

import ast
import contextlib
import linecache
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType
from typing import Any

from rnn_course.checks.cases import Case
from rnn_course.checks.convert import returned
from rnn_course.checks.measuring import measured
from rnn_course.checks.observation import OTHER_SEED, Trial
from rnn_course.checks.observe import perform
from rnn_course.checks.question import Edit
from rnn_course.checks.requests import Outcome, Program, StandIn
from rnn_course.errors import AuthoringError

MOST_LINES = 20_000
_FOR_IPYTHON = re.compile(r"^([ \t]*)[%!?].*$", re.MULTILINE)


class EndlessError(BaseException):
    """A changed answer has executed more lines than any that ends."""


def edited(source: str, edits: Sequence[Edit], what: str) -> str:
    """Apply edits to a text, one after another.

    Raises:
        AuthoringError: an old text is not there, or stands there more than once.
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
    return source


def namespace(above: str, source: str, name: str) -> dict[str, Any]:
    """Execute an answer below what stands above it; return what it has defined.

    Raises:
        Exception: whatever the text raises.
    """
    known: dict[str, Any] = {"__name__": "__main__"}
    for text, title in ((above, f"<above {name}>"), (source, f"<{name}>")):
        linecache.cache[title] = (len(text), None, text.splitlines(keepends=True), title)
        exec(compile(text, title, "exec"), known)
    return known


def definitions(source: str) -> str:
    """Return a cell's imports, definitions and constants: what other cells can rely on."""
    kept = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    try:
        body = ast.parse(_FOR_IPYTHON.sub(r"\1pass", source)).body
    except SyntaxError:
        return ""
    wanted = [node for node in body if isinstance(node, kept) or _is_constant(node)]
    return "\n".join(ast.unparse(node) for node in wanted)


def _is_constant(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Assign):
        return False
    try:
        ast.literal_eval(node.value)
    except (ValueError, SyntaxError, TypeError):
        return False
    return True


def attempt(
    known: dict[str, Any], case: Case, given: Sequence[StandIn] = (), *, twice: bool = False
) -> Trial:
    """Run one case on an answer in this process."""
    steps = case.program()
    first = perform(known, Program(steps, case.seed, tuple(given)))
    again = perform(known, Program(steps, case.seed + OTHER_SEED, tuple(given))) if twice else None
    return Trial(_named(case, first), None if again is None else _named(case, again))


def _named(case: Case, outcomes: Sequence[Outcome]) -> Mapping[str, Outcome]:
    return measured(case.measured, dict(zip(case.steps, outcomes, strict=False)))


@contextlib.contextmanager
def bounded(name: str, most: int = MOST_LINES) -> Iterator[None]:
    """Stop an answer that goes on and on; see the module."""
    count = 0

    def inside(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        if count > most:
            raise EndlessError(f"more than {most} lines")
        return inside

    def entered(frame: FrameType, event: str, argument: Any) -> Any:
        return inside if frame.f_code.co_filename == f"<{name}>" else None

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        yield
    finally:
        sys.settrace(before)


def calls_of(known: dict[str, Any], names: Sequence[str], case: Case) -> tuple[StandIn, ...]:
    """Run a case and note what earlier answers were asked, and what they returned."""
    noted: dict[str, list[tuple[Any, Any, Any]]] = {name: [] for name in names}
    own = {name: known[name] for name in names}

    def noting(name: str) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            asked = returned((args, kwargs))
            result = own[name](*args, **kwargs)
            noted[name].append((*asked, returned(result)))
            return result

        return call

    known |= {name: noting(name) for name in names}
    try:
        attempt(known, case)
    finally:
        known |= own
    return tuple(StandIn(name, tuple(calls)) for name, calls in noted.items() if calls)
