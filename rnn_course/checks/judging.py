"""Judges an answer by what was recorded of its question; knows no model answer.

All cases are asked at once. Every part is held against what is right on its cases; the smallest
case on which it goes wrong is shown. A reason is looked for in this order: the fewest declared
mistakes that explain everything seen; what is generic (an exception, a type, a shape, NaN); a
mutant's kind; how the numbers are related to the right ones. Where nothing fits, or two kinds fit
alike, only what was seen is said.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, explain_error, usable
from rnn_course.checks.mistakes import (
    CONSTANT_SIZE,
    INPUTS_CHANGED,
    NOT_FINITE,
    PRINTS,
    RETURNS_NOTHING,
    WRONG_SHAPE,
    WRONG_SIGNATURE,
    WRONG_TYPE,
)
from rnn_course.checks.observation import FAILED, OTHER_SEED, Path, Seen, Trial, agree, gap
from rnn_course.checks.patterns import UNSTEADY, related
from rnn_course.checks.question import Part
from rnn_course.checks.recording import (
    REPEATED,
    Recorded,
    Recording,
    Variant,
    Views,
    telling,
    views,
)
from rnn_course.checks.report import Misconception
from rnn_course.checks.requests import Outcome, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.together import answered
from rnn_course.checks.wording import call_text, seen_text

_SAME = 1e-7  # up to which an answer behaves as a declared mistake does
_SAME_MUTANT = 3e-6  # mutants are kept in single precision
_NO_CASE = Seen("raises nothing")


def judge(recording: Recording, subject: Subject, marking: Marking) -> None:
    """Decide every criterion of a question."""
    for name, signature in recording.signature.items():
        if not usable(subject, marking, name, signature, "function"):
            return
    parts = recording.parts
    trials = ask(recording, subject)
    seen = _Seen(recording, _came(recording, trials), trials)
    if seen.wrong and any(recorded.given for recorded in recording.cases):
        relied = ask(recording, subject, stand_in=True)
        seen.forgive(_came(recording, relied))
    findings = {k: _finding(seen, k) for k in sorted(seen.wrong)}
    _mark(parts, seen, findings, marking)


def ask(recording: Recording, subject: Subject, *, stand_in: bool = False) -> list[Trial]:
    """Run all cases on an answer, in one message.

    Args:
        stand_in: whether recorded calls take the place of earlier answers.
    """
    programs, twice = [], []
    for index, recorded in enumerate(recording.cases):
        case, given = recorded.case, recorded.given if stand_in else ()
        programs.append(Program(case.program(), case.seed, given))
        if recording.repeats and index < REPEATED:
            twice.append((index, Program(case.program(), case.seed + OTHER_SEED, given)))
    later = answered([(subject, p) for p in [*programs, *(p for _, p in twice)]])
    outcomes = [answer() for answer in later]
    again = {index: outcomes[len(programs) + n] for n, (index, _) in enumerate(twice)}
    return [
        Trial(
            _named(recorded, outcomes[index]),
            _named(recorded, again[index]) if index in again else None,
        )
        for index, recorded in enumerate(recording.cases)
    ]


def _named(recorded: Recorded, outcomes: Sequence[Outcome]) -> Mapping[str, Outcome]:
    found = dict(zip(recorded.case.steps, outcomes, strict=False))
    failed = next((o for o in found.values() if o.error), None)
    # what was not reached failed by what stopped before it
    return {name: found.get(name, failed or Outcome()) for name in recorded.case.steps}


def _came(recording: Recording, trials: Sequence[Trial]) -> Views:
    came: Views = {}
    for i, (recorded, trial) in enumerate(zip(recording.cases, trials, strict=True)):
        if not (recorded.case.optional and _refused(trial)):
            found = views(recording.parts, recorded.case, trial)
            came |= {(i, *place): seen for place, seen in found.items()}
        else:
            came |= {(i, *place): seen for place, seen in recorded.wanted.items()}
    return came


def _refused(trial: Trial) -> bool:
    """Tell whether an answer does not take the arguments of an optional case."""
    errors = [outcome.error for outcome in trial.outcomes.values() if outcome.error]
    return any(e.type == "TypeError" and "argument" in e.text for e in errors)


@dataclass
class _Seen:
    """What came, beside what is right."""

    recording: Recording
    came: Views
    trials: Sequence[Trial]
    wrong: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    forgiven: set[int] = field(default_factory=set)
    follow: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.wrong = self._wrong(self.came)
        self._follow()

    def wanted(self, i: int, k: int, j: int) -> Seen:
        """Return what is right at a place."""
        return self.recording.cases[i].wanted[k, j]

    def _wrong(self, came: Views) -> dict[int, list[tuple[int, int]]]:
        """Return for each part that is not met the cases and paths where it is not."""
        found: dict[int, list[tuple[int, int]]] = {}
        for i, recorded in enumerate(self.recording.cases):
            for (k, j), wanted in recorded.wanted.items():
                if not self.recording.parts[k].accepts(came.get((i, k, j), _NO_CASE), wanted):
                    found.setdefault(k, []).append((i, j))
        return found

    def _follow(self) -> None:
        """Judge a part whose forerunner failed where that cannot show, or by its form alone."""
        parts = self.recording.parts
        places = {part.id: k for k, part in reversed(list(enumerate(parts)))}
        for k, part in enumerate(parts):
            if not part.follows or k not in self.wrong or places[part.follows] not in self.wrong:
                continue
            left = [(i, j) for i, j in self.wrong[k] if self._is_own(i, k, j)]
            if left:
                self.wrong[k] = left
            else:
                del self.wrong[k]
                self.follow[k] = parts[places[part.follows]].title

    def _is_own(self, i: int, k: int, j: int) -> bool:
        part, came = self.recording.parts[k], self.came.get((i, k, j), _NO_CASE)
        if part.apart:
            return self.recording.cases[i].case.group in part.apart
        return came.structure != self.wanted(i, k, j).structure

    def forgive(self, relied: Views) -> None:
        """Drop what is right once earlier answers can be relied on."""
        still = self._wrong(relied)
        for k in list(self.wrong):
            if k not in still:
                self.forgiven.add(k)
                del self.wrong[k]

    def first(self, k: int) -> tuple[int, int]:
        """Return the smallest case, and the path, where a part goes wrong."""
        return min(self.wrong[k])


def _mark(
    parts: Sequence[Part], seen: _Seen, findings: Mapping[int, Finding], marking: Marking
) -> None:
    for ident in dict.fromkeys(part.id for part in parts):
        own = [k for k, part in enumerate(parts) if part.id == ident]
        failed = [k for k in own if k in findings]
        if not failed:
            said = [parts[k].passed for k in own if parts[k].passed]
            if any(k in seen.forgiven for k in own):
                said = ["Right, given right answers to the earlier questions that it calls."]
            followed = [seen.follow[k] for k in own if k in seen.follow]
            said = [f"Right for what you hand on; see “{followed[0]}”."] if followed else said
            marking.passed(ident, " ".join(said))
            continue
        total = sum(parts[k].points for k in own)
        kept = sum(parts[k].points for k in own if k not in findings)
        first = findings[failed[0]]
        i, _ = seen.first(failed[0])
        example = call_text(seen.recording.cases[i].case)
        marking.scored(ident, kept / total if total else 0.0, *first, example=example)


# The reason


def _finding(seen: _Seen, k: int) -> Finding:
    i, j = seen.first(k)
    part, came = seen.recording.parts[k], seen.came.get((i, k, j), _NO_CASE)
    path, wanted = part.paths[j], seen.wanted(i, k, j)
    outcome = seen.trials[i].outcomes.get(path.step, Outcome())
    said = seen.recording.cases[i].case.said
    message = f"{said}: {seen_text(path, came, wanted, part.within)}" if said else ""
    declared = _declared(seen, k)
    if declared:
        return Finding(message, declared)
    generic = _unsteady(seen, path) or _generic(seen, k, path, came, wanted, outcome)
    if generic:
        # an exception says itself what came
        told = f"{said}: {generic.message}" if generic.message else message
        return Finding(told, generic.misconception)
    kind = _mutant(seen, k)
    if kind:
        return Finding(message, kind)
    relation = _relation(came, wanted)
    if relation:
        return Finding(f"{message} {relation.message}".strip(), relation.misconception)
    return Finding(message)


def _unsteady(seen: _Seen, path: Path) -> Finding | None:
    """Tell a result that nobody can name, since the same call gives another one each time."""
    again = Path(path.name, path.step, (), "again")
    looks = [again.look(trial) for trial in seen.trials if trial.repeated is not None]
    drawn = any(
        look is not None and look.structure == "b()" and not look.numbers.all() for look in looks
    )
    return Finding("", UNSTEADY) if drawn and not path.aspect else None


def _explains(seen: _Seen, variant: Variant, parts: Iterable[int], tolerance: float) -> bool:
    """Tell whether an answer does on some parts just what a variant does."""
    wanted_parts = set(parts)
    for place, came in seen.came.items():
        i, k, j = place
        if k not in wanted_parts:
            continue
        right = seen.wanted(i, k, j)
        if place in variant.hidden:
            if seen.recording.parts[k].accepts(came, right):
                return False
        elif place in variant.differs:
            if not _same(came, variant.differs[place], tolerance):
                return False
        elif not seen.recording.parts[k].accepts(came, right):
            return False
    return True


def _same(came: Seen, theirs: Seen, tolerance: float) -> bool:
    if came.structure.startswith(FAILED):
        return theirs.structure.startswith(FAILED)
    return agree(came, theirs, tolerance)


def _declared(seen: _Seen, k: int) -> Misconception | None:
    """Find the fewest declared mistakes that explain all that was seen, or all of this part."""
    everything = range(len(seen.recording.parts))
    for parts in (everything, (k,)):
        for kind in ("mistake", "pair"):
            for variant in seen.recording.variants:
                if variant.kind != kind or not _shows_in(variant, k):
                    continue
                if _explains(seen, variant, parts, _SAME) and _rests_on_something(variant, k):
                    return Misconception(variant.id, variant.seen, variant.why, variant.read)
    return None


def _shows_in(variant: Variant, k: int) -> bool:
    return any(place[1] == k for place in (*variant.differs, *variant.hidden))


def _rests_on_something(variant: Variant, k: int) -> bool:
    """An exception alone names no mistake: too many things raise."""
    return any(
        not seen.structure.startswith(FAILED)
        for place, seen in variant.differs.items()
        if place[1] == k
    )


def _mutant(seen: _Seen, k: int) -> Misconception | None:
    everything = range(len(seen.recording.parts))
    for parts in (everything, (k,)):
        kinds = {
            variant.seen: variant
            for variant in seen.recording.variants
            if variant.kind == "mutant"
            and telling({p: s for p, s in variant.differs.items() if p[1] == k})
            and _explains(seen, variant, parts, _SAME_MUTANT)
        }
        if len(kinds) == 1:
            (variant,) = kinds.values()
            where = seen.recording.parts[k].title
            return Misconception(
                variant.id, variant.seen, f"It shows in: {where}.", seen.recording.read
            )
        if kinds:
            return None
    return None


def _generic(
    seen: _Seen, k: int, path: Path, came: Seen, wanted: Seen, outcome: Outcome
) -> Finding | None:
    """Find what can go wrong in any question."""
    failed = came.structure.startswith(FAILED)
    if path.aspect == "changed" and not failed:
        return Finding("", INPUTS_CHANGED)
    if path.aspect in ("again", "random") and not failed:
        return Finding("", UNSTEADY)
    if path.aspect == "raised":
        return None
    if outcome.error and failed:
        finding = explain_error(outcome.error)
        small_works = seen.first(k)[0] > 0 and finding.misconception is not WRONG_SIGNATURE
        return replace_misconception(finding, CONSTANT_SIZE) if small_works else finding
    if wanted.structure != "None" and (came.structure == "None" or outcome.value is None):
        return Finding("", PRINTS if outcome.printed.strip() else RETURNS_NOTHING)
    if came.structure == "nothing there":
        return Finding("", WRONG_TYPE)
    if wanted.finite and came.numbers.size and not came.finite:
        return Finding("", NOT_FINITE)
    if came.shape is not None and wanted.shape is not None and came.shape != wanted.shape:
        return Finding("", WRONG_SHAPE)
    skeleton = [re.sub(r"\([\d,]*\)|'[^']*'", "", s.structure) for s in (came, wanted)]
    return Finding("", WRONG_TYPE) if skeleton[0] != skeleton[1] else None


def replace_misconception(finding: Finding, misconception: Misconception) -> Finding:
    """Return a finding with another reason, unless its own is more than 'it raises'."""
    usual = finding.misconception is None or finding.misconception.id in (
        "raises",
        "shapes_disagree",
    )
    return Finding(finding.message, misconception if usual else finding.misconception)


def _relation(came: Seen, wanted: Seen) -> Finding | None:
    shape = wanted.shape
    if shape is None or came.shape is None or not wanted.finite or not came.finite:
        return None
    if gap(came.numbers, wanted.numbers) == 0:
        return None
    return related(came.numbers.reshape(came.shape), wanted.numbers.reshape(shape))


def judged_by(recording: Recording) -> Callable[[Subject, int, Marking], None]:
    """Return a question's judge; the seed is that of the recording."""

    def decide(subject: Subject, seed: int, marking: Marking) -> None:
        judge(recording, subject, marking)

    return decide
