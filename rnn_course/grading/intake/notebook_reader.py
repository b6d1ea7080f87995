"""Reads notebooks as strangers save them: any version, valid or not, nothing taken on trust."""

import contextlib
import json
import re
import warnings
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode, reader

from rnn_course.errors import GradingError
from rnn_course.grading.intake.outputs import pictures

MAX_CELLS = 2000
MAX_SOURCE = 500_000  # characters of all cells together; each is parsed, at four seconds a million
_MAX_PARTS = 1_000_000  # lists and objects: a list of two characters takes 64 bytes once it is read
_MAX_OLD_PARTS = 50_000  # of notebooks that have to be converted, part by part
# One that does not end goes on to the end, or each quotation mark in it would be tried in turn
_TEXT = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def read_notebook(text: str) -> NotebookNode:
    """Parse a submitted notebook, whatever its version, and keep what grading needs of it.

    Returns:
        A notebook whose cells have a source, a valid id or "", and of their metadata
        ``{"nbgrader": {"grade_id", "points"}}`` at most. Its own metadata are ``format``, the
        version it came in, ``kernel``, the name of a kernel that is not Python's, and
        ``surplus``, the number of cells beyond `MAX_CELLS`.

    Raises:
        GradingError: it is not a notebook.
    """
    try:
        found = _parsed(text)
        version = found.get("nbformat", 1)
        surplus = max(0, len(found["cells"]) - MAX_CELLS)
        cells = [_clean(cell) for cell in found["cells"][:MAX_CELLS] if isinstance(cell, dict)]
        kernelspec = _inner(found, "metadata", "kernelspec")
        # a kernel for Python bears the name of its environment; that says nothing
        python = kernelspec.get("language", "python") == "python"
        kernel = "" if python else kernelspec.get("name", "")
    except Exception as error:  # whatever a file can hold, it costs only itself
        raise GradingError(
            "a Jupyter notebook",
            f"{type(error).__name__}: {readable(str(error))[:200]}",
            "Save it again in Jupyter and hand in the .ipynb file.",
        ) from error
    about = NotebookNode(format=version, kernel=readable(str(kernel))[:80])
    about.surplus = surplus
    length = sum(len(cell.source) for cell in cells)
    if length > MAX_SOURCE:
        raise GradingError(
            f"cells of at most {MAX_SOURCE} characters together",
            f"{length} characters",
            "Keep data in files beside the notebook, not in its cells.",
        )
    return NotebookNode(nbformat=4, nbformat_minor=5, cells=cells, metadata=about)


def _parsed(text: str) -> dict[str, Any]:
    """Return a notebook's parts in format 4; count before building anything."""
    _require_few(text, _MAX_PARTS)
    found = json.loads(text)
    if found.get("nbformat", 1) == 4:
        return found
    _require_few(text, _MAX_OLD_PARTS)
    with warnings.catch_warnings(action="ignore"):  # what is odd about it is not our business
        return {**nbformat.convert(reader.reads(text), 4), "nbformat": found.get("nbformat", 1)}


def _require_few(text: str, most: int) -> None:
    parts = _brackets(text)
    if parts > most:  # those that stand in texts are none: somebody may have printed a long list
        parts = _brackets(_TEXT.sub("", text))
    if parts > most:
        raise ValueError(f"{parts} lists and objects, and {most} may be; clear the outputs")


def _brackets(text: str) -> int:
    return text.count("[") + text.count("{")


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
    clean = new_cell(kind, readable(source))
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
