"""Fills the folder that a submission works in."""

import contextlib
from collections.abc import Mapping
from pathlib import Path


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write staged files into an empty folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def mirror(source: Path, target: Path, depth: int = 2) -> None:
    """Make a folder that shows what a read-only one holds, and can be added to.

    Args:
        source: the folder to show.
        target: the folder to make.
        depth: folders above this depth can be added to; deeper ones are links.
    """
    target.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(PermissionError):  # what we may not read is as if it were not there
        for path in source.iterdir():
            if depth > 1 and path.is_dir():
                mirror(path, target / path.name, depth - 1)
            else:
                (target / path.name).symlink_to(path)
