"""A Subject whose code runs in a kernel: requests go in, observations come out."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
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
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Raised
from rnn_course.checks.wire import decode, encode
from rnn_course.errors import ObservationError
from rnn_course.grading.intake.release import definition
from rnn_course.grading.judge.kernel_session import KernelSession


class RemoteSubject(Subject):
    """Asks a kernel; believes only that what comes back is data of the promised kind.

    Args:
        session: the kernel that has run the student's cells.
        sources: sources of the cells that were run, in order.
        files: contents of the submitted files, by relative path.
    """

    def __init__(
        self, session: KernelSession, sources: Sequence[str], files: Mapping[str, bytes]
    ) -> None:
        self._session, self._sources, self._files = session, sources, files

    def answers(self, requests: Sequence[Request]) -> Iterator[Any]:
        """Answer requests one after another; see `checks.subject.Subject.answers`."""
        left = deque(requests)
        message = self._session.ask(encode(list(requests))) if requests else b""
        while left:
            came = decode(message)
            if not isinstance(came, list) or not 0 < len(came) <= len(left):
                raise _tampered(f"no {len(left)} answers")
            for answer in came:
                request = left.popleft()
                if not _answers(request, answer):
                    raise _tampered(f"a {type(answer).__name__} for a {type(request).__name__}")
                yield answer
            message = self._session.more() if left else b""

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
