"""The secret seed: what a check asks at grading time and no student can know beforehand."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

import platformdirs

from rnn_course.errors import GradingError

VARIABLE = "RNN_COURSE_SECRET_SEED_FILE"


def seed_file() -> Path:
    """Return where the seed is kept: `$RNN_COURSE_SECRET_SEED_FILE`, or the user's own settings."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else platformdirs.user_config_path("rnn-course") / "secret_seed"


def secret_seed() -> int:
    """Return the instructor's seed; make one on first use, readable by nobody else.

    Raises:
        GradingError: the file does not hold a seed.
    """
    path = seed_file()
    if not path.exists():
        _make(path)
    text = path.read_text().strip()
    if not text.isdecimal():
        raise GradingError(
            f"one whole number in {path}", repr(text[:40]), "Delete the file; a new one is made."
        )
    return int(text)


def _make(path: Path) -> None:
    """Make a seed, whole at once; of several that begin together, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)  # readable by its owner alone
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{secrets.randbits(62)}\n")
    with contextlib.suppress(FileExistsError):
        os.link(name, path)
    os.unlink(name)
