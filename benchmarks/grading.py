"""Grading a class: ours with one worker and with two, plain nbgrader, Otter, and the floor."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import fmean

import nbformat
import numpy as np

from benchmarks._contestants import COURSEWORK
from benchmarks._footprint import Footprint, measure
from benchmarks._otter import otter
from rnn_course.authoring.corpus import of_question
from rnn_course.grading.gradebook.course import CONFIG_FILE, Course
from rnn_course.grading.intake.release import Release, grade_id

ROOT = Path(__file__).parents[1]
NUMBER = 20
ROUNDS = 4
MIB = 2**20


def run() -> list[dict]:
    """Grade the same submissions in all ways, one after another, in several rounds.

    A machine that others use is now quick, now slow; in each round every way has its turn, plain
    nbgrader and Otter, which take minutes, in every second. Otter's tests are such as its authors
    write, and say less than ours; where it cannot be installed it has no rows.
    Speed is compared by CPU seconds for a submission once everything is warm: that is throughput
    per core, and other work on the machine changes it little. Two workers are compared with one
    by wall time, and without the meter, which one worker leaves a core for and two do not. What
    two programs that have nothing to do with each other reach here stands beside it.

    Returns:
        Rows with what, value, unit, bar (None where nothing is promised) and met.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "course")
        make_class(root, NUMBER)
        # the first run of all compiles what librosa has numba compile
        ways = [way for way in _NAMES if way != "otter" or otter()]
        found: dict[str, list[Footprint]] = {way: [] for way in ways}
        timed: dict[str, list[Footprint]] = {"one": [], "two": []}
        for number in range(ROUNDS):
            for way in found if number % 2 else ("floor", "one", "two"):
                found[way].append(_measure(way, root))
            for way, footprints in timed.items():
                footprints.append(_measure(way, root, watched=False))
    rows = [row for way in found for row in _figures(way, found[way])]
    return rows + _ratios(found) + _scaling(timed)


def _measure(way: str, root: Path, *, watched: bool = True) -> Footprint:
    for made in ("autograded", "results"):
        shutil.rmtree(root / made, ignore_errors=True)
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks._contestants", way, str(root)]
    os.environ["OMP_NUM_THREADS"] = "1"
    return measure(command, ROOT, watched=watched)


def make_class(root: Path, students: int) -> str:
    """Release the coursework and hand in answers from the corpus, right and wrong ones in turn.

    Returns:
        The coursework's name.
    """
    shutil.copytree(ROOT / "solutions" / COURSEWORK, root / "solutions" / COURSEWORK)
    shutil.copy(ROOT / CONFIG_FILE, root)
    Course(root).release(COURSEWORK)
    release = Release.load(COURSEWORK, root)
    solved = root / "solutions" / COURSEWORK
    text = (solved / release.course.notebook).read_text()
    for number in range(students):
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
    return COURSEWORK


def _answer(question: str, number: int) -> str:
    """Return an answer of the corpus, "" where there is none: then the model answer stands."""
    place = ROOT / "tests" / "submissions" / COURSEWORK / question
    known = of_question(place) if question else []
    texts = [sample.text for sample in known if sample.right == (number % 2 == 0)]
    return texts[number % len(texts)] if texts else ""


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
    **{"floor": "one process, no wall", "one": "ours, one worker", "two": "ours, two workers"},
    **{"plain": "plain nbgrader", "otter": "Otter without a container"},
}


def _ratios(found: dict[str, list[Footprint]]) -> list[dict]:
    cpu = {way: _warm(footprints)[1] for way, footprints in found.items()}
    whole = {way: _whole(footprints) for way, footprints in found.items()}
    extra = (whole["two"].memory - whole["one"].memory) / MIB
    against = {"plain": ("plain nbgrader", 10), "otter": ("Otter", None)}
    return [
        *(
            _row(f"throughput per core against {name}", cpu[way] / cpu["one"], "times", bar)
            for way, (name, bar) in against.items()
            if way in cpu
        ),
        _row("the same for the whole run", whole["plain"].cpu / whole["one"].cpu, "times"),
        _row("CPU time against the floor", cpu["one"] / cpu["floor"], "times", -2),
        _row("memory of a second worker", extra, "MiB", -400),
    ]


def _scaling(timed: dict[str, list[Footprint]]) -> list[dict]:
    one, two = (_warm(timed[way])[0] for way in ("one", "two"))
    tries = [(_busy(1), _busy(2)) for _ in range(3 * ROUNDS)]
    alone, beside = map(sum, zip(*tries, strict=True))
    return [
        _row("one worker, without the meter: submissions a minute", 60 / one, ""),
        _row("two workers, without the meter: submissions a minute", 60 / two, ""),
        _row("two workers against one", one / two, "times as fast", 1.8),
        _row("two busy loops against one, on this machine", 2 * alone / beside, "times as fast"),
    ]


def _busy(number: int) -> float:
    """Return the seconds that so many programs take for the same work side by side."""
    work = "d = {}\nfor i in range(3_000_000): d[i % 50_000] = i, str(i % 7)"
    begin = time.monotonic()
    running = [subprocess.Popen([sys.executable, "-c", work]) for _ in range(number)]
    for process in running:
        process.wait()
    return time.monotonic() - begin


def _row(what: str, value: float, unit: str, bar: float | None = None) -> dict:
    """Make a row; a negative bar is one to stay under."""
    met = None if bar is None else value >= bar if bar > 0 else value < -bar
    limit = None if bar is None else abs(bar)
    return {"what": what, "value": round(value, 2), "unit": unit, "bar": limit, "met": met}
