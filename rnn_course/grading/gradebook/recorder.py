"""Writes the marks of a class into the gradebook, each submission whole or not at all."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat.v4
from nbformat import NotebookNode
from nbgrader.api import BaseCell, Gradebook
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution

from rnn_course.grading.gradebook.course import SECRET_FILE, Course
from rnn_course.grading.gradebook.lateness import Lateness, Penalty, write_penalties
from rnn_course.grading.judge.result_store import file_to_replace, sweep

_log = logging.getLogger(__name__)


@contextmanager
def open_recorder(course: Course, coursework: str) -> Iterator["Recorder"]:
    """Keep the gradebook open for writing the marks of a class."""
    with _told_once(), course.open_gradebook() as gradebook:
        yield Recorder(course, coursework, gradebook)


@contextmanager
def _told_once() -> Iterator[None]:
    """Keep nbgrader from logging fifty lines of an error that it raises as well."""
    log = logging.getLogger("tornado.application")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


@dataclass(frozen=True)
class Entry:
    """What is written of a graded submission.

    Attributes:
        student: whose it is.
        notebook: its file name.
        graded: its text, as `grading_task.Graded` holds it.
        secret: by which nbgrader's exchange returns feedback, where it was handed in there.
        flag: whether formgrader's list is to show that a person has something to decide.
    """

    student: str
    notebook: str
    graded: str
    secret: str = ""
    flag: bool = False


class Recorder:
    """The one writer of a class's marks. What it is stopped in the middle of, it has not done.

    Args:
        course: whose gradebook it is.
        coursework: what was graded.
        gradebook: open for as long as there is something to write.
    """

    def __init__(self, course: Course, coursework: str, gradebook: Gradebook) -> None:
        self._course, self._coursework, self._gradebook = course, coursework, gradebook

    def record(self, *entries: Entry) -> None:
        """Write graded notebooks to autograded/ and their marks into the gradebook.

        All of them, or none: the disk is waited for once, and nbgrader looks up the questions
        once.
        """
        with ExitStack() as files, _one_transaction(self._gradebook) as gradebook:
            for entry in entries:
                self._record(gradebook, entry, files)

    def _record(self, gradebook: Gradebook, entry: Entry, files: ExitStack) -> None:
        """Write an entry; its files take the old ones' places once ``files`` is left."""
        coursework, student = self._coursework, entry.student
        # our own judge wrote it: to validate it takes as long as the rest
        cells = nbformat.v4.reads(entry.graded)
        timestamp = self._course.handed_in(coursework, student)
        about = {"timestamp": timestamp} if timestamp else {}
        folder = self._course.path("autograded", student, coursework)
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        texts = {entry.notebook: entry.graded, SECRET_FILE: entry.secret}
        texts["timestamp.txt"] = timestamp.isoformat(" ") if timestamp else ""
        for name, text in texts.items():
            if text:
                files.enter_context(file_to_replace(folder / name, text))
        with gradebook.db.no_autoflush:
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(coursework, student, **about)
        name = Path(entry.notebook).stem
        save_marks(gradebook, coursework, student, name, cells, flag=entry.flag)

    def penalise(self, lateness: Lateness, students: Sequence[str]) -> list[Penalty]:
        """Bring what lateness costs up to date, by the deadlines that hold now.

        Args:
            lateness: what knows its cost.
            students: whose.

        Returns:
            One for each student who has marks, also where nothing has changed.
        """
        found = lateness.penalties(self._gradebook, self._coursework, students, {})
        write_penalties(self._gradebook, self._coursework, found)
        return found


def save_marks(
    gradebook: Gradebook,
    coursework: str,
    student: str,
    notebook: str,
    graded: NotebookNode,
    *,
    flag: bool = False,
) -> None:
    """Write the marks of every cell; see `nbgrader.preprocessors.SaveAutoGrades`.

    A flag that a person has set, or taken away, stays unless ``flag`` asks for one.
    """
    kept = gradebook.find_submission_notebook(notebook, coursework, student)
    kept.flagged = flag or kept.flagged
    cells = gradebook.db.query(BaseCell.id, BaseCell.name)
    names = dict(map(tuple, cells.filter(BaseCell.notebook_id == kept.notebook_id)))
    grades = {names[grade.cell_id]: grade for grade in kept.grades}
    comments = {names[comment.cell_id]: comment for comment in kept.comments}
    for cell in graded.cells:
        if is_grade(cell):
            grade = grades[cell.metadata.nbgrader.grade_id]
            grade.auto_score, _ = determine_grade(cell, _log)
            grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
        if is_solution(cell):
            blank = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
            comment = comments[cell.metadata.nbgrader.grade_id]
            comment.auto_comment = "No response." if blank else None


@contextmanager
def _one_transaction(gradebook: Gradebook) -> Iterator[Gradebook]:
    """Make one transaction of all that is written, whatever nbgrader commits in between."""
    with gradebook.engine.begin() as connection:
        gradebook.db.remove()
        gradebook.db.configure(
            bind=connection, join_transaction_mode="rollback_only", expire_on_commit=False
        )
        try:
            yield gradebook
            gradebook.db.commit()
        finally:
            gradebook.db.remove()
            gradebook.db.configure(
                bind=gradebook.engine,
                join_transaction_mode="conditional_savepoint",
                expire_on_commit=True,
            )
