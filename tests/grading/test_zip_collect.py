"""nbgrader's own zip_collect works with the settings that we ship, and loses no weights."""

import subprocess
import sys
from pathlib import Path

import lms_exports as lms
import nbformat
import pytest
import toy
from conftest import NAME
from nbformat.v4 import new_markdown_cell

from rnn_course.grading.intake.release import Release
from rnn_course.grading.intake.submission import read_submission
from rnn_course.grading.protocol.limits import Limits

pytestmark = pytest.mark.slow

MOODLE = "Ada Lovelace_2001_assignsubmission_file_"


@pytest.mark.parametrize(
    ("student", "prefix"),
    [
        ("Ada Lovelace", f"{MOODLE}/"),
        ("Ada Lovelace", MOODLE),
        ("lovelaceada", "lovelaceada_101_900_"),
        ("lovelaceada", "lovelaceada_LATE_101_900_"),
    ],
)
def test_moodle_and_canvas(course: Path, student: str, prefix: str) -> None:
    archive = course / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    files = {f"{prefix}toy.ipynb": toy.text(), f"{prefix}speech_model (1).safetensors": b"weights"}
    lms.write_zip(archive / "all.zip", files)
    words = [sys.executable, "-m", "nbgrader", "zip_collect", NAME]
    done = subprocess.run(words, cwd=course, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    notebook = toy.notebook()
    notebook.cells.append(new_markdown_cell("Hand in `speech_model.safetensors`."))
    release = Release.parse(toy.COURSEWORK, nbformat.writes(notebook))
    folder = course / "submitted" / student / NAME
    submission = read_submission(folder, student, release, Limits())
    assert submission.text == toy.text()
    assert submission.files == {"speech_model.safetensors": b"weights"}
