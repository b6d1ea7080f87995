"""Looks for what can go wrong in any question, so that judges need not.

For a judge, in the order of use::

    if not usable(subject, marking, "LSTMCell", ("input_size", "hidden_size", "bias")):
        return                                    # every criterion has been failed, with the reason
    outcomes = subject.ask(Run(build, cases))
    wrong = unsound(outcomes[0], (B, H), "hy")    # a `Finding`, or None where all is well
    wrong = differs(outcomes[0].value, oracle, "hy")
    if wrong:
        marking.failed("forward", *wrong)

A `Finding` is a message with what was seen, and the misconception behind it where one is known.
"""

import re
from typing import Any, NamedTuple

import numpy as np

from rnn_course.checks.common_exceptions import familiar, meaning
from rnn_course.checks.coursework import Marking
from rnn_course.checks.mistakes import (
    FIXED_DEVICE,
    FIXED_DTYPE,
    IN_PLACE_GRADIENT,
    NAME_MISSING,
    NEVER_SET,
    NOT_FINITE,
    NOT_WRITTEN,
    OTHER_MODULE,
    PRINTS,
    RETURNS_NOTHING,
    SHAPES_DISAGREE,
    UNKNOWN_NAME,
    WRONG_KIND,
    WRONG_SHAPE,
    WRONG_SIGNATURE,
    WRONG_TYPE,
)
from rnn_course.checks.report import Misconception
from rnn_course.checks.requests import Describe, Outcome
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import UNMATCHED, Opaque, Raised, Tensor, plain


class Finding(NamedTuple):
    """What is wrong: what was seen, and the known mistake behind it, if there is one."""

    message: str
    misconception: Misconception | None = None


_BY_TEXT: tuple[tuple[str, Misconception], ...] = (
    (r"expected device|same device|device type|on device|different devices", FIXED_DEVICE),
    (
        r"same dtype|scalar type|dtype of|match weight dtype"
        r"|Float but|Double but|but got (Float|Double)",
        FIXED_DTYPE,
    ),
    (r"inplace operation|in-place operation|a view of a leaf", IN_PLACE_GRADIENT),
    (
        r"shapes? cannot be|size mismatch|must match the size|not aligned|could not be broadcast"
        r"|non-broadcastable|broadcast together|mismatch in its core|is invalid for input of size"
        r"|Sizes of tensors must match|same number of dimensions|shape mismatch|sizes do not match"
        r"|equal in size|expanded size|doesn't match the broadcast|incorrect batch size",
        SHAPES_DISAGREE,
    ),
)
_ARGUMENTS = (
    r"positional argument|unexpected keyword argument|multiple values for argument"
    r"|required keyword-only|takes no arguments"
)


def explain_error(error: Raised) -> Finding:
    """Say what an exception of the student's code usually means."""
    if error.type == UNMATCHED:
        return Finding(error.text, OTHER_MODULE)
    message = f"Your code raised {error}."
    if error.type == "NotImplementedError" and not error.text:
        return Finding(message, NOT_WRITTEN)
    if error.type == "UnboundLocalError":
        return Finding(message, NEVER_SET)
    if error.type == "NameError":
        return Finding(message, UNKNOWN_NAME)
    if error.type == "TypeError" and re.search(_ARGUMENTS, error.text):
        return Finding(message, WRONG_SIGNATURE)
    if known := familiar(error.text):
        return Finding(message, known)
    for pattern, misconception in _BY_TEXT:
        if re.search(pattern, error.text):
            return Finding(message, misconception)
    return Finding(message, meaning(error))


def usable(
    subject: Subject,
    marking: Marking,
    name: str,
    signature: tuple[str, ...],
    kind: str = "module",
) -> bool:
    """Tell whether a name stands for something that can be called as the question says.

    If not, every undecided criterion is failed with the reason. Arguments may bear other names
    (that is noted), further ones may follow if they have defaults; the order must be right.

    Args:
        subject: the student's answers.
        marking: of the question.
        name: the class or function.
        signature: its arguments in order, of a class those of the constructor.
        kind: ``module``, ``class`` or ``function``.
    """
    wrong = unfit(subject, marking, name, signature, kind)
    if wrong:
        marking.fail_rest(*wrong)
    return wrong is None


def unfit(
    subject: Subject,
    marking: Marking,
    name: str,
    signature: tuple[str, ...],
    kind: str = "module",
) -> Finding | None:
    """Find what keeps a name from being called as the question says; fails nothing.

    Args: as for `usable`.
    """
    found = subject.ask(Describe(name))
    if found.kind == "missing":
        return Finding(f"Nothing called `{name}` is defined.", NAME_MISSING)
    if found.kind != kind and not (kind == "class" and found.kind == "module"):
        return Finding(f"`{name}` is {_KINDS[found.kind]}, not {_KINDS[kind]}.", WRONG_KIND)
    return _signature_problem(name, found.signature, signature, marking)


_KINDS = {
    "module": "a class derived from nn.Module",
    "class": "a class that is no nn.Module",
    "function": "a function",
    "value": "a value",
}


def _signature_problem(
    name: str,
    found: tuple[tuple[str, str], ...] | None,
    wanted: tuple[str, ...],
    marking: Marking,
) -> Finding | None:
    if found is None or any(argument.startswith("*") for argument, _ in found):
        return None
    names = tuple(argument for argument, _ in found)
    shown = f"`{name}({', '.join(names)})` instead of `{name}({', '.join(wanted)})`"
    required = sum(default == "" for _, default in found)
    if len(names) < len(wanted) or required > len(wanted):
        return Finding(f"It is {shown}.", WRONG_SIGNATURE)
    if set(names) >= set(wanted) and names[: len(wanted)] != wanted:
        return Finding(f"It is {shown}: the order differs.", WRONG_SIGNATURE)
    if names[: len(wanted)] != wanted:
        marking.notes.append(f"Arguments bear other names than in the question: {shown}.")
    return None


def shown(value: Any) -> str:
    """Describe a value in a few words: what it is and its shape."""
    if isinstance(value, Tensor):
        return f"a {value.dtype} tensor of shape {value.shape}"
    if isinstance(value, np.ndarray):
        return f"a {value.dtype} array of shape {value.shape}"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(shown(item) for item in value[:3])
        return f"a {type(value).__name__} of {len(value)} ({inner}{', …' if value[3:] else ''})"
    if isinstance(value, dict):
        return f"a dict with the keys {', '.join(map(repr, value))}"[:80]
    if isinstance(value, Opaque):
        return value.text if value.type == "int" else f"an object of type {value.type}"
    return "None" if value is None else f"{type(value).__name__} {str(value)[:40]!r}"


def unsound(
    outcome: Outcome,
    shape: tuple[int, ...] | None,
    what: str,
    dtype: str | None = None,
    path: tuple[int | str, ...] = (),
) -> Finding | None:
    """Find what keeps a result from being compared: an exception, None, type, shape, dtype, NaN.

    Args:
        outcome: of one case or step.
        shape: the shape that is right; () for a number; None for any.
        what: how the student calls the result, e.g. ``"hy"``.
        dtype: the type that is right, None for any floating or integer type.
        path: where in the outcome's value the array is; tuples and lists of any kind will do.
    """
    if outcome.error:
        return explain_error(outcome.error)
    value = outcome.value
    for index, part in enumerate(path):
        if value is None:
            break
        try:
            value = value[part]
        except (TypeError, IndexError, KeyError):
            whole = "The result" if index == 0 else "A part of the result"
            return Finding(f"{whole} is {shown(value)}; it has no part {part!r}.", WRONG_TYPE)
    if value is None:
        return Finding(f"{what} is None.", PRINTS if outcome.printed.strip() else RETURNS_NOTHING)
    if not isinstance(value, (Tensor, np.ndarray, np.generic, int, float)):
        return Finding(f"{what} should be an array, and is {shown(value)}.", WRONG_TYPE)
    return _array_problem(value, shape, what, dtype)


def _array_problem(
    value: Any, shape: tuple[int, ...] | None, what: str, dtype: str | None
) -> Finding | None:
    came = value.shape if isinstance(value, Tensor) else np.shape(value)
    if shape is not None and tuple(came) != tuple(shape):
        return Finding(f"{what} has shape {tuple(came)}; {tuple(shape)} is right.", WRONG_SHAPE)
    kind = value.dtype if isinstance(value, Tensor) else str(np.asarray(value).dtype)
    if dtype is not None and kind != dtype:
        return Finding(f"{what} has dtype {kind}; {dtype} is right.", FIXED_DTYPE)
    numbers = plain(value)
    if numbers is not None and not np.all(np.isfinite(numbers)):
        bad = int(np.size(numbers) - np.count_nonzero(np.isfinite(numbers)))
        return Finding(
            f"{what} has {bad} of {np.size(numbers)} numbers NaN or infinite.", NOT_FINITE
        )
    return None


def difference(value: Any, expected: Any) -> float:
    """Return the largest absolute difference of two arrays; infinite if they cannot be compared."""
    a, b = np.asarray(plain(value)), np.asarray(plain(expected))
    if a.shape != b.shape or a.dtype.kind not in "fiub":
        return float("inf")
    if a.size == 0:
        return 0.0
    with np.errstate(invalid="ignore"):
        gap = np.abs(a.astype(float) - b.astype(float)).max()
    return float(gap) if np.isfinite(gap) else float("inf")


def close(value: Any, expected: Any, tolerance: float = 1e-9) -> bool:
    """Tell whether two arrays have one shape and agree to a tolerance, relative above 1."""
    return difference(value, expected) <= tolerance * max(1.0, _size(expected))


def _size(expected: Any) -> float:
    numbers = np.abs(np.asarray(plain(expected), dtype=float))
    return float(numbers.max()) if numbers.size else 0.0


def differs(value: Any, expected: Any, what: str, tolerance: float = 1e-9) -> Finding | None:
    """Compare with an oracle; the finding says how much differs, and where most."""
    if close(value, expected, tolerance):
        return None
    a, b = np.asarray(plain(value)), np.asarray(plain(expected))
    if a.shape != b.shape:
        return Finding(f"{what} has shape {a.shape}; {b.shape} is right.", WRONG_SHAPE)
    gap = np.nan_to_num(np.abs(a.astype(float) - b), nan=np.inf, posinf=np.inf)
    where = np.unravel_index(int(gap.argmax()), gap.shape)
    at = f"[{', '.join(map(str, where))}]" if where else ""
    wrong = int((gap > tolerance * max(1.0, _size(b))).sum())
    return Finding(
        f"{what}: {wrong} of {gap.size} numbers differ; "
        f"{what}{at} is {float(a[where]):.6g} where {float(b[where]):.6g} is right."
    )
