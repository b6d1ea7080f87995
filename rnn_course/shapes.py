"""Named axes. The legend used in every docstring of this package:

=====  ==========================
``B``  batch
``T``  time steps
``D``  input features
``H``  hidden units
``L``  layers
``K``  classes
``V``  vocabulary
=====  ==========================
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from rnn_course.errors import ShapeError


class Shaped(Protocol):
    """Anything with a shape: a NumPy array, a tensor."""

    @property
    def shape(self) -> Sequence[int]:
        """The size of each axis."""


def expect_shape(name: str, array: Shaped, axes: str, **sizes: int) -> Mapping[str, int]:
    """Check an array's shape against named axes and return the size of each.

    Args:
        name: what the array is called, for the error.
        array: what is checked.
        axes: axis names separated by spaces, e.g. ``"B T D"``; an integer is a fixed size.
        sizes: sizes that are already known, e.g. ``D=20``.

    Returns:
        The size of every named axis.

    Raises:
        ShapeError: the number of axes or the size of one differs.

    >>> import numpy as np
    >>> expect_shape("clip", np.zeros((2, 32, 20)), "B T D", D=20)
    {'D': 20, 'B': 2, 'T': 32}
    """
    names, shape = axes.split(), tuple(array.shape)
    found = dict(sizes)
    fits = len(names) == len(shape)
    for axis, size in zip(names, shape, strict=False):
        wanted = int(axis) if axis.isdigit() else found.setdefault(axis, size)
        fits = fits and wanted == size
    if not fits:
        known = ", ".join(f"{axis} = {size}" for axis, size in sizes.items())
        raise ShapeError(
            f"{name} of shape ({', '.join(names)})" + (f" with {known}" if known else ""),
            f"shape {shape}",
            "Check the order of the axes and whether one is missing (unsqueeze) or too many.",
        )
    return found
