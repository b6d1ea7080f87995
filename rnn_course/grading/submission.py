"""One submission: taken in from disk as data that can travel, and graded wherever it arrives."""

import hashlib
import platform
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

import nbformat

import rnn_course
from rnn_course.errors import GradingError
from rnn_course.grading.judge import grade
from rnn_course.grading.kernels import launcher
from rnn_course.grading.limits import Limits
from rnn_course.grading.recognise import answered
from rnn_course.grading.release import Release
from rnn_course.grading.result import Incident, Result
from rnn_course.grading.staging import take_in

_NOTEBOOK = ".ipynb"


@dataclass(frozen=True)
class Submission:
    """What a student handed in.

    Attributes:
        text: the notebook, as it was handed in.
        files: the other files, by relative path.
        remarks: what was left out or had to be guessed.
    """

    student: str
    text: str
    files: dict[str, bytes] = field(default_factory=dict)
    remarks: tuple[Incident, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What a grading run decides for all its submissions alike.

    Attributes:
        coursework: its name.
        release: the released notebook, as text.
        seed: decides every random input of the checks.
        trust: run students' code without the wall.
        gpu: let it use the GPU.
    """

    coursework: str
    release: str
    seed: int
    limits: Limits = Limits()
    trust: bool = False
    gpu: bool = False

    def digest(self, submission: Submission) -> str:
        """Return a name for everything that a mark depends on: answers, checks, terms."""
        parts = [submission.text, sorted(submission.files.items()), self, code_digest()]
        return hashlib.sha256(repr(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Graded:
    """A submission's notebook with reports written into it, and its result."""

    notebook: str
    result: Result


def take_submission(
    folder: Path, student: str, release: Release, limits: Limits, notebook: str = ""
) -> Submission:
    """Read a submission's folder; find its notebook even under another name.

    Args:
        folder: where it was handed in.
        student: who handed it in.
        release: what was handed out.
        limits: how large it may be.
        notebook: file name of the notebook, where it is known.

    Raises:
        GradingError: there is no notebook.
    """
    staged = take_in(folder, limits)
    remarks = [Incident("recovered", "", text) for text in staged.left_out]
    files = dict(staged.files)
    candidates = [name for name in files if name.endswith(_NOTEBOOK) and "/" not in name]
    wanted = notebook or release.course.notebook
    if wanted not in candidates:
        texts = {name: files[name].decode(errors="replace") for name in candidates}
        wanted = max(texts, key=lambda n: answered(texts[n], release), default="")
        if not wanted:
            raise GradingError(
                f"a notebook {release.course.notebook}", f"none in {folder}", "Ask for it again."
            )
        remarks.append(Incident("recovered", "", f"The notebook was found as {wanted!r}."))
    if len(candidates) > 1:
        remarks.append(
            Incident("recovered", "", f"{len(candidates)} notebooks came; {wanted!r} counts.")
        )
    text = files.pop(wanted).decode(errors="replace")
    return Submission(student, text, files, tuple(remarks))


def grade_submission(submission: Submission, terms: Terms) -> Graded:
    """Grade a submission on this machine.

    Raises:
        ConfinementError: this machine cannot confine student code.
    """
    release = _release(terms.coursework, terms.release)
    with launcher(submission.files, terms.limits, trust=terms.trust, gpu=terms.gpu) as (
        launch,
        sandbox,
    ):
        environment = {**_environment(), "device": "cuda" if terms.gpu else "cpu"}
        notebook, result = grade(
            submission,
            release,
            launch=launch,
            seed=terms.seed,
            limits=terms.limits,
            environment={**environment, "sandbox": sandbox},
        )
    return Graded(nbformat.writes(notebook), result)


@cache
def _release(coursework: str, text: str) -> Release:
    return Release.parse(coursework, text)


@cache
def _environment() -> dict[str, str]:
    return {"python": platform.python_version(), "torch": version("torch")}


@cache
def code_digest() -> str:
    """Return a digest of this package's code: where it changes, marks may."""
    found = hashlib.sha256()
    package = Path(rnn_course.__file__).parent
    for path in sorted(package.rglob("*.py")):
        found.update(str(path.relative_to(package)).encode() + path.read_bytes())
    return found.hexdigest()
