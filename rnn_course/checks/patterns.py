"""Says how a wrong result is related to the right one, where no known mistake explains it.

A judge asks this last. What it learns is no diagnosis of the code, but it is true, it is in
numbers, and it tells a student where to look: a factor, a sign, an axis, a single row.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnn_course.checks.generic import Finding, close
from rnn_course.checks.mistakes import mistake
from rnn_course.checks.values import plain

UNSTEADY = mistake(
    "other_result_each_time",
    "The same call gives another result the second time.",
    "Nothing here is to be drawn by lot, and nothing is to be kept from one call to the next.",
)
ALL_ZERO = mistake(
    "result_all_zero",
    "Every number of the result is zero.",
    "It was made and never filled in, or was multiplied by something that is zero.",
)
SINGLE_PRECISION = mistake(
    "single_precision",
    "The result is right to about seven digits and no further.",
    "Somewhere the numbers became float32. Let new arrays take their type from the input.",
)
NEGATED = mistake(
    "sign_reversed",
    "Every number has the wrong sign.",
    "Look for a minus that is missing or one too many, or a difference taken the wrong way round.",
)
SCALED = mistake(
    "one_factor_off",
    "Every number is wrong by one and the same factor.",
    "Look for a mean in place of a sum, a size that is divided by twice, a term added twice.",
)
SHIFTED = mistake(
    "one_amount_off",
    "Every number is off by one and the same amount.",
    "A constant was added that does not belong there, or one was left out.",
)
TRANSPOSED = mistake(
    "result_transposed",
    "Rows and columns are exchanged.",
    "Write the shape beside each line; a square matrix fits both ways and raises no error.",
)
REORDERED = mistake(
    "numbers_in_other_places",
    "The right numbers came back, but in other places.",
    "Two axes are exchanged, or rows come in another order, as a reshape leaves them.",
)
ROWS_ALIKE = mistake(
    "rows_all_alike",
    "All rows of the result are the same, and they should not be.",
    "One row was computed and used for all, or the rows were averaged.",
)
SOME_ROWS = mistake(
    "some_rows_wrong",
    "Some rows of the result are right and others are wrong.",
    "What is done for one row is to be done for each: look for an index 0, a range that is too "
    "short, or a value of one row that is used for all.",
)
CUT_OFF = mistake(
    "numbers_cut_off",
    "The numbers are the right ones, cut off at some bound.",
    "Nothing in this result is to be limited.",
)
ROUNDED = mistake(
    "numbers_rounded",
    "The numbers are the right ones, rounded.",
    "Round what is printed, not what is returned: others go on computing with it.",
)
FUNCTION_ON_TOP = mistake(
    "function_on_top",
    "The result follows the right one, but through another function.",
    "Where the right number is larger, so is yours: something was applied to it that should not "
    "be, or one function was taken for another.",
)


def related(found: Any, expected: Any, tolerance: float = 1e-7) -> Finding | None:
    """Name the relation between a wrong array and the right one; None if there is none.

    Args:
        found: the student's.
        expected: the right one; of the same shape, or its transpose.
        tolerance: up to which two arrays agree, relative above 1.
    """
    a, b = plain(found), plain(expected)
    try:
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    except (TypeError, ValueError):
        return None
    if not b.size or a.size != b.size or not np.isfinite(a).all():
        return None
    if a.shape != b.shape:
        flipped = a.ndim == 2 and close(a.T, b, tolerance)
        return Finding("Rows and columns are exchanged.", TRANSPOSED) if flipped else None
    return next((finding for look in _LOOKS if (finding := look(a, b, tolerance))), None)


def _zero(a: np.ndarray, b: np.ndarray, tolerance: float) -> Finding | None:
    return None if a.any() else Finding("All numbers are 0.", ALL_ZERO)


def _precision(a: np.ndarray, b: np.ndarray, tolerance: float) -> Finding | None:
    return Finding("It agrees to seven digits.", SINGLE_PRECISION) if close(a, b, 2e-6) else None


def _factor(a: np.ndarray, b: np.ndarray, tolerance: float) -> Finding | None:
    if b.size < 2 or not b.any():
        return None
    factor = float((a * b).sum() / (b * b).sum())
    if not close(a, factor * b, tolerance) or abs(factor) < 1e-6:
        return None
    said = f"It is {factor:.4g} times the right one at every number."
    return Finding(said, NEGATED if abs(factor + 1) < 1e-6 else SCALED)


def _amount(a: np.ndarray, b: np.ndarray, tolerance: float) -> Finding | None:
    amount = float((a - b).mean())
    if b.size < 2 or not close(a, b + amount, tolerance):
        return None
    return Finding(f"It is {abs(amount):.4g} too {_way(amount)} at every number.", SHIFTED)


def _way(amount: float) -> str:
    return "large" if amount > 0 else "small"


def _places(a: np.ndarray, b: np.ndarray, tolerance: float) -> Finding | None:
    if a.ndim == 2 and a.shape[0] == a.shape[1] and close(a.T, b, tolerance):
        return Finding("It is the right one transposed.", TRANSPOSED)
    same = b.size > 1 and close(np.sort(a, axis=None), np.sort(b, axis=None), tolerance)
    return Finding("The right numbers stand in other places.", REORDERED) if same else None


def _rows(a: np.ndarray, b: np.ndarray, tolerance: float) -> Finding | None:
    if a.ndim < 2 or len(a) < 2:
        return None
    right = [i for i in range(len(a)) if close(a[i], b[i], tolerance)]
    if right:
        wrong = [i for i in range(len(a)) if i not in right]
        return Finding(f"{_named_rows(right)} right, {_named_rows(wrong)} wrong.", SOME_ROWS)
    alike, right_alike = (close(x, np.broadcast_to(x[:1], x.shape), tolerance) for x in (a, b))
    alike = alike and not right_alike
    return Finding("All rows are the same.", ROWS_ALIKE) if alike else None


def _named_rows(rows: list[int]) -> str:
    shown = ", ".join(map(str, rows[:4])) + (", …" if rows[4:] else "")
    return f"row {shown} is" if len(rows) == 1 else f"rows {shown} are"


def _bounded(a: np.ndarray, b: np.ndarray, tolerance: float) -> Finding | None:
    low, high = a.min(), a.max()
    if close(a, b.clip(low, high), tolerance) and high > low:
        return Finding(f"It is cut to [{low:.4g}, {high:.4g}].", CUT_OFF)
    digits = next((d for d in range(5) if close(a, np.round(b, d), 1e-12)), None)
    return None if digits is None else Finding(f"It is rounded to {digits} digits.", ROUNDED)


def _function(a: np.ndarray, b: np.ndarray, tolerance: float) -> Finding | None:
    if b.size < 8:
        return None
    steps = np.diff(a.ravel()[b.ravel().argsort()])
    grows = (steps >= -tolerance).all() and np.ptp(a) > 1e-6
    return Finding("It grows with the right one.", FUNCTION_ON_TOP) if grows else None


_LOOKS: tuple[Callable[[np.ndarray, np.ndarray, float], Finding | None], ...] = (
    _zero,
    _precision,
    _factor,
    _amount,
    _places,
    _rows,
    _bounded,
    _function,
)


def explained(finding: Finding, found: Any, expected: Any) -> Finding:
    """Add to a finding that names nothing how the result is related to the right one."""
    if finding.misconception is not None:
        return finding
    relation = related(found, expected)
    if relation is None:
        return finding
    return Finding(f"{finding.message} {relation.message}", relation.misconception)
