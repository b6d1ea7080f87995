"""The student's own notebook as a Subject: the same requests and answers, in this process."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rnn_course.checks.observe import perform
from rnn_course.checks.overheard import Overheard
from rnn_course.checks.requests import Describe, Description, Request
from rnn_course.checks.settings import USUAL, Settings
from rnn_course.checks.subject import Subject, read_bounded
from rnn_course.checks.watch import isolated
from rnn_course.checks.wire import decode, encode


class LocalSubject(Subject):
    """Answers from a namespace in this process: the student's own notebook.

    Requests and answers take the same way through bytes as behind the wall, so nothing that
    works here fails there.

    Args:
        namespace: the notebook's variables.
        folder: where the student's files are.
    """

    def __init__(self, namespace: Mapping[str, Any], folder: Path | str = ".") -> None:
        self._namespace, self._folder = namespace, Path(folder)
        self._settings: Settings | None = None

    def answers(self, requests: Sequence[Request]) -> Iterator[Any]:
        """Answer requests one after another; see `Subject.answers`."""
        with Overheard() as overheard:
            for request in requests:
                overheard.forget()
                answer = self._answer(decode(encode(request)))
                yield decode(encode(overheard.add_to(answer)))

    def _answer(self, request: Request) -> Any:
        if self._settings is None:
            return perform(self._namespace, request)
        self._settings.apply()
        try:
            return perform(self._namespace, request)
        finally:
            USUAL.apply()

    @contextmanager
    def judged(self) -> Iterator[None]:
        """Give the judge a process with the usual settings; the student's code keeps its own.

        On leaving, all global state is as before, the random generators' too.
        """
        with isolated():
            self._settings = Settings.now()
            USUAL.apply()
            try:
                yield
            finally:
                self._settings = None

    def source(self, name: str) -> str:
        """Return the text in which a name is defined; see `Subject.source`."""
        description: Description = self.ask(Describe(name))
        return description.source

    def file(self, name: str) -> bytes | None:
        """Return a file beside the notebook; see `Subject.file`."""
        path = self._folder / name
        return read_bounded(path) if path.is_file() else None
