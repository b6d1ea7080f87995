"""Tells what a path that was named for collecting is."""

from contextlib import ExitStack
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
from rnn_course.grading.intake.downloads.tree import Tree, open_tree

_PLATFORMS = (gradescope, moodle, exchange, canvas)


def recognise(
    path: Path, coursework: Coursework, opened: ExitStack, deadline: datetime | None = None
) -> list[Download]:
    """Return what a path holds; more than one thing where it is a folder of downloads.

    Args:
        path: an archive, a folder or a file.
        coursework: what is collected.
        opened: closes archives when nobody reads them any more.
        deadline: of the coursework, where it decides what is taken.

    Raises:
        GradingError: there is nothing that anybody could have handed in.
    """
    if path.is_dir() and (folders := git_classroom.clones(path)):
        hand_ins, said = git_classroom.read(folders, coursework, deadline, opened)
        return [Download(path, git_classroom.KIND, hand_ins, tuple(said))]
    tree = open_tree(path, opened)
    if not tree.entries:
        raise GradingError(
            "hand-ins to collect",
            f"{path}, in which there are no files",
            "Name the archive that the platform gave you, or the folder of what was handed in.",
        )
    if found := _of_platform(path, tree, coursework):
        return [found]
    downloads, archives = [], []
    for inner in sorted(path.glob("*.zip")) if path.is_dir() else ():
        archive = _of_platform_in(inner, coursework, opened)
        if archive:
            downloads.append(archive)
            archives.append(inner.name)
    rest = tuple(entry for entry in tree.entries if entry.raw not in archives)
    if rest:
        tree = Tree(tree.name, rest, tree.left_out)
        downloads.append(_by_student(path, tree, coursework))
    return downloads


def _of_platform(path: Path, tree: Tree, coursework: Coursework) -> Download | None:
    """Return what a platform's reader makes of a tree, also where a folder lies around it all."""
    for one in filter(None, (tree, tree.inner())):
        for platform in _PLATFORMS:
            hand_ins = platform.read(one, coursework)
            if hand_ins is not None:
                return Download(path, platform.KIND, hand_ins, tree.left_out)
    return None


def _of_platform_in(path: Path, coursework: Coursework, opened: ExitStack) -> Download | None:
    try:
        return _of_platform(path, open_tree(path, opened), coursework)
    except GradingError:  # no archive: it is somebody's hand-in all the same
        return None


def _by_student(path: Path, tree: Tree, coursework: Coursework) -> Download:
    if path.is_file() and path.suffix.lower() == ".zip":
        if by_student.is_one_students(tree, coursework):
            hand_ins = by_student.read_one(tree, coursework)
            return Download(path, by_student.ONE, hand_ins, tree.left_out)
        tree = tree.inner() or tree
    return Download(path, by_student.KIND, by_student.read(tree, coursework), tree.left_out)
