"""Commands of the pages in docs/, run as they are written, in a course's folder."""

import contextlib
import io
import re
import shlex
import sys
from pathlib import Path

import pytest

from rnn_course import authoring, cli
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
    return commands_to_run(part)


def commands_to_run(text: str) -> str:
    """Return the commands of a text, but for those that say why they are not run."""
    blocks = re.findall(r"(<!-- not run: [^\n]* -->\n)?```sh\n(.*?)```", text, re.DOTALL)
    return "".join(block for not_run, block in blocks if not not_run)


def run_as_written(text: str, course: Path) -> str:
    """Run commands in a course's folder; return what they print. None of them may fail.

    This process has imported what each would import for seconds. Those of docs/authors.md are run
    by a shell.
    """
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(said):
        patch.chdir(course)
        patch.setenv("RNN_COURSE_SECRET_SEED_FILE", str(course.parent / "seed"))
        patch.setattr(sys, "path", [*sys.path])
        for command in filter(None, text.splitlines()):
            words = shlex.split(command, comments=True)
            assert words[0] == "rnn-course", command
            patch.setattr(sys, "argv", words)
            with pytest.raises(SystemExit) as ended:
                cli.main()
            assert ended.value.code == 0, command
    return said.getvalue()
