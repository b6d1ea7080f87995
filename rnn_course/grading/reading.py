"""Reads notebooks as strangers save them: any version, valid or not, nothing taken on trust."""

import contextlib
import json
import re
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode, reader

from rnn_course.errors import GradingError
from rnn_course.grading.outputs import pictures

MAX_CELLS = 2000
MAX_SOURCE = 200_000
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def read_notebook(text: str) -> NotebookNode:
    """Parse a submitted notebook, whatever its version, and keep what grading needs of it.

    Returns:
        A notebook whose cells have a source, a valid id or "", and of their metadata
        ``{"nbgrader": {"grade_id", "points"}}`` at most. Its own metadata are ``format``, the
        version it came in, ``kernel``, the name of its kernel, and ``surplus``, the number of
        cells beyond `MAX_CELLS`.

    Raises:
        GradingError: it is not a notebook.
    """
    try:
        found = json.loads(text)
        version = found.get("nbformat", 1)
        if version != 4:
            found = nbformat.convert(reader.reads(text), 4)
        cells = [_clean(cell) for cell in found["cells"] if isinstance(cell, dict)]
        kernel = _inner(found, "metadata", "kernelspec").get("name", "")
    except Exception as error:  # whatever a file can hold, it costs only itself
        raise GradingError(
            "a Jupyter notebook",
            f"{type(error).__name__}: {readable(str(error))[:200]}",
            "Save it again in Jupyter and hand in the .ipynb file.",
        ) from error
    about = NotebookNode(format=version, kernel=readable(str(kernel))[:80])
    about.surplus = max(0, len(cells) - MAX_CELLS)
    return NotebookNode(nbformat=4, nbformat_minor=5, cells=cells[:MAX_CELLS], metadata=about)


def new_cell(kind: str, source: str) -> NotebookNode:
    """Make a cell without an id; unlike nbformat's makers, without checking it at length."""
    cell = NotebookNode(id="", cell_type=kind, metadata=NotebookNode(), source=source)
    return NotebookNode(cell, outputs=[], execution_count=None) if kind == "code" else cell


def readable(text: str) -> str:
    """Replace half characters, which no file and no database can hold."""
    return text.encode(errors="replace").decode()


def _clean(cell: Mapping[str, Any]) -> NotebookNode:
    source = cell.get("source", "")
    lines = [source] if isinstance(source, str) else source if isinstance(source, list) else []
    source = "".join(line for line in lines if isinstance(line, str))
    kind = "code" if cell.get("cell_type") == "code" else "markdown"
    clean = new_cell(kind, readable(source)[:MAX_SOURCE])
    name = cell.get("id")
    clean["id"] = name if isinstance(name, str) and _ID.fullmatch(name) else ""
    marks = _inner(cell, "metadata", "nbgrader")
    kept = {key: marks[key] for key in ("grade_id", "points") if key in marks}
    if kept:
        clean.metadata.nbgrader = NotebookNode(kept)
    if kind == "markdown" and (attached := _attached(cell)):
        clean.attachments = NotebookNode(attached)
    return clean


def _attached(cell: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return a cell's attached pictures; whatever else is attached is left out."""
    found = {}
    for name, data in _inner(cell, "attachments").items():
        with contextlib.suppress(TypeError, ValueError):  # not data, or not in base64
            if shown := pictures(data):
                found[name] = shown
    return found


def _inner(found: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """Follow keys into nested objects; where there is none, return an empty one."""
    for key in path:
        value = found.get(key)
        found = value if isinstance(value, dict) else {}
    return found
