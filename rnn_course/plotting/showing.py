"""Shows a picture together with the sentence that stands for it where it cannot be seen.

JupyterLab drops the ``alt`` that a picture's metadata carry, so the sentence travels in HTML, as
the ``alt`` of an ``<img>``, where a screen reader looks for it. The bare PNG goes beside it for
what knows no HTML (a PDF), and the sentence again as plain text for a terminal.
"""

import base64
import io
from collections.abc import Mapping
from html import escape
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnn_course.errors import CourseError

DPI = 100
_COLOURS = 128  # a drawing needs no more, and a notebook stays small enough to be handed in


def show(picture: Axes | Figure, alt: str) -> None:
    """Show a picture below the cell, once, with a text for whoever cannot see it.

    Args:
        picture: axes or a figure; a figure of pyplot's is closed.
        alt: what is to be seen, in a sentence or two.

    Raises:
        CourseError: there is no text.
    """
    from IPython.display import display

    display(bundle(picture, alt), raw=True)


def bundle(picture: Axes | Figure, alt: str) -> Mapping[str, Any]:
    """Return a picture as Jupyter's dict of formats; a figure of pyplot's is closed.

    Args:
        picture: axes or a figure.
        alt: what is to be seen.

    Raises:
        CourseError: there is no text.
    """
    if not alt.strip():
        raise CourseError(
            "a text that says what is to be seen in the picture",
            "none",
            'Write one for those who cannot see it: show(ax, "The loss falls from 2 to 0.1.").',
        )
    encoded = base64.b64encode(_png(_figure(picture))).decode()
    return {
        "text/html": _img(encoded, alt),
        "image/png": encoded,
        "text/plain": alt,
    }


def _img(encoded: str, alt: str) -> str:
    return f'<img alt="{escape(alt)}" src="data:image/png;base64,{encoded}">'


def _figure(picture: Axes | Figure) -> Figure:
    figure = picture.figure if isinstance(picture, Axes) else picture
    return figure if isinstance(figure, Figure) else figure.figure


def _png(figure: Figure) -> bytes:
    """Return a figure as a PNG of few colours; pyplot forgets it, or it would be shown twice."""
    from matplotlib import pyplot
    from PIL import Image

    drawn, packed = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DPI)
    pyplot.close(figure)
    few = Image.open(drawn).convert("RGB").quantize(_COLOURS)
    few.save(packed, format="png", optimize=True)
    return packed.getvalue()
