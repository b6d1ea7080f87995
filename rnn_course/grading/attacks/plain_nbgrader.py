"""Plain nbgrader, to compare with: it runs strangers' code with the instructor's rights."""

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from rnn_course.checks.courses import located
from rnn_course.errors import GradingError

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


_CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "plain"\n'
_PLAIN_SECONDS = 120.0


def run_cells(cells: list[str], folder: Path, seconds: float = 60.0) -> list[list[dict]]:
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


@cache
def plain_course(root: Path, name: str) -> Path:
    """Set up a course as nbgrader's own manual says, with the same notebook."""
    notebook = located(name, root).notebook.name
    course = Path(tempfile.mkdtemp(prefix="plain-course-"))
    atexit.register(shutil.rmtree, course, ignore_errors=True)
    (course / "nbgrader_config.py").write_text(_CONFIG)
    source = course / "source" / name
    source.mkdir(parents=True)
    shutil.copy(root / "solutions" / name / notebook, source)
    run_nbgrader(course, "generate_assignment", name, "--create")
    if not (course / "release" / name / notebook).is_file():
        raise GradingError("a release by plain nbgrader", "none", "Run `rnn-course build` first.")
    return course


def run_nbgrader(course: Path, *words: str) -> bool:
    """Run an nbgrader command; return whether it came to an end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "nbgrader", *words, "--force", "--ExecutePreprocessor.timeout=20"],
        cwd=course,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ
        | {"JUPYTER_DEFAULT_PROVISIONER_NAME": "local-provisioner"}
        | {"PATH": os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])},
    )
    try:
        process.wait(_PLAIN_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return True
