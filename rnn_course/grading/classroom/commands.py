"""What the commands do that grade: a class with a progress bar, or one file."""

from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from rnn_course.checks.courses import located
from rnn_course.checks.display import points, printable
from rnn_course.errors import GradingError
from rnn_course.grading.classroom.autograde import Settings, Tally, autograde
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
    columns = (TextColumn("Grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=console)
    task = progress.add_task("Grading", total=None)

    def start(number: int) -> None:
        progress.update(task, total=number)
        if number:
            shown.enter_context(progress)

    def done(student: str, graded: Graded) -> None:
        progress.advance(task)
        console.print(_line(student, graded.result), highlight=False, markup=False)

    with ExitStack() as shown:
        tally = autograde(root, coursework, settings, done, start)
    for student, why in sorted(tally.ungraded.items()):
        console.print(printable(f"{student}: NOT GRADED. {why}"), markup=False)
    graded, unchanged, ungraded = map(len, (tally.graded, tally.unchanged, tally.ungraded))
    console.print(f"{graded} graded, {unchanged} unchanged, {ungraded} not graded")
    return tally


def _line(student: str, result: Result) -> str:
    """Say in one line what a submission earned, and what somebody should look at."""
    line = printable(f"{student}: {points(result.score)} of {points(result.max_score)}")
    kinds = Counter(incident.kind for incident in result.incidents)
    seen = ", ".join(f"{kind} {number}×" if number > 1 else kind for kind, number in kinds.items())
    return f"{line}  ({seen})" if seen else line


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
