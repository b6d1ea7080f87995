"""Buttons by which a voice comes into a notebook: a file that is chosen, or the microphone."""

import base64
import binascii
from collections.abc import Callable
from html import escape
from importlib.resources import files
from typing import Any

from matplotlib.figure import Figure

from rnn_course.errors import CourseError
from rnn_course.plotting.showing import bundle


def listen_to(draw: Callable[[bytes], Figure]) -> None:
    """Show two buttons, and below them what is drawn of the sound that they bring.

    One takes a file. The other records two seconds in the browser; it needs a page that may run
    scripts, such as JupyterLab. Where there is no ipywidgets, a sentence says so.

    Args:
        draw: makes a picture from the bytes of a sound file; what it refuses is said in its place.
    """
    from IPython.display import display

    try:
        import ipywidgets
    except ImportError:
        print("To bring in a sound with a button, install ipywidgets: pip install ipywidgets")
        return
    display(_buttons(ipywidgets, draw))


def _buttons(ipywidgets: Any, draw: Callable[[bytes], Figure]) -> Any:
    """Return a box of: the file's button, the microphone's, the hidden text, and the picture.

    A script cannot hand anything to a kernel by itself. So it writes the recording, as text, into
    a text field that nobody sees, which ipywidgets keeps in step with the kernel.
    """
    file = ipywidgets.FileUpload(
        accept=".wav,.flac,.ogg,.mp3", multiple=False, description="A recording"
    )
    microphone = ipywidgets.HTML(record_button())
    recorded = ipywidgets.Textarea(layout={"display": "none"})
    shown = ipywidgets.HTML()

    def from_file(change: dict[str, Any]) -> None:
        for uploaded in change["new"]:
            shown.value = _answer(draw, bytes(uploaded["content"]))

    def from_microphone(change: dict[str, Any]) -> None:
        shown.value = _answer(draw, _decoded(change["new"]))

    file.observe(from_file, "value")
    recorded.observe(from_microphone, "value")
    return ipywidgets.VBox([file, microphone, recorded, shown])


def record_button() -> str:
    """Return a button as HTML that records and writes into the text field of its box."""
    script = files("rnn_course.plotting").joinpath("record.js").read_text(encoding="utf-8")
    code = script[script.index("(async") :]
    return f'<button onclick="{escape(code)}">Record two seconds</button>'


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""  # is refused as what it is: no sound file


def _answer(draw: Callable[[bytes], Figure], recording: bytes) -> str:
    """Return the picture as HTML; an error of ours is a sentence, any other is the caller's bug."""
    try:
        return bundle(draw(recording))["text/html"]
    except CourseError as error:
        return f"<p>{escape(str(error))}</p>"
