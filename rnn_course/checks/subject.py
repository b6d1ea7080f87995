"""The seam: how a judge speaks to a student's code without ever touching it."""

from pathlib import Path
from typing import Any, Protocol

from rnn_course.checks.requests import Request
from rnn_course.errors import ObservationError

MAX_FILE_BYTES = 64 * 2**20


class SubjectLostError(ObservationError):
    """The student's side is gone: it ran out of time, or its process died.

    Attributes:
        status: ``timeout`` or ``crashed``.
    """

    def __init__(self, status: str, came: str) -> None:
        super().__init__(
            "an answer from the student's code",
            came,
            "Run the cell on small inputs and look for an endless loop or a huge allocation.",
        )
        self.status = status


class Subject(Protocol):
    """A student's answers, seen through data only.

    `local.LocalSubject` looks into the notebook it is called from; ``grading.RemoteSubject`` asks a
    kernel behind the wall. Both answer every request alike.
    """

    def ask(self, request: Request) -> Any:
        """Answer a request; see `requests` for what answers what.

        Raises:
            SubjectLostError: the student's process is gone or did not answer in time.
            ObservationError: the answer is malformed.
        """

    def source(self, name: str) -> str:
        """Return the text in which a name is defined, "" where it is not known."""

    def file(self, name: str) -> bytes | None:
        """Return a file the student handed in, None if it is not there.

        Raises:
            ObservationError: the file is too large.
        """


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
