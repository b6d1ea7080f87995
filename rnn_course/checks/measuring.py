"""What cannot be compared as it came is measured first, such as an answer that draws by lot.

Two right answers draw other numbers from one generator. What they have in common is what a
function of the author's reads off them: a range, a share, a law that the draws follow. It gets
plain data, returns plain data, and runs on the judge's side. A part then looks at its result as at
that of any step::

    @measuring
    def shares(drawn, letters): ...

    read = {"shares": Measure(shares, (Ref("drawn"), "ab"))}
    Case("500 draws", {"drawn": Call(...)}, measured=read)

A recording names the function; only one that is marked as `measuring` is called by its name.
"""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rnn_course.checks.requests import Outcome
from rnn_course.checks.values import Opaque, Ref, map_leaves, plain
from rnn_course.errors import CheckError

_MARK = "__measures_answers__"
UNMEASURED = "nothing to be measured"


def measuring(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a function of a module as one that measures what came back."""
    setattr(function, _MARK, True)
    return function


@dataclass(frozen=True)
class Measure:
    """Something that is read off the results of a case's steps.

    Attributes:
        function: the function, or where it is: ``"package.module:name"``.
        args: data; a `Ref` stands for what a step, by its name, returned.
    """

    function: Callable[..., Any] | str
    args: tuple[Any, ...] = ()

    @property
    def place(self) -> str:
        """Where the function is."""
        if isinstance(self.function, str):
            return self.function
        return f"{self.function.__module__}:{self.function.__qualname__}"

    def of(self, outcomes: Mapping[str, Outcome]) -> Outcome:
        """Measure; an exception, or a None, of a step that is needed is the result's, too."""
        failed = next((outcomes[name].error for name in self.needs() if outcomes[name].error), None)
        if failed:
            return Outcome(error=failed)
        given = map_leaves(lambda leaf: _filled(leaf, outcomes), self.args)
        try:
            return Outcome(value=_found(self.place)(*plain(given)))
        except (TypeError, ValueError, IndexError, KeyError, AttributeError) as error:
            empty = next((outcomes[n] for n in self.needs() if outcomes[n].value is None), None)
            return empty or Outcome(value=Opaque(UNMEASURED, type(error).__name__))

    def needs(self) -> list[str]:
        """Name the steps whose results it reads."""
        names: list[str] = []
        map_leaves(
            lambda leaf: names.append(str(leaf.step)) if isinstance(leaf, Ref) else None, self.args
        )
        return names


def measured(
    measures: Mapping[str, Measure], outcomes: Mapping[str, Outcome]
) -> Mapping[str, Outcome]:
    """Return outcomes together with what is measured of those that were reached."""
    reached = {name: m for name, m in measures.items() if all(n in outcomes for n in m.needs())}
    return {**outcomes, **{name: measure.of(outcomes) for name, measure in reached.items()}}


def _filled(leaf: Any, outcomes: Mapping[str, Outcome]) -> Any:
    if not isinstance(leaf, Ref):
        return leaf
    value = plain(outcomes[str(leaf.step)].value)
    for key in leaf.path:
        value = value[key]
    return value


def _found(place: str) -> Callable[..., Any]:
    module, _, name = place.partition(":")
    function: Callable[..., Any] | None = getattr(importlib.import_module(module), name, None)
    if function is None or not getattr(function, _MARK, False):
        raise CheckError(
            "a function that is marked as measuring", place, "Decorate it with @measuring."
        )
    return function


def as_rows(measures: Mapping[str, Measure]) -> list[list[Any]]:
    """Return measures as plain data; see `from_rows`."""
    return [[name, measure.place, list(measure.args)] for name, measure in measures.items()]


def from_rows(rows: Sequence[Sequence[Any]]) -> dict[str, Measure]:
    """Make measures of plain data."""
    return {name: Measure(place, tuple(args)) for name, place, args in rows}
