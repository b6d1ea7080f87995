"""A term as docs/instructors.md tells it: its commands as written, from archive to mark sheet."""

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

PAGE = (Path(__file__).parents[2] / "docs/instructors.md").read_text()
NAME = "week_1"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux"),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course's folder with a coursework that is built."""
    root = tmp_path_factory.mktemp("term")
    new(NAME, root)
    authoring.build(root, [NAME])
    return root


def commands(section: str) -> str:
    (text,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    return "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))


def downloads(platform: str, course: Path) -> None:
    """Put the two downloads there that the page asks for, as the platform writes them."""
    solved = (course / "solutions" / NAME / f"{NAME}.ipynb").read_text()
    blank = (course / "assignments" / NAME / f"{NAME}.ipynb").read_text()
    if platform == "Canvas":
        (course / "students.csv").write_text(
            lms.CANVAS.replace("Toy (77)", "Week 1 (77)").replace(",14,(read", ",16,(read")
        )
        files = {
            f"lovelaceada_101_905_{NAME}-1.ipynb": solved,
            f"müllerjörg_LATE_102_910_{NAME}.ipynb": blank,
        }
        lms.write_zip(course / "submissions.zip", files)
        return
    worksheet = lms.MOODLE.replace("14.00", "16.00")
    (course / "Grades-MATH-101-Week 1-77.csv").write_text(worksheet)
    files = {
        f"Ada Lovelace_2001_assignsubmission_file_/{NAME} (1).ipynb": solved,
        f"Jörg Müller_2002_assignsubmission_file_/{NAME}.ipynb": blank,
    }
    lms.write_zip(course / "MATH-101-Week 1-77.zip", files)


@pytest.mark.parametrize("platform", ["Canvas", "Moodle"])
def test_a_term_from_the_archive_to_the_mark_sheet(
    built: Path, tmp_path: Path, platform: str
) -> None:
    course = Path(shutil.copytree(built, tmp_path / "course"))
    downloads(platform, course)
    again = commands("When something changes")
    done = subprocess.run(
        ["bash", "-euc", f"{commands(f'With {platform}')}\n{again}"],
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
    assert "2 placed in submitted/, 0 unchanged, 1 missing, 0 unknown" in done.stdout
    assert (course / "reports" / NAME / "report.html").is_file()
    assert (course / "returned" / f"{NAME}-{platform.lower()}.zip").is_file()
    (sheet,) = (course / "exports" / NAME).glob("*.csv")
    (ada,) = (line for line in sheet.read_text().splitlines() if "Lovelace" in line)
    assert ",12" in ada
