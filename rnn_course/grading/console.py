"""What the commands do that grade: a class with a progress bar, or one file."""

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from rnn_course.checks.display import points
from rnn_course.errors import GradingError
from rnn_course.grading.classroom import Settings, Tally, autograde
from rnn_course.grading.limits import Limits
from rnn_course.grading.recognise import recognise
from rnn_course.grading.release import Release
from rnn_course.grading.result import Incident, Result
from rnn_course.grading.seed import secret_seed
from rnn_course.grading.submission import Graded, Terms, grade_submission, take_submission


def autograde_with_progress(
    root: Path, coursework: str, settings: Settings, console: Console | None = None
) -> Tally:
    """Grade a class; show how far it is, a line for each finished submission, and a summary.

    Raises:
        GradingError: see `classroom.autograde`.
    """
    console = console or Console()
    columns = (TextColumn("Grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Grading", total=None)

        def done(student: str, outcome: Graded | Incident) -> None:
            progress.advance(task)
            progress.console.print(_line(student, outcome), highlight=False)

        tally = autograde(
            root, coursework, settings, done, lambda total: progress.update(task, total=total)
        )
    for student, why in sorted(tally.failed.items()):
        console.print(f"{student}: NOT GRADED. {why}", markup=False)
    console.print(
        f"{len(tally.graded)} graded, {len(tally.unchanged)} unchanged, {len(tally.failed)} failed"
    )
    return tally


def _line(student: str, outcome: Graded | Incident) -> str:
    if isinstance(outcome, Incident):
        return f"{student}: {outcome.message}"
    result = outcome.result
    incidents = f"  ({len(result.incidents)} incidents)" if result.incidents else ""
    return f"{student}: {points(result.score)} of {points(result.max_score)}{incidents}"


def grade_file(file: Path, name: str, root: Path, *, trust: bool = False) -> Result:
    """Grade one notebook file, without a gradebook.

    Raises:
        GradingError: there is no such file, or its coursework cannot be told.
    """
    if not file.is_file():
        raise GradingError("a notebook to grade", f"no file {file}", "Check the path.")
    root = root.resolve()
    name = name or recognise(file.read_text(errors="replace"), root)
    release, limits = Release.load(name, root), Limits()
    submission = take_submission(file.parent, "", release, limits, file.name)
    terms = Terms(name, release.text, secret_seed(), limits, trust=trust)
    return grade_submission(submission, terms).result
