"""How many workers the head of a cluster can feed, and what a class of 5,000 costs it.

The judge is simulated, all else is real; see `_simulated_class`. With a number behind it,
``python -m benchmarks.scale 1000``, it grades so many real submissions of the corpus instead.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks._simulated_class import Told, cluster, grade, held, make

_SECONDS = 1.0  # that a worker takes
_CLASS = 5000
_RUNS = {2: 100, 16: 800, 64: 2000, 256: _CLASS}  # workers: students graded by then


def run() -> list[dict[str, Any]]:
    """Grade a class with more and more workers; then find that nothing has changed."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make(root, _CLASS)
        for workers, students in _RUNS.items():
            with cluster(root, workers, _SECONDS) as (address, scheduler):
                before = held(scheduler)
                told = grade(root, address, students)
                rows += _figures(workers, told, held(scheduler) - before)
        with cluster(root, 1, _SECONDS) as (address, _):
            again = grade(root, address, _CLASS)
    what = f"{_CLASS} unchanged submissions: until that is known"
    if again is None or again.graded:
        return [*rows, _row(f"{what} (not known)", -1, "s", 1)]
    return [*rows, _row(what, again.looked, "s", -15)]


def _figures(workers: int, told: Told | None, more: float) -> list[dict[str, Any]]:
    """Return rows of a run; the last, with most workers, is the one that has to hold."""
    by, whole = f"{workers} simulated workers", workers == max(_RUNS)
    if told is None:
        return [_row(f"{by}: submissions a minute (it came to no end)", 0, "", 1)]
    most = f"most that {workers} workers of {_SECONDS:g} s can do"
    rate, cpu = 60 * told.graded / told.seconds, told.cpu / told.graded
    rows = [
        _row(f"{by}: submissions a minute", rate, "", 3000 if whole else None),
        _row(most, 60 * workers / _SECONDS, ""),
        _row(f"{by}: CPU of the head for each", 1000 * cpu, "ms"),
        _row(f"{by}: the scheduler has grown by", more, "MiB"),
    ]
    if not whole:
        return rows
    grown = f"{by}: the head has grown since a tenth of the class by"
    return [*rows, _row(grown, told.late - told.early, "MiB", -50)]


def _row(what: str, value: float, unit: str, bar: float | None = None) -> dict[str, Any]:
    """Make a row; a negative bar is one to stay under."""
    met = None if bar is None else value >= bar if bar > 0 else value < -bar
    limit = None if bar is None else abs(bar)
    return {"what": what, "value": round(value, 2), "unit": unit, "bar": limit, "met": met}


def real(number: int) -> None:
    """Grade real submissions with two workers, and say how fast that went."""
    from benchmarks.grading import make_class
    from rnn_course.grading.classroom.autograde import Settings, autograde

    with tempfile.TemporaryDirectory() as folder:
        name = make_class(Path(folder), number)
        begin = time.monotonic()
        tally = autograde(Path(folder), name, Settings(workers=2))
        minutes = (time.monotonic() - begin) / 60
    print(f"{len(tally.graded)} graded, {len(tally.ungraded)} not, in {minutes:.1f} minutes")


if __name__ == "__main__":
    real(int(sys.argv[1]))
