"""Every notebook of ours: it still does what is stored, students get it, blanks earn nothing."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from rnn_course.authoring import build
from rnn_course.checks.courses import located

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(ROOT.glob("solutions/*/*.ipynb"))
SANITIZE = Path(__file__).with_name("nbval_sanitize.cfg")

each = pytest.mark.parametrize("source", NOTEBOOKS, ids=lambda path: path.parent.name)


@pytest.fixture(autouse=True)
def synthetic_data(monkeypatch):
    """Stored outputs come from what every clone has: no data set of this machine's is used."""
    monkeypatch.delenv("RNN_COURSE_DATA", raising=False)


def copy_of(folder, tmp_path):
    """Copy a coursework's folder, so that a notebook may write files beside itself."""
    return Path(shutil.copytree(folder, tmp_path / folder.name))


def test_there_are_notebooks():
    assert NOTEBOOKS


READS = """
import gc, sys, json
from pathlib import Path
from rnn_course.checks.packed import unpack
from rnn_course.checks.question import Mistake
from rnn_course.checks.recording import Variant
from rnn_course.checks.report import Misconception
course = unpack(Path(sys.argv[1]).read_bytes())
told = [m for m in gc.get_objects() if isinstance(m, (Misconception, Mistake, Variant))]
print(json.dumps(sorted({m.read for m in told} - {""})))
"""


@each
def test_what_a_mistake_tells_to_read_is_there(source):
    """A process of its own knows the mistakes that students are given, and no others."""
    name = source.parent.name
    command = [sys.executable, "-c", READS, ROOT / "assignments" / name / f"{name}.checks"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    reads = json.loads(done.stdout)
    text = "\n".join(cell.source for cell in nbformat.read(source, as_version=4).cells)
    headings = re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE)
    assert reads
    assert [read for read in reads if read not in headings] == []


@pytest.mark.slow
@each
def test_running_it_again_gives_what_is_stored(source, tmp_path):
    folder = copy_of(source.parent, tmp_path)
    command = [
        *(sys.executable, "-m", "pytest", "-p", "rnn_course.authoring.nbval_tolerance"),
        *("--nbval", "--nbval-current-env"),
        *("--nbval-sanitize-with", SANITIZE, "--nbval-cell-timeout", "600"),
        *("-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", folder, "-q", "--color=no"),
        folder / source.name,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    passed = int(re.search(r"(\d+) passed", done.stdout)[1])
    cells = [c for c in nbformat.read(source, as_version=4).cells if c.cell_type == "code"]
    assert passed == len(cells)


@each
def test_what_students_get_is_up_to_date_complete_and_tight(source):
    said = []
    build(ROOT, [source.parent.name], check=True, say=said.append)
    assert said == [f"{source.parent.name}: up to date"]


@pytest.mark.slow
@each
def test_a_blank_release_raises_where_it_should_and_earns_nothing(source, tmp_path):
    course = located(source.parent.name, ROOT).coursework()
    folder = copy_of(ROOT / "assignments" / course.name, tmp_path)
    blank = nbformat.read(folder / course.notebook, as_version=4)
    cells = {cell.id: cell for cell in blank.cells}
    asked = [question for question in course if question.judge]
    for question in asked:
        assert "raise NotImplementedError()" in cells[question.id].source, question.id
    place = {"metadata": {"path": str(folder)}}
    NotebookClient(blank, timeout=300, allow_errors=True, resources=place).execute()
    for question in asked:
        shown = [out.data["text/plain"] for out in cells[f"check_{question.id}"].outputs]
        assert shown == ["0.0"], question.id
    raised = {
        out.ename for cell in cells.values() for out in cell.get("outputs", ()) if "ename" in out
    }
    assert "NotImplementedError" in raised
