"""Tells whose file a hard link in a submission is: it earns marks without a copy being made."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

_MOST_SAID = 5


def said_of_links(folder: Path, linked: Sequence[str]) -> Iterator[str]:
    """Yield a sentence for each file of a submission that another folder holds under a name too.

    Args:
        folder: of the submission, ``submitted/STUDENT/COURSEWORK``.
        linked: its files of more than one name, by relative path.
    """
    others = _of_others(folder) if linked else {}
    for path in linked[:_MOST_SAID]:
        other = others.get(_identity(folder / path) or (0, 0))
        where = (
            f"the same file on the disk as {other}"
            if other
            else ("a hard link: it has another name, outside of what this class handed in")
        )
        yield f"{path!a} is {where}. Look whose work it is; no marks depend on that."


def _of_others(folder: Path) -> dict[tuple[int, int], str]:
    """Return the name of each file that others handed in for the same coursework."""
    found: dict[tuple[int, int], str] = {}
    submitted = folder.parent.parent
    for path in sorted(submitted.glob(f"*/{folder.name}/**/*")):
        identity = _identity(path)
        if identity and folder not in path.parents:
            found.setdefault(identity, str(path.relative_to(submitted)))
    return found


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(path, follow_symlinks=False)
    except OSError:
        return None
    return status.st_dev, status.st_ino
