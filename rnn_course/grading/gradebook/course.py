"""The one door to nbgrader: its preprocessor, its gradebook, its feedback and its exports."""

import logging
import os
import sysconfig
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter, NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.apps import NbGraderAPI
from nbgrader.plugins import CsvExportPlugin
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor
from nbgrader.server_extensions.formgrader import handlers
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution
from traitlets import Bool, Unicode
from traitlets.config import Config, PyFileConfigLoader

from rnn_course.errors import GradingError
from rnn_course.grading.intake.release import Release
from rnn_course.grading.intake.submission import take_submission
from rnn_course.grading.judge.grading_task import Terms, grade_submission
from rnn_course.grading.judge.result_store import Store, replace_file
from rnn_course.grading.judge.secret_seed import secret_seed
from rnn_course.grading.protocol.limits import Limits

CONFIG_FILE = "nbgrader_config.py"
_log = logging.getLogger(__name__)


class SubmissionExporter(NotebookExporter):
    """Reads what was handed in, also where it is no notebook: then an empty one stands for it."""

    def from_filename(self, filename: str, resources: dict | None = None, **kw: Any) -> Any:
        """Convert a file; see `nbconvert.Exporter.from_filename`."""
        try:
            nbformat.read(filename, as_version=4)
        except Exception:  # nbformat lets JSON, schema, type and attribute errors through
            empty = nbformat.v4.new_notebook()
            path = Path(filename)
            resources = dict(resources or {})
            resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
            return self.from_notebook_node(empty, resources=resources, **kw)
        return super().from_filename(filename, resources=resources, **kw)


class Judge(NbGraderPreprocessor):
    """Takes the place of nbgrader's Execute: grades the submission from behind the wall."""

    root = Unicode("", help="The course's folder, where assignments/ is.").tag(config=True)
    trust_submissions = Bool(False, help="Run students' code without the wall.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Grade the file that `nb` was read from; return it with reports written into it."""
        about = resources["nbgrader"]
        coursework, student = about["assignment"], about["student"]
        root = Path(self.root or ".").resolve()
        release, limits = Release.load(coursework, root), Limits()
        folder = Path(resources["metadata"]["path"])
        name = f"{about['notebook']}.ipynb"
        submission = take_submission(folder, student, release, limits, name)
        terms = Terms(coursework, release.text, secret_seed(), limits, trust=self.trust_submissions)
        graded = grade_submission(submission, terms)
        Store(root, coursework).put(student, terms.digest(submission), graded)
        return nbformat.reads(graded.notebook, as_version=4), resources


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
    return config


def formgrader_page(notebook: NotebookNode, root: Path) -> str:
    """Return what formgrader shows of a graded notebook, by a course's settings."""
    config = load_config(root)
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    about = {"base_url": "", "submission_id": "x", "index": 0, "total": 1, "notebook_id": "x"}
    return HTMLExporter(config=config).from_notebook_node(notebook, resources=about)[0]


class SaveWhole(NbGraderPreprocessor):
    """nbgrader's writer of marks, with one commit for a notebook instead of one for a cell."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Write the marks of every cell, then commit."""
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            _save(gradebook, about["assignment"], about["student"], about["notebook"], nb)
            gradebook.db.commit()
        return nb, resources


def _save(
    gradebook: Gradebook, coursework: str, student: str, notebook: str, graded: NotebookNode
) -> None:
    """Write the marks of every cell; see `nbgrader.preprocessors.SaveAutoGrades`."""
    kept = gradebook.find_submission_notebook(notebook, coursework, student)
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


@dataclass(frozen=True)
class Marks:
    """What the gradebook holds for one student: points by question id."""

    student: str
    scores: dict[str, float]
    max_scores: dict[str, float]


class Course:
    """A course's folder with its gradebook, seen through nbgrader.

    Args:
        root: the folder with nbgrader_config.py.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        _find_alembic()
        self._api = NbGraderAPI(config=load_config(self.root))
        self._api.log.setLevel("ERROR")

    @property
    def _url(self) -> str:
        return self._api.coursedir.db_url

    def release(self, coursework: str) -> None:
        """Derive the student's version and write its questions into the gradebook."""
        _demand(self._api.generate_assignment(coursework, force=True, create=True))

    def students(self, coursework: str) -> list[str]:
        """Return who handed in something, sorted."""
        return sorted(self._api.get_submitted_students(coursework))

    def ensure_released(self, coursework: str) -> None:
        """Write the coursework's questions into the gradebook, if they are not there."""
        with Gradebook(self._url, self._api.coursedir.course_id) as gradebook:
            try:
                known = bool(gradebook.find_assignment(coursework).notebooks)
            except MissingEntry:
                known = False
        if not known:
            self.release(coursework)

    @contextmanager
    def recorder(self, coursework: str) -> Iterator["Recorder"]:
        """Keep the gradebook open for writing the marks of a class."""
        with Gradebook(self._url, self._api.coursedir.course_id) as gradebook:
            yield Recorder(self, coursework, gradebook)

    def path(self, kind: str, student: str, coursework: str) -> Path:
        """Return a folder of a student: ``submitted``, ``autograded`` or ``feedback``."""
        directory = getattr(self._api.coursedir, f"{kind}_directory")
        return Path(self._api.coursedir.format_path(directory, student, coursework))

    def handed_in(self, coursework: str, student: str) -> datetime | None:
        """Return when a submission was handed in, None where that is not known."""
        folder = str(self.path("submitted", student, coursework))
        return self._api.coursedir.get_existing_timestamp(folder)

    def penalise(self, coursework: str, student: str, notebook: str) -> None:
        """Let nbgrader's plugin take off what lateness costs."""
        names = {"student": student, "assignment": coursework, "notebook": notebook}
        resources = {"nbgrader": {**names, "db_url": self._url}}
        AssignLatePenalties(parent=self._api).preprocess(new_notebook(), resources)

    def automatic(self, coursework: str) -> dict[str, dict[str, float]]:
        """Return what the gradebook holds of machines' marks: points by question, by student."""
        found: dict[str, dict[str, float]] = {}
        with Gradebook(self._url, self._api.coursedir.course_id) as gradebook:
            rows = (
                gradebook.db.query(SubmittedAssignment.student_id, GradeCell.name, Grade.auto_score)
                .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
                .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
                .join(GradeCell, GradeCell.id == Grade.cell_id)
                .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
                .filter(Assignment.name == coursework, Grade.auto_score.is_not(None))
            )
            for student, cell, score in rows:
                found.setdefault(student, {})[cell.removeprefix("check_")] = score
        return found

    def feedback(self, coursework: str, student: str) -> Path:
        """Write a student's HTML feedback and return its folder."""
        _demand(self._api.generate_feedback(coursework, student, force=True))
        return self.path("feedback", student, coursework)

    def export(self, file: Path) -> None:
        """Write all marks as CSV, the way nbgrader does."""
        plugin = CsvExportPlugin(parent=self._api)
        plugin.to = str(file)
        plugin.log.setLevel("ERROR")
        with Gradebook(self._url, self._api.coursedir.course_id) as gradebook:
            plugin.export(gradebook)

    def marks(self, coursework: str, students: Sequence[str]) -> list[Marks]:
        """Read points back from the gradebook."""
        with Gradebook(self._url, self._api.coursedir.course_id) as gradebook:
            return [_marks(gradebook, coursework, student) for student in students]


class Recorder:
    """The one writer of a class's marks. What it is stopped in the middle of, it has not done.

    Args:
        course: whose gradebook it is.
        coursework: what was graded.
        gradebook: open for as long as there is something to write.
    """

    def __init__(self, course: Course, coursework: str, gradebook: Gradebook) -> None:
        self._course, self._coursework, self._gradebook = course, coursework, gradebook

    def record(self, student: str, notebook: str, graded: str) -> None:
        """Write a graded notebook to autograded/ and its marks into the gradebook, whole.

        Args:
            student: whose it is.
            notebook: its file name.
            graded: its text, as `submission.Graded` holds it.
        """
        course, coursework, name = self._course, self._coursework, Path(notebook).stem
        cells = nbformat.reads(graded, as_version=4)
        timestamp = course.handed_in(coursework, student)
        about = {"timestamp": timestamp} if timestamp else {}
        folder = course.path("autograded", student, coursework)
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / notebook, graded)
        with _one_transaction(self._gradebook) as gradebook:
            gradebook.update_or_create_student(student)
            with gradebook.db.no_autoflush:
                gradebook.update_or_create_submission(coursework, student, **about)
            _save(gradebook, coursework, student, name, cells)
        if timestamp:
            replace_file(folder / "timestamp.txt", timestamp.isoformat(" "))
            course.penalise(coursework, student, name)


@contextmanager
def _one_transaction(gradebook: Gradebook) -> Iterator[Gradebook]:
    """Make one transaction of all that is written, whatever nbgrader commits in between."""
    with gradebook.engine.begin() as connection:
        gradebook.db.remove()
        gradebook.db.configure(bind=connection, join_transaction_mode="rollback_only")
        yield gradebook
        gradebook.db.commit()
        gradebook.db.remove()


def _find_alembic() -> None:
    """Let nbgrader find the `alembic` command beside this Python, also where no venv is active."""
    scripts = sysconfig.get_path("scripts")
    if scripts not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", "")])


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
    return Marks(student, scores, most)


def _demand(outcome: dict[str, Any]) -> None:
    """Turn nbgrader's record of a failure into an error."""
    if not outcome["success"]:
        log = f"{outcome.get('log') or ''}\n{outcome.get('error') or ''}".strip()
        raise GradingError("nbgrader to finish", f"its log:\n{log}\n", "Mend what it names.")
