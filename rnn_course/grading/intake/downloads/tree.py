"""A zip archive or a folder as a list of files, read one by one, none believed."""

import lzma
import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from rnn_course.errors import GradingError
from rnn_course.grading.intake.safe_names import is_junk, parts_of

_UTF8 = 0x800  # the flag of a zip entry whose name is in UTF-8
_ENCRYPTED = 0x1
_MOST = 200_000  # files of one download
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    struct.error,
)

Read = Callable[[int], tuple[bytes, str]]


@dataclass(frozen=True)
class Entry:
    """A file of a download.

    Attributes:
        parts: of its path; none leads upwards.
        raw: its path as it is written there.
        read: returns its content, or why it cannot be had; told how large it may be.
        modified: when it was written, in seconds since 1970, 0 where that is not known.
    """

    parts: tuple[str, ...]
    raw: str
    read: Read
    modified: float = 0.0

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.parts[-1]

    def below(self, depth: int) -> "Entry":
        """Return the same file, its path without so many outer folders."""
        return replace(self, parts=self.parts[depth:])


@dataclass(frozen=True)
class Tree:
    """The files of a download, without what systems and editors leave behind.

    Attributes:
        name: of the archive or folder, without an ending.
        left_out: why something is not among the entries, one sentence each.
    """

    name: str
    entries: tuple[Entry, ...]
    left_out: tuple[str, ...] = ()

    @property
    def top(self) -> dict[str, tuple[Entry, ...]]:
        """The entries by the first part of their paths."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.parts[0], []).append(entry)
        return {name: tuple(entries) for name, entries in found.items()}

    def inner(self) -> "Tree | None":
        """Return what lies in the only outer folder; None where there is not just one."""
        if len(self.top) != 1 or any(len(entry.parts) == 1 for entry in self.entries):
            return None
        return replace(self, entries=tuple(entry.below(1) for entry in self.entries))


def open_tree(path: Path, opened: ExitStack) -> Tree:
    """See a zip archive, a folder or a single file as a tree.

    Args:
        path: where it is.
        opened: closes the archive when nobody reads it any more.

    Raises:
        GradingError: there is nothing, or an archive that cannot be read.
    """
    if path.is_dir():
        return folder_tree(path)
    if not path.is_file():
        raise GradingError(
            "an archive, a folder or a file to collect from", f"no {path}", "Check the path."
        )
    if path.suffix.lower() != ".zip":
        return single_file(path)
    try:
        archive = opened.enter_context(zipfile.ZipFile(path))
    except BROKEN as error:
        raise GradingError(
            "a zip archive", f"{path}, which is none or is damaged ({error})", "Download it again."
        ) from error
    return zip_tree(archive, path.stem)


def single_file(path: Path) -> Tree:
    """See a file as a tree of just that, also where it is an archive."""
    return Tree(path.stem, (_plain(path, (path.name,)),))


def zip_tree(archive: zipfile.ZipFile | BinaryIO, name: str) -> Tree:
    """See an open archive as a tree.

    Raises:
        BadZipFile: it is none. A stream that is damaged may raise anything in `BROKEN`.
    """
    archive = archive if isinstance(archive, zipfile.ZipFile) else zipfile.ZipFile(archive)
    entries: list[Entry] = []
    left_out: list[str] = []
    listed = archive.infolist()
    if len(listed) > _MOST:
        left_out.append(f"{len(listed) - _MOST} files were left out: there are too many.")
    for info in listed[:_MOST]:
        raw = _written(info)
        parts = parts_of(raw)
        if info.is_dir() or not parts or is_junk(parts):
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            left_out.append(f"{raw[:200]!a} was left out: it is a link.")
            continue
        entries.append(Entry(parts, raw, _reader(archive, info), _modified(info)))
    return Tree(name, tuple(entries), tuple(left_out))


def folder_tree(folder: Path) -> Tree:
    """See a folder as a tree; links are left out."""
    left_out: list[str] = []
    entries = tuple(_walk(folder, left_out))
    return Tree(folder.resolve().name, entries, tuple(left_out))


def _walk(folder: Path, left_out: list[str]) -> Iterator[Entry]:
    def unreadable(error: OSError) -> None:
        left_out.append(f"{str(error.filename)!a} was left out: {error.strerror}.")

    for place, folders, names in os.walk(folder, onerror=unreadable):
        inside = Path(place).relative_to(folder).parts
        folders.sort()
        links = [name for name in folders if Path(place, name).is_symlink()]
        folders[:] = [one for one in folders if one not in links and not is_junk((one,))]
        for name in [*links, *sorted(names)]:
            path, raw = Path(place, name), "/".join((*inside, name))
            parts = parts_of(raw)
            if not parts or is_junk(parts):
                continue
            if path.is_file() and not path.is_symlink():
                yield _plain(path, parts)
            else:
                left_out.append(f"{raw[:200]!a} was left out: it is a link, or no plain file.")


def _plain(path: Path, parts: tuple[str, ...]) -> Entry:
    def read(room: int) -> tuple[bytes, str]:
        try:
            with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as stream:
                content = stream.read(room + 1)
        except OSError as error:
            return b"", f"it cannot be read ({error.strerror})"
        return _bounded(content, room)

    return Entry(parts, "/".join(parts), read, path.stat().st_mtime)


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Read:
    def read(room: int) -> tuple[bytes, str]:
        if info.flag_bits & _ENCRYPTED:
            return b"", "it is locked with a password"
        if info.file_size > room:  # said beforehand; a bomb need not be opened to be known
            return b"", _too_large(room)
        try:
            with archive.open(info) as stream:
                content = stream.read(room + 1)
        except BROKEN as error:
            return b"", f"it cannot be unpacked ({error})"
        return _bounded(content, room)

    return read


def in_memory(content: bytes) -> Read:
    """Return what reads a content that is there already."""
    return lambda room: _bounded(content, room)


def _bounded(content: bytes, room: int) -> tuple[bytes, str]:
    return (content, "") if len(content) <= room else (b"", _too_large(room))


def _too_large(room: int) -> str:
    return f"it is larger than the {room} bytes that were left for this hand-in"


def _written(info: zipfile.ZipInfo) -> str:
    """Return an entry's name as its author wrote it.

    Python takes a name without the flag for cp437, as the format says. macOS writes UTF-8 and no
    flag; hardly any text in cp437 that is not ASCII happens to be UTF-8 as well.
    """
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name.split("\0")[0])


def _modified(info: zipfile.ZipInfo) -> float:
    try:
        return datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError):
        return 0.0
