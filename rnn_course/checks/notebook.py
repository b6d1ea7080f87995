"""``check`` as a student calls it in a notebook."""

from collections.abc import Mapping
from typing import Any

from rnn_course.checks.coursework import Coursework, coursework
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.overview import Overview
from rnn_course.checks.report import Report
from rnn_course.errors import CheckError

PUBLIC_SEED = 20_241


class Checker:
    """Judges the questions of one coursework in the notebook that it is used in.

    Args:
        course: the coursework.
        namespace: the notebook's variables.
    """

    def __init__(self, course: Coursework, namespace: Mapping[str, Any]) -> None:
        self._course, self._subject = course, LocalSubject(namespace)
        self._reports: dict[str, Report] = {}

    def __call__(self, question: str | None = None) -> Report | Overview:
        """Judge one question, or list all of them with what each earned so far.

        Raises:
            CheckError: the coursework has no such question.
        """
        if question is None:
            return Overview(self._course, self._reports)
        asked = self._course[question]
        with self._subject.judged():
            report = asked.report(self._subject, PUBLIC_SEED)
        self._reports[question] = report
        return report


def notebook(name: str, namespace: Mapping[str, Any] | None = None) -> Checker:
    """Open a coursework in a notebook: ``check = notebook("cw2_speech_commands")``.

    Args:
        name: the coursework.
        namespace: the variables to look at; the running notebook's by default.

    Raises:
        CheckError: there is no such coursework, or no notebook is running.
    """
    if namespace is None:
        from IPython import get_ipython

        shell = get_ipython()
        if shell is None:
            raise CheckError(
                "a running notebook", "plain Python", "Pass namespace=globals() instead."
            )
        namespace = shell.user_ns
    return Checker(coursework(name), namespace)
