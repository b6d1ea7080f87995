"""The seam: how a judge speaks to a student's code without ever touching it."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import compress
from pathlib import Path
from typing import Any, Literal

from rnn_course.checks.requests import Describe, Inspect, Request
from rnn_course.checks.together import answered
from rnn_course.checks.wire import encode
from rnn_course.errors import ObservationError

MAX_FILE_BYTES = 64 * 2**20


class SubjectLostError(ObservationError):
    """The student's side is gone: it ran out of time, or its process died.

    Attributes:
        status: ``timeout`` or ``crashed``.
    """

    def __init__(self, status: Literal["timeout", "crashed"], came: str) -> None:
        super().__init__(
            "an answer from the student's code",
            came,
            "Run the cell on small inputs and look for an endless loop or a huge allocation.",
        )
        self.status: Literal["timeout", "crashed"] = status


class Subject(ABC):
    """A student's answers, seen through data only.

    `local.LocalSubject` looks into the notebook it is called from; ``grading.RemoteSubject`` asks a
    kernel behind the wall. Both answer every request alike.
    """

    @abstractmethod
    def answers(self, requests: Sequence[Request]) -> Iterator[Any]:
        """Answer requests one after another; see `requests` for what answers what.

        Raises:
            SubjectLostError: the student's process is gone or did not answer in time.
            ObservationError: an answer is malformed.
        """

    @abstractmethod
    def source(self, name: str) -> str:
        """Return the text in which a name is defined, "" where it is not known."""

    @abstractmethod
    def file(self, name: str) -> bytes | None:
        """Return a file the student handed in, None if it is not there.

        Raises:
            ObservationError: the file is too large.
        """

    def ask(self, request: Request) -> Any:
        """Answer a request, raising as `answers` does; see also `together`."""
        (answer,) = answered([(self, request)])
        return answer()


class Remembering(Subject):
    """Asks another subject, and only once what something is and what it is made of."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._known: dict[bytes, Any] = {}

    def answers(self, requests: Sequence[Request]) -> Iterator[Any]:
        """Answer requests one after another; see `Subject.answers`."""
        keys = [encode(r) if isinstance(r, Describe | Inspect) else b"" for r in requests]
        asked = [key not in self._known for key in keys]
        fresh = self._subject.answers(list(compress(requests, asked)))
        for key, new in zip(keys, asked, strict=True):
            answer = next(fresh) if new else self._known[key]
            if key:
                self._known[key] = answer
            yield answer

    def source(self, name: str) -> str:
        """Return the text in which a name is defined; see `Subject.source`."""
        return self._subject.source(name)

    def file(self, name: str) -> bytes | None:
        """Return a file the student handed in; see `Subject.file`."""
        return self._subject.file(name)


def read_bounded(path: Path) -> bytes:
    """Read a student's file that is not larger than `MAX_FILE_BYTES`."""
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise ObservationError(
            f"a file {path.name!r} of at most {MAX_FILE_BYTES >> 20} MiB",
            f"{size >> 20} MiB",
            "Save the weights only, of a smaller model.",
        )
    return path.read_bytes()
