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
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Unicode
from traitlets.config import Config, PyFileConfigLoader

from rnn_course.errors import GradingError
from rnn_course.grading.submission import grade_submission, write_result

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
        folder = Path(resources["metadata"]["path"])
        root = Path(self.root or ".").resolve()
        file = folder / f"{about['notebook']}.ipynb"
        notebook, result = grade_submission(
            file, about["assignment"], root, trust=self.trust_submissions
        )
        write_result(result, root, about["student"])
        return notebook, resources


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

    def autograde(self, coursework: str, student: str) -> None:
        """Grade one submission into the gradebook."""
        _demand(self._api.autograde(coursework, student, force=True, create=True))

    def feedback(self, coursework: str, student: str) -> Path:
        """Write a student's HTML feedback and return its folder."""
        _demand(self._api.generate_feedback(coursework, student, force=True))
        return Path(
            self._api.coursedir.format_path(
                self._api.coursedir.feedback_directory, student, coursework
            )
        )

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
