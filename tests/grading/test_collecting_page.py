"""The page on collecting: its commands work as they stand, from the archive to the marks."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import lms_exports as lms
import pytest

from rnn_course import authoring
from rnn_course.authoring.new import new
from rnn_course.grading.gradebook.course import Course

PAGE = (Path(__file__).parents[2] / "docs/instructors/collecting.md").read_text()
NAME = "week_1"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux"),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course's folder with a coursework that is built."""
    root = tmp_path_factory.mktemp("built")
    new(NAME, root)
    authoring.build(root, [NAME])
    return root


def commands(section: str) -> str:
    """Return the commands of a section."""
    (text,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    return "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))


@pytest.mark.parametrize("platform", ["Canvas", "Moodle"])
def test_its_commands_lead_from_the_archive_to_the_marks(
    built: Path, tmp_path: Path, platform: str
) -> None:
    course = Path(shutil.copytree(built, tmp_path / "course"))
    solved = (course / "solutions" / NAME / f"{NAME}.ipynb").read_text()
    blank = (course / "assignments" / NAME / f"{NAME}.ipynb").read_text()
    if platform == "Canvas":
        files = {
            f"lovelaceada_101_900_{NAME}.ipynb": blank,
            f"lovelaceada_101_905_{NAME}-1.ipynb": solved,
            f"müllerjörg_LATE_102_910_{NAME}.ipynb": blank,
        }
        (course / "students.csv").write_text(lms.CANVAS)
        lms.write_zip(course / "submissions.zip", files)
    else:
        files = {
            f"Ada Lovelace_2001_assignsubmission_file_/{NAME} (1).ipynb": solved,
            f"Jörg Müller_2002_assignsubmission_file_/{NAME}.ipynb": blank,
        }
        (course / "Grades-MATH-101-Week 1-77.csv").write_text(lms.MOODLE)
        lms.write_zip(course / "MATH-101-Week 1-77.zip", files)
    done = subprocess.run(
        ["bash", "-euc", commands(f"From {platform}")],
        cwd=course,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "RNN_COURSE_SECRET_SEED_FILE": str(tmp_path / "seed"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 to be placed, 0 unchanged, 1 missing, 0 unknown" in done.stdout
    assert "2 placed in submitted/, 0 unchanged, 1 missing, 0 unknown" in done.stdout
    found = Course(course).marks(NAME, Course(course).students(NAME))
    ada, joerg = (sum(one.scores.values()) for one in found)
    assert ada > 0 == joerg
    with Course(course).open_gradebook() as gradebook:
        people = [student.first_name for student in gradebook.students]
    assert sorted(people) == ["Ada", "Bob", "Jörg"]
