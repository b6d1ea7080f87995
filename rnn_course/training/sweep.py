"""Try every combination of some settings, and lose nothing when it is stopped half-way.

Each finished combination is one line of a JSON-lines file. A second call with the same file skips
what is there, so that a killed sweep goes on, and a wider grid costs only its new points.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rnn_course.errors import TrainingError
from rnn_course.progress import progress_bar
from rnn_course.training.sweep_result import SweepPoint, SweepResult

Setting = Mapping[str, Any]
Run = Callable[..., Mapping[str, Any]]


def sweep(
    grid: Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Sequence[Any]]],
    run: Run,
    *,
    path: str | Path,
    processes: int = 1,
    progress: bool = True,
) -> SweepResult:
    """Call a function with every combination of some settings, and record what it returns.

    A call that raises is recorded with its error and is not tried again; delete its line in the
    file to do so. Stop the sweep at any moment and call it again: it goes on. Two sweeps at the
    same time need two files.

    Args:
        grid: the values to try of each setting, or several such grids one after the other; as
            for scikit-learn's ``ParameterGrid``. Values are numbers, text, None, or lists of them.
        run: called as ``run(lr=0.1, hidden=64)``; returns numbers and texts by name. It seeds its
            own random numbers. With several processes it may come from a notebook all the same.
        path: the JSON-lines file; made with its folders if missing.
        processes: how many combinations to run at once, each in a process of its own when above 1.
        progress: show a bar with the time left.

    Returns:
        What is known now of every combination, in the grid's order.

    Raises:
        TrainingError: an unusable grid, file or number of processes, or a worker process that
            died (it is not known of which setting; the others are in the file).
    """
    if processes < 1:
        raise TrainingError("processes of at least 1", f"processes={processes!r}", "Pass 1 or 2.")
    settings = _expand(grid)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    known = _read(path)
    left = [setting for setting in settings if _key(setting) not in known]
    with path.open("a", encoding="utf-8") as file:
        for line in _bar(_lines(run, left, processes), len(settings), len(left), progress):
            file.write(line + "\n")
            file.flush()
            point = SweepPoint(**json.loads(line))
            known[_key(point.setting)] = point
    return SweepResult(tuple(known[_key(setting)] for setting in settings))


def _expand(grid: Any) -> list[Setting]:
    from sklearn.model_selection import ParameterGrid

    try:
        settings = list(ParameterGrid(grid))
        for setting in settings:
            _key(setting)
    except (TypeError, ValueError) as problem:
        raise TrainingError(
            "a grid of names and lists of numbers or texts",
            f"{type(problem).__name__}: {problem}",
            'Write it like {"lr": [0.1, 0.01], "cell": ["GRU", "LSTM"]}.',
        ) from problem
    return settings


def _key(setting: Setting) -> str:
    return json.dumps(setting, sort_keys=True, default=_plain)


def _plain(value: Any) -> Any:
    """Turn a NumPy or torch scalar into a Python one, for JSON."""
    if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{type(value).__name__} is neither a number nor a text")


def _read(path: Path) -> dict[str, SweepPoint]:
    """Return the points in a file by their key; cut off a last line that was half-written."""
    if not path.exists():
        return {}
    whole, newline, rest = path.read_bytes().rpartition(b"\n")
    if rest:
        with path.open("r+b") as file:
            file.truncate(len(whole) + len(newline))
    points = {}
    for number, line in enumerate(whole.splitlines(), start=1):
        try:
            point = SweepPoint(**json.loads(line))
            points[_key(point.setting)] = point
        except (ValueError, TypeError) as problem:
            raise TrainingError(
                f"one point of a sweep in each line of {path}",
                f"line {number}: {line[:60].decode(errors='replace')!r}",
                "Delete that line, or give another path to start afresh.",
            ) from problem
    return points


def _lines(run: Run, settings: list[Setting], processes: int) -> Iterator[str]:
    """Yield a line for each setting as soon as it is finished."""
    if processes == 1 or len(settings) < 2:
        yield from (_line(run, setting) for setting in settings)
        return
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import BrokenProcessPool

    # loky sends functions by value, so that one defined in a notebook reaches the workers, and
    # divides the cores among them.
    workers = Parallel(processes, backend="loky", return_as="generator_unordered")
    try:
        yield from workers(delayed(_line)(run, setting) for setting in settings)
    except BrokenProcessPool as problem:
        raise TrainingError(
            "workers that live until their setting is finished",
            "one that died, usually for lack of memory",
            "Call sweep again to go on from the file, with fewer processes.",
        ) from problem


def _line(run: Run, setting: Setting) -> str:
    """Run one setting, and return its point as JSON."""
    start = time.perf_counter()
    try:
        result, error = dict(run(**setting)), None
        taken = result.keys() & {*setting, "seconds", "error"}
        if taken:
            raise ValueError(f"run returned names that are taken: {', '.join(sorted(taken))}")
        json.dumps(result, default=_plain)
    except Exception as problem:  # whatever a student's function raises is a result of the sweep
        result, error = {}, f"{type(problem).__name__}: {problem}"
    point = {"setting": setting, "result": result, "error": error}
    return json.dumps({**point, "seconds": time.perf_counter() - start}, default=_plain)


def _bar(lines: Iterator[str], total: int, left: int, progress: bool) -> Iterator[str]:
    return progress_bar(
        lines,
        desc="sweep",
        unit="setting",
        total=total,
        initial=total - left,
        leave=False,
        disable=not progress,
    )
