"""Tells kinds of cells, and widths of inputs, by the number of parameters alone.

So one mistake elsewhere in a model does not hide what is right about its cells and its inputs.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnn_course.checks.requests import Anatomy, Build, Inspect
from rnn_course.checks.subject import Subject
from rnn_course.courseworks.cw4_lstm_applications.recurrent import CELLS


def _size(subject: Subject, build: Callable[..., Build], *args: Any) -> int:
    """Return how many parameters a model has."""
    anatomy = subject.ask(Inspect(build(*args)))
    if not isinstance(anatomy, Anatomy):
        return 0
    return sum(int(np.prod(shape)) for _, shape, _ in anatomy.parameters)


def cells_by_size(subject: Subject, build: Callable[..., Build], width: int) -> bool:
    """Tell whether the kinds have 1, 3 and 4 gates, whatever else the model has."""
    rnn, gru, lstm = (_size(subject, build, kind, width) for kind in CELLS)
    return 3 * (gru - rnn) == 2 * (lstm - rnn) > 0


def embedding_by_size(
    subject: Subject, build: Callable[..., Build], vocabulary: int, width: int
) -> bool:
    """Tell whether the recurrent layer is as wide as it should be, whatever else there is."""
    none, two, five = (_size(subject, build, "LSTM", wide) for wide in (None, width, width + 3))
    column = (five - two) / 3 - vocabulary  # what one more input needs, without the table's column
    return none - two == column * (vocabulary - width) - vocabulary * width and column > 0
