"""What docs/operators.md tells to type: the machine is looked at, a student is forgotten."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import toy
from conftest import NAME, hand_in
from documented import commands, run_as_written

from rnn_course.grading.classroom.autograde import Settings, autograde
from rnn_course.grading.gradebook.course import Course

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux"),
]
PAGE = "operators.md"


def everything_of(student: str, course: Path) -> list[str]:
    """Return the paths below a course's folder that name a student."""
    paths = (path.relative_to(course) for path in course.rglob("*"))
    return sorted(str(path) for path in paths if path.name == student)


def test_the_machine_is_looked_at(course: Path) -> None:
    said = run_as_written(commands(PAGE, "What a grading machine needs"), course)
    assert "bubblewrap" in said


@pytest.mark.usefixtures("in_process")
def test_a_student_is_forgotten_and_nobody_else(course: Path) -> None:
    people = ("ada", "bob")
    for student in people:
        hand_in(course, student, toy_ipynb=toy.text())
        for kept in (f"collected/{NAME}/{student}/1", f"feedback/{student}/{NAME}"):
            (course / kept).mkdir(parents=True)
    assert autograde(course, NAME, Settings()).graded == list(people)
    assert [path.partition("/")[0] for path in everything_of("ada", course)] == [
        *("autograded", "collected", "feedback", "results", "submitted"),
    ]
    before = everything_of("bob", course)
    text = commands(PAGE, "What is stored where, and for how long")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    words = ["bash", "-e", "-c", text]  # a shell's patterns are meant
    done = subprocess.run(words, cwd=course, env={**os.environ, "PATH": path}, check=False)
    assert done.returncode == 0
    assert everything_of("ada", course) == []
    assert everything_of("bob", course) == before
    with Course(course).open_gradebook() as gradebook:
        assert [student.id for student in gradebook.students] == ["bob"]
