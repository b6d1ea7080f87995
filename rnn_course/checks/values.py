"""Data that may cross the seam between a judge and a student's code.

Plain data are ``None``, ``bool``, ``int``, ``float``, ``str``, ``list``, ``tuple``, ``dict`` with
text keys and ``numpy.ndarray``. The classes here stand for what is not plain: a torch tensor, an
object that cannot cross, a result that stays on the student's side, a source of randomness.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Tensor:
    """A torch tensor.

    Attributes:
        data: its numbers; None for a tensor on the ``meta`` device, which has none.
        shape: its shape.
        dtype: torch's name of the type without ``torch.``, e.g. ``"float64"``.
        device: torch's name of the device, e.g. ``"cpu"``.
        requires_grad: whether gradients flow through it. In a request: ask for its gradient.
    """

    data: np.ndarray | None
    shape: tuple[int, ...] = ()
    dtype: str = "float64"
    device: str = "cpu"
    requires_grad: bool = False

    @classmethod
    def of(cls, array: Any, requires_grad: bool = False) -> "Tensor":
        """Wrap an array for sending."""
        array = np.ascontiguousarray(array)
        return cls(array, array.shape, str(array.dtype), "cpu", requires_grad)


@dataclass(frozen=True)
class Opaque:
    """Something that is not data, seen only by the name of its type (and a short text)."""

    type: str
    text: str = ""


@dataclass(frozen=True)
class Frame:
    """A pandas data frame or series, by its columns; a series is a frame of one column.

    Attributes:
        columns: lists or arrays of one length; what is not a number is text.
        index: the labels of the rows; None where they are just numbered.
    """

    columns: Mapping[str, Any]
    index: Any = None


@dataclass(frozen=True)
class Ref:
    """The result of an earlier step of the same program, or a part of it.

    Attributes:
        step: index of the step; in a `cases.Case` its name.
        path: indices or keys that lead to the part.
    """

    step: int | str
    path: tuple[int | str, ...] = ()


@dataclass(frozen=True)
class Rng:
    """Becomes ``numpy.random.default_rng(seed)`` or a torch generator on the student's side."""

    seed: int
    kind: str = "numpy"


@dataclass(frozen=True)
class Raised:
    """An exception of the student's code: its type, its text, and the line that raised it."""

    type: str
    text: str
    line: str = ""

    def __str__(self) -> str:
        at = f" (at `{self.line}`)" if self.line else ""
        return f"{self.type}: {self.text}{at}" if self.text else f"{self.type}{at}"


UNMATCHED = "ParametersDiffer"
"""Type of a `Raised` that no code has raised: a module cannot be given the right one's weights."""


def map_leaves(function: Callable[[Any], Any], value: Any) -> Any:
    """Apply a function to every leaf of nested lists, tuples and dicts, keeping the structure."""

    def inside(value: Any) -> Any:
        if isinstance(value, list):
            return [inside(item) for item in value]
        if isinstance(value, tuple):
            return tuple([inside(item) for item in value])  # twice as fast as of a generator
        if isinstance(value, dict):
            return {key: inside(item) for key, item in value.items()}
        return function(value)

    return inside(value)


def plain(value: Any) -> Any:
    """Replace every `Tensor` by its array (or None), keeping the structure."""
    return map_leaves(lambda leaf: leaf.data if isinstance(leaf, Tensor) else leaf, value)
