"""A small tool of the judges of this coursework."""

from typing import Any

import numpy as np

from rnn_course.checks.values import plain


def flat(value: Any) -> np.ndarray:
    """Return all numbers of an array, or of a list of arrays, in one row.

    What is not made of numbers gives an empty row.
    """
    value = plain(value)
    try:
        if isinstance(value, (list, tuple)):
            return np.concatenate([flat(part) for part in value])
        return np.asarray(value, dtype=float).reshape(-1)
    except (TypeError, ValueError):
        return np.empty(0)
