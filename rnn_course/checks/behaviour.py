"""What a wrong answer does, as data that can be kept, compared and given a name.

An answer that is wrong and has no name is tried on the cases of the public seed, which are the
same in every notebook, every grading and every year. What it gives there and should not is its
behaviour: two answers that behave alike make the same mistake, whatever their code looks like. An
instructor names one with a sentence (see `named`), and all that behave so are told it.

Of a question that a judge written by hand decides, it is what that judge says of the answer with
the public seed, numbers rounded.

A behaviour is made from observations, never from code. It is small, and holds no text that an
answer returned, only a digest: it travels to other students with the name.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_course.checks.observation import FAILED, Seen
from rnn_course.checks.verdict import Misconception, Verdict

NUMBERS, MOST, LONGEST = 8, 120, 80  # numbers of an observation, observations, characters
NEAR = 1e-5  # up to which two wrong answers do the same, where a part does not allow more
_KEY = 8
_LEAST_NUMBERS = 2
# shapes and the places of NaN and ±∞; anything else may hold a text or a name of a student's
_PLAIN = re.compile(r"[b(),\[\]\d]*(?:\|[.n+-]*)?|None|nothing there")
_NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?|-?\d+e[-+]?\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Observed:
    """One thing that an answer gave and should not have.

    Attributes:
        key: says which case, and what was looked at.
        said: the same in words, for people.
        structure: what came is made of; a digest of all but shapes.
        numbers: what came, at most `NUMBERS` of them.
        within: how far they may be off in another answer that does the same.
    """

    key: str
    said: str
    structure: str
    numbers: tuple[float, ...] = ()
    within: float = NEAR


@dataclass(frozen=True)
class Behaviour:
    """What a wrong answer does on the cases of the public seed.

    Attributes:
        observed: what is wrong, the smallest case first.
        asked: keys of all that was looked at; what is not observed was right.
        telling: whether this is enough to know the mistake again by.
    """

    observed: tuple[Observed, ...] = ()
    asked: tuple[str, ...] = ()
    telling: bool = False


UNKNOWN = Behaviour()


@dataclass(frozen=True)
class Named:
    """A name that an instructor gave to a behaviour of a question's wrong answers."""

    question: str
    id: str
    seen: str
    why: str
    behaviour: Behaviour

    def fits(self, came: Behaviour) -> bool:
        """Tell whether an answer behaves so, on all cases that are asked still.

        Cases may have come since: what an answer does there is not known of the named ones.
        """
        shared = set(self.behaviour.asked) & set(came.asked)
        theirs = [o for o in self.behaviour.observed if o.key in shared]
        ours = [o for o in came.observed if o.key in shared]
        if self.outdated(came.asked) or not came.telling:
            return False
        return alike(theirs, ours)

    def outdated(self, asked: Sequence[str]) -> bool:
        """Tell whether most of what the name rests on is not asked any more."""
        known = set(asked)
        kept = sum(o.key in known for o in self.behaviour.observed)
        return 2 * kept < len(self.behaviour.observed) or not kept

    def misconception(self, read: str) -> Misconception:
        """Return what students are told."""
        return Misconception(self.id, self.seen, self.why, read)


def observed(case: str, said: str, came: Seen, within: float) -> Observed:
    """Keep of what came as much as tells it from something else.

    Args:
        case: names the case and what was looked at, whole.
        said: the same in words.
        came: what was seen.
        within: how far the part lets numbers be off.
    """
    numbers = came.numbers
    if numbers.size > NUMBERS:  # evenly spread, the first and the last among them
        numbers = numbers[np.linspace(0, numbers.size - 1, NUMBERS).astype(int)]
    kept = tuple(float(f"{x:.9g}") for x in numbers.tolist())
    structure = came.structure
    if len(structure) > LONGEST or not _PLAIN.fullmatch(structure):
        structure = f"text {digest(structure)}"
    return Observed(digest(case), said[:LONGEST], structure, kept, max(NEAR, within))


def digest(text: str | bytes) -> str:
    """Return a short name for a text."""
    content = text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text
    return hashlib.sha256(content).hexdigest()[:_KEY]


def is_exact(came: Seen) -> bool:
    """Tell numbers or a text, by which an answer can be known, from a yes, a no or a failure."""
    said = came.structure
    if said.startswith(FAILED) or "|" in said or said == "b()":
        return False
    return came.numbers.size > 0 or "'" in said or said.startswith("digest")


def of_findings(verdicts: Sequence[Verdict]) -> Behaviour:
    """Return as behaviour what a judge said of each criterion; its texts as digests."""
    wrong = [v for v in verdicts if not v.passed]
    found = tuple(
        Observed(digest(v.criterion.id), v.criterion.title[:LONGEST], _said(v)) for v in wrong
    )
    asked = tuple(digest(v.criterion.id) for v in verdicts)
    numbers = {number for v in wrong for number in _NUMBER.findall(v.message)}
    return Behaviour(found, asked, len(numbers) >= _LEAST_NUMBERS)


def _said(verdict: Verdict) -> str:
    return f"{verdict.score:g} points, text {digest(rounded(verdict.message))}"


def rounded(message: str) -> str:
    """Round the broken numbers in a text to two digits, so that noise in the last ones is gone."""
    return _NUMBER.sub(lambda number: f"{float(number[0]):.2g}", message)


def alike(one: Sequence[Observed], other: Sequence[Observed]) -> bool:
    """Tell whether two answers do the same: the same is wrong, in the same way."""
    first, second = ({o.key: o for o in observations} for observations in (one, other))
    return first.keys() == second.keys() and all(_same(first[k], second[k]) for k in first)


def _same(one: Observed, other: Observed) -> bool:
    if one.structure != other.structure or len(one.numbers) != len(other.numbers):
        return False
    a, b = np.array(one.numbers), np.array(other.numbers)
    size = max(1.0, float(np.abs(b).max(initial=0.0)))
    return bool(np.all(np.abs(a - b) <= max(one.within, other.within) * size))


def grouped(behaviours: Sequence[Behaviour]) -> list[list[int]]:
    """Put answers together that behave alike; return their places, the largest group first.

    An answer joins the first group whose first answer it is like: being near is not transitive,
    and so a group has a middle that does not wander.
    """
    groups: list[list[int]] = []
    for index, behaviour in enumerate(behaviours):
        for group in groups:
            if alike(behaviours[group[0]].observed, behaviour.observed):
                group.append(index)
                break
        else:
            groups.append([index])
    return sorted(groups, key=lambda group: -len(group))


def behaviour_data(behaviour: Behaviour) -> dict[str, Any]:
    """Return a behaviour as plain data; see `behaviour_from`."""
    return {
        "telling": behaviour.telling,
        "asked": " ".join(behaviour.asked),
        "observed": [
            [o.key, o.said, o.structure, o.within, list(o.numbers)] for o in behaviour.observed
        ],
    }


def behaviour_from(data: Mapping[str, Any]) -> Behaviour:
    """Make a behaviour of plain data, read from a file that people edit.

    Raises:
        KeyError, TypeError, ValueError: it is not one.
    """
    found = tuple(
        Observed(str(key), str(said), str(structure), tuple(map(float, numbers)), float(within))
        for key, said, structure, within, numbers in data["observed"]
    )
    return Behaviour(found, tuple(data["asked"].split()), bool(data.get("telling", True)))
