"""Training runs that came with a notebook."""

import json
from pathlib import Path
from typing import Any

from rnn_course.errors import DataError


def stored_runs(path: str | Path) -> dict[str, list[dict[str, Any]]]:
    """Read runs that came with a notebook: by network, as `error_bands` draws them.

    Args:
        path: a JSON file beside the notebook.

    Raises:
        DataError: no such file, or something else in it.
    """
    path = Path(path)
    try:
        groups = json.loads(path.read_text(encoding="utf-8"))
        for runs in groups.values():
            for run in runs:
                _ = run["points"], run["solved"], run["sequences"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise DataError(
            f"stored runs in {path.resolve()}",
            f"{type(problem).__name__}: {problem}",
            "Put the file there that was given out with the notebook, under this name.",
        ) from problem
    return groups
