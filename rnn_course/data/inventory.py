"""What the course keeps on this machine: how large it is, under which licence, and how it goes."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rnn_course.data.cache import cache_dir
from rnn_course.data.speech_layout import FOLDER

CC_BY = "CC BY 4.0, Google"
_DOWNLOADS = {
    "speech_commands": ("Speech Commands, as downloaded", CC_BY),
    "train-": ("MNIST, training images", "CC BY-SA 3.0, LeCun and Cortes"),
    "t10k-": ("MNIST, test images", "CC BY-SA 3.0, LeCun and Cortes"),
    "timemachine": ("The Time Machine, a text", "public domain, H. G. Wells"),
}
_MADE = {
    FOLDER: ("Speech Commands, unpacked", CC_BY),
    "synthetic_speech": ("synthetic speech", "made here by espeak-ng"),
    "features": ("features of speech", "made here"),
    "recordings": ("what checks compare with, for the public seed", "made here"),
    "compiled": ("compiled code of libraries", "made here"),
}


@dataclass(frozen=True)
class Stored:
    """Something in the cache.

    Attributes:
        path: the file or folder.
        what: it.
        licence: its licence and owner, or where it comes from.
        size: bytes.
        downloaded: whether a network is needed to have it again.
    """

    path: Path
    what: str
    licence: str
    size: int
    downloaded: bool

    def text(self) -> str:
        """Return it as a line."""
        return f"{self.size / 1e6:9.1f} MB  {self.what} ({self.licence}): {self.path}"


def inventory() -> list[Stored]:
    """Return what is in the cache, the largest first. What nobody here knows is not listed."""
    cache = cache_dir()
    found = [*_known(cache / "downloads", _DOWNLOADS, True), *_known(cache, _MADE, False)]
    return sorted(found, key=lambda stored: -stored.size)


def clean(stored: Iterable[Stored]) -> int:
    """Delete what is named; return the bytes that were freed."""
    freed = 0
    for one in stored:
        if one.path.is_dir():
            shutil.rmtree(one.path)
        else:
            one.path.unlink(missing_ok=True)
        freed += one.size
    return freed


def _known(folder: Path, names: dict[str, tuple[str, str]], downloaded: bool) -> Iterable[Stored]:
    for path in sorted(folder.glob("*")):
        for start, (what, licence) in names.items():
            if path.name.startswith(start) and not path.is_symlink():
                fetched = downloaded or path.name == FOLDER
                yield Stored(path, what, licence, _size(path), fetched)
                break


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.lstat().st_size for file in files if file.is_file())
