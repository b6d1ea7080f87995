"""Recognises files that a browser, an LMS or a file manager has renamed on their way."""

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

# "name (1)", "name-1", "name_1", "name-Copy1", "name - Copy", "name - Copy (2)", "name copy 2"
_AGAIN = re.compile(r"(?:\s*\(\d+\)|[-_ ]\d{1,2}|[-_ ]+(?:copy|kopie)[-_ ]?\d*)$", re.IGNORECASE)


def original(name: str, known: Iterable[str]) -> str:
    """Return which known file a name is a renamed form of, itself if of none.

    Args:
        name: a file name without folders.
        known: the names that may be meant.
    """
    wanted = {one.casefold(): one for one in known}
    path = PurePosixPath(name)
    stem = path.stem
    while True:
        if found := wanted.get(f"{stem}{path.suffix}".casefold()):
            return found
        shorter = _AGAIN.sub("", stem)
        if shorter in (stem, ""):
            return name
        stem = shorter


def with_original_names(
    files: Mapping[str, bytes], known: Iterable[str]
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Give renamed files their names back, where nothing else has that name.

    Args:
        files: contents by relative path.
        known: the names that may be meant.

    Returns:
        The files, and a sentence for each that got another name.
    """
    known = tuple(known)
    found, said = dict(files), []
    # Of several the last is likeliest meant: who hands in again gets "-1", then "-2". What keeps
    # its own name shows that the files are two on purpose, or is the one that counts.
    for path in sorted(files, key=lambda path: (len(path), path), reverse=True):
        folder, _, name = path.rpartition("/")
        better = original(name, known)
        target = f"{folder}/{better}" if folder else better
        if target not in found:
            found[target] = found.pop(path)
            said.append(f"{name!a} was taken for {better}.")
    return found, tuple(reversed(said))
