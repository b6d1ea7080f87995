"""Runs cells as plain nbgrader would: with the instructor's rights, in a process of its own."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

_PROGRAM = """
import json, sys
import nbformat
from nbgrader.preprocessors import Execute
cells = [nbformat.v4.new_code_cell(source) for source in json.load(sys.stdin)]
notebook = nbformat.v4.new_notebook(cells=cells)
notebook.metadata.kernelspec = {"name": "python3", "display_name": "", "language": "python"}
try:
    Execute(timeout=20).preprocess(notebook, {"metadata": {"path": sys.argv[1]}})
except Exception as error:
    print(error, file=sys.stderr)
print("\\n" + json.dumps([cell.outputs for cell in cells]))
"""


def run_plainly(cells: list[str], folder: Path, seconds: float = 60.0) -> list[list[dict]]:
    """Execute cells through nbgrader's own preprocessor and return the outputs of each.

    Args:
        cells: their texts. They are not confined at all.
        folder: where they run.
        seconds: after which the whole process group is killed.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        env=os.environ | {"JUPYTER_DEFAULT_PROVISIONER_NAME": "local-provisioner"},
    )
    try:
        said, _ = process.communicate(json.dumps(cells), timeout=seconds)
        return json.loads(said.splitlines()[-1])
    except (subprocess.TimeoutExpired, ValueError, IndexError):
        return []
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
