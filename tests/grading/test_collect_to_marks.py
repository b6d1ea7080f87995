"""A class with broken hand-ins of all kinds goes from the archive to marks in one go."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import lms_exports as lms
import pytest
import toy
from conftest import NAME
from test_collect import collected

from rnn_course.grading.classroom.autograde import Settings, autograde
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.protocol.limits import Limits

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux"),
]

RIGHT = toy.text().encode()
BROKEN: dict[str, tuple[str, bytes]] = {
    "none": ("essay.docx", b"PK"),
    "json": ("toy.ipynb", b"{ this is not JSON"),
    "empty": ("toy.ipynb", b""),
    "binary": ("toy.ipynb", bytes(range(256))),
    "rar": ("work.rar", b"Rar!"),
    "nozip": ("work.zip", b"<html>"),
    "bomb": ("work.zip", lms.zipped({"bomb": bytes(Limits().disk_bytes // 2 + 1)})),
    "nested": ("work.zip", lms.zipped({"inner.zip": lms.zipped({"toy.ipynb": RIGHT})})),
}
GOOD: dict[str, tuple[str, bytes]] = {
    "plain": ("toy.ipynb", RIGHT),
    "again": ("toy-1.ipynb", RIGHT),
    "zip": ("work.zip", lms.zipped({"work/toy.ipynb": RIGHT})),
    "upwards": ("work.zip", lms.zipped({"../../toy.ipynb": RIGHT})),
    "named": ("abgabe_final.ipynb", RIGHT),
    "dated": ("work.zip", lms.zipped({"toy.ipynb": RIGHT, "timestamp.txt": "yesterday"})),
}


def canvas(course: Path) -> Path:
    """Write a class's archive and its gradebook, as Canvas does."""
    rows, files = ["Student,ID,SIS Login ID,Section"], {}
    for number, (name, (file, content)) in enumerate({**BROKEN, **GOOD}.items(), start=100):
        rows.append(f'"Student, {name}",{number},{name},Group 1')
        files[f"student{name}_{number}_{number + 1000}_{file}"] = content
    (course / "students.csv").write_text("\n".join(rows))
    return lms.write_zip(course / "submissions.zip", files)


def test_broken_hand_ins_cost_only_themselves(course: Path) -> None:
    found = collected(course, canvas(course))
    assert not found.unknown
    assert not found.plan.missing
    assert {placed.status for placed in found.students.values()} == {"placed"}
    tally = autograde(course, NAME, Settings(workers=2))
    assert not tally.ungraded
    earned = {
        one.student: sum(one.scores.values()) for one in Course(course).marks(NAME, tally.graded)
    }
    assert earned == {**dict.fromkeys(BROKEN, 0), **dict.fromkeys(GOOD, 12)}


def test_a_run_that_is_killed_is_finished_by_the_next(course: Path) -> None:
    path = canvas(course)
    words = [sys.executable, "-m", "rnn_course.cli", "collect", NAME, str(path)]
    run = subprocess.Popen(words, cwd=course, stdout=subprocess.PIPE, start_new_session=True)
    assert run.stdout
    run.stdout.readline()  # it has said what it found, and begins to write
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    found = collected(course, path)
    assert sorted(found.students) == sorted({**BROKEN, **GOOD})
    submitted = {folder.parent.name for folder in course.glob(f"submitted/*/{NAME}")}
    assert submitted == set(found.students)
    assert len(list(course.glob(f"collected/{NAME}/*/*/attempt.json"))) == len(submitted)
    assert {one.status for one in collected(course, path).students.values()} == {"unchanged"}
