"""Recorded checks: what a question's cases, right outputs and mistakes are, as data.

`record` runs a model answer and everything that is known to go wrong with it, once for a question
and a seed, on the judge's side. What it returns is plain data: inputs, numbers and sentences. With
it a student's notebook checks itself without any model answer being there, a class is graded
without a model answer being run again, and a GPU is compared with what was recorded on a CPU.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np
import torch

from rnn_course.checks.cases import Case
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.matching import Trace, traced
from rnn_course.checks.model import (
    LineBudget,
    attempt,
    calls_of,
    edited,
    namespace,
    noting,
    unused,
)
from rnn_course.checks.mutants import Mutant, mutants
from rnn_course.checks.observation import FAILED, MISSING, NOT_REACHED, Seen, Trial
from rnn_course.checks.question import Comparison, Edit, Mistake, Part
from rnn_course.checks.requests import StandIn
from rnn_course.checks.watch import isolated, unwatched
from rnn_course.checks.withheld import AUTOGRAD
from rnn_course.errors import AuthoringError
from rnn_course.seeding import numpy_generator

REPEATED = 2  # cases that are run twice, where a part asks for that
_SHOWN = 4  # cases of which a mutant's numbers are kept
AUDIT_ONLY = frozenset({"superfluous", "other_number"})  # wide: they name what they should not

Place = tuple[int, int, int]  # case, part, path
Views = dict[Place, Seen]


@dataclass(frozen=True, eq=False)
class Recorded:
    """One case with what is right on it; `traces` as `matching.program` takes them."""

    case: Case
    wanted: Mapping[tuple[int, int], Seen]
    given: tuple[StandIn, ...] = ()
    traces: Mapping[str, Trace] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Variant:
    """What a wrong answer returns, where it differs from the right one.

    Attributes:
        kind: ``mistake``, ``pair`` (two declared mistakes) or ``mutant``.
        id: of the mistake; of a mutant its operator.
        seen, why, read: what a student is told.
        differs: by case, part and path.
        hidden: places where it differs, too, without saying how.
        second: of a pair, the id of the other mistake.
    """

    kind: str
    id: str
    seen: str
    why: str = ""
    read: str = ""
    differs: Views = field(default_factory=dict)
    hidden: frozenset[Place] = frozenset()
    second: str = ""


@dataclass(frozen=True, eq=False)
class Recording:
    """All that is needed to judge a question's answer, for one seed."""

    question: str
    seed: int
    parts: tuple[Part, ...]
    signature: Mapping[str, tuple[str, ...]]
    read: str
    cases: tuple[Recorded, ...]
    variants: tuple[Variant, ...]
    without: frozenset[str] = frozenset()
    places: tuple[Mistake, ...] = ()
    also: tuple[Views, ...] = ()

    @property
    def by_hand(self) -> bool:
        """Whether derivatives are to be written down, and not left to torch."""
        return AUTOGRAD in self.without

    @property
    def repeats(self) -> bool:
        """Whether some part asks for a second run."""
        return wants_repeats(self.parts)


@dataclass(frozen=True)
class Source:
    """A question's model answer.

    Attributes:
        question: its id.
        text: the answer cell.
        above: what the cells above define.
    """

    question: str
    text: str
    above: str = ""


def wants_repeats(parts: Sequence[Part]) -> bool:
    """Tell whether some part looks at a second run."""
    aspects = {path.aspect for part in parts for path in part.paths}
    return bool(aspects & {"again", "random"})


def looks_at(part: Part, case: Case) -> bool:
    """Tell whether a part looks at a case."""
    return not part.groups or case.group in part.groups


def views(parts: Sequence[Part], case: Case, trial: Trial) -> dict[tuple[int, int], Seen]:
    """Return what each path of each part sees of a case."""
    found = {}
    for k, part in enumerate(parts):
        for j, path in enumerate(part.paths if looks_at(part, case) else ()):
            seen = path.look(trial, part.loose)
            if seen is not None:
                found[k, j] = part.seen(path, seen)
    return found


def record(
    comparison: Comparison, source: Source, seed: int, *, read: str = "", named: bool = True
) -> Recording:
    """Run a model answer and its mistakes on a question's cases.

    Args:
        comparison: the question.
        source: its model answer.
        seed: of the cases.
        read: heading where the question stands.
        named: also run mutants; without them only declared mistakes are named.

    Raises:
        AuthoringError: the model answer does not run, a case raises where none should, or an
            edit does not apply.
    """
    with isolated(), unwatched():
        torch.set_num_threads(1)  # small arrays: more threads only wait for each other
        return _Recorder(comparison, source, seed, read).recording(named)


def record_right(comparison: Comparison, source: Source, seed: int) -> Recording:
    """Run a model answer alone: what is right, and nothing that is known to go wrong."""
    with isolated(), unwatched():
        torch.set_num_threads(1)
        return _Recorder(comparison, source, seed, "").right()


class _Recorder:
    """Works on one question and seed."""

    def __init__(self, comparison: Comparison, source: Source, seed: int, read: str) -> None:
        self.comparison, self.source, self.seed, self.read = comparison, source, seed, read
        self.cases = list(comparison.cases(numpy_generator(seed, source.question)))
        self.twice = wants_repeats(comparison.parts)
        self.entered: set[int] = set()  # first lines of the functions that the cases reach
        self.traces: list[dict[str, Trace]] = [{} for _ in self.cases]
        self.wanted = self.observed(source.text, limit=False)
        self._require_reached()
        self.known = namespace(source.above, source.text, source.question)
        self.traces = [traced(LocalSubject(self.known), case) for case in self.cases]

    def recording(self, named: bool) -> Recording:
        """Return all that was recorded."""
        comparison = self.comparison
        declared = list(self._mistakes())
        found = [v for _, v in declared if v.differs]
        if any(_is_telling(seen) for seen in self.wanted.values()):
            found += list(self._pairs([pair for pair in declared if pair[1].differs]))
            found += self._distinct(found) if named else []
        return replace(
            self.right(),
            variants=tuple(found),
            places=tuple(mistake for mistake in comparison.mistakes if not mistake.edits),
        )

    def right(self) -> Recording:
        """Return what is right."""
        comparison = self.comparison
        return Recording(
            self.source.question,
            self.seed,
            comparison.parts,
            comparison.signature,
            self.read,
            tuple(self._recorded()),
            (),
            comparison.without,
            also=tuple(self._also()),
        )

    def observed(self, text: str, *, limit: bool = True) -> Views:
        """Return what an answer shows on all cases; nothing where it goes on for ever."""
        name = self.source.question
        budget = LineBudget(name) if limit else None
        try:
            with noting(name, self.entered) if budget is None else contextlib.nullcontext():
                return self._observed(text, budget)
        except BaseException as error:
            if not limit or isinstance(error, KeyboardInterrupt):
                raise AuthoringError(
                    f"a model answer of {name} that runs below the cells above it",
                    f"{type(error).__name__}: {error}",
                    "Run the notebook from the top, or name in `needs` what it builds on.",
                ) from error
            return {}

    def _observed(self, text: str, budget: LineBudget | None) -> Views:
        with budget or contextlib.nullcontext():
            known = namespace(self.source.above, text, self.source.question)
        found: Views = {}
        for i, case in enumerate(self.cases):
            with budget or contextlib.nullcontext():
                trial = attempt(known, case, self.traces[i], twice=self.twice and i < REPEATED)
            if budget and budget.spent:
                return {}
            seen = views(self.comparison.parts, case, trial)
            found |= {(i, *place): each for place, each in seen.items()}
        return found

    def _require_reached(self) -> None:
        parts = self.comparison.parts
        for (i, k, j), seen in self.wanted.items():
            path = parts[k].paths[j]
            if seen.structure.startswith(FAILED) or seen.structure == MISSING.structure:
                raise AuthoringError(
                    f"the model answer of {self.source.question} to give {path.name} "
                    f"({parts[k].id}) on the case {self.cases[i].said!r}",
                    seen.structure,
                    "Mend the case, or let the part look at `@raised`.",
                )
        for k, part in enumerate(parts):
            looked = {place[2] for place in self.wanted if place[1] == k}
            for path in (path for j, path in enumerate(part.paths) if j not in looked):
                raise AuthoringError(
                    f"a case in which the part {part.id!r} of {self.source.question} sees "
                    f"{path.name!r} (step {path.step!r})",
                    f"cases of the groups {sorted({case.group for case in self.cases})}",
                    "Correct its paths or its groups.",
                )

    def _recorded(self) -> Iterator[Recorded]:
        given = self.comparison.given
        missing = [name for name in given if name.partition(".")[0] not in self.known]
        if missing:
            raise AuthoringError(
                f"the given {', '.join(missing)} of {self.source.question} above its answer",
                "no such name",
                "Add the question that defines it to `needs`.",
            )
        for i, case in enumerate(self.cases):
            wanted = {(k, j): seen for (at, k, j), seen in self.wanted.items() if at == i}
            calls = calls_of(self.known, given, case) if given else ()
            yield Recorded(case, wanted, calls, self.traces[i])

    def _also(self) -> Iterator[Views]:
        """Yield what else is right, where it differs from what the model answer returns."""
        for other in self.comparison.also_right:
            edits = (other,) if isinstance(other, tuple) and isinstance(other[0], str) else other
            text = other
            if not isinstance(other, str):
                text = edited(self.source.text, edits, f"{self.source.question}, also right")
            yield self._difference(self.observed(text, limit=False))

    # Mistakes that are declared

    def _mistakes(self) -> Iterator[tuple[tuple[Edit, ...], Variant]]:
        for mistake in self.comparison.mistakes:
            for way in mistake.ways():
                yield way, self._variant("mistake", mistake, way)

    def _variant(self, kind: str, mistake: Mistake, edits: tuple[Edit, ...]) -> Variant:
        text = edited(self.source.text, edits, f"{self.source.question}, {mistake.id}")
        told = (mistake.seen, mistake.why, mistake.read or self.read)
        return Variant(kind, mistake.id, *told, self._difference(self.observed(text)))

    def _pairs(self, declared: list[tuple[tuple[Edit, ...], Variant]]) -> Iterator[Variant]:
        """Two mistakes at once; the one that is declared first names both.

        Two that show in different parts are told apart without it: each explains its own.
        """
        mistakes = {mistake.id: mistake for mistake in self.comparison.mistakes}
        first_way: dict[str, tuple[tuple[Edit, ...], Variant]] = {}
        for edits, variant in declared:
            first_way.setdefault(variant.id, (edits, variant))
        for (edits, one), (others, other) in combinations(first_way.values(), 2):
            if {place[1] for place in one.differs}.isdisjoint(p[1] for p in other.differs):
                continue
            try:
                found = self._variant("pair", mistakes[one.id], (*edits, *others))
            except AuthoringError:  # both change the same place
                continue
            alone = (one.differs, other.differs)
            if found.differs and not any(alike(found.differs, each) for each in alone):
                yield replace(_shortened(found), second=other.id)

    def _difference(self, seen: Views) -> Views:
        """Keep what differs from the right answer."""
        parts = self.comparison.parts
        came = {place: seen.get(place, NOT_REACHED) for place in self.wanted}
        return {
            place: came[place]
            for place, wanted in self.wanted.items()
            if not parts[place[1]].accepts(came[place], wanted)
        }

    # Mistakes that nobody declared

    def _distinct(self, known: list[Variant]) -> list[Variant]:
        """Return one mutant for each way to behave that is not known yet, and can be told."""
        found: list[Variant] = []
        idle = unused(self.source.text, self.entered)
        for mutant in mutants(self.source.text):
            if mutant.operator in AUDIT_ONLY or mutant.at in idle:
                continue
            differs = self._difference(self.observed(mutant.source))
            if not telling(differs) or any(alike(differs, v.differs) for v in (*known, *found)):
                continue
            found.append(Variant("mutant", mutant.operator, mutant.kind, differs=differs))
        return [_shortened(variant) for variant in found]

    def audited(self) -> Iterator[tuple[Mutant, Views]]:
        """Yield every mutant with what differs; nothing where it survives."""
        for mutant in mutants(self.source.text):
            yield mutant, self._difference(self.observed(mutant.source))


def audited(comparison: Comparison, source: Source, seed: int) -> Iterator[tuple[Mutant, Views]]:
    """Yield every mutant of a model answer with where it differs on the question's cases."""
    with isolated(), unwatched():
        yield from _Recorder(comparison, source, seed, "").audited()


def says_little(seen: Seen) -> bool:
    """Tell a yes, a no, nothing, or a type: too little to name what nobody declared."""
    text = "'" in seen.structure and seen.structure != "''"
    return seen.structure == "b()" or not (seen.numbers.size or text)


def telling(differs: Views) -> bool:
    """Tell whether a difference can name a mistake: numbers or texts that differ in two cases."""
    good = {place[0] for place, seen in differs.items() if _is_telling(seen)}
    return len(good) >= 2


def _is_telling(seen: Seen) -> bool:
    if says_little(seen):
        return False
    return not seen.structure.startswith(FAILED) and "|" not in seen.structure


def alike(one: Views, other: Views) -> bool:
    """Tell whether two wrong answers cannot be told apart."""
    if one.keys() != other.keys():
        return False
    return all(
        one[p].structure == other[p].structure
        and np.allclose(one[p].numbers, other[p].numbers, rtol=1e-6, atol=1e-9)
        for p in one
    )


def _shortened(variant: Variant) -> Variant:
    """Keep the numbers of a few cases only, in short; that it differs elsewhere is kept."""
    cases = sorted({place[0] for place, seen in variant.differs.items() if _is_telling(seen)})
    shown = {p: s for p, s in variant.differs.items() if p[0] in cases[:_SHOWN]}
    hidden = frozenset(variant.differs.keys() - shown.keys())
    small = {p: Seen(s.structure, s.numbers.astype(np.float32)) for p, s in shown.items()}
    return replace(variant, differs=small, hidden=hidden)
