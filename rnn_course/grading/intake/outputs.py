"""What of a student's outputs may be shown: text and pictures, nothing that a browser executes."""

import base64
import binascii
from collections.abc import Mapping

import nbformat
from nbformat import NotebookNode

_PICTURES = ("image/png", "image/jpeg")


def harmless(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Rebuild outputs from their text and pictures; leave out what has none or is malformed."""
    kept = []
    for output in outputs:
        try:
            kept.append(_rebuilt(output))
        except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
            continue
    return kept


def pictures(data: Mapping[str, str]) -> dict[str, str]:
    """Return the pictures among pieces of data by their kinds, in base64 and nothing but that.

    Raises:
        binascii.Error: one of them is not in base64.
    """
    return {
        kind: base64.b64encode(base64.b64decode(data[kind])).decode()
        for kind in _PICTURES
        if kind in data
    }


def _rebuilt(output: NotebookNode) -> NotebookNode:
    if output.output_type == "stream":
        name = "stderr" if output.name == "stderr" else "stdout"
        return nbformat.v4.new_output("stream", name=name, text=str(output.text))
    if output.output_type == "error":
        trace = [str(line) for line in output.traceback]
        about = {"ename": str(output.ename), "evalue": str(output.evalue), "traceback": trace}
        return nbformat.v4.new_output("error", **about)
    data = pictures(output.data)
    if "text/plain" in output.data:
        data["text/plain"] = str(output.data["text/plain"])
    if not data:
        raise ValueError("nothing that may be shown")
    return nbformat.v4.new_output("display_data", data=data)
