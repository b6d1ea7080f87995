"""What an answer is tried on: inputs drawn from a seed by strategies that compose.

A strategy describes one argument; `calls` makes cases of them::

    calls("softmax_loss", array("B", "D"), array("D", "K"), integers("B", below="K"))

Letters are sizes, drawn once a case, so that shapes fit together. What breaks answers is tried
always and not by luck: every size at its lowest, and every extreme that a strategy knows (zeros,
ties, ±1000, an empty text). The smallest cases come first, and numbers have two decimals, so that
a wrong answer can be shown a call that fits on a line and can be pasted.

References:
    Claessen and Hughes, QuickCheck, ICFP 2000; MacIver and others, Hypothesis, JOSS 4, 2019
    (strategies that compose; failures shown at their smallest).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from rnn_course.checks.measuring import Measure
from rnn_course.checks.requests import Build, Call, Fetch, Load
from rnn_course.checks.values import Frame, Ref, Rng, Tensor

Size = str | int
Step = Build | Call | Load | Fetch

SMALL, SIZES, MORE = "small", "sizes", "more"
"""Groups of `calls`: the first, smallest case; other sizes; another ordinary one."""


@dataclass(frozen=True)
class Case:
    """One set of inputs: what is done with an answer, step by step.

    Attributes:
        said: what is special about it, as a student reads it: ``"B = 1"``.
        steps: by the name of what comes of them; `Ref` to an earlier one by its name.
        group: cases of one kind, so that a part can look at these only.
        seed: of the global generators, on the student's side.
        optional: whether an answer that does not take these arguments loses nothing.
        measured: what is read off the results, on the judge's side; by names of their own.
    """

    said: str
    steps: Mapping[str, Step]
    group: str = ""
    seed: int = 0
    optional: bool = False
    measured: Mapping[str, Measure] = field(default_factory=dict)

    @cached_property  # hundreds of mutants run the same case
    def program(self) -> tuple[Step, ...]:
        """The steps with their references as places."""
        places = {name: index for index, name in enumerate(self.steps)}
        return tuple(_placed(step, places) for step in self.steps.values())


def _placed(value: Any, places: Mapping[str, int]) -> Any:
    if isinstance(value, Ref):
        return Ref(places[value.step], value.path) if isinstance(value.step, str) else value
    if isinstance(value, (list, tuple)):
        return type(value)(_placed(item, places) for item in value)
    if isinstance(value, dict):
        return {key: _placed(item, places) for key, item in value.items()}
    if isinstance(value, Call):
        args, kwargs = _placed(value.args, places), _placed(dict(value.kwargs), places)
        return replace(value, target=_placed(value.target, places), args=args, kwargs=kwargs)
    if isinstance(value, Build):
        args, kwargs = _placed(value.args, places), _placed(dict(value.kwargs), places)
        return replace(value, args=args, kwargs=kwargs)
    if isinstance(value, Load):
        return replace(value, target=_placed(value.target, places))
    if isinstance(value, Fetch):
        return Fetch(_placed(value.target, places), value.what)
    return value


class Draw:
    """What a strategy draws from: one case's randomness and sizes.

    Args:
        rng: the randomness.
        sizes: by letter.
        extreme: the name of the extreme that is asked for, "" for ordinary values.
    """

    def __init__(
        self, rng: np.random.Generator, sizes: Mapping[str, int], extreme: str = ""
    ) -> None:
        self.rng, self.sizes, self.extreme = rng, dict(sizes), extreme

    def size(self, size: Size) -> int:
        """Return a size: a number itself, a letter's, or a letter's and a number's sum."""
        if isinstance(size, int):
            return size
        letter, plus, more = size.partition("+")
        return self.sizes[letter] + (int(more) if plus else 0)

    def shape(self, shape: Sequence[Size]) -> tuple[int, ...]:
        """Return the sizes of a shape."""
        return tuple(map(self.size, shape))


@dataclass(frozen=True)
class Strategy:
    """How to draw one value.

    Attributes:
        draw: makes a value.
        letters: the sizes it reads.
        extremes: names of the special values it knows, such as ``zeros``.
    """

    draw: Callable[[Draw], Any]
    letters: frozenset[str] = frozenset()
    extremes: tuple[str, ...] = ()

    def map(self, function: Callable[[Any], Any]) -> "Strategy":
        """Return a strategy whose values go through a function."""
        return Strategy(lambda at: function(self.draw(at)), self.letters, self.extremes)


def array(
    *shape: Size,
    scale: float = 1.0,
    low: float | None = None,
    high: float | None = None,
    extremes: Iterable[str] = ("zeros", "ties", "thousands", "tiny"),
    dtype: str = "float64",
) -> Strategy:
    """Arrays of numbers with two decimals: normal, or uniform between ``low`` and ``high``.

    Extremes: ``zeros``; ``ties`` (every number stands twice); ``thousands`` (±1000); ``tiny``
    (1e-9, where an ε spoils the result); ``far`` (rows 500 apart). Where values are bounded,
    those of them that the bounds allow, and the bounds themselves (``bounds``).
    """
    bounded = low is not None or high is not None
    names = tuple(extremes) if not bounded else ("bounds",)
    a, b = (low if low is not None else 0.0), (high if high is not None else 1.0)

    def draw(at: Draw) -> np.ndarray:
        sizes, extreme = at.shape(shape), at.extreme if at.extreme in names else ""
        ordinary = at.rng.uniform(a, b, sizes) if bounded else scale * at.rng.normal(size=sizes)
        values = np.round(ordinary, 2) if not extreme else _extreme(extreme, at, sizes, (a, b))
        return values.astype(dtype)

    return Strategy(draw, _letters(shape), names)


def _extreme(
    name: str, at: Draw, sizes: tuple[int, ...], bounds: tuple[float, float]
) -> np.ndarray:
    count = int(np.prod(sizes))
    if name == "zeros":
        return np.zeros(sizes)
    if name == "ties":
        return np.resize(np.round(at.rng.normal(size=(count + 1) // 2), 2), sizes)
    if name == "tiny":
        return 1e-9 * at.rng.choice([-3.0, -1.0, 1.0, 2.0], sizes)
    if name == "bounds":
        return at.rng.choice(bounds, sizes)
    if name == "far":
        rows = 500.0 * np.arange(sizes[0]).reshape(-1, *[1] * (len(sizes) - 1))
        return rows + np.round(at.rng.normal(size=sizes), 2)
    return at.rng.choice([-1000.0, 999.0, 1000.0], sizes)


def integers(*shape: Size, below: Size, low: int = 0) -> Strategy:
    """Arrays of whole numbers from ``low`` to below ``below``; extreme ``alike``: all the same."""

    def draw(at: Draw) -> np.ndarray:
        sizes, top = at.shape(shape), at.size(below)
        if at.extreme == "alike":
            return np.full(sizes, top - 1)
        return at.rng.integers(low, top, sizes)

    return Strategy(draw, _letters((*shape, below)), ("alike",))


def integer(low: int, high: int) -> Strategy:
    """Whole numbers from ``low`` to ``high``, both included; extremes ``low`` and ``high``."""
    ends = {"low": low, "high": high}
    return Strategy(
        lambda at: ends.get(at.extreme, int(at.rng.integers(low, high + 1))), extremes=tuple(ends)
    )


def number(low: float = -3.0, high: float = 3.0) -> Strategy:
    """Numbers with two decimals between two bounds; extremes ``low`` and ``high``."""
    ends = {"low": float(low), "high": float(high)}
    return Strategy(
        lambda at: ends.get(at.extreme, round(float(at.rng.uniform(low, high)), 2)),
        extremes=tuple(ends),
    )


def choice(*options: Any) -> Strategy:
    """One of these; each of them is tried."""
    names = tuple(f"option {index}" for index in range(len(options)))

    def draw(at: Draw) -> Any:
        known = names.index(at.extreme) if at.extreme in names else None
        return options[int(at.rng.integers(len(options))) if known is None else known]

    return Strategy(draw, extremes=names)


def text(
    alphabet: str = "abcde ", length: Size = 12, extremes: Mapping[str, str] | None = None
) -> Strategy:
    """Texts of letters of an alphabet; extremes: ``empty``, and your own by name.

    A question that splits words wants ``{"blanks": "a  b ", "cases": "Ab aB", "odd": "é1-'"}``.
    """
    special = {"empty": ""} | dict(extremes or {})

    def draw(at: Draw) -> str:
        if at.extreme in special:
            return special[at.extreme]
        return "".join(at.rng.choice(list(alphabet), at.size(length)))

    return Strategy(draw, _letters((length,)), tuple(special))


def listed(inner: Strategy, length: Size) -> Strategy:
    """Lists of values of another strategy."""
    return Strategy(
        lambda at: [inner.draw(at) for _ in range(at.size(length))],
        inner.letters | _letters((length,)),
        inner.extremes,
    )


def mapping(**entries: Strategy) -> Strategy:
    """Dicts with text keys, such as a model's parameters."""
    letters = frozenset().union(*(entry.letters for entry in entries.values()))
    extremes = tuple(dict.fromkeys(e for entry in entries.values() for e in entry.extremes))
    return Strategy(
        lambda at: {key: entry.draw(at) for key, entry in entries.items()}, letters, extremes
    )


def tupled(*entries: Strategy) -> Strategy:
    """Tuples of values."""
    letters = frozenset().union(*(entry.letters for entry in entries))
    extremes = tuple(dict.fromkeys(e for entry in entries for e in entry.extremes))
    return Strategy(lambda at: tuple(entry.draw(at) for entry in entries), letters, extremes)


def tensor(inner: Strategy, requires_grad: bool = False) -> Strategy:
    """The arrays of another strategy as torch tensors; floating ones may ask for gradients."""

    def wrap(value: np.ndarray) -> Tensor:
        return Tensor.of(value, requires_grad and value.dtype.kind == "f")

    return inner.map(wrap)


def frame(rows: Size, **columns: Strategy) -> Strategy:
    """pandas data frames: each column is a strategy of one value, drawn for every row."""
    drawn = {name: listed(column, rows) for name, column in columns.items()}
    inner = mapping(**drawn)
    # a column of one value that is an extreme of its strategy; options stay a mixture
    calm = tuple(e for e in inner.extremes if not e.startswith("option"))
    return Strategy(lambda at: Frame(inner.draw(at)), inner.letters | _letters((rows,)), calm)


def generator() -> Strategy:
    """NumPy generators, each with a seed of its own."""
    return Strategy(lambda at: Rng(int(at.rng.integers(1, 10_000))))


def fixed(value: Any) -> Strategy:
    """Always the same value."""
    return Strategy(lambda at: value)


def _letters(shape: Iterable[Size]) -> frozenset[str]:
    return frozenset(size.partition("+")[0] for size in shape if isinstance(size, str))


Cases = Callable[[np.random.Generator], Iterator[Case]]
"""Draws a question's cases from a seed, the smallest first."""


@dataclass(frozen=True)
class Calls:
    """Cases that call one function with drawn arguments; see `calls`."""

    function: str
    args: tuple[Strategy, ...]
    kwargs: Mapping[str, Strategy] = field(default_factory=dict)
    sizes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    group: str = ""
    cotangents: Strategy | None = None

    def __call__(self, rng: np.random.Generator) -> Iterator[Case]:
        """Yield an ordinary small case, each size at its lowest, a larger one, the extremes."""
        letters = sorted(frozenset().union(*(s.letters for s in self._strategies())))
        bounds = {letter: self.sizes.get(letter, (1, 5)) for letter in letters}
        small = _small(bounds)
        yield self._case(rng, small, SMALL, _said(small) or "a call")
        for letter, (low, _) in bounds.items():
            if small[letter] != low:
                yield self._case(rng, small | {letter: low}, SIZES, f"{letter} = {low}")
        if letters:
            larger = {
                letter: min(top, max(small[letter] + 1, int(rng.integers(low, top + 1))))
                for letter, (low, top) in bounds.items()
            }
            yield self._case(rng, larger, SIZES, _said(larger))
        for extreme in dict.fromkeys(e for s in self._strategies() for e in s.extremes):
            yield self._case(rng, small, extreme, _EXTREMES.get(extreme, extreme))
        for _ in range(2 if not letters else 1):
            yield self._case(rng, small, MORE, _said(small) or "another call")

    def _strategies(self) -> tuple[Strategy, ...]:
        weights = () if self.cotangents is None else (self.cotangents,)
        return (*self.args, *self.kwargs.values(), *weights)

    def _case(
        self, rng: np.random.Generator, sizes: Mapping[str, int], extreme: str, said: str
    ) -> Case:
        at = Draw(rng, sizes, extreme)
        args = tuple(strategy.draw(at) for strategy in self.args)
        kwargs = {name: strategy.draw(at) for name, strategy in self.kwargs.items()}
        weights = None if self.cotangents is None else self.cotangents.draw(at)
        step = Call(self.function, args, kwargs, cotangents=weights)
        return Case(said, {"result": step}, self.group or extreme)


_EXTREMES = {
    "zeros": "zeros everywhere",
    "ties": "equal numbers",
    "thousands": "numbers of ±1000",
    "tiny": "tiny numbers",
    "far": "rows far apart",
    "bounds": "numbers at their bounds",
    "alike": "all the same",
    "empty": "an empty text",
}


def _small(bounds: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """Choose small sizes that differ, so that two exchanged axes do not fit by accident."""
    small: dict[str, int] = {}
    for letter, (low, high) in bounds.items():
        free = [n for n in range(max(2, low), high + 1) if n not in small.values()]
        small[letter] = free[0] if free else high
    return small


def _said(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{letter} = {size}" for letter, size in sizes.items())


def calls(
    function: str,
    *args: Strategy,
    sizes: Mapping[str, tuple[int, int]] | None = None,
    group: str = "",
    cotangents: Strategy | None = None,
    **kwargs: Strategy,
) -> Calls:
    """Cases that call a function of the answer with drawn arguments.

    Args:
        function: its name.
        args: strategies of its arguments.
        sizes: lowest and highest of each letter; (1, 5) unless given.
        group: a name for these cases; unless given, that of the extreme.
        cotangents: draws the weights of the results whose gradients are looked at, too.
        kwargs: strategies of its keyword arguments.
    """
    return Calls(function, args, kwargs, sizes or {}, group, cotangents)


def joined(*sources: Cases) -> Cases:
    """Cases of several sources, one source after another."""

    def draw(rng: np.random.Generator) -> Iterator[Case]:
        for source in sources:
            yield from source(rng)

    return draw
