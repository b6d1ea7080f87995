"""The anonymous runs that came with a notebook, to be told apart by whoever reads them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rnn_course.errors import CourseError, DataError
from rnn_course.training.history import History


class StoredCurves(NamedTuple):
    """What was recorded of several networks, by name.

    Attributes:
        facts: sizes and gradients of each.
        accuracies: (runs, looks) validation accuracies of each, in per cent.
        steps: training steps at which they were measured.
    """

    facts: Mapping[str, Mapping[str, Any]]
    accuracies: Mapping[str, np.ndarray]
    steps: list[int]


def stored_curves(folder: str | Path) -> StoredCurves:
    """Read ``facts.json`` and the runs ``NAME_0.json``, ``NAME_1.json`` and so on beside it.

    Args:
        folder: came with the notebook.

    Raises:
        DataError: the folder is not there, or something in it is missing or damaged.
    """
    folder = Path(folder)
    try:
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        runs = {
            name: [History.load(path) for path in sorted(folder.glob(f"{name}_*.json"))]
            for name in facts
        }
        percent = {
            name: np.array([[100 * point.accuracy for point in run.valid] for run in found])
            for name, found in runs.items()
        }
        steps = [point.step for point in next(iter(runs.values()))[0].valid]
        if any(found.shape[1:] != (len(steps),) for found in percent.values()):
            raise ValueError("runs that are missing, or of different lengths")
    except (OSError, ValueError, KeyError, IndexError, StopIteration, CourseError) as problem:
        raise DataError(
            f"the folder {folder.name}, which came with the notebook, in {Path.cwd()}",
            f"{type(problem).__name__}: {problem}",
            "Put the whole folder beside the notebook again, as it was given out.",
        ) from problem
    return StoredCurves(facts, percent, steps)
