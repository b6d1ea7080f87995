"""What was seen of an answer on one case, in a form that can be compared, stored and told.

A part of a question says with *paths* what it looks at::

    result              what the step named ``result`` returned
    h=train.1           its second part, called h in messages
    grad.0.Wxh          the entry Wxh of its first part
    whole.0.:2==cut.0.:2    whether the first two rows of two results are equal
    result.:,2:         all columns from the third on
    result@changed      which arguments were written into
    result@printed      whether something was printed;  ``@output``: what
    result.Wxh@printed  whether this word was
    result@raised       the type of the exception, "" where there was none
    result@index        the labels of a data frame's rows
    result@dtype        the types of its arrays;  ``@device``: where its tensors are
    result@kind         what Python takes it for; NumPy's float64 is a float, its integers are int
    result@length       how many entries it has, whatever they are;  ``@shape``: its shape
    result@gradients    the gradients of the arguments, where a case asks for them
    result@again        whether the same call gives the same again
    result@random       whether it depends on the global random generators

Numbers are compared as numbers: a list, a tuple and an array of the same numbers are alike unless
a part asks for more; so are NumPy's and torch's, a number and an array of shape ().
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnn_course.checks.requests import Outcome
from rnn_course.checks.values import Frame, Opaque, Tensor

_MOST_TEXT = 2000
MOST_PRINTED = 1000  # characters of what was printed are kept
OTHER_SEED = 7  # how far the global seeds of a second run are from those of the first
_KINDS = "fiub"
# a number in a text with more digits than two processors agree on
_LONG_NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?:e[-+]?\d+)?(?![\w.])", re.IGNORECASE)
_DIGITS = 10


@dataclass(frozen=True, eq=False)
class Seen:
    """Something that was seen: its structure as text, and all its numbers in one row.

    Attributes:
        structure: what it is made of, texts and the places of NaN and ±∞ included.
        numbers: (N,), 0 where a number is not finite.
    """

    structure: str
    numbers: np.ndarray = field(default_factory=lambda: np.empty(0))

    @property
    def finite(self) -> bool:
        """Whether there are numbers, and all are finite."""
        return self.numbers.size > 0 and "|" not in self.structure

    @property
    def shape(self) -> tuple[int, ...] | None:
        """The shape, where this is one array or number."""
        found = re.fullmatch(r"b?\(([\d,]*)\)(?:\|.*)?", self.structure)
        return tuple(int(n) for n in found[1].split(",") if n) if found else None


MISSING = Seen("nothing there")
FAILED, SHAPE = "raises ", "shape "
NOT_REACHED = Seen(f"{FAILED}nothing")  # no such place: what came before it went wrong


@dataclass(frozen=True)
class Loose:
    """How structure is looked at.

    Attributes:
        container: ``any``: a list, a tuple and an array are alike; ``same``: they are not.
        shape: ``same``; ``squeezed``: axes of length one do not count; or ``free``: only the
            numbers in their order do.
        order: ``same``, or ``free``: entries of a list may come in any order.
    """

    container: str = "any"
    shape: str = "same"
    order: str = "same"


@dataclass(frozen=True)
class Trial:
    """What one case gave.

    Attributes:
        outcomes: by the name of the step; those that were reached.
        repeated: the same, of a second run with other global seeds; None where there was none.
    """

    outcomes: Mapping[str, Outcome]
    repeated: Mapping[str, Outcome] | None = None


@dataclass(frozen=True)
class Path:
    """A parsed path; see the module."""

    name: str
    step: str
    keys: tuple[str, ...]
    aspect: str = ""
    other: "Path | None" = None

    @classmethod
    def parse(cls, text: str) -> "Path":
        """Read a path."""
        first, equals, second = text.partition("==")
        if equals:
            left, right = cls.parse(first.strip()), cls.parse(second.strip())
            return cls(left.name, left.step, left.keys, left.aspect, right)
        label, named, rest = text.rpartition("=")
        place, _, aspect = (rest if named else text).partition("@")
        step, *keys = place.strip().split(".")
        name = label if named else (keys[-1] if keys and not _is_place(keys[-1]) else "the result")
        return cls(name.strip(), step, tuple(keys), aspect.strip())

    def look(self, trial: Trial, loose: Loose = Loose()) -> Seen | None:
        """Return what is seen at this path; None where the case has no such step."""
        if self.other is not None:
            here, there = _without(self).look(trial, loose), self.other.look(trial, loose)
            if here is None or there is None:
                return None
            if here.structure.startswith(FAILED):
                return here
            if MISSING in (here, there):
                return MISSING
            return see(bool(here.structure == there.structure and _near(here, there)), loose)
        if self.step not in trial.outcomes:
            return None
        outcome = trial.outcomes[self.step]
        if self.aspect == "raised":
            return see(outcome.error.type if outcome.error else "", loose)
        if outcome.error:
            return Seen(f"{FAILED}{outcome.error.type}")
        return self._aspect(outcome, trial, loose)

    def _aspect(self, outcome: Outcome, trial: Trial, loose: Loose) -> Seen:
        if self.aspect in ("again", "random"):
            again = trial.repeated.get(self.step) if trial.repeated else None
            if again is None or again.error:
                return see(again is None, loose)
            return see(_equal(see(outcome.value, loose), see(again.value, loose)), loose)
        if self.aspect == "changed":
            return see(list(outcome.changed), loose)
        if self.aspect in ("printed", "output"):
            return see(self._printed(outcome.printed), loose)
        value = outcome.gradients if self.aspect == "gradients" else outcome.value
        if self.aspect == "gradients" and isinstance(value, Mapping):
            value = {key: part for key, part in value.items() if part not in ({}, ())}
        found, there = follow(value, self.keys)
        if not there:
            return MISSING
        if self.aspect == "index":
            return see(found.index, loose) if isinstance(found, Frame) else MISSING
        if self.aspect in ("dtype", "device"):
            return Seen(_types(found, self.aspect))
        if self.aspect == "kind":
            return Seen(_kind(found))
        if self.aspect == "length":
            size = length(found)
            return MISSING if size is None else see(size)
        if self.aspect == "shape":
            shape = see(found).shape
            return MISSING if shape is None else Seen(f"{SHAPE}{shape}")
        return see(found, loose)

    def _printed(self, text: str) -> bool | str:
        if self.aspect == "output":
            return text.strip()
        if not self.keys:
            return bool(text.strip())
        # where more was printed than is kept, the word may have been cut off
        return len(text) >= MOST_PRINTED or all(key in text for key in self.keys)


def _without(path: Path) -> Path:
    return Path(path.name, path.step, path.keys, path.aspect)


def _is_place(key: str) -> bool:
    return key.lstrip("-").isdigit() or ":" in key


def follow(value: Any, keys: Sequence[str]) -> tuple[Any, bool]:
    """Return a part of a value, and whether it is there."""
    for key in keys:
        value = value.data if isinstance(value, Tensor) else value
        value = value.columns if isinstance(value, Frame) else value
        try:
            if isinstance(value, Mapping):
                value = value[key]
            elif ":" in key:
                slices = tuple(map(_slice, key.split(",")))
                value = value[slices if len(slices) > 1 else slices[0]]
            else:
                value = value[int(key)]
        except (KeyError, IndexError, TypeError, ValueError):
            return None, False
    return value, True


def _slice(text: str) -> slice:
    start, _, stop = text.partition(":")
    return slice(int(start) if start else None, int(stop) if stop else None)


def length(value: Any) -> int | None:
    """Count the entries of data; None for what has none."""
    value = value.data if isinstance(value, Tensor) else value
    if isinstance(value, (list, tuple, Mapping)):
        return len(value)
    return len(value) if isinstance(value, np.ndarray) and value.ndim else None


def see(value: Any, loose: Loose = Loose()) -> Seen:
    """Take data apart into structure and numbers."""
    numbers: list[np.ndarray] = []
    structure = _structure(value, numbers, loose, 0)
    row = np.concatenate(numbers) if numbers else np.empty(0)
    finite = np.isfinite(row)
    if not finite.all():
        signs = np.where(np.isnan(row), "n", np.where(row > 0, "+", "-"))
        structure += "|" + "".join(np.where(finite, ".", signs))
        row = np.where(finite, row, 0.0)
    if loose.shape != "same" and row.size:
        whole, bar, flags = structure.partition("|")
        structure = f"{_loosely(whole, row.size, loose.shape)}{bar}{flags}"
    return Seen(structure, row)


def _loosely(structure: str, size: int, how: str) -> str:
    """Write a structure with less of its shapes; one number is a number in any case."""
    if how == "free":
        return "()" if size == 1 else f"({size},)"
    squeezed = re.sub(r"(?<=[(,])1,(?=\d)|(?<=[(,])1(?=\))", "", structure)
    return re.sub(r",(?=\))", "", squeezed)


def _structure(value: Any, numbers: list[np.ndarray], loose: Loose, depth: int) -> str:
    if depth > 12:
        return "<deep>"
    if isinstance(value, Tensor):
        value = value.data
    if value is None:
        return repr(value)
    if isinstance(value, str):
        return repr(_LONG_NUMBER.sub(_rounded, value))[:_MOST_TEXT]
    if isinstance(value, Frame):
        return "frame" + _structure(dict(value.columns), numbers, loose, depth)
    if isinstance(value, Mapping):
        parts = (
            f"{k}:{_structure(v, numbers, loose, depth + 1)}" for k, v in sorted(value.items())
        )
        return "{" + ",".join(parts) + "}"
    if isinstance(value, (list, tuple)):
        return _sequence(value, numbers, loose, depth)
    if isinstance(value, (bool, int, float, np.generic, np.ndarray)):
        array = np.asarray(value)
        if array.dtype.kind in _KINDS:
            numbers.append(array.astype(float).reshape(-1))
            kind = "b" if array.dtype.kind == "b" else ""
            return f"{kind}({','.join(map(str, array.shape))})"
    return f"<{value.type if isinstance(value, Opaque) else type(value).__name__}>"


def _rounded(number: re.Match[str]) -> str:
    """Cut a written-out number down to the digits that are the same on every machine."""
    digits = number[0].lower().partition("e")[0].replace(".", "").lstrip("0")
    return f"{float(number[0]):.{_DIGITS}g}" if len(digits) > _DIGITS else number[0]


def _sequence(value: Sequence[Any], numbers: list[np.ndarray], loose: Loose, depth: int) -> str:
    if loose.container == "any" and value:
        array = _rectangular(value)
        if array is not None:
            array = np.sort(array, axis=0) if loose.order == "free" and array.ndim == 1 else array
            return _structure(array, numbers, loose, depth)
    inner: list[tuple[list[np.ndarray], str]] = []
    for item in value:
        own: list[np.ndarray] = []
        inner.append((own, _structure(item, own, loose, depth + 1)))
    if loose.order == "free":
        inner.sort(key=lambda pair: (pair[1], [row.tolist() for row in pair[0]]))
    numbers.extend(row for rows, _ in inner for row in rows)
    name = type(value).__name__ if loose.container == "same" else ""
    return f"{name}[{','.join(text for _, text in inner)}]"


def _rectangular(value: Sequence[Any]) -> np.ndarray | None:
    """Return nested lists of numbers of one shape as an array, None for anything else."""
    items = [item.data if isinstance(item, Tensor) else item for item in value]
    items = [_rectangular(i) if isinstance(i, (list, tuple)) and i else i for i in items]
    arrays = [
        np.asarray(i) for i in items if isinstance(i, (bool, int, float, np.generic, np.ndarray))
    ]
    if len(arrays) != len(items) or len({a.shape for a in arrays}) != 1:
        return None
    kinds = {a.dtype.kind for a in arrays}
    return (
        np.stack(arrays) if kinds <= set(_KINDS) and (len(kinds) == 1 or "b" not in kinds) else None
    )


def _types(value: Any, aspect: str) -> str:
    if isinstance(value, Tensor):
        return value.dtype if aspect == "dtype" else value.device
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{k}:{_types(v, aspect)}" for k, v in sorted(value.items())) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(_types(v, aspect) for v in value) + "]"
    if isinstance(value, (np.ndarray, np.generic)) and aspect == "dtype":
        return str(value.dtype)
    return type(value).__name__


def _kind(value: Any) -> str:
    if isinstance(value, np.integer):
        return "int"
    if isinstance(value, np.float64):
        return "float"
    return value.type if isinstance(value, Opaque) else type(value).__name__


def _equal(a: Seen, b: Seen) -> bool:
    return a.structure == b.structure and np.array_equal(a.numbers, b.numbers)


def _near(a: Seen, b: Seen, tolerance: float = 1e-9) -> bool:
    return gap(a.numbers, b.numbers) <= tolerance


def gap(came: np.ndarray, wanted: np.ndarray) -> float:
    """Return the largest difference, relative where the wanted numbers are above 1."""
    if came.shape != wanted.shape:
        return float("inf")
    if not wanted.size:
        return 0.0
    return float(np.abs(came - wanted).max() / max(1.0, float(np.abs(wanted).max())))


def agree(came: Seen, wanted: Seen, tolerance: float) -> bool:
    """Tell whether two things seen are alike: structure, and numbers up to a tolerance."""
    return came.structure == wanted.structure and gap(came.numbers, wanted.numbers) <= tolerance
