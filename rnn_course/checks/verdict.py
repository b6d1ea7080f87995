"""What became of one criterion of a question, and the mistake that was recognised."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Criterion:
    """One thing a question is marked on.

    Attributes:
        id: short name, unique within its question.
        title: what is asked, as a student reads it.
        points: what it is worth.
    """

    id: str
    title: str
    points: float


@dataclass(frozen=True)
class Misconception:
    """A known mistake.

    Attributes:
        id: short name, e.g. ``reverse_reads_last_frame``.
        seen: what was observed, one sentence.
        why: why it happens or why it matters, one sentence.
        read: where in the notebook this is explained (a heading).
    """

    id: str
    seen: str
    why: str
    read: str


@dataclass(frozen=True)
class Verdict:
    """What became of one criterion.

    Attributes:
        score: points earned, between 0 and the criterion's points.
        message: what was seen, in numbers where there are any.
        example: the call on which it was seen, as Python that can be pasted, or "".
    """

    criterion: Criterion
    passed: bool
    score: float
    message: str = ""
    misconception: Misconception | None = None
    example: str = ""
