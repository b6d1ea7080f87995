"""Tells what a path that was named for collecting is."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from rnn_course.errors import GradingError
from rnn_course.grading.intake.downloads import (
    by_student,
    canvas,
    exchange,
    git_classroom,
    gradescope,
    moodle,
)
from rnn_course.grading.intake.downloads.hand_in import Coursework, Download
from rnn_course.grading.intake.downloads.tree import Tree, open_tree, single_file

_PLATFORMS = (gradescope, moodle, exchange, canvas)


def recognise(
    path: Path,
    coursework: Coursework,
    opened: ExitStack,
    is_person: Callable[[str], bool],
    deadline: datetime | None = None,
) -> list[Download]:
    """Return what a path holds; more than one thing where clones lie among other folders.

    Args:
        path: an archive, a folder or a file.
        coursework: what is collected.
        opened: closes archives when nobody reads them any more.
        is_person: tells whether a text is what somebody on the roster is called.
        deadline: of the coursework, where it decides what is taken.

    Raises:
        GradingError: there is nothing that anybody could have handed in.
    """
    archive = path.is_file() and path.suffix.lower() == ".zip"
    if archive and is_person(by_student.named(path.stem, coursework)):
        # Never looked into here: a student could make one that seems to come from a platform, and
        # hand in for somebody else by the names of its files.
        return [_by_student(path, single_file(path), coursework)]
    clones = git_classroom.clones(path) if path.is_dir() else []
    tree = _without(open_tree(path, opened), clones)
    if not tree.entries and not clones:
        raise GradingError(
            "hand-ins to collect",
            f"{path}, in which there are no files",
            "Name the archive that the platform gave you, or the folder of what was handed in.",
        )
    found = []
    if clones:
        hand_ins, said = git_classroom.read(clones, coursework, deadline, opened)
        found.append(Download(path, git_classroom.KIND, hand_ins, tuple(said)))
    if tree.entries and path not in clones:
        found.append(_of_platform(path, tree, coursework) or _by_student(path, tree, coursework))
    return found


def _without(tree: Tree, clones: Sequence[Path]) -> Tree:
    names = {clone.name for clone in clones}
    return replace(tree, entries=tuple(e for e in tree.entries if e.parts[0] not in names))


def _of_platform(path: Path, tree: Tree, coursework: Coursework) -> Download | None:
    """Return what a platform's reader makes of a tree, also where a folder lies around it all."""
    for one in filter(None, (tree, tree.inner())):
        for platform in _PLATFORMS:
            hand_ins = platform.read(one, coursework)
            if hand_ins is not None:
                return Download(path, platform.KIND, hand_ins, tree.left_out)
    return None


def _by_student(path: Path, tree: Tree, coursework: Coursework) -> Download:
    if path.is_file() and by_student.is_one_students(tree, coursework):
        tree = single_file(path)
    elif path.is_file():
        tree = tree.inner() or tree
    return Download(path, by_student.KIND, by_student.read(tree, coursework), tree.left_out)
