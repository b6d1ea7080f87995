"""A whole course in three minutes: release, an invented class, grading, feedback, marks.

Our own coursework has a class with a story; any other one's class is made of what its questions
declare, see `invented_class`.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from rich.console import Console
from rich.table import Table

from rnn_course.checks.courses import SOLUTIONS, CourseworkFolder, find
from rnn_course.checks.display import points
from rnn_course.errors import GradingError
from rnn_course.grading.classroom.autograde import Settings
from rnn_course.grading.classroom.commands import autograde_with_progress
from rnn_course.grading.classroom.invented_class import invented_class
from rnn_course.grading.gradebook.course import CONFIG_FILE, Course
from rnn_course.grading.intake.release import Release, grade_id
from rnn_course.grading.judge.result_store import ResultStore
from rnn_course.grading.reporting.class_report import write_report

COURSEWORK = "cw2_speech_commands"
MARKER = "made-by-rnn-course-demo"

BLANK = "blank"
_NO_WEIGHTS = {"trained_model": BLANK}
CLASS: dict[str, dict[str, str]] = {
    "ada": {},
    "alan": {"gru_cell": "right/six_linears"},
    "barbara": {"gru_cell": "right/other_way_round"},
    "edsger": {"lstm_cell": "right/parameter_dict", **_NO_WEIGHTS},
    "grace": {"lstm_cell": "right/conv1d", "gru_cell": "right/lerp", **_NO_WEIGHTS},
    "blank": dict.fromkeys(
        (
            "lstm_cell",
            "gru_cell",
            "rnn_model",
            "bidir_model",
            "trained_model",
            "curves",
            "theory_1",
            "theory_2",
            "theory_3",
            "theory_4",
        ),
        BLANK,
    ),
    "alonzo": {"lstm_cell": "wrong/candidate_sigmoid", **_NO_WEIGHTS},
    "emmy": {"lstm_cell": "wrong/hidden_from_old_cell", **_NO_WEIGHTS},
    "donald": {"gru_cell": "wrong/reset_before_product"},
    "frances": {"gru_cell": "wrong/no_reset", "curves": 'A_model = B_model = C_model = "LSTM"'},
    "john": {"bidir_model": "wrong/reverse_index_0", **_NO_WEIGHTS},
    "kathleen": {"bidir_model": "wrong/squeezed", **_NO_WEIGHTS},
    "niklaus": {
        "rnn_model": "wrong/bias_not_handed_on",
        "bidir_model": "right/two_lists",
        **_NO_WEIGHTS,
    },
    "mallory": {"lstm_cell": "wrong/calls_the_cell", **_NO_WEIGHTS},
    "trudy": {"curves": "import os\n\nos._exit(1)"},
}
"""For each student the questions that are not answered like the model answer, and how instead:
`BLANK`, an answer of the corpus in tests/submissions, or the code itself. The weights of the model
answer fit no LSTM but its own: whoever writes another hands in none."""


def run_demo(root: Path, folder: Path, known: Callable[[str], str], name: str = "") -> None:
    """Play a course through in a folder of its own and print what came of it.

    Args:
        root: the course's folder, with solutions/.
        folder: where to work; emptied first if an earlier demo made it.
        known: returns the code of an answer of the corpus, called
            "<coursework>/<question>/wrong/<name>".
        name: of the coursework; ours where it is there, else the only one.

    Raises:
        GradingError: the folder holds something that no demo made, or it is not clear which
            coursework is meant.
    """
    console = Console()
    if not console.is_terminal:
        console.width = 120
    source = _chosen(root.resolve(), name)
    name = source.name
    course = _open(root.resolve(), folder.resolve(), source)
    console.print(f"Releasing {name} from {source.path} …")
    course.release(name)
    release = Release.load(name, course.root)
    for student, answers in _class(source, release, known).items():
        _hand_in(course.root, release, student, answers)
    autograde_with_progress(course.root, name, Settings(workers=2), console)
    for student in course.students(name):
        course.feedback(name, student)
    course.export(course.root / "marks.csv")
    console.print(_table(course, release))
    console.print(f"Feedback: {course.root / 'feedback'}/<student>/{name}/*.html")
    console.print(f"Marks:    {course.root / 'marks.csv'}")
    page, _ = write_report(course.root, name)
    console.print(f"Report:   {page}")


def _chosen(root: Path, name: str) -> CourseworkFolder:
    """Return the coursework that is meant."""
    there = find(root)
    meant = name or (COURSEWORK if COURSEWORK in there else "")
    if not meant and len(there) == 1:
        (meant,) = there
    if meant not in there:
        raise GradingError(
            f"one of the courseworks {', '.join(there) or '(there are none)'}",
            repr(meant) if meant else "no choice among them",
            "Name one with --coursework." if there else "Make one: rnn-course new NAME",
        )
    return there[meant]


def _class(
    source: CourseworkFolder, release: Release, known: Callable[[str], str]
) -> dict[str, dict[str, str]]:
    """Return what each student answers otherwise than the model answer."""
    if source.name == COURSEWORK:
        return {student: _answers(release, chosen, known) for student, chosen in CLASS.items()}
    blank = {grade_id(cell): cell.source for cell in release.graded_cells()}
    return invented_class(source, blank)


def _open(root: Path, folder: Path, source: CourseworkFolder) -> Course:
    if folder.exists() and not (folder / MARKER).exists():
        raise GradingError(
            "an empty place for the demo",
            f"{folder}, which no demo made",
            "Name another with --folder.",
        )
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source.path, folder / SOLUTIONS / source.name)
    shutil.copy(root / CONFIG_FILE, folder / CONFIG_FILE)
    (folder / MARKER).touch()
    return Course(folder)


def _hand_in(folder: Path, release: Release, student: str, answers: dict[str, str]) -> None:
    """Write a student's submission: the model answer with some answers replaced."""
    name = release.course.name
    solved = folder / SOLUTIONS / name
    notebook = nbformat.read(solved / release.course.notebook, as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(grade_id(cell), cell.source)
    place = folder / "submitted" / student / name
    place.mkdir(parents=True)
    nbformat.write(notebook, place / release.course.notebook)
    for weights in solved.glob("*.safetensors") if "trained_model" not in answers else ():
        shutil.copy(weights, place)


def _answers(
    release: Release, chosen: dict[str, str], known: Callable[[str], str]
) -> dict[str, str]:
    """Return the code for each question that is not answered like the model answer."""
    blank = {grade_id(cell): cell.source for cell in release.graded_cells()}
    answers = {}
    for question, answer in chosen.items():
        if answer == BLANK:
            answers[question] = blank[question]
        elif answer.startswith(("right/", "wrong/")):
            answers[question] = known(f"{COURSEWORK}/{question}/{answer}").strip()
        else:
            answers[question] = answer
    return answers


def _table(course: Course, release: Release) -> Table:
    name = release.course.name
    students = course.students(name)
    questions = [question.id for question in release.course if question.judge]
    table = Table(title=f"{release.course.title}: marks of the class")
    table.add_column("student", no_wrap=True)
    for question in questions:
        table.add_column(question.replace("_", "\n"), justify="right", no_wrap=True)
    table.add_column("sum", justify="right")
    table.add_column("what was wrong")
    store = ResultStore(course.root, name)
    for marks in course.marks(name, students):
        cells = [f"{points(marks.scores[q])}/{points(marks.max_scores[q])}" for q in questions]
        earned = points(sum(marks.scores.values()))
        table.add_row(
            marks.student,
            *cells,
            earned,
            wrong(store.result(marks.student)),
        )
    return table


def wrong(result: dict[str, Any]) -> str:
    """Say in a few words what was wrong, from a result as `Result.as_dict` writes it."""
    found = []
    for question in result["questions"]:
        failed = [criterion for criterion in question["criteria"] if not criterion["passed"]]
        names = dict.fromkeys(c["misconception"] for c in failed)
        known = [name.replace("_", " ") for name in names if name]
        if question["status"] in ("missing", "crashed", "timeout"):
            found.append(f"{question['id']}: {question['status']}")
        elif failed and question["status"] != "manual":
            found.append(f"{question['id']}: {', '.join(known) or failed[0]['id']}")
    return "; ".join(found)
