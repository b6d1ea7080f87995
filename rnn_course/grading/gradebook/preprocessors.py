"""What takes the place of nbgrader's own preprocessors; nbgrader_config.py names them."""

from functools import lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Unicode

from rnn_course.checks.courses import located
from rnn_course.grading.gradebook.agreement import agree
from rnn_course.grading.gradebook.course_lock import only_writer
from rnn_course.grading.gradebook.full_disk import full_disk_told
from rnn_course.grading.gradebook.recorder import save_marks
from rnn_course.grading.intake.release import Release
from rnn_course.grading.intake.submission import read_submission
from rnn_course.grading.judge.grading_task import Terms, grade_submission
from rnn_course.grading.judge.result_store import ResultStore
from rnn_course.grading.judge.secret_seed import secret_seed
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.result import asks_anew


class Judge(NbGraderPreprocessor):
    """Takes the place of nbgrader's Execute: grades the submission from behind the wall."""

    root = Unicode("", help="The course's folder, where assignments/ is.").tag(config=True)
    trust_submissions = Bool(False, help="Run students' code without the wall.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Grade the file that `nb` was read from; return it with reports written into it."""
        about = resources["nbgrader"]
        coursework, student = about["assignment"], about["student"]
        root = Path(self.root or ".").resolve()
        with only_writer(root, f"grading of {coursework} by nbgrader"), full_disk_told(root):
            release, terms = _opened(
                root, coursework, self.trust_submissions, _state(root, coursework)
            )
            with Gradebook(about["db_url"]) as gradebook:
                agree(gradebook, coursework, about["notebook"], release.notebook)
            folder = Path(resources["metadata"]["path"])
            name = f"{about['notebook']}.ipynb"
            submission = read_submission(folder, student, release, terms.limits, name)
            graded = grade_submission(submission, terms)
            store = ResultStore(root, coursework)
            about["review"] = asks_anew(graded.result, store.last(student))
            store.put(student, terms.made_from(submission), graded)
        return nbformat.reads(graded.notebook, as_version=4), resources


@lru_cache(maxsize=8)
def _opened(root: Path, coursework: str, trust: bool, state: object) -> tuple[Release, Terms]:
    """Record a coursework's checks once for all submissions, and again when they have changed.

    Formgrader's server runs for weeks, so that it sees many a change.
    """
    release = Release.load(coursework, root)
    return release, Terms.of(
        located(coursework, root), release, secret_seed(), limits=Limits(), trust=trust
    )


def _state(root: Path, coursework: str) -> tuple[tuple[str, int, int], ...]:
    """Return what changes when somebody edits a coursework or builds it."""
    folders = (root / "assignments" / coursework, located(coursework, root).path)
    found = ((path, path.stat()) for folder in folders for path in sorted(folder.rglob("*")))
    return tuple((str(path), about.st_mtime_ns, about.st_size) for path, about in found)


class SaveMarks(NbGraderPreprocessor):
    """nbgrader's writer of marks, with one commit for a notebook instead of one for a cell."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Write the marks of every cell, then commit."""
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            where = (about["assignment"], about["student"], about["notebook"])
            save_marks(gradebook, *where, nb, flag=about.get("review", False))
            gradebook.db.commit()
        return nb, resources
