"""A pytest plugin beside nbval: stored outputs are compared as words and numbers.

nbval compares an output's text. A number that comes out of training, or that lies on the edge of
its last printed digit, is not the same text on every processor. With this plugin the words must be
the same, whole numbers too, and a number with a decimal point may differ by one unit of its last
printed digit::

    pytest -p rnn_course.authoring.nbval_tolerance --nbval notebook.ipynb

A cell whose numbers come out of training says how far they may go from what is stored: the tag
``nbval-rtol-0.05`` allows 5 %.
"""

import re
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from nbval.plugin import IPyNbCell

_NUMBER = re.compile(
    r"(?<![\w.])[-+\u2212]?(?:\d+\.\d*(?:e[-+]?\d+)?|\d+e[-+]?\d+)(?![\w.]*\w)", re.IGNORECASE
)
_TAG = "nbval-rtol-"


class Tolerant(str):
    """A text that equals another one with the same words and nearly the same numbers."""

    rtol: float

    __hash__ = str.__hash__

    def __new__(cls, text: str, rtol: float = 0.0) -> "Tolerant":  # noqa: D102 - see the class
        made = super().__new__(cls, text)
        made.rtol = rtol
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and alike(str(self), str(other), self.rtol)

    def __ne__(self, other: object) -> bool:
        return not self == other


def alike(one: str, other: str, rtol: float = 0.0) -> bool:
    """Tell whether two texts have the same words, and numbers that differ little.

    Args:
        one: a text.
        other: another.
        rtol: how far numbers with a decimal point may differ, as a share of the larger one; at
            least one unit of the last digit of the coarser one is allowed.
    """
    if _words(one) != _words(other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return all(_near(a, b, rtol) for a, b in pairs)


def _words(text: str) -> list[str]:
    ends = [0, *(end for found in _NUMBER.finditer(text) for end in found.span()), len(text)]
    return [text[start:end] for start, end in list(pairwise(ends))[::2]]


def _near(one: str, other: str, rtol: float) -> bool:
    a, b = (float(number.replace("\u2212", "-")) for number in (one, other))
    unit = max(_last_digit(one), _last_digit(other))
    # half a unit more than one: 0.1 + 0.1 is not exactly 0.2
    return abs(a - b) <= max(1.5 * unit, rtol * max(abs(a), abs(b)))


def _last_digit(number: str) -> float:
    """Return what one unit of the last printed digit is worth: 0.01 for 3.67, 1e-9 for 2.5e-08."""
    digits, _, exponent = number.lower().partition("e")
    decimals = len(digits.partition(".")[2])
    return float(10.0 ** (int(exponent or 0) - decimals))


def tolerance(tags: list[str]) -> float:
    """Return the tolerance that a cell's tags ask for, 0 if none does.

    Raises:
        pytest.UsageError: a tag names no share between 0 and 1.
    """
    for tag in tags:
        if tag.startswith(_TAG):
            try:
                rtol = float(tag.removeprefix(_TAG))
            except ValueError:
                rtol = -1.0
            if not 0 <= rtol < 1:
                raise pytest.UsageError(
                    f"Expected a share from 0 to 1 in a cell's tag, such as {_TAG}0.05. "
                    f"Got {tag}. Correct the tag in the notebook."
                )
            return rtol
    return 0.0


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let nbval compare what a cell gives with tolerance."""
    if isinstance(item, IPyNbCell):
        rtol = tolerance(item.cell.metadata.get("tags", []))
        item.sanitize = partial(_tolerant, item.sanitize, rtol)


def _tolerant(sanitize: Callable[[Any], Any], rtol: float, text: Any) -> Any:
    clean = sanitize(text)
    return Tolerant(clean, rtol) if isinstance(clean, str) else clean
