"""What the commands do that grade: a class with a progress bar, or one file."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console

from rnn_course.checks.courses import located
from rnn_course.checks.display import points, printable
from rnn_course.errors import GradingError
from rnn_course.grading.classroom.autograde import Settings, Tally, autograde
from rnn_course.grading.classroom.changed_marks import by_student, summary
from rnn_course.grading.classroom.class_progress import class_progress
from rnn_course.grading.classroom.returning import NEXT, Returned, To, return_feedback
from rnn_course.grading.intake.recognise_coursework import recognise_coursework
from rnn_course.grading.intake.release import Release
from rnn_course.grading.intake.submission import read_submission_file
from rnn_course.grading.judge.grading_task import Graded, Terms, grade_submission
from rnn_course.grading.judge.secret_seed import secret_seed
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.result import Result


def autograde_with_progress(
    root: Path, coursework: str, settings: Settings, console: Console | None = None
) -> Tally:
    """Grade a class; show how far it is, a line for each finished submission, and a summary.

    Raises:
        GradingError: see `autograde.autograde`.
    """
    console = console or Console()
    progress = class_progress(console)

    def done(student: str, graded: Graded, by_hand: Mapping[str, float]) -> None:
        console.print(_line(student, graded.result, by_hand), highlight=False, markup=False)
        progress.advance()

    with progress:
        tally = autograde(root, coursework, settings, done, progress.start)
    for line in _closing(tally, coursework, dry_run=settings.dry_run):
        console.print(printable(line), highlight=False, markup=False, soft_wrap=True)
    return tally


def _closing(tally: Tally, coursework: str, *, dry_run: bool) -> Iterator[str]:
    """Yield what is said at the end of a run."""
    for student, why in sorted(tally.ungraded.items()):
        yield f"{student}: NOT GRADED. {why}"
    for student, why in sorted(tally.remarks.items()):
        yield f"{student}: {why}"
    yield from by_student(tally.changes)
    if dry_run or tally.changes:
        yield summary(tally.changes, would=dry_run)
    if tally.change_list:
        yield f"They are listed in {tally.change_list} and, as text, beside it."
    graded, unchanged, ungraded = map(len, (tally.graded, tally.unchanged, tally.ungraded))
    yield f"{graded} graded, {unchanged} unchanged, {ungraded} not graded"
    if dry_run:
        yield f"Nothing was written. To write it: rnn-course autograde {coursework}"
        return
    yield f"Next: mark the essays in formgrader (jupyter lab), then rnn-course report {coursework}"
    yield f"      rnn-course feedback {coursework} --to moodle, and rnn-course export {coursework}"


def _line(student: str, result: Result, by_hand: Mapping[str, float]) -> str:
    """Say in one line what a submission earned, and what somebody should look at."""
    line = printable(f"{student}: {points(result.score)} of {points(result.max_score)}")
    instead = [
        (report.question, by_hand[report.question], report.score)
        for report in result.questions
        if report.question in by_hand
    ]
    if instead:
        counted = result.score + sum(hand - machine for _, hand, machine in instead)
        told = [f"{q} {points(h)} in place of {points(m)}" for q, h, m in instead]
        line += printable(f", by hand {points(counted)}: {', '.join(told)}")
    kinds = Counter(incident.kind for incident in result.incidents)
    seen = ", ".join(f"{kind} {number}×" if number > 1 else kind for kind, number in kinds.items())
    return f"{line}  ({seen})" if seen else line


def feedback_told(
    root: Path, coursework: str, to: str, names: Path | None, students: Sequence[str]
) -> Returned:
    """Return feedback to a class; say who gets it, who does not, and what to do with it.

    Raises:
        GradingError: see `returning.return_feedback`; or there is no such way of returning it.
    """
    if to not in list(To):
        fix = "Name one of them with --to."
        raise GradingError(f"one of {', '.join(To)}", f"--to {printable(to)}", fix)
    done = return_feedback(root, coursework, To(to), names=names, students=students)
    for student, why in sorted(done.problems.items()):
        print(printable(f"{student}: NO FEEDBACK. {why}"))
    if done.left_over:
        print(printable(f"There, and without marks here: {', '.join(done.left_over)}"))
    print(f"Feedback for {len(done.students)}, {len(done.problems)} without")
    print(NEXT[To(to)].format(package=done.package, coursework=coursework))
    return done


def grade_file(file: Path, name: str, root: Path, *, trust: bool = False) -> Result:
    """Grade one notebook file, without a gradebook.

    Raises:
        GradingError: there is no such file, or its coursework cannot be told.
    """
    if not file.is_file():
        raise GradingError("a notebook to grade", f"no file {file}", "Check the path.")
    root, limits = root.resolve(), Limits()
    most, size = limits.disk_bytes // 2, file.stat().st_size
    if size > most:
        fix = "Clear the notebook's outputs; keep data in files beside it."
        raise GradingError(f"a notebook of at most {most} bytes", f"{size} bytes", fix)
    name = name or recognise_coursework(file.read_text("utf-8-sig", errors="replace"), root)
    release = Release.load(name, root)
    submission = read_submission_file(file, release, limits)
    terms = Terms.of(located(name, root), release, secret_seed(), limits=limits, trust=trust)
    return grade_submission(submission, terms).result
