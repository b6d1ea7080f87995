"""Where the course keeps what it downloads, generates or computes, and how it writes there.

Everything in the cache can be deleted at any time: it is made again when it is next needed.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pooch

_STALE_AFTER = 24 * 3600  # seconds: no job of ours runs for a day


def cache_dir() -> Path:
    """Return the cache folder: ``$RNN_COURSE_CACHE``, else the operating system's usual place.

    The folder need not exist yet.
    """
    chosen = os.environ.get("RNN_COURSE_CACHE")
    return Path(chosen).expanduser() if chosen else Path(pooch.os_cache("rnn-course"))


@contextmanager
def atomic_folder(target: Path) -> Iterator[Path]:
    """Give a temporary folder that becomes ``target`` only if the block succeeds.

    A block that fails leaves nothing. A process that is killed leaves a hidden folder beside
    ``target``, which nobody takes for data and which a later call sweeps away. If another
    process finishes ``target`` first, its folder stays and ours is dropped.

    Args:
        target: the folder to make; its parents are made as needed.

    Yields:
        The folder to write into, on the same file system as ``target``.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{target.name}-partial-"
    _sweep(target.parent, prefix)
    partial = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    try:
        partial.chmod(0o755)  # mkdtemp makes it private; a lab shares its cache
        yield partial
        try:
            partial.replace(target)
        except OSError:
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def atomic_file(target: Path) -> Iterator[Path]:
    """Give a temporary path whose file becomes ``target`` only if the block succeeds.

    Args:
        target: the file to make; its parents are made as needed.

    Yields:
        The path to write to, in a folder of its own beside ``target``.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{target.name}-partial-"
    _sweep(target.parent, prefix)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=target.parent) as folder:
        partial = Path(folder) / target.name
        yield partial
        partial.replace(target)


def _sweep(folder: Path, prefix: str) -> None:
    """Delete what killed processes left in ``folder`` more than a day ago."""
    for left in folder.glob(f"{prefix}*"):
        try:
            stale = time.time() - left.stat().st_mtime > _STALE_AFTER
        except FileNotFoundError:  # its owner has just finished
            continue
        if stale:
            shutil.rmtree(left, ignore_errors=True)
