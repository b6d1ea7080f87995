"""A class of 60 in which ten hand in the worst attacks: does anybody else lose a point?

The class is graded twice, with the attacks and with honest notebooks in their places, by
``rnn-course autograde`` with two workers.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat

from benchmarks._course_folder import environment, machine_points

NAME, STUDENTS = "week_1", 60
ATTACKS = Path(__file__).parents[1] / "tests" / "submissions" / "attacks"
WORST = (
    *("fork_bomb", "thread_bomb", "memory_bomb", "disk_bomb", "flood_sockets", "channel_flood"),
    *("endless_loop", "stopped_daemon", "close_everything", "segfault"),
)


class AttackedClass:
    """A course's folder with a class.

    Args:
        root: the folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._run("new", NAME)
        self._run("build", NAME)
        self._solved = (root / "solutions" / NAME / f"{NAME}.ipynb").read_text()
        for n in range(STUDENTS):
            self._hand_in(n, self._solved)

    def attack(self, names: tuple[str, ...]) -> list[str]:
        """Put an attack as the first cell into the notebooks of every sixth student."""
        attackers = []
        for n, name in zip(range(3, STUDENTS, STUDENTS // len(names)), names, strict=True):
            notebook = nbformat.reads(self._solved, as_version=4)
            cell = nbformat.v4.new_code_cell((ATTACKS / f"{name}.py").read_text())
            notebook.cells.insert(0, cell)
            attackers.append(self._hand_in(n, nbformat.writes(notebook)))
        return attackers

    def grade(self) -> dict[str, float]:
        """Grade everybody anew; return everyone's points by machine."""
        self._run("autograde", NAME, "--workers", "2", "--force", allowed=(0, 1))
        return {
            path.parent.name: machine_points(json.loads(path.read_text()))
            for path in self.root.glob(f"results/{NAME}/*/result.json")
        }

    def _hand_in(self, n: int, text: str) -> str:
        path = self.root / "submitted" / f"student{n:02}" / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return f"student{n:02}"

    def _run(self, *command: str, allowed: tuple[int, ...] = (0,)) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "rnn_course.cli", *command],
            cwd=self.root, env=environment(self.root), capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode in allowed, (done.stdout + done.stderr)[-3000:]


def run() -> list[dict[str, Any]]:
    """Grade the class with and without the attacks."""
    with tempfile.TemporaryDirectory() as folder:
        taken = AttackedClass(Path(folder))
        before = taken.grade()
        attackers = taken.attack(WORST)
        start = time.monotonic()
        after = taken.grade()
        minutes = (time.monotonic() - start) / 60
    honest = before.keys() - set(attackers)
    changed = sum(before[name] != after.get(name) for name in honest)
    gained = sum(after.get(name, 0.0) > before[name] for name in attackers)
    graded = len(after)
    return [
        {"what": "honest marks that differ", "value": changed, "unit": f"of {len(honest)}",
         "bar": 0, "met": changed == 0},
        {"what": "attackers who gained", "value": gained, "unit": f"of {len(attackers)}",
         "bar": 0, "met": gained == 0},
        {"what": "students with a result", "value": graded, "unit": "", "bar": STUDENTS,
         "met": graded == STUDENTS},
        {"what": "the class with the attacks", "value": minutes, "unit": "min", "bar": None,
         "met": None},
    ]  # fmt: skip
