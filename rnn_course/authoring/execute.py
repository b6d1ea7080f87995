"""Run one of our own notebooks from top to bottom."""

from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from rnn_course.authoring.normalise import code_digest
from rnn_course.errors import AuthoringError

CELL_SECONDS = 600


def execute(notebook: NotebookNode, folder: Path) -> None:
    """Run a notebook of ours in place, and note which code its outputs come from.

    This runs code with our own rights: it is for `solutions/`, never for a submission.

    Args:
        notebook: receives the outputs.
        folder: the kernel's working folder.

    Raises:
        AuthoringError: a cell raised, took too long or killed its kernel.
    """
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
    )
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as problem:
        raise AuthoringError(
            f"the notebook in {folder} to run from top to bottom",
            str(problem).strip(),
            "Mend the cell: a model answer never raises.",
        ) from problem
    notebook.metadata["rnn_course"] = {"executed": code_digest(notebook)}
