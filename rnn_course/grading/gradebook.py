"""The one door to nbgrader: its preprocessor, its gradebook, its feedback and its exports."""

import os
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.plugins import CsvExportPlugin
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor, OverwriteCells
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution
from traitlets import Bool, Unicode
from traitlets.config import Config, PyFileConfigLoader

from rnn_course.errors import GradingError
from rnn_course.grading.limits import Limits
from rnn_course.grading.release import Release
from rnn_course.grading.seed import secret_seed
from rnn_course.grading.store import Store, replace_file
from rnn_course.grading.submission import Terms, grade_submission, take_submission

CONFIG_FILE = "nbgrader_config.py"


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


class SaveWhole(NbGraderPreprocessor):
    """nbgrader's writer of marks, with one commit for a notebook instead of one for a cell.

    A run that is killed leaves all of a submission's marks in the gradebook, or none.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Write the marks of every cell, then commit."""
        about = resources["nbgrader"]
        names = (about["notebook"], about["assignment"], about["student"])
        with Gradebook(about["db_url"]) as gradebook:
            for cell in filter(is_grade, nb.cells):
                grade = gradebook.find_grade(cell.metadata.nbgrader.grade_id, *names)
                grade.auto_score, _ = determine_grade(cell, self.log)
                grade.needs_manual_grade = grade.auto_score is None or (
                    grade.manual_score is not None
                )
            for cell in filter(is_solution, nb.cells):
                comment = gradebook.find_comment(cell.metadata.nbgrader.grade_id, *names)
                blank = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
                comment.auto_comment = "No response." if blank else None
            gradebook.db.commit()
        return nb, resources


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

    def _path(self, kind: str, student: str, coursework: str) -> Path:
        directory = getattr(self._api.coursedir, f"{kind}_directory")
        return Path(self._api.coursedir.format_path(directory, student, coursework))

    def release(self, coursework: str) -> None:
        """Derive the student's version and write its questions into the gradebook."""
        _demand(self._api.generate_assignment(coursework, force=True, create=True))

    def students(self, coursework: str) -> list[str]:
        """Return who handed in something, sorted."""
        return sorted(self._api.get_submitted_students(coursework))

    def submitted(self, coursework: str, student: str) -> Path:
        """Return where a student's submission lies."""
        return self._path("submitted", student, coursework)

    def ensure_released(self, coursework: str) -> None:
        """Write the coursework's questions into the gradebook, if they are not there."""
        with Gradebook(self._url) as gradebook:
            try:
                known = bool(gradebook.find_assignment(coursework).notebooks)
            except MissingEntry:
                known = False
        if not known:
            self.release(coursework)

    def record(self, coursework: str, student: str, notebook: str, graded: str) -> None:
        """Write a graded notebook to autograded/ and its marks into the gradebook, whole."""
        name = Path(notebook).stem
        resources = {
            "nbgrader": {
                **{"student": student, "assignment": coursework, "notebook": name},
                "db_url": self._url,
            }
        }
        timestamp = self._api.coursedir.get_existing_timestamp(
            str(self.submitted(coursework, student))
        )
        about = {"timestamp": timestamp} if timestamp else {}
        with Gradebook(self._url) as gradebook:
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(coursework, student, **about)
        cells = nbformat.reads(graded, as_version=4)
        for preprocessor in (OverwriteCells, SaveWhole, AssignLatePenalties):
            cells, resources = preprocessor(parent=self._api).preprocess(cells, resources)
        folder = self._path("autograded", student, coursework)
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / notebook, nbformat.writes(cells))
        if timestamp:
            replace_file(folder / "timestamp.txt", timestamp.isoformat(" "))

    def feedback(self, coursework: str, student: str) -> Path:
        """Write a student's HTML feedback and return its folder."""
        _demand(self._api.generate_feedback(coursework, student, force=True))
        return self._path("feedback", student, coursework)

    def export(self, file: Path) -> None:
        """Write all marks as CSV, the way nbgrader does."""
        plugin = CsvExportPlugin(parent=self._api)
        plugin.to = str(file)
        plugin.log.setLevel("ERROR")
        with Gradebook(self._url) as gradebook:
            plugin.export(gradebook)

    def marks(self, coursework: str, students: Sequence[str]) -> list[Marks]:
        """Read points back from the gradebook."""
        with Gradebook(self._url) as gradebook:
            return [_marks(gradebook, coursework, student) for student in students]


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
