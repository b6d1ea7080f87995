"""Grading a class: ours with one worker and with two, plain nbgrader, and the floor."""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import fmean

import nbformat
import numpy as np

from benchmarks._contestants import COURSEWORK
from benchmarks._footprint import Footprint, measure
from rnn_course.grading.gradebook import CONFIG_FILE, Course
from rnn_course.grading.release import Release, grade_id

ROOT = Path(__file__).parents[1]
NUMBER = 20
ROUNDS = 2
MIB = 2**20


def run() -> list[dict]:
    """Grade the same submissions in all four ways, one after another, in several rounds.

    A machine that others use is now quick, now slow; in each round every way has its turn.
    Speed is compared by CPU seconds for a submission once everything is warm: that is throughput
    per core, and other work on the machine changes it little. Two workers are compared by wall
    time, with one worker.

    Returns:
        Rows with what, value, unit, bar (None where nothing is promised) and met.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "course")
        _make_class(root)
        # the first run of all compiles what librosa has numba compile
        ways = ("floor", "one", "two", "plain")
        rounds = [{way: _measure(way, root) for way in ways} for _ in range(ROUNDS)]
    found = {way: [each[way] for each in rounds] for way in ways}
    return [row for way in ways for row in _figures(way, found[way])] + _ratios(found)


def _measure(way: str, root: Path) -> Footprint:
    for made in ("autograded", "results"):
        shutil.rmtree(root / made, ignore_errors=True)
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks._contestants", way, str(root)]
    os.environ["OMP_NUM_THREADS"] = "1"
    return measure(command, ROOT)


def _make_class(root: Path) -> None:
    """Release the coursework and hand in answers from the corpus, right and wrong ones in turn."""
    shutil.copytree(ROOT / "solutions" / COURSEWORK, root / "solutions" / COURSEWORK)
    shutil.copy(ROOT / CONFIG_FILE, root)
    Course(root).release(COURSEWORK)
    release = Release.load(COURSEWORK, root)
    solved = root / "solutions" / COURSEWORK
    text = (solved / release.course.notebook).read_text()
    for number in range(NUMBER):
        notebook = nbformat.reads(text, as_version=4)
        for cell in notebook.cells:
            cell.source = _answer(grade_id(cell), number) or cell.source
            if cell.id in release.skipped():
                cell.source = "# not needed for grading"
        folder = root / "submitted" / f"student{number:02}" / COURSEWORK
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / release.course.notebook)
        for weights in solved.glob("*.safetensors"):
            shutil.copy(weights, folder)


def _answer(question: str, number: int) -> str:
    """Return an answer of the corpus, "" where there is none: then the model answer stands."""
    folder = ROOT / "tests" / "submissions" / COURSEWORK / question
    kind = "wrong" if number % 2 else "right"
    files = sorted(folder.glob(f"{kind}/*.py")) if question else []
    return files[number % len(files)].read_text() if files else ""


def _warm(found: list[Footprint]) -> tuple[float, float]:
    """Return wall and CPU seconds for a submission, the first two left out: they pay the start."""
    spans = [np.subtract(each.marks[-1], each.marks[1]) for each in found]
    return tuple(map(float, sum(spans) / sum(len(each.marks) - 2 for each in found)))


def _whole(found: list[Footprint]) -> Footprint:
    """Return what a round took on the average, and the most memory in any."""
    seconds, cpu = (fmean(getattr(f, what) for f in found) for what in ("seconds", "cpu"))
    return Footprint(seconds=seconds, cpu=cpu, memory=max(f.memory for f in found))


def _figures(way: str, found: list[Footprint]) -> list[dict]:
    (seconds, cpu), whole = _warm(found), _whole(found)
    values = {
        "submissions a minute, once warm": 60 / seconds,
        "CPU seconds a submission, once warm": cpu,
        "CPU seconds for all, start included": whole.cpu,
        "seconds for all, start included": whole.seconds,
        "MiB at most": whole.memory / MIB,
    }
    return [_row(f"{_NAMES[way]}: {what}", value, "") for what, value in values.items()]


_NAMES = {
    **{"plain": "plain nbgrader", "one": "ours, one worker", "two": "ours, two workers"},
    "floor": "one process, no wall",
}


def _ratios(found: dict[str, list[Footprint]]) -> list[dict]:
    cpu = {way: _warm(footprints)[1] for way, footprints in found.items()}
    wall = {way: _warm(footprints)[0] for way, footprints in found.items()}
    whole = {way: _whole(footprints) for way, footprints in found.items()}
    extra = (whole["two"].memory - whole["one"].memory) / MIB
    return [
        _row("throughput per core against plain nbgrader", cpu["plain"] / cpu["one"], "times", 10),
        _row("the same for the whole run", whole["plain"].cpu / whole["one"].cpu, "times"),
        _row("CPU time against the floor", cpu["one"] / cpu["floor"], "times", -2),
        _row("two workers against one", wall["one"] / wall["two"], "times as fast", 1.8),
        _row("memory of a second worker", extra, "MiB", -400),
    ]


def _row(what: str, value: float, unit: str, bar: float | None = None) -> dict:
    """Make a row; a negative bar is one to stay under."""
    met = None if bar is None else value >= bar if bar > 0 else value < -bar
    limit = None if bar is None else abs(bar)
    return {"what": what, "value": round(value, 2), "unit": unit, "bar": limit, "met": met}
