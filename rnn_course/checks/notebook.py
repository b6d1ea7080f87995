"""``check`` as a student calls it in a notebook."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from rnn_course.checks.coursework import Coursework
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.overview import Overview
from rnn_course.checks.packed import SUFFIX, unpack
from rnn_course.checks.reaching import reached
from rnn_course.checks.report import Report
from rnn_course.checks.unusual import unusual
from rnn_course.errors import CheckError
from rnn_course.seeding import PUBLIC_SEED

_NOT_RUN = (
    "a cell that was run here reaches into what checks your answers ({}). Such a cell is not run "
    "when your notebook is graded, so that no answer may need it."
)
_UNUSUAL = (
    "a cell that was run here uses {}, which an answer rarely needs. Nothing is taken off for that."
)


class Checker:
    """Judges the questions of one coursework in the notebook that it is used in.

    Args:
        opened: gives the coursework; asked when the first check runs.
        namespace: the notebook's variables.
    """

    def __init__(self, opened: Callable[[], Coursework], namespace: Mapping[str, Any]) -> None:
        self._opened, self._subject = opened, LocalSubject(namespace)
        self._namespace = namespace
        self._reports: dict[str, Report] = {}

    @cached_property
    def _course(self) -> Coursework:
        return self._opened()

    def __call__(self, question: str | None = None) -> "Report | Overview | Unavailable":
        """Judge one question, or list all of them with what each earned so far.

        Raises:
            CheckError: the coursework has no such question.
        """
        try:
            course = self._course
        except CheckError as error:
            return Unavailable(str(error))
        if question is None:
            return Overview(course, self._reports)
        asked = course[question]
        with self._subject.judged():
            report = asked.report(self._subject, PUBLIC_SEED)
        report = replace(report, incidents=(*report.incidents, *_for_review(self._namespace)))
        self._reports[question] = report
        return report


def _for_review(namespace: Mapping[str, Any]) -> Iterator[str]:
    """Say what an instructor will be told of the cells that were run, before anyone is."""
    cells = [cell for cell in namespace.get("In", ()) if isinstance(cell, str)]
    for find, said in ((reached, _NOT_RUN), (unusual, _UNUSUAL)):
        if found := list(dict.fromkeys(name for cell in cells for name in find(cell))):
            yield said.format(", ".join(found)[:200])


@dataclass(frozen=True)
class Unavailable:
    """Says why nothing could be checked; the cell that asked goes on."""

    why: str

    def __repr__(self) -> str:
        return self.why


def opened(name: str, folder: Path) -> Coursework:
    """Open the coursework of the notebook in a folder.

    A student has its recorded checks there, ``NAME.checks``; an author its questions.

    Raises:
        CheckError: neither is there, or they cannot be read.
    """
    recorded = folder / f"{name}{SUFFIX}"
    if recorded.is_file():
        return unpack(recorded.read_bytes())
    if (folder / "questions.py").is_file() or (folder / "questions").is_dir():
        from rnn_course.checks.courses import CourseworkFolder

        return CourseworkFolder(name, folder).coursework()
    raise CheckError(
        f"the file {recorded.name} beside the notebook",
        f"no such file in {folder}",
        "Put it there: it was given out with the notebook, and holds what the checks compare with.",
    )


def notebook(name: str, namespace: Mapping[str, Any] | None = None) -> Checker:
    """Open a coursework in a notebook: ``check = notebook("cw2_speech_commands")``.

    Args:
        name: the coursework.
        namespace: the variables to look at; the running notebook's by default.

    Raises:
        CheckError: no notebook is running.
    """
    if namespace is None:
        from IPython import get_ipython

        shell = get_ipython()
        if shell is None:
            raise CheckError(
                "a running notebook", "plain Python", "Pass namespace=globals() instead."
            )
        namespace = shell.user_ns
    return Checker(partial(opened, name, Path.cwd()), namespace)
