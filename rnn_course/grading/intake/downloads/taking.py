"""Takes the files of a hand-in out of its download: bounded, under names that harm nobody."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from rnn_course.grading.intake.downloads.hand_in import HandIn
from rnn_course.grading.intake.downloads.tree import BROKEN, Entry, zip_tree
from rnn_course.grading.intake.safe_names import safe_path
from rnn_course.grading.intake.staging import MAX_FILES, Staged
from rnn_course.grading.protocol.limits import Limits

_MOST_SAID = 20
_OTHER_ARCHIVES = (".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")


def take(hand_in: HandIn, limits: Limits) -> Staged:
    """Read the files of a hand-in; an archive among them is unpacked, one within that is not.

    What does not fit, or cannot be read, is left out, and that is said.
    """
    taking = _Taking(limits.disk_bytes // 2)
    archives = [entry for entry in hand_in.entries if entry.name.lower().endswith(".zip")]
    for entry in _notebooks_first(hand_in.entries):
        if entry not in archives:
            taking.add(entry)
    for entry in archives:
        taking.add_archive(entry)
    files = _without_outer_folder(taking.files)
    return Staged(files, tuple(taking.said[:_MOST_SAID]))


class _Taking:
    """The files that were taken so far, and the room that is left.

    Args:
        room: how many bytes may yet be taken.
    """

    def __init__(self, room: int) -> None:
        self.files: dict[str, bytes] = {}
        self.said: list[str] = []
        self._room = room
        self._folders: set[str] = set()

    def add(self, entry: Entry) -> None:
        """Take a file under a safe name, unless there is no room for it."""
        content, why = b"", "there are too many files"
        if len(self.files) < MAX_FILES:
            content, why = entry.read(self._room)
        if why:
            self.said.append(f"{entry.raw[:200]!a} was left out: {why}.")
        else:
            self._keep(entry, content)

    def add_archive(self, entry: Entry) -> None:
        """Take what is in an archive; where it is none, the file as it is."""
        content, why = entry.read(self._room)
        if why:
            self.said.append(f"{entry.raw[:200]!a} was left out: {why}.")
            return
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                self._unpack(archive)
        except BROKEN as error:
            self.said.append(
                f"{entry.raw[:200]!a} is no zip archive that can be read ({error}). "
                "Ask for it again."
            )
            self._keep(entry, content)

    def _unpack(self, archive: zipfile.ZipFile) -> None:
        tree = zip_tree(archive, "")
        self.said += tree.left_out
        for inner in _notebooks_first((tree.inner() or tree).entries):
            self.add(inner)

    def _keep(self, entry: Entry, content: bytes) -> None:
        path = safe_path("/".join(entry.parts))
        if PurePosixPath(path).suffix.lower() in (".zip", *_OTHER_ARCHIVES):
            self.said.append(
                f"{entry.raw[:200]!a} was kept as it is, not unpacked: only a zip archive is, and "
                "none within another. Unpack it by hand where it matters."
            )
        free = next(name for name in _names(path) if self._is_free(name))
        if free != "/".join(entry.parts) or ".." in entry.raw.replace("\\", "/").split("/"):
            self.said.append(f"{entry.raw[:200]!a} was taken as {free!a}.")
        self.files[free] = content
        self._room -= len(content)
        self._folders |= {str(above) for above in PurePosixPath(free).parents}

    def _is_free(self, path: str) -> bool:
        above = {str(folder) for folder in PurePosixPath(path).parents}
        return path not in self.files and path not in self._folders and not above & set(self.files)


def _notebooks_first(entries: Iterable[Entry]) -> list[Entry]:
    """Return what matters first, so that nothing else takes its room."""
    return sorted(entries, key=lambda entry: not entry.name.lower().endswith(".ipynb"))


def _names(path: str) -> Iterator[str]:
    """Yield a path, then others for what may not have that one."""
    yield path
    whole = PurePosixPath(path)
    for number in range(2, MAX_FILES + 2):
        yield str(whole.with_name(f"{whole.stem}~{number}{whole.suffix}"))
        yield f"{whole.stem}~{number}{whole.suffix}"


def _without_outer_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """Lift everything out of a folder that holds it all."""
    while files and len(_outer(files)) == 1 and all("/" in path for path in files):
        files = {path.partition("/")[2]: content for path, content in files.items()}
    return files


def _outer(paths: Iterable[str]) -> set[str]:
    return {path.partition("/")[0] for path in paths}
