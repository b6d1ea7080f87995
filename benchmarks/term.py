"""A term of 200 hand-ins, 20 of them broken, with stops in between: is anything lost?

Collected from a Canvas archive, graded, reported and exported by the commands of
``docs/instructors.md``. Collecting and grading are killed once each, and a disk fills up once.
"""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from benchmarks._course_folder import environment, machine_points

NAME = "week_1"
_CRASH = "import os\nos._exit(1)"
_ROSTER = "Student,ID,SIS User ID,SIS Login ID,Section,Week 1 (77)\n    Points Possible,,,,,16\n"
# what is begun below the folder of one student finds a disk that takes nothing more
_ON_A_FULL_DISK = """
import sys
from pathlib import Path
from rnn_course.cli import main
_, place, *command = sys.argv
begun = Path.open
def opened(path, mode="r", *rest, **words):
    file = begun(path, mode, *rest, **words)
    if "x" not in mode or place not in str(path):
        return file
    file.close()
    return begun(Path("/dev/full"), "w", *rest, **words)
Path.open = opened
sys.argv = ["rnn-course", *command]
main()
"""


def broken_kinds(sound: str) -> dict[str, bytes]:
    """Return hand-ins that are no sound notebook, by what is wrong with them.

    Args:
        sound: a notebook with right answers.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inner.zip", b"PK")
    kinds: dict[str, bytes | str] = {
        "nothing": b"",
        "no_json": "{ this is not JSON",
        "page": "<!DOCTYPE html><html><body>Sign in</body></html>",
        "deep": "[" * 100_000,
        "number": "12",
        "bytes": bytes(range(256)) * 20,
        "cut": sound[: len(sound) // 2],
        "list": json.dumps({"cells": "none", "nbformat": 4, "nbformat_minor": 5, "metadata": {}}),
        "empty": nbformat.writes(nbformat.v4.new_notebook()),
        "packed": packed.getvalue(),
    }
    return {kind: c.encode() if isinstance(c, str) else c for kind, c in kinds.items()}


@dataclass(frozen=True)
class Found:
    """What came of a term.

    Attributes:
        sound_at_full_marks: sound hand-ins with all points that a machine gives.
        told: broken ones with a result that says what was wrong.
        in_report: students in the class report's table.
        in_sheet: students with a mark in the sheet for Canvas.
        left_over: files that were begun and not finished.
    """

    sound_at_full_marks: int
    told: int
    in_report: int
    in_sheet: int
    left_over: int


class Term:
    """A course's folder with an archive of hand-ins.

    Args:
        root: the folder.
        sound: login names of students whose answers are right.
        broken: those of the others.
    """

    def __init__(self, root: Path, sound: list[str], broken: list[str]) -> None:
        self.root, self._sound, self._broken = root, sound, broken

    @classmethod
    def prepare(cls, root: Path, *, sound: int, broken: int) -> "Term":
        """Make a course, and the two downloads of a class of that size."""
        term = cls(
            root, [f"sound{n:03}" for n in range(sound)], [f"broken{n:03}" for n in range(broken)]
        )
        term._run("new", NAME)
        term._run("build", NAME)
        solved = (root / "solutions" / NAME / f"{NAME}.ipynb").read_text()
        kinds = list(broken_kinds(solved).values())
        files = {login: solved.encode() for login in term._sound}
        files |= {login: kinds[n % len(kinds)] for n, login in enumerate(term._broken)}
        rows = [
            f'"{login.title()}, Kim",{100 + n},S{n},{login},A,' for n, login in enumerate(files)
        ]
        (root / "students.csv").write_text(_ROSTER + "\n".join(rows) + "\n")
        with zipfile.ZipFile(root / "submissions.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for n, (login, content) in enumerate(files.items()):
                archive.writestr(f"{login}kim_{100 + n}_{900 + n}_{NAME}.ipynb", content)
        return term

    def collect(self, *, kills: int) -> None:
        """Collect the archive; kill that so many times in the middle."""
        command = ("collect", NAME, "submissions.zip", "--roster", "students.csv")
        for _ in range(kills):
            self._killed(command, lambda: any(self.root.glob(f"collected/{NAME}/*/*")))
        self._run(*command, allowed=(0, 1))

    def grade(self, *, kills: int, full_disks: int) -> None:
        """Grade the class; kill that, and fill the disk, so many times in the middle."""
        command = ("autograde", NAME)
        for _ in range(kills):
            self._killed(command, lambda: any(self.root.glob(f"results/{NAME}/*/result.json")))
        for _ in range(full_disks):
            last = f"results/{NAME}/{self._sound[-1]}"
            program = [sys.executable, "-c", _ON_A_FULL_DISK, last, *command]
            done = self._started(program).communicate()[0]
            assert "no space left" in done, done[-2000:]
        self._run(*command, allowed=(0, 1))

    def finish(self) -> Found:
        """Report and export; return what is there."""
        self._run("report", NAME)
        self._run(
            *("export", NAME, "--to", "canvas", "--template", "students.csv"),
            *("--column", "Week 1"),
        )
        results = {
            path.parent.name: json.loads(path.read_text())
            for path in self.root.glob(f"results/{NAME}/*/result.json")
        }
        (sheet,) = (self.root / "exports" / NAME).glob("*.csv")
        marks = [row["Week 1 (77)"] for row in _rows(sheet) if row["ID"]]
        return Found(
            sum(machine_points(results[login]) == 12 for login in self._sound),
            sum(bool(results[login]["incidents"]) for login in self._broken),
            len(_rows(self.root / "reports" / NAME / "marks.csv")),
            sum(mark != "" for mark in marks),
            len(list(self.root.rglob(".writing-*"))),
        )

    def _killed(self, command: tuple[str, ...], begun: Callable[[], bool]) -> None:
        """Start a command, and kill it with all that it started once it has begun to write."""
        running = self._started([sys.executable, "-m", "rnn_course.cli", *command])
        while not begun() and running.poll() is None:
            time.sleep(0.02)  # between two looks
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
        running.communicate()

    def _run(self, *command: str, allowed: tuple[int, ...] = (0,)) -> None:
        running = self._started([sys.executable, "-m", "rnn_course.cli", *command])
        said = running.communicate()[0]
        assert running.returncode in allowed, said[-3000:]

    def _started(self, program: list[str]) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        return subprocess.Popen(
            program, cwd=self.root, env=environment(self.root), stdout=pipe,
            stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def run() -> list[dict[str, Any]]:
    """Run a term with 200 hand-ins."""
    with tempfile.TemporaryDirectory() as folder:
        term = Term.prepare(Path(folder), sound=180, broken=20)
        start = time.monotonic()
        term.collect(kills=1)
        term.grade(kills=1, full_disks=1)
        found = term.finish()
        minutes = (time.monotonic() - start) / 60
    expected = {"sound_at_full_marks": 180, "told": 20, "in_report": 200, "in_sheet": 200}
    rows = [
        {"what": what, "value": getattr(found, what), "unit": "", "bar": bar, "met": None}
        for what, bar in {**expected, "left_over": 0}.items()
    ]
    rows = [row | {"met": row["value"] == row["bar"]} for row in rows]
    whole = "from the archive to the mark sheet, with the stops"
    return [*rows, {"what": whole, "value": minutes, "unit": "min", "bar": None, "met": None}]
