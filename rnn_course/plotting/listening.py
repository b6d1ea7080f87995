"""A button by which a recording comes into a notebook."""

from collections.abc import Callable
from html import escape
from typing import Any

from rnn_course.errors import CourseError
from rnn_course.plotting.showing import bundle
from rnn_course.plotting.touching import View


def listen_to(draw: Callable[[bytes], View]) -> None:
    """Show a button that takes a sound file, and below it what is drawn of it.

    Where there is no ipywidgets, a sentence says so.

    Args:
        draw: makes a picture from the bytes of the file; what it refuses is said in its place.
    """
    from IPython.display import display

    try:
        import ipywidgets
    except ImportError:
        print("To choose a file with a button, install ipywidgets: pip install ipywidgets")
        return
    display(_button(ipywidgets, draw))


def _button(ipywidgets: Any, draw: Callable[[bytes], View]) -> Any:
    button = ipywidgets.FileUpload(
        accept=".wav,.flac,.ogg,.mp3", multiple=False, description="A recording"
    )
    shown = ipywidgets.HTML()

    def read(change: dict[str, Any]) -> None:
        for file in change["new"]:
            shown.value = _answer(draw, bytes(file["content"]))

    button.observe(read, "value")
    return ipywidgets.VBox([button, shown])


def _answer(draw: Callable[[bytes], View], recording: bytes) -> str:
    """Return the picture as HTML; an error of ours is a sentence, any other is the caller's bug."""
    try:
        return bundle(*draw(recording))["text/html"]
    except CourseError as error:
        return f"<p>{escape(str(error))}</p>"
