"""What benchmarks share that run ``rnn-course`` in a course's folder of their own."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def environment(root: Path) -> dict[str, str]:
    """Return what commands run in: this Python's own commands first, and a seed in the folder."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "RNN_COURSE_SECRET_SEED_FILE": str(root / "seed")}


def machine_points(result: Mapping[str, Any]) -> float:
    """Return the points that a machine gave, of a stored result."""
    return sum(question["score"] for question in result["questions"])
