"""What takes the place of nbgrader's own preprocessors; nbgrader_config.py names them."""

from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Unicode

from rnn_course.checks.courses import located
from rnn_course.grading.gradebook.recorder import save_marks
from rnn_course.grading.intake.release import Release
from rnn_course.grading.intake.submission import read_submission
from rnn_course.grading.judge.grading_task import Terms, grade_submission
from rnn_course.grading.judge.result_store import ResultStore
from rnn_course.grading.judge.secret_seed import secret_seed
from rnn_course.grading.protocol.limits import Limits


class Judge(NbGraderPreprocessor):
    """Takes the place of nbgrader's Execute: grades the submission from behind the wall."""

    root = Unicode("", help="The course's folder, where assignments/ is.").tag(config=True)
    trust_submissions = Bool(False, help="Run students' code without the wall.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Grade the file that `nb` was read from; return it with reports written into it."""
        about = resources["nbgrader"]
        coursework, student = about["assignment"], about["student"]
        root = Path(self.root or ".").resolve()
        release, terms = _opened(root, coursework, self.trust_submissions)
        folder = Path(resources["metadata"]["path"])
        name = f"{about['notebook']}.ipynb"
        submission = read_submission(folder, student, release, terms.limits, name)
        graded = grade_submission(submission, terms)
        ResultStore(root, coursework).put(student, terms.digest(submission), graded)
        return nbformat.reads(graded.notebook, as_version=4), resources


@cache
def _opened(root: Path, coursework: str, trust: bool) -> tuple[Release, Terms]:
    """Record a coursework's checks once for all submissions of a run."""
    release = Release.load(coursework, root)
    return release, Terms.of(
        located(coursework, root), release, secret_seed(), limits=Limits(), trust=trust
    )


class SaveMarks(NbGraderPreprocessor):
    """nbgrader's writer of marks, with one commit for a notebook instead of one for a cell."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Write the marks of every cell, then commit."""
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            save_marks(gradebook, about["assignment"], about["student"], about["notebook"], nb)
            gradebook.db.commit()
        return nb, resources
