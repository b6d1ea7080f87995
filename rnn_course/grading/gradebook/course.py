"""A course's folder with its gradebook, seen through nbgrader: releases, feedback, marks."""

import os
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from glob import glob
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.apps import NbGraderAPI
from nbgrader.plugins import CsvExportPlugin
from nbgrader.preprocessors import GetGrades
from traitlets.config import Config, PyFileConfigLoader

from rnn_course.errors import GradingError
from rnn_course.grading.gradebook.agreement import agree
from rnn_course.grading.gradebook.feedback_notebook import with_marks_shown
from rnn_course.grading.gradebook.lateness import Lateness
from rnn_course.grading.gradebook.returned import LATENESS, MarksTold
from rnn_course.grading.intake.timestamp import read_timestamp

CONFIG_FILE = "nbgrader_config.py"
SECRET_FILE = "submission_secret.txt"
FEEDBACK_PAGE = "rnn_course.grading.gradebook.feedback_exporter.FeedbackExporter"

_PERSONAL = ("first_name", "last_name", "email", "lms_user_id")

MarksByStudent = dict[str, dict[str, float]]


def load_config(root: Path) -> Config:
    """Read a course's nbgrader configuration.

    Raises:
        GradingError: the folder is not a course.
    """
    path = root / CONFIG_FILE
    if not path.is_file():
        raise GradingError(
            f"a course's folder with {CONFIG_FILE}",
            str(root),
            "Change to the course's folder, or name it with --root.",
        )
    config = PyFileConfigLoader(CONFIG_FILE, path=str(root)).load_config()
    config.CourseDirectory.root = str(root)
    if "exporter_class" not in config.GenerateFeedback:  # of a course that is older than the page
        config.GenerateFeedback.exporter_class = FEEDBACK_PAGE
    return config


@dataclass(frozen=True)
class Marks:
    """What the gradebook holds for one student: points by question id."""

    student: str
    scores: dict[str, float]
    max_scores: dict[str, float]
    late_penalty: float = 0.0

    def told(self) -> MarksTold:
        """Return the marks as a feedback page shows them."""
        most = self.max_scores
        found = {question: [score, most[question]] for question, score in self.scores.items()}
        return {**found, LATENESS: [0 - self.late_penalty, 0.0]} if self.late_penalty else found


class Course:
    """A course's folder with its gradebook, seen through nbgrader.

    Args:
        root: the folder with nbgrader_config.py.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        _find_alembic()
        _find_plugins(self.root)
        self._api = NbGraderAPI(config=load_config(self.root))
        self._api.log.setLevel("ERROR")

    @property
    def _url(self) -> str:
        return self._api.coursedir.db_url

    @property
    def has_gradebook(self) -> bool:
        """Whether there is a gradebook; to open one makes it."""
        kind, _, path = self._url.partition(":///")
        return kind != "sqlite" or Path(path).is_file()

    def release(self, coursework: str) -> None:
        """Derive the student's version and write its questions into the gradebook."""
        _demand(self._api.generate_assignment(coursework, force=True, create=True))

    def students(self, coursework: str) -> list[str]:
        """Return who handed in something, sorted; be it a file or a link in a folder's place."""
        pattern = str(self.path("submitted", "*", coursework))
        who = Path(pattern).parts.index("*")
        odd = {Path(path).parts[who] for path in glob(pattern) if not os.path.isdir(path)}
        return sorted(odd | self._api.get_submitted_students(coursework))

    def ensure_released(self, coursework: str, notebook: str, released: NotebookNode) -> None:
        """Let the gradebook know a coursework's questions and points as they were released.

        Args:
            coursework: its name.
            notebook: its notebook's file name.
            released: the notebook.
        """
        with self.open_gradebook() as gradebook:
            try:
                known = bool(gradebook.find_assignment(coursework).notebooks)
            except MissingEntry:
                known = False
            if known:
                agree(gradebook, coursework, Path(notebook).stem, released)
        if not known:
            self.release(coursework)

    def open_gradebook(self) -> Gradebook:
        """Open the gradebook; a context manager closes it again."""
        return Gradebook(self._url, self._api.coursedir.course_id)

    def path(self, kind: str, student: str, coursework: str) -> Path:
        """Return a folder of a student: ``submitted``, ``autograded`` or ``feedback``."""
        directory = getattr(self._api.coursedir, f"{kind}_directory")
        return Path(self._api.coursedir.format_path(directory, student, coursework))

    def handed_in(self, coursework: str, student: str) -> datetime | None:
        """Return when a submission was handed in, None where that is not known."""
        return read_timestamp(self.path("submitted", student, coursework))[0]

    def lateness(self) -> Lateness:
        """Return what knows the cost of lateness; see `Lateness` for what it raises."""
        return Lateness(self._api)

    def automatic(self, coursework: str) -> MarksByStudent:
        """Return what the gradebook holds of machines' marks: points by question, by student."""
        return self._recorded(coursework, Grade.auto_score, Grade.auto_score)

    def overrides(self, coursework: str) -> MarksByStudent:
        """Return marks that a person gave where a machine had marked: by question, by student."""
        return self._recorded(coursework, Grade.manual_score, Grade.auto_score, code=True)

    def _recorded(
        self, coursework: str, shown: Any, *needed: Any, code: bool = False
    ) -> MarksByStudent:
        """Return a column of the marks, where that and the needed ones hold anything."""
        found: MarksByStudent = {}
        if not self.has_gradebook:
            return found
        with self.open_gradebook() as gradebook:
            rows = (
                gradebook.db.query(SubmittedAssignment.student_id, GradeCell.name, shown)
                .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
                .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
                .join(GradeCell, GradeCell.id == Grade.cell_id)
                .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
                .filter(Assignment.name == coursework, shown.is_not(None))
                .filter(*(column.is_not(None) for column in needed))
            )
            if code:  # an unwritten essay has 0 points by a machine, and is marked by a person
                rows = rows.filter(GradeCell.cell_type == "code")
            for student, cell, score in rows:
                found.setdefault(student, {})[cell.removeprefix("check_")] = score
        return found

    def feedback(self, coursework: str, student: str) -> Path:
        """Write a student's HTML feedback and return its folder."""
        _demand(self._api.generate_feedback(coursework, student, force=True))
        return self.path("feedback", student, coursework)

    def feedback_notebook(self, coursework: str, student: str) -> dict[str, NotebookNode]:
        """Return a student's graded notebooks with marks and comments in them, by file name."""
        found = {}
        for path in sorted(self.path("autograded", student, coursework).glob("*.ipynb")):
            names = {"student": student, "assignment": coursework, "notebook": path.stem}
            resources = {"nbgrader": {**names, "db_url": self._url}}
            graded, _ = GetGrades(parent=self._api).preprocess(
                nbformat.read(path, as_version=4), resources
            )
            (marks,) = self.marks(coursework, [student])
            found[path.name] = with_marks_shown(graded, marks.told())
        return found

    def release_feedback(self, coursework: str, student: str) -> None:
        """Put a student's feedback into nbgrader's exchange.

        Raises:
            GradingError: there is no exchange, or this student did not hand in through it.
        """
        if not self._api.exchange_is_functional:
            raise GradingError(
                "an exchange of nbgrader's, a folder that all accounts of this machine share",
                "none that can be written",
                f"Return feedback another way: rnn-course feedback {coursework} --to folders, "
                "moodle or canvas; or ask the administrator for the exchange.",
            )
        folder = self.path("feedback", student, coursework)
        for name in ("timestamp.txt", SECRET_FILE):  # nbgrader copies them there from autograded/
            if not (folder / name).is_file():
                raise GradingError(
                    f"{name} with this submission, as nbgrader's exchange writes it",
                    "no such file",
                    "This was not collected from the exchange: return it another way.",
                )
        _demand(self._api.release_feedback(coursework, student))

    def people(self) -> dict[str, dict[str, str]]:
        """Return what the gradebook knows of students: names, e-mail, id at the platform."""
        if not self.has_gradebook:
            return {}
        with self.open_gradebook() as gradebook:
            return {
                one.id: {name: getattr(one, name) or "" for name in _PERSONAL}
                for one in gradebook.students
            }

    def export(self, file: Path) -> None:
        """Write all marks as CSV, the way nbgrader does."""
        plugin = CsvExportPlugin(parent=self._api)
        plugin.to = str(file)
        plugin.log.setLevel("ERROR")
        with self.open_gradebook() as gradebook:
            plugin.export(gradebook)

    def marks(self, coursework: str, students: Sequence[str]) -> list[Marks]:
        """Read points back from the gradebook."""
        with self.open_gradebook() as gradebook:
            return [_marks(gradebook, coursework, student) for student in students]


def _find_alembic() -> None:
    """Let nbgrader find the `alembic` command beside this Python, also where no venv is active."""
    scripts = sysconfig.get_path("scripts")
    if scripts not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", "")])


def _find_plugins(root: Path) -> None:
    """Let nbgrader find the modules beside its configuration, as its own commands do.

    They come last: a `statistics.py` in a course's folder takes no other module's place.
    """
    if str(root) not in sys.path:
        sys.path.append(str(root))


def _marks(gradebook: Gradebook, coursework: str, student: str) -> Marks:
    scores: dict[str, float] = {}
    most: dict[str, float] = {}
    try:
        submission = gradebook.find_submission(coursework, student)
    except MissingEntry:
        return Marks(student, {}, {})
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            question = grade.name.removeprefix("check_")
            scores[question] = float(grade.score or 0.0)
            most[question] = float(grade.max_score)
    return Marks(student, scores, most, float(submission.late_submission_penalty or 0.0))


def _demand(outcome: dict[str, Any]) -> None:
    """Turn nbgrader's record of a failure into an error."""
    if not outcome["success"]:
        log = f"{outcome.get('log') or ''}\n{outcome.get('error') or ''}".strip()
        raise GradingError("nbgrader to finish", f"its log:\n{log}\n", "Mend what it names.")
