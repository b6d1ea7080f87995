"""A picture below a cell, with words for readers who do not see it."""

import base64
import sys
from html import escape
from io import BytesIO
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnn_course.errors import CourseError

_DPI = 100
_COLOURS = 128  # a drawing needs no more, and a notebook with some twenty pictures stays small


Picture = Axes | Figure


def describe(picture: Picture, alt: str) -> None:
    """Say what a picture shows; a drawing that knows does it itself.

    Args:
        picture: axes or a figure.
        alt: a sentence or two: read aloud by a screen reader, and printed where there are no
            pictures.
    """
    picture.set_label(" ".join(alt.split()))


def described(figure: Figure, alt: str) -> Figure:
    """Return a figure that says what it shows; see `describe`."""
    describe(figure, alt)
    return figure


def show(picture: Picture, alt: str = "") -> None:
    """Show a picture below the cell.

    Args:
        picture: axes or a figure.
        alt: see `describe`; without it, what the drawing says of itself.

    Raises:
        CourseError: no description.
    """
    Live()(picture, alt)


class Live:
    """One place below a cell, whose picture is replaced at every call.

    What is stored with the notebook is the last picture, as a plain image: it is there without
    JavaScript, without widgets and on paper.
    """

    def __init__(self) -> None:
        self._place: Any = None

    def __call__(self, picture: Picture, alt: str = "") -> None:
        """Show a picture here instead of the last one; see `show`."""
        from IPython.display import display

        content = bundle(picture, alt)
        if self._place is None:
            self._place = display(content, raw=True, display_id=True)
        else:
            self._place.update(content, raw=True)


def bundle(picture: Picture, alt: str = "") -> dict[str, str]:
    """Return a picture in every form that a reader may want, by media type.

    Neither JupyterLab nor nbconvert gives an image/png a description, so HTML says it in their
    place; PDF takes the image, and a terminal the words.

    Args: as for `show`.
    """
    if alt.strip():
        describe(picture, alt)
    words = str(picture.get_label())
    if not words:
        raise CourseError(
            "a description of the picture", "none", 'Say what it shows: show(picture, alt="…").'
        )
    figure = picture.get_figure(root=True) if isinstance(picture, Axes) else picture
    assert figure is not None  # axes that were taken off their figure are nobody's picture
    image = base64.b64encode(_png(figure)).decode()
    html = f'<img style="max-width:100%" alt="{escape(words)}" src="data:image/png;base64,{image}">'
    return {"image/png": image, "text/html": html, "text/plain": words}


def _png(figure: Any) -> bytes:
    from PIL import Image

    drawn, packed = BytesIO(), BytesIO()
    figure.savefig(drawn, format="png", dpi=_DPI)
    _close(figure)
    few = Image.open(drawn).convert("RGB").quantize(_COLOURS)
    few.save(packed, format="png", optimize=True)
    return packed.getvalue()


def _close(figure: Any) -> None:
    """Take a figure from pyplot, which would show it a second time when the cell ends."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)
