"""What came of an answer, held against what is right: which parts are not met, and where."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rnn_course.checks.generic import Finding
from rnn_course.checks.observation import (
    FAILED,
    NOT_REACHED,
    Path,
    Seen,
    Trial,
)
from rnn_course.checks.recording import (
    Place,
    Recording,
    Views,
)
from rnn_course.checks.requests import Call

SAME = 1e-7  # up to which results are alike that were computed in another way


def refused(trial: Trial) -> bool:
    """Tell whether an answer does not take the arguments of an optional case."""
    errors = [outcome.error for outcome in trial.outcomes.values() if outcome.error]
    return any(e.type == "TypeError" and "argument" in e.text for e in errors)


def called(recording: Recording, i: int, k: int, j: int) -> str:
    """Return the name of the function that a place looks at."""
    step = recording.cases[i].case.steps.get(recording.parts[k].paths[j].step)
    return step.target if isinstance(step, Call) and isinstance(step.target, str) else ""


@dataclass
class Compared:
    """What came, beside what is right.

    Attributes:
        relied: earlier answers that were stood in for.
        alone: what came before they were.
    """

    recording: Recording
    came: Views
    trials: Sequence[Trial]
    unfit: Mapping[str, Finding] = field(default_factory=dict)
    wrong: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    otherwise: set[int] = field(default_factory=set)
    ever_wrong: set[int] = field(default_factory=set)
    forgiven: set[int] = field(default_factory=set)
    relied: tuple[str, ...] = ()
    alone: Views = field(default_factory=dict)
    follow: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.wrong = self._wrong(self.came)
        self.ever_wrong = set(self.wrong)
        self._follow()

    def wanted(self, i: int, k: int, j: int) -> Seen:
        """Return what is right at a place."""
        return self.recording.cases[i].wanted[k, j]

    def _wrong(self, came: Views) -> dict[int, list[tuple[int, int]]]:
        """Return for each part that is not met the cases and paths where it is not."""
        found: dict[int, list[tuple[int, int]]] = {}
        for (i, k, j), wanted in self._all_wanted():
            if not self.recording.parts[k].accepts(came.get((i, k, j), NOT_REACHED), wanted):
                found.setdefault(k, []).append((i, j))
        self.otherwise = {k for k in found if self._also_right(came, k)}
        return {k: wrong for k, wrong in found.items() if k not in self.otherwise}

    def refused(self, i: int) -> bool:
        """Tell whether a case is optional, and the answer does not take its arguments."""
        return self.recording.cases[i].case.optional and refused(self.trials[i])

    def _all_wanted(self) -> Iterator[tuple[Place, Seen]]:
        for i, recorded in enumerate(self.recording.cases):
            for (k, j), wanted in recorded.wanted.items():
                yield (i, k, j), wanted

    def _also_right(self, came: Views, k: int) -> bool:
        """Tell whether a part is met by what another right answer returns, on all cases."""
        part = self.recording.parts[k]
        own = [(place, wanted) for place, wanted in self._all_wanted() if place[1] == k]
        return any(
            all(part.accepts(came.get(p, NOT_REACHED), other.get(p, w)) for p, w in own)
            for other in self.recording.also
        )

    def _follow(self) -> None:
        """Judge a part whose forerunner failed where that cannot show, or by its form alone."""
        parts, empty = self.recording.parts, self._empty()
        for k, part in enumerate(parts):
            before_it = [*self.wrong, *self.follow]  # what follows is followed, too
            failed = {parts[other].id: parts[other].title for other in before_it if other != k}
            before = [id for id in part.followed if id in failed]
            if k not in self.wrong or not before or empty:
                continue
            left = [(i, j) for i, j in self.wrong[k] if self._is_own(i, k, j)]
            # what its own numbers are compared with may be wrong, where they themselves are right
            related = all(part.paths[j].other for _, j in self.wrong[k])
            if left and (self._raised(k, left) or not related):
                self.wrong[k] = left
            else:
                del self.wrong[k]
                self.follow[k] = self._origin(before[0], failed[before[0]])

    def _empty(self) -> bool:
        """Tell whether zeros came for all numbers that are wrong: from those follows nothing.

        An answer that was never filled in would earn all that comes after its first mistake.
        """
        came = [
            self.came.get(place, NOT_REACHED)
            for place, wanted in self._all_wanted()
            if place[1] in self.wrong
            and wanted.numbers.any()
            and not wanted.structure.startswith("b")
        ]
        return bool(came) and all(seen.numbers.size and not seen.numbers.any() for seen in came)

    def _raised(self, k: int, places: Sequence[tuple[int, int]]) -> bool:
        """Tell whether an answer gave nothing at all that could follow from something."""
        came = (self.came.get((i, k, j), NOT_REACHED) for i, j in places)
        return any(seen.structure.startswith(FAILED) for seen in came)

    def _origin(self, ident: str, title: str) -> str:
        parts = self.recording.parts
        return next((said for k, said in self.follow.items() if parts[k].id == ident), title)

    def _is_own(self, i: int, k: int, j: int) -> bool:
        part, came = self.recording.parts[k], self.came.get((i, k, j), NOT_REACHED)
        if part.apart:
            return self.recording.cases[i].case.group in part.apart
        return came.structure != self.wanted(i, k, j).structure

    def rely(self, came: Views, trials: Sequence[Trial], names: tuple[str, ...]) -> None:
        """Drop what is right once earlier answers can be relied on; judge the rest by that."""
        failed, self.follow = set(self.wrong) | set(self.follow), {}
        self.alone, self.came, self.trials, self.relied = self.came, came, trials, names
        self.wrong = {k: where for k, where in self._wrong(came).items() if k in failed}
        self.forgiven, self.ever_wrong = failed - set(self.wrong), set(self.wrong)
        self._follow()

    def places(self) -> list[Place]:
        """Return all that is not as it should be, also where that may follow from something."""
        failed = {*self.wrong, *self.follow}
        return [
            place
            for place, wanted in self._all_wanted()
            if place[1] in failed
            and not self.recording.parts[place[1]].accepts(
                self.came.get(place, NOT_REACHED), wanted
            )
        ]

    def first(self, k: int) -> tuple[int, int]:
        """Return the smallest case, and the path, where a part goes wrong."""
        return min(self.wrong[k])

    def worked(self, k: int, path: Path) -> bool:
        """Tell whether a part found a path right on some case before the first that is wrong."""
        first, _ = self.first(k)
        same = [j for j, other in enumerate(self.recording.parts[k].paths) if other == path]
        wrong = set(self.wrong[k])
        return any(
            (i, j) not in wrong and (k, j) in self.recording.cases[i].wanted
            for i in range(first)
            for j in same
        )
