"""One way to write a notebook down, so that a rebuild changes only what has changed."""

import hashlib
from typing import Any

import nbformat
from nbformat import NotebookNode

KEEP_OUTPUT = "nbval-ignore-output"  # nbval's own tag: these outputs differ from run to run
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def normalised(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook without anything that depends on who saved it, where and when.

    Graded cells carry their grade id as cell id. Of the metadata, tags and nbgrader's remain. The
    kernel is any Python 3. Text on stderr and the remains of progress bars are dropped.

    Args:
        notebook: version 4 of the format; left as it is.
    """
    plain = nbformat.from_dict(
        {
            "cells": [_cell(cell) for cell in notebook.cells],
            "metadata": {"kernelspec": _KERNEL, "language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )
    executed = notebook.metadata.get("rnn_course", {}).get("executed")
    if executed:
        plain.metadata["rnn_course"] = {"executed": executed}
    return plain


def as_text(notebook: NotebookNode) -> str:
    """Return a notebook as it is stored: sorted keys, one line end at the end."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def code_digest(notebook: NotebookNode) -> str:
    """Return a digest of all code, by which stored outputs tell which code they come from."""
    code = "\x00".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return hashlib.sha256(code.encode()).hexdigest()


def keep_varying_outputs(executed: NotebookNode, stored: NotebookNode) -> None:
    """Put back the stored outputs that differ anyway, if they come from the same code.

    Args:
        executed: has just been run; cells tagged `KEEP_OUTPUT` are changed.
        stored: as it was before the run.
    """
    if stored.metadata.get("rnn_course", {}).get("executed") != code_digest(executed):
        return
    for new, old in zip(executed.cells, stored.cells, strict=True):
        if KEEP_OUTPUT in new.metadata.get("tags", []):
            new.outputs = old.outputs


def _cell(cell: NotebookNode) -> dict[str, Any]:
    grading = cell.metadata.get("nbgrader")
    kept: dict[str, Any] = {"nbgrader": dict(grading)} if grading else {}
    if cell.metadata.get("tags"):
        kept["tags"] = list(cell.metadata["tags"])
    plain = {
        "cell_type": cell.cell_type,
        "id": grading["grade_id"] if grading else cell.id,
        "metadata": kept,
        "source": cell.source.rstrip(),
    }
    if cell.cell_type == "code":
        plain["execution_count"] = cell.execution_count
        plain["outputs"] = [output for output in map(_output, cell.outputs) if output]
    elif cell.get("attachments"):
        plain["attachments"] = cell.attachments
    return plain


def _output(output: NotebookNode) -> dict[str, Any] | None:
    """Return an output without its trace of time and place; None for what is not worth keeping."""
    if output.output_type == "stream" and output.name == "stderr":
        return None
    plain = dict(output)
    if "data" in plain:
        data = {kind: value for kind, value in output.data.items() if "jupyter.widget" not in kind}
        # a widget leaves a line of text behind, a picture to touch its still
        if len(data) < len(output.data) and not data.keys() - {"text/plain"}:
            return None
        if not any(data.values()):  # the place of a progress bar that has ended
            return None
        plain["data"] = data
    if "metadata" in plain:
        plain["metadata"] = {}
    return plain
