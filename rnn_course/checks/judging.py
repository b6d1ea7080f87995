"""Judges an answer by what was recorded of its question; knows no model answer.

All cases are asked at once. Every part is held against what is right on its cases; the smallest
case on which it goes wrong is shown. A reason is looked for in this order: the fewest declared
mistakes that explain everything seen; what is generic (an exception, a type, a shape, NaN); a
mutant's kind; how the numbers are related to the right ones. Where nothing fits, or two kinds fit
alike, only what was seen is said.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rnn_course.checks.behaviour import MOST, Behaviour, digest, is_exact, observed, of_findings
from rnn_course.checks.compared import SAME, Compared, called, refused
from rnn_course.checks.coursework import Behaves, Judge, Marking
from rnn_course.checks.forbidden import differentiated
from rnn_course.checks.generic import Finding, unfit
from rnn_course.checks.matching import ended, program
from rnn_course.checks.measuring import measured
from rnn_course.checks.observation import (
    NOT_REACHED,
    OTHER_SEED,
    Trial,
    agree,
    follow,
    see,
)
from rnn_course.checks.question import Part
from rnn_course.checks.reasons import finding_of, listed
from rnn_course.checks.recording import (
    REPEATED,
    Place,
    Recorded,
    Recording,
    Views,
    views,
)
from rnn_course.checks.requests import Call, Outcome, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.together import answered
from rnn_course.checks.wire import encode
from rnn_course.checks.wording import call_text
from rnn_course.seeding import PUBLIC_SEED

_EXACT_CASES = 2  # cases with numbers or texts, by which a wrong answer is known again


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
    seen = _compared(recording, subject, unfit, trials)
    # where an earlier answer is wrong, this one may have been reached only now
    late = recording.by_hand and bool(seen.relied)
    if late and _left_to_torch(recording, subject, marking, seen.trials):
        return
    findings = {k: finding_of(seen, k) for k in sorted(seen.wrong)}
    _mark(parts, seen, findings, marking)


def behaviour(recording: Recording, subject: Subject, marking: Marking) -> Behaviour:
    """Return what an answer does on a recording's cases, where that is wrong.

    Args:
        recording: of the public seed; its mistakes are not needed.
        subject: the answer.
        marking: takes what is said on the way; nothing is decided.
    """
    unfit = _unfit(recording, subject, marking)
    seen = _compared(recording, subject, unfit, ask(recording, subject))
    wrong = sorted(seen.places())
    exact = {place[0] for place in wrong if is_exact(seen.came.get(place, NOT_REACHED))}
    least = min(_EXACT_CASES, len(recording.cases))
    names = place_names(recording)
    found = tuple(
        observed(names[place], _said(recording, place), came, _within(recording, place))
        for place in wrong[:MOST]
        for came in [seen.came.get(place, NOT_REACHED)]
    )
    return Behaviour(found, asked_keys(recording), len(exact) >= least)


def _compared(
    recording: Recording, subject: Subject, unfit: Mapping[str, Finding], trials: Sequence[Trial]
) -> Compared:
    """Hold an answer against what is right; what is wrong once more on right earlier answers."""
    seen = Compared(recording, _came(recording, trials, unfit), trials, unfit)
    relied = unreliable(recording, subject) if seen.wrong else ()
    if relied:
        trials = ask(recording, subject, stand_in=relied)
        seen.rely(_came(recording, trials, unfit), trials, relied)
    return seen


def asked_keys(recording: Recording) -> tuple[str, ...]:
    """Return the keys of all that is looked at; see `behaviour.Behaviour`."""
    return tuple(map(digest, place_names(recording).values()))


def place_names(recording: Recording) -> dict[Place, str]:
    """Name all that is looked at by what is asked, so that a change of other cases changes none."""
    found: dict[Place, str] = {}
    for i, recorded in enumerate(recording.cases):
        asked = digest(encode([*recorded.case.program, recorded.case.seed]))
        for k, j in recorded.wanted:
            part = recording.parts[k]
            found[i, k, j] = f"{asked} {part.id} {part.looked_at[j]}"
    return found


def _said(recording: Recording, place: Place) -> str:
    i, k, j = place
    return f"{recording.cases[i].case.said}: {recording.parts[k].paths[j].name}"


def _within(recording: Recording, place: Place) -> float:
    part = recording.parts[place[1]]
    return part.within if part.equal in ("numbers", "scaled") else 0.0


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
    return all(agree(found, wanted, SAME) for found, wanted in parts)


def ask(recording: Recording, subject: Subject, *, stand_in: tuple[str, ...] = ()) -> list[Trial]:
    """Run all cases on an answer, in one message.

    Args:
        recording: of the question.
        subject: the answer.
        stand_in: names of the earlier answers that recorded calls take the place of.
    """
    programs, twice, unmatched = [], [], []
    for index, recorded in enumerate(recording.cases):
        case, given = recorded.case, tuple(g for g in recorded.given if g.name in stand_in)
        steps, unlike = program(subject, case, recorded.traces)
        programs.append(Program(steps, case.seed, given))
        unmatched.append(unlike)
        if recording.repeats and index < REPEATED:
            twice.append((index, Program(steps, case.seed + OTHER_SEED, given)))
    later = answered([(subject, p) for p in [*programs, *(p for _, p in twice)]])
    found = [answer() for answer in later]
    unmatched += [unmatched[index] for index, _ in twice]
    outcomes = [ended(each, unlike) for each, unlike in zip(found, unmatched, strict=True)]
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
        if not (recorded.case.optional and refused(trial)):
            found = views(recording.parts, recorded.case, trial)
            came |= {(i, *place): seen for place, seen in found.items()}
        else:
            came |= {(i, *place): seen for place, seen in recorded.wanted.items()}
    if not unfit:
        return came
    return {
        (i, k, j): seen if called(recording, i, k, j) not in unfit else NOT_REACHED
        for (i, k, j), seen in came.items()
    }


def _mark(
    parts: Sequence[Part], seen: Compared, findings: Mapping[int, Finding], marking: Marking
) -> None:
    for ident in dict.fromkeys(part.id for part in parts):
        own = [k for k, part in enumerate(parts) if part.id == ident]
        failed = [k for k in own if k in findings]
        if not failed:
            said = [parts[k].passed for k in own if parts[k].passed]
            if any(k in seen.forgiven for k in own):
                said = [f"Right, given {listed(seen.relied, 'a right')}: yours is not right yet."]
            followed = [seen.follow[k] for k in own if k in seen.follow]
            said = [f"Right for what you hand on; see “{followed[0]}”."] if followed else said
            marking.passed(ident, " ".join(said))
            continue
        total = sum(parts[k].points for k in own)
        kept = sum(parts[k].points for k in own if k not in findings)
        first = findings[failed[0]]
        i, j = seen.first(failed[0])
        example = call_text(seen.recording.cases[i].case, parts[failed[0]].paths[j].step)
        marking.scored(ident, kept / total if total else 0.0, *first, example=example)


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


def behaved_by(recorded: Callable[[], Recording], beside: Judge | None = None) -> Behaves:
    """Return what tells how a question's wrong answers behave.

    Args:
        recorded: gives the recording of the public seed.
        beside: as of `judged_by`.
    """

    def behaves(subject: Subject, marking: Marking) -> Behaviour:
        recording = recorded()
        found = behaviour(recording, subject, marking)
        if beside is None:
            return found
        beside(subject, PUBLIC_SEED, marking)
        compared = {part.id for part in recording.parts}
        own = of_findings([v for v in marking.verdicts() if v.criterion.id not in compared])
        return Behaviour(
            own.observed + found.observed, own.asked + found.asked, own.telling or found.telling
        )

    return behaves
