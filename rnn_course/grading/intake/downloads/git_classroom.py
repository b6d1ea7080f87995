"""A folder of clones, as GitHub Classroom and the like have an instructor make.

The commits are read, not the working copies: a link in a commit stays what it is, no filter or hook
of a repository runs, and what stood there before a deadline can be had as well as what does now.
"""

import stat
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from dulwich.object_store import iter_tree_contents
from dulwich.objects import Commit
from dulwich.repo import Repo

from rnn_course.grading.intake.downloads.by_student import named
from rnn_course.grading.intake.downloads.hand_in import Claim, Coursework, HandIn
from rnn_course.grading.intake.downloads.tree import Entry, Read, in_memory
from rnn_course.grading.intake.safe_names import is_junk, parts_of

KIND = "a git classroom: a folder of clones"


def clones(folder: Path) -> list[Path]:
    """Return the clones in a folder, or the folder itself where it is one."""
    if _is_clone(folder):
        return [folder]
    return sorted(path for path in folder.iterdir() if _is_clone(path))


def _is_clone(path: Path) -> bool:
    return not path.is_symlink() and (path / ".git").is_dir()


def read(
    folders: Sequence[Path],
    coursework: Coursework,
    deadline: datetime | None,
    opened: ExitStack,
) -> tuple[list[HandIn], list[str]]:
    """Return what each clone holds, and a sentence for each that cannot be read.

    A clone's last commit is a hand-in; where there is a deadline, the last before it is another.
    The time is the committer's, which is what git knows: a student may have written any.
    """
    found, said = [], []
    for folder in folders:
        try:
            found += list(_hand_ins(folder, coursework, deadline, opened))
        except Exception as error:  # whatever a clone can hold, it costs only itself
            why = f"{type(error).__name__}: {error}"[:200]
            said.append(f"{folder.name!a} cannot be read as a clone ({why}). Clone it again.")
    return found, said


def _hand_ins(
    folder: Path, coursework: Coursework, deadline: datetime | None, opened: ExitStack
) -> Iterator[HandIn]:
    repository = opened.enter_context(Repo(str(folder)))
    last = repository[repository.head()]
    assert isinstance(last, Commit)
    commits = [last]
    if deadline and _time(last) > deadline:
        walker = repository.get_walker(until=int(deadline.timestamp()), max_entries=1)
        commits = [*(entry.commit for entry in walker), last]
    claim = Claim(folder.name, text=named(folder.name, coursework))
    for commit in commits:
        yield HandIn(claim, tuple(_entries(repository, commit, coursework)), _time(commit))


def _time(commit: Commit) -> datetime:
    return datetime.fromtimestamp(commit.commit_time, UTC)


def _entries(repository: Repo, commit: Commit, coursework: Coursework) -> list[Entry]:
    """Return a commit's files; those of the coursework's folder only, where there is such a one."""
    entries = []
    for item in iter_tree_contents(repository.object_store, commit.tree):
        raw = item.path.decode(errors="replace")
        parts = parts_of(raw)
        if stat.S_ISREG(item.mode) and parts and not is_junk(parts):
            entries.append(Entry(parts, raw, _reader(repository, item.sha), commit.commit_time))
    ours = [e for e in entries if e.parts[0] == coursework.name and len(e.parts) > 1]
    return [entry.below(1) for entry in ours] or entries


def _reader(repository: Repo, name: bytes) -> Read:
    def read(room: int) -> tuple[bytes, str]:
        try:
            content = repository[name].as_raw_string()
        except Exception as error:  # see above
            return b"", f"it cannot be read from the clone ({type(error).__name__}: {error})"
        return in_memory(content)(room)

    return read
