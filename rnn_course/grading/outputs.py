"""What of a student's outputs may be shown: text and pictures, nothing that a browser executes."""

import base64
import binascii

import nbformat
from nbformat import NotebookNode

_PICTURES = ("image/png", "image/jpeg")


def harmless(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Rebuild outputs from their text and pictures; leave out what is malformed."""
    kept = []
    for output in outputs:
        try:
            kept.append(_rebuilt(output))
        except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
            continue
    return kept


def _rebuilt(output: NotebookNode) -> NotebookNode:
    if output.output_type == "stream":
        name = "stderr" if output.name == "stderr" else "stdout"
        return nbformat.v4.new_output("stream", name=name, text=str(output.text))
    if output.output_type == "error":
        trace = [str(line) for line in output.traceback]
        about = {"ename": str(output.ename), "evalue": str(output.evalue), "traceback": trace}
        return nbformat.v4.new_output("error", **about)
    data = {}
    for kind in _PICTURES:
        if kind in output.data:
            data[kind] = base64.b64encode(base64.b64decode(output.data[kind])).decode()
    if "text/plain" in output.data:
        data["text/plain"] = str(output.data["text/plain"])
    return nbformat.v4.new_output("display_data", data=data)
