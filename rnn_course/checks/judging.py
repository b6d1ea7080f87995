"""Judges an answer by what was recorded of its question; knows no model answer.

All cases are asked at once. Every part is held against what is right on its cases; the smallest
case on which it goes wrong is shown. A reason is looked for in this order: the fewest declared
mistakes that explain everything seen; what is generic (an exception, a type, a shape, NaN); a
mutant's kind; how the numbers are related to the right ones. Where nothing fits, or two kinds fit
alike, only what was seen is said.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rnn_course.checks.coursework import Judge, Marking
from rnn_course.checks.forbidden import differentiated
from rnn_course.checks.generic import Finding, explain_error, unfit
from rnn_course.checks.measuring import UNMEASURED, measured
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
from rnn_course.checks.observation import (
    FAILED,
    MISSING,
    OTHER_SEED,
    Path,
    Seen,
    Trial,
    agree,
    follow,
    gap,
    see,
)
from rnn_course.checks.patterns import FUNCTION_ON_TOP, UNSTEADY, related
from rnn_course.checks.question import Part
from rnn_course.checks.recording import (
    REPEATED,
    Place,
    Recorded,
    Recording,
    Variant,
    Views,
    says_little,
    telling,
    views,
)
from rnn_course.checks.report import Misconception
from rnn_course.checks.requests import Call, Outcome, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.together import answered
from rnn_course.checks.wording import call_text, seen_text

_SAME = 1e-7  # up to which an answer behaves as a declared mistake does
_SAME_IN_SHORT = 3e-6  # pairs and mutants are kept in single precision
_NO_CASE = Seen("raises nothing")


def judge(recording: Recording, subject: Subject, marking: Marking) -> None:
    """Decide every criterion of a question."""
    unfit = _unfit(recording, subject, marking)
    if unfit and len(unfit) == len(recording.signature):
        marking.fail_rest(*next(iter(unfit.values())))
        return
    parts = recording.parts
    trials = ask(recording, subject)
    if recording.by_hand and _left_to_torch(recording, subject, marking, trials):
        return
    seen = _Seen(recording, _came(recording, trials, unfit), trials, unfit)
    relied = unreliable(recording, subject) if seen.wrong else ()
    if relied:
        trials = ask(recording, subject, stand_in=relied)
        seen.rely(_came(recording, trials, unfit), trials, relied)
    findings = {k: _finding(seen, k) for k in sorted(seen.wrong)}
    _mark(parts, seen, findings, marking)


def _unfit(recording: Recording, subject: Subject, marking: Marking) -> dict[str, Finding]:
    """Return the functions that cannot be called as the question says, with the reason."""
    found = {
        name: unfit(subject, marking, name, arguments, "function")
        for name, arguments in recording.signature.items()
    }
    return {name: finding for name, finding in found.items() if finding}


def _left_to_torch(
    recording: Recording, subject: Subject, marking: Marking, trials: Sequence[Trial]
) -> bool:
    outcomes = [outcome for trial in trials for outcome in trial.outcomes.values()]
    return any(differentiated(subject, marking, name, outcomes) for name in recording.signature)


def unreliable(recording: Recording, subject: Subject) -> tuple[str, ...]:
    """Name the earlier answers that do not return what was recorded of them."""
    stand_ins = {id(given): given for recorded in recording.cases for given in recorded.given}
    calls = [(s, call) for s in stand_ins.values() for call in s.calls]
    programs = [Program((Call(s.name, call[0], dict(call[1])),)) for s, call in calls]
    answers = answered([(subject, program) for program in programs])
    wrong = [
        stand_in.name
        for (stand_in, (*_, result)), answer in zip(calls, answers, strict=True)
        if not _returns(answer()[0], result, stand_in.keys)
    ]
    return tuple(dict.fromkeys(wrong))


def _returns(outcome: Outcome, result: Any, keys: tuple[str, ...]) -> bool:
    if outcome.error:
        return False
    paths = [key.split(".") if key else [] for key in keys]
    parts = [[see(follow(value, path)[0]) for value in (outcome.value, result)] for path in paths]
    return all(agree(found, wanted, _SAME) for found, wanted in parts)


def ask(recording: Recording, subject: Subject, *, stand_in: tuple[str, ...] = ()) -> list[Trial]:
    """Run all cases on an answer, in one message.

    Args:
        recording: of the question.
        subject: the answer.
        stand_in: names of the earlier answers that recorded calls take the place of.
    """
    programs, twice = [], []
    for index, recorded in enumerate(recording.cases):
        case, given = recorded.case, tuple(g for g in recorded.given if g.name in stand_in)
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
    reached = {name: found.get(name, failed or Outcome()) for name in recorded.case.steps}
    return measured(recorded.case.measured, reached)


def _came(recording: Recording, trials: Sequence[Trial], unfit: Mapping[str, Finding]) -> Views:
    """Return what came; of functions that cannot be called as they should, nothing."""
    came: Views = {}
    for i, (recorded, trial) in enumerate(zip(recording.cases, trials, strict=True)):
        if not (recorded.case.optional and _refused(trial)):
            found = views(recording.parts, recorded.case, trial)
            came |= {(i, *place): seen for place, seen in found.items()}
        else:
            came |= {(i, *place): seen for place, seen in recorded.wanted.items()}
    if not unfit:
        return came
    return {
        (i, k, j): seen if _called(recording, i, k, j) not in unfit else _NO_CASE
        for (i, k, j), seen in came.items()
    }


def _called(recording: Recording, i: int, k: int, j: int) -> str:
    """Return the name of the function that a place looks at."""
    step = recording.cases[i].case.steps.get(recording.parts[k].paths[j].step)
    return step.target if isinstance(step, Call) and isinstance(step.target, str) else ""


def _refused(trial: Trial) -> bool:
    """Tell whether an answer does not take the arguments of an optional case."""
    errors = [outcome.error for outcome in trial.outcomes.values() if outcome.error]
    return any(e.type == "TypeError" and "argument" in e.text for e in errors)


@dataclass
class _Seen:
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
            if not self.recording.parts[k].accepts(came.get((i, k, j), _NO_CASE), wanted):
                found.setdefault(k, []).append((i, j))
        self.otherwise = {k for k in found if self._also_right(came, k)}
        return {k: wrong for k, wrong in found.items() if k not in self.otherwise}

    def refused(self, i: int) -> bool:
        """Tell whether a case is optional, and the answer does not take its arguments."""
        return self.recording.cases[i].case.optional and _refused(self.trials[i])

    def _all_wanted(self) -> Iterator[tuple[Place, Seen]]:
        for i, recorded in enumerate(self.recording.cases):
            for (k, j), wanted in recorded.wanted.items():
                yield (i, k, j), wanted

    def _also_right(self, came: Views, k: int) -> bool:
        """Tell whether a part is met by what another right answer returns, on all cases."""
        part = self.recording.parts[k]
        own = [(place, wanted) for place, wanted in self._all_wanted() if place[1] == k]
        return any(
            all(part.accepts(came.get(p, _NO_CASE), other.get(p, w)) for p, w in own)
            for other in self.recording.also
        )

    def _follow(self) -> None:
        """Judge a part whose forerunner failed where that cannot show, or by its form alone."""
        parts = self.recording.parts
        for k, part in enumerate(parts):
            before_it = [*self.wrong, *self.follow]  # what follows is followed, too
            failed = {parts[other].id: parts[other].title for other in before_it if other != k}
            before = [id for id in part.followed if id in failed]
            if k not in self.wrong or not before:
                continue
            left = [(i, j) for i, j in self.wrong[k] if self._is_own(i, k, j)]
            # what its own numbers are compared with may be wrong, where they themselves are right
            if left and not all(part.paths[j].other for _, j in self.wrong[k]):
                self.wrong[k] = left
            else:
                del self.wrong[k]
                self.follow[k] = self._origin(before[0], failed[before[0]])

    def _origin(self, ident: str, title: str) -> str:
        parts = self.recording.parts
        return next((said for k, said in self.follow.items() if parts[k].id == ident), title)

    def _is_own(self, i: int, k: int, j: int) -> bool:
        part, came = self.recording.parts[k], self.came.get((i, k, j), _NO_CASE)
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


def _mark(
    parts: Sequence[Part], seen: _Seen, findings: Mapping[int, Finding], marking: Marking
) -> None:
    for ident in dict.fromkeys(part.id for part in parts):
        own = [k for k, part in enumerate(parts) if part.id == ident]
        failed = [k for k in own if k in findings]
        if not failed:
            said = [parts[k].passed for k in own if parts[k].passed]
            if any(k in seen.forgiven for k in own):
                said = [f"Right, given {_listed(seen.relied, 'a right')}: yours is not right yet."]
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


def _listed(names: Sequence[str], before: str = "") -> str:
    return " and ".join(f"{before} `{name}`".strip() for name in names)


# The reason


def _finding(seen: _Seen, k: int) -> Finding:
    i, j = seen.first(k)
    part, came = seen.recording.parts[k], seen.came.get((i, k, j), _NO_CASE)
    path, wanted = part.paths[j], seen.wanted(i, k, j)
    outcome = seen.trials[i].outcomes.get(path.step, Outcome())
    cannot = seen.unfit.get(_called(seen.recording, i, k, j))
    if cannot:
        return cannot
    said = seen.recording.cases[i].case.said
    message = (
        f"{said}: {seen_text(path, came, wanted, part.within, told=part.told)}" if said else ""
    )
    if _depends(came, seen.alone.get((i, k, j))):
        return Finding(f"{_listed(seen.relied)} comes first: yours is not right yet.")
    declared = _declared(seen, k)
    if declared and not _is_nothing(came, wanted, outcome):
        return Finding(message, declared)
    generic = _unsteady(seen, path) or _generic(seen, k, path, came, wanted, outcome)
    place = _placed(seen, k, True)
    if generic and generic.misconception is CONSTANT_SIZE and place:
        generic = Finding(generic.message, place)
    if generic:
        # an exception says itself what came
        told = f"{said}: {generic.message}" if generic.message else message
        return Finding(told, generic.misconception)
    kind = _mutant(seen, k)
    if kind:
        return Finding(message, kind)
    if place:
        return Finding(message, place)
    relation, vague = _relation(came, wanted), _placed(seen, k, False)
    if relation:
        loose = relation.misconception is FUNCTION_ON_TOP  # a small change is like one, too
        told = f"{message} {relation.message}".strip()
        return Finding(told, (vague if loose else None) or relation.misconception)
    return Finding(message, vague)


def _depends(came: Seen, alone: Seen | None) -> bool:
    """Tell whether an answer fails on recorded calls only since it wants its own back.

    What an earlier answer hands over for later may look as its author likes; a recorded one looks
    like the model answer's.
    """
    failed = came.structure.startswith(FAILED)
    return alone is not None and failed and came.structure != alone.structure


def _is_nothing(came: Seen, wanted: Seen, outcome: Outcome) -> bool:
    """Tell whether None came where something is right."""
    missing = came.structure == MISSING.structure and outcome.value is None and not outcome.error
    return wanted.structure != "None" and (came.structure == "None" or missing)


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
        if k not in wanted_parts or k in seen.otherwise or seen.refused(i):
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
    """Find the fewest declared mistakes that explain all that was seen, or all of this part.

    One mistake that explains this part is preferred to two that explain everything.
    """
    everything = range(len(seen.recording.parts))
    for kind, tolerance in (("mistake", _SAME), ("pair", _SAME_IN_SHORT)):
        for parts in (everything, (k,)):
            for variant in seen.recording.variants:
                if variant.kind != kind or not _shows_in(variant, k):
                    continue
                if not _rests_on_something(variant, k):
                    continue
                if not _explains(seen, variant, parts, tolerance):
                    continue
                alone = _says_enough(variant, k) and not _shows_elsewhere(seen, variant, k)
                if parts is everything or alone:
                    told = _of_pair(seen, variant, k) if variant.second else variant
                    return Misconception(told.id, told.seen, told.why, told.read)
    return None


def _of_pair(seen: _Seen, pair: Variant, k: int) -> Variant:
    """Return that of two mistakes which shows where a part goes wrong; the first if both do."""
    i, j = seen.first(k)
    one, other = (
        [v for v in seen.recording.variants if v.kind == "mistake" and v.id == ident]
        for ident in (pair.id, pair.second)
    )
    shows = any((i, k, j) in variant.differs for variant in one)
    return pair if shows or not other else other[0]


def _shows_in(variant: Variant, k: int) -> bool:
    return any(place[1] == k for place in (*variant.differs, *variant.hidden))


def _rests_on_something(variant: Variant, k: int) -> bool:
    """An exception alone names no mistake: too many things raise, or cannot be measured."""
    return any(
        not seen.structure.startswith((FAILED, f"<{UNMEASURED}"))
        for place, seen in variant.differs.items()
        if place[1] == k
    )


def _says_enough(variant: Variant, k: int) -> bool:
    """A single yes or no explains a part, and so would many other mistakes.

    A result that is not there says nothing either, unless all else is as the mistake leaves it.
    """
    own = [seen for place, seen in variant.differs.items() if place[1] == k]
    own = [seen for seen in own if not seen.structure.startswith((FAILED, MISSING.structure))]
    return len(own) > 1 or not all(map(says_little, own))


def _shows_elsewhere(seen: _Seen, variant: Variant, k: int) -> bool:
    """Tell whether a mistake would show in another part, where nothing is wrong."""
    others = {place[1] for place in (*variant.differs, *variant.hidden)} - {k}
    return bool(others - seen.ever_wrong - seen.otherwise)


def _mutant(seen: _Seen, k: int) -> Misconception | None:
    everything = range(len(seen.recording.parts))
    for parts in (everything, (k,)):
        kinds = {
            variant.seen: variant
            for variant in seen.recording.variants
            if variant.kind == "mutant"
            and telling({p: s for p, s in variant.differs.items() if p[1] == k})
            and _explains(seen, variant, parts, _SAME_IN_SHORT)
            and (parts is everything or not _shows_elsewhere(seen, variant, k))
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


def _placed(seen: _Seen, k: int, sparing: bool) -> Misconception | None:
    """Find a mistake that is known by where it shows; by what it spares, or by sparing nothing."""
    recording = seen.recording
    i, j = seen.first(k)
    part = recording.parts[k]
    here = {part.id, part.paths[j].name, recording.cases[i].case.group}
    wrong_ids = {recording.parts[other].id for other in seen.wrong}
    for mistake in recording.places:
        if bool(mistake.spares) != sparing:
            continue
        if mistake.where and not here & set(mistake.where):
            continue
        if not wrong_ids & set(mistake.spares) and _shows_only_beside(seen, k, mistake.spares):
            return Misconception(mistake.id, mistake.seen, mistake.why, mistake.read)
    return None


def _shows_only_beside(seen: _Seen, k: int, spares: Sequence[str]) -> bool:
    """Tell whether a part is right on what is spared, and wrong on the first group besides."""
    recording, spared = seen.recording, []
    others: dict[str, dict[int, bool]] = {}
    looks = {(path.step, path.keys, path.aspect) for path in recording.parts[k].paths}
    for (i, at, j), came in seen.came.items():
        part, group = recording.parts[at], recording.cases[i].case.group
        path = part.paths[j]
        if at != k and not (group in spares and (path.step, path.keys, path.aspect) in looks):
            continue
        right = part.accepts(came, seen.wanted(i, at, j))
        if group in spares or path.name in spares:
            spared.append(right)
        else:
            of = others.setdefault(group, {})
            of[i] = of.get(i, True) and right
    known = {part.id for part in recording.parts}
    looked_at = bool(spared) or set(spares) <= known
    first = next(iter(others.values()), {})
    return looked_at and all(spared) and bool(first) and not any(first.values())


def _generic(
    seen: _Seen, k: int, path: Path, came: Seen, wanted: Seen, outcome: Outcome
) -> Finding | None:
    """Find what can go wrong in any question."""
    failed = came.structure.startswith(FAILED)
    if path.aspect == "raised":
        return None
    if outcome.error and failed:
        finding = explain_error(outcome.error)
        small_works = seen.worked(k, path) and finding.misconception is not WRONG_SIGNATURE
        if not small_works:
            return finding
        return replace_misconception(finding, _placed(seen, k, True) or CONSTANT_SIZE)
    if path.aspect == "changed":
        return Finding("", INPUTS_CHANGED)
    if path.aspect in ("again", "random"):
        return Finding("", UNSTEADY)
    if _is_nothing(came, wanted, outcome):
        return Finding("", PRINTS if outcome.printed.strip() else RETURNS_NOTHING)
    if came.structure == "nothing there":
        return Finding("", WRONG_TYPE)
    if wanted.finite and came.numbers.size and not came.finite:
        return Finding("", NOT_FINITE)
    if came.shape is not None and wanted.shape is not None and came.shape != wanted.shape:
        return Finding("", WRONG_SHAPE)
    skeletons = {_skeleton(s) for s in (came, wanted)}
    return Finding("", WRONG_TYPE) if len(skeletons) > 1 else None


def _skeleton(seen: Seen) -> str:
    """Return of a structure what it is made of: no texts, no sizes, no lengths of lists."""
    bare = re.sub(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", "''", seen.structure)
    bare = re.sub(r"\([\d,]*\)|\|.*", "()", bare)
    return re.sub(r"\[(\(\)|'')(,\1)*\]|\[\]", "[]", bare)


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
    if wanted.structure.startswith("b"):  # yes and no are no numbers
        return None
    if gap(came.numbers, wanted.numbers) == 0:
        return None
    return related(came.numbers.reshape(came.shape), wanted.numbers.reshape(shape))


def judged_by(recording: Recording, beside: Judge | None = None) -> Judge:
    """Return a question's judge; the seed is that of the recording.

    Args:
        recording: what is compared.
        beside: decides on further criteria, see `question.compare`.
    """

    def decide(subject: Subject, seed: int, marking: Marking) -> None:
        if beside is not None:
            beside(subject, seed, marking)
        judge(recording, subject, marking)

    return decide
