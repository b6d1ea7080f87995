"""What ``rnn-course collect`` says: what it found, then what came of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rnn_course.checks.display import printable
from rnn_course.grading.classroom.collect import Collected, Plan, Settings, collect
from rnn_course.grading.intake.roster import FILE


def collect_and_tell(
    root: Path, coursework: str, paths: Sequence[Path], settings: Settings
) -> Collected:
    """Collect a class and print what was found, what was done, and what is for a person to do.

    Raises:
        GradingError: see `collect.collect`.
    """

    def tell(plan: Plan) -> None:
        _print(_found(plan, settings))

    collected = collect(root, coursework, paths, settings, tell)
    _print(_done(collected, coursework, settings))
    return collected


def _print(lines: Iterator[str]) -> None:
    for line in lines:
        print(printable(line), flush=True)  # a plan that is read too late is none


def _found(plan: Plan, settings: Settings) -> Iterator[str]:
    for download in plan.downloads:
        people = len({hand_in.claim for hand_in in download.hand_ins})
        yield f"{download.path}: {download.kind}, of {_number(people, 'student')}"
        yield from (f"  {remark}" for remark in download.remarks)
    if plan.people:
        yield f"Roster: {_number(len(plan.people), 'student')}"
        if unread := [person.unread_time for person in plan.people if person.unread_time]:
            yield (
                f"  {_number(len(unread), 'time')} in it cannot be read, such as {unread[0]!a}: no "
                "time is written down. Export it once more with the platform set to English."
            )
    else:
        yield f"No roster: everybody is called as the files say. Better: --roster {FILE}"
    if settings.dry_run:
        yield "Nothing is written, for this is a dry run."


def _done(collected: Collected, coursework: str, settings: Settings) -> Iterator[str]:
    students = collected.students
    for name, said in sorted(collected.said.items()):
        yield from (f"{name}: {text}" for text in said)
    for name, placed in students.items():
        if placed.status == "left":
            yield (
                f"{name}: what lies in submitted/ was put there or changed by hand, and is later "
                "than what was collected. It stays."
            )
    for name, why in collected.failed.items():
        yield f"{name}: NOT COLLECTED. {why}"
    several = [f"{name} ({one.number})" for name, one in students.items() if one.number > 1]
    if several:
        yield f"Handed in more than once: {', '.join(several)}"
    late = [name for name, one in students.items() if one.counts.late]
    if late:
        yield f"Late, as the platform says: {', '.join(late)}"
    if missing := collected.plan.missing:
        names = (f"{one.id} ({one.name})" if one.name else one.id for one in missing)
        yield f"Missing, {len(missing)} of {len(collected.plan.people)}: {', '.join(names)}"
    kept = "To be kept" if settings.dry_run else "Kept"
    for unknown in collected.unknown:
        yield f"Unknown: {unknown.why}. {kept} in {unknown.folder}"
    if collected.unknown:
        yield (
            "Add whoever is unknown to the roster, with the name, the address or the number that "
            "the platform uses, and run this again."
        )
    yield from _sum(collected, coursework, settings)


def _sum(collected: Collected, coursework: str, settings: Settings) -> Iterator[str]:
    number = Counter(placed.status for placed in collected.students.values())
    verb = "to be placed" if settings.dry_run else "placed in submitted/"
    left = f", {number['left']} left as they are" if number["left"] else ""
    failed = f", {len(collected.failed)} not collected" if collected.failed else ""
    yield (
        f"{number['placed']} {verb}, {number['unchanged']} unchanged{left}, "
        f"{len(collected.plan.missing)} missing, {len(collected.unknown)} unknown{failed}"
    )
    if not settings.dry_run:
        yield f"Next: rnn-course autograde {coursework}"


def _number(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
