"""Commands of the pages in docs/, run as they are written, in a course's folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

from rnn_course import authoring
from rnn_course.authoring.new import new

DOCS = Path(__file__).parents[2] / "docs"
NAME = "week_1"


def built_course(root: Path) -> Path:
    """Make a course's folder with a coursework that is built."""
    new(NAME, root)
    authoring.build(root, [NAME])
    return root


def notebooks(course: Path) -> tuple[str, str]:
    """Return the text of the solved notebook, and of the one that is handed out."""
    solved, blank = (
        course / place / NAME / f"{NAME}.ipynb" for place in ("solutions", "assignments")
    )
    return solved.read_text(), blank.read_text()


def commands(page: str, section: str) -> str:
    """Return the commands of a section of a page."""
    text = (DOCS / page).read_text()
    (part,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    return "\n".join(re.findall(r"```sh\n(.*?)```", part, re.DOTALL))


def run_as_written(text: str, course: Path) -> str:
    """Run commands in a course's folder; return what they print. None of them may fail."""
    done = subprocess.run(
        ["bash", "-euc", text],
        cwd=course,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "RNN_COURSE_SECRET_SEED_FILE": str(course.parent / "seed"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
