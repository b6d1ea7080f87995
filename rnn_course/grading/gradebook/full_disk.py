"""A full disk is one sentence, and no reason to lose anything."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rnn_course.errors import GradingError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_SQLITE_FULL = "database or disk is full"


def is_full(error: BaseException | None) -> bool:
    """Tell whether an error, or one that it came from, says that there is no room to write.

    nbgrader turns what SQLite says into errors of its own, with the same words.
    """
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        if _SQLITE_FULL in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def full_disk_told(root: Path) -> Iterator[None]:
    """Turn the many ways of failing on a full disk into one sentence.

    Raises:
        GradingError: there is no room left.
    """
    try:
        yield
    except GradingError:
        raise
    except Exception as error:
        if not is_full(error):
            raise
        where = getattr(error, "filename", None) or root
        raise GradingError(
            f"room on the disk of {root}",
            f"no space left to write {where}",
            "Make room and run this again: what was graded is kept, and nothing is half-written.",
        ) from error
