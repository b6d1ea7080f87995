"""A Subject whose code runs in a kernel: requests go in, observations come out."""

from collections.abc import Mapping, Sequence
from typing import Any

from rnn_course.checks.requests import (
    Anatomy,
    Describe,
    Description,
    Inspect,
    Outcome,
    Request,
    Run,
    Train,
)
from rnn_course.checks.values import Raised
from rnn_course.checks.wire import decode, encode
from rnn_course.errors import ObservationError
from rnn_course.grading.release import definition
from rnn_course.grading.session import Session


class RemoteSubject:
    """Asks a kernel; believes only that what comes back is data of the promised kind.

    Args:
        session: the kernel that has run the student's cells.
        sources: sources of the cells that were run, in order.
        files: contents of the submitted files, by relative path.
    """

    def __init__(
        self, session: Session, sources: Sequence[str], files: Mapping[str, bytes]
    ) -> None:
        self._session, self._sources, self._files = session, sources, files

    def ask(self, request: Request) -> Any:
        """Answer a request; see `checks.subject.Subject.ask`."""
        answer = decode(self._session.ask(encode(request)))
        if not _answers(request, answer):
            raise _tampered(f"a {type(answer).__name__} for a {type(request).__name__}")
        return answer

    def source(self, name: str) -> str:
        """Return the text that defines a name, from the notebook itself."""
        found = (definition(source, name) for source in reversed(self._sources))
        return next(filter(None, found), "")

    def file(self, name: str) -> bytes | None:
        """Return a submitted file."""
        return self._files.get(name)


def _answers(request: Request, answer: Any) -> bool:
    """Tell whether an answer is of the kind that a request promises."""
    match request:
        case Describe():
            return isinstance(answer, Description)
        case Inspect():
            return isinstance(answer, Anatomy | Raised)
        case Train():
            return isinstance(answer, Outcome)
    asked = len(request.cases) if isinstance(request, Run) else len(request.steps)
    if not isinstance(answer, list) or not all(isinstance(o, Outcome) for o in answer):
        return False
    failed = bool(answer) and answer[-1].error is not None
    return len(answer) == asked or (failed and 0 < len(answer) < asked)


def _tampered(came: str) -> ObservationError:
    return ObservationError(
        "an observation of the student's code",
        came,
        "Something in the notebook interferes with how answers are looked at; remove it.",
    )
