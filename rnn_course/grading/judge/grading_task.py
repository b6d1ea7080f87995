"""Grading one submission as a task that can travel: a submission and terms in, a result out."""

import hashlib
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat

import rnn_course
from rnn_course.checks.courses import CourseworkFolder
from rnn_course.checks.packed import pack, unpack
from rnn_course.grading.host.kernel_factory import kernel_factory
from rnn_course.grading.intake.release import Release
from rnn_course.grading.intake.submission import Submission
from rnn_course.grading.judge.judge import grade, ungraded
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.result import Result


@dataclass(frozen=True)
class Terms:
    """What a grading run decides for all its submissions alike.

    Attributes:
        course: the coursework with its checks, recorded for the seed; see `checks.packed`.
        release: the released notebook, as text.
        seed: decides every random input of the checks.
        trust: run students' code without the wall.
        gpu: let it use the GPU.
    """

    course: bytes
    release: str
    seed: int
    limits: Limits = Limits()
    trust: bool = False
    gpu: bool = False

    @classmethod
    def of(cls, folder: CourseworkFolder, release: Release, seed: int, **how: Any) -> "Terms":
        """Make the terms of a coursework: record its checks for a seed.

        Args:
            folder: of the coursework.
            release: what was handed out.
            seed: decides every random input.
            how: limits, trust, gpu.

        Raises:
            AuthoringError: a model answer, or a mistake of it, cannot be recorded.
        """
        return cls(pack(release.course, seed, folder.sources), release.text, seed, **how)

    def made_from(self, submission: Submission) -> dict[str, str]:
        """Return a name for each thing that a mark depends on: where one differs, marks may."""
        return {"submission": content_digest(submission), **self.alike}

    @cached_property
    def alike(self) -> dict[str, str]:
        """Those of these names that all submissions have in common."""
        settings = repr([self.seed, self.limits, self.trust, self.gpu])
        return {
            "checks": _digest([self.course]),
            "released": _digest([self.release]),
            "settings": _digest([settings]),
            "program": code_digest(),
        }


def content_digest(submission: Submission) -> str:
    """Return a name for what was handed in."""
    files = [part for named in sorted(submission.files.items()) for part in named]
    return _digest([submission.text, submission.problem, *files])


def _digest(parts: Iterable[str | bytes]) -> str:
    found = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8", "backslashreplace") if isinstance(part, str) else part
        found.update(f"{type(part).__name__} {len(content)} ".encode())
        found.update(content)
    return found.hexdigest()


@dataclass(frozen=True)
class Graded:
    """A submission's notebook with reports written into it, and its result."""

    notebook: str
    result: Result


def grade_submission(submission: Submission, terms: Terms) -> Graded:
    """Grade a submission on this machine.

    Raises:
        ConfinementError: this machine cannot confine student code.
    """
    release = _release(terms.course, terms.release)
    launch, sandbox = kernel_factory(
        submission.files, terms.limits, trust=terms.trust, gpu=terms.gpu, modules=release.modules
    )
    notebook, result = grade(
        submission,
        release,
        launch=launch,
        seed=terms.seed,
        limits=terms.limits,
        environment=_environment(terms, sandbox),
    )
    return Graded(nbformat.writes(notebook), result)


def without_points(submission: Submission, terms: Terms, why: str) -> Graded:
    """Return what is recorded of a submission that could not be graded, whoever's fault it is."""
    release, environment = _release(terms.course, terms.release), _environment(terms, "")
    notebook, result = ungraded(submission, release, environment, "crashed", why)
    return Graded(nbformat.writes(notebook), result)


@cache
def _release(course: bytes, text: str) -> Release:
    return Release.parse(unpack(course), text)


def _environment(terms: Terms, sandbox: str) -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "torch": version("torch"),
        "device": "cuda" if terms.gpu else "cpu",
        "sandbox": sandbox,
    }


@cache
def code_digest() -> str:
    """Return a digest of this package's code and references: where it changes, marks may."""
    found = hashlib.sha256()
    package = Path(rnn_course.__file__).parent
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.safetensors")]):
        found.update(str(path.relative_to(package)).encode() + path.read_bytes())
    return found.hexdigest()
