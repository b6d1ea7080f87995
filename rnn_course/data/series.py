"""Series of numbers to forecast: a noisy sine, or a column of a file of one's own."""

import csv
import math
from pathlib import Path

import numpy as np

from rnn_course.errors import DataError
from rnn_course.seeding import numpy_generator


def noisy_sine(
    n: int = 1000, noise: float = 0.2, seed: int | np.random.Generator = 0
) -> np.ndarray:
    """Draw x(t) = sin(0.01 t) + e(t) for t = 1 … n, with e normal of standard deviation `noise`.

    Returns:
        The series (n,), float32.

    Raises:
        DataError: n or noise is negative.
    """
    if n < 0 or noise < 0:
        raise DataError(
            "n and noise of at least 0",
            f"n={n}, noise={noise}",
            "Pass numbers that are not negative.",
        )
    rng = seed if isinstance(seed, np.random.Generator) else numpy_generator(seed, "noisy_sine")
    time = np.arange(1, n + 1)
    return (np.sin(0.01 * time) + noise * rng.normal(size=n)).astype(np.float32)


def series_from_csv(path: str | Path, column: str | int = 0) -> np.ndarray:
    """Read one column of a CSV file, e.g. a temperature a day.

    Args:
        path: the file; its first line may be a header.
        column: name of the column in the header, or its number from 0.

    Returns:
        The series (N,), float32.

    Raises:
        DataError: no such file or column, a value that is no finite number, or no value at all.
    """
    path = Path(path).expanduser()
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = [line for line in csv.reader(file) if line]
    except (OSError, UnicodeDecodeError) as problem:
        raise DataError(
            f"a CSV file at {path}", f"{type(problem).__name__}: {problem}", "Check the path."
        ) from problem
    header = lines[0] if lines and not all(_is_number(cell) for cell in lines[0]) else None
    place = _place(column, header, len(lines[0]) if lines else 0, path)
    values = [_value(line, place, path) for line in lines[header is not None :]]
    if not values:
        raise DataError(f"numbers in {path}", "none", "Put one value a line.")
    return np.array(values, dtype=np.float32)


def series_windows(series: np.ndarray, tau: int) -> tuple[np.ndarray, np.ndarray]:
    """Cut a series into all its windows of tau values, each with the values one step later.

    Args:
        series: (N,).
        tau: length of a window.

    Returns:
        Inputs (N - tau, tau) and targets (N - tau, tau): ``targets[i, t]`` follows
        ``inputs[i, t]`` in the series.

    Raises:
        DataError: tau is not positive, or the series is too short for one window.
    """
    if not 0 < tau < len(series):
        raise DataError(
            f"tau between 1 and {len(series) - 1}, for a series of {len(series)} values",
            f"tau={tau}",
            "Take a shorter window or a longer series.",
        )
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(series), tau)
    return windows[:-1].copy(), windows[1:].copy()


def _place(column: str | int, header: list[str] | None, width: int, path: Path) -> int:
    names = [cell.strip() for cell in header or []]
    if isinstance(column, str) and column in names:
        return names.index(column)
    if isinstance(column, int) and 0 <= column < max(width, 1):
        return column
    known = ", ".join(names) or f"numbers 0 to {width - 1} (there is no header)"
    raise DataError(f"a column of {path}: {known}", repr(column), "Name one of these.")


def _value(line: list[str], place: int, path: Path) -> float:
    cell = line[place] if place < len(line) else ""
    if not _is_number(cell) or not math.isfinite(float(cell)):
        raise DataError(
            f"a finite number in column {place} of every line of {path}",
            repr(cell),
            "Fill the gap or remove the line.",
        )
    return float(cell)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
