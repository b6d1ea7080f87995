"""Makes feedback pages for a class and packs them the way a platform takes them back."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import nbformat

from rnn_course.errors import GradingError
from rnn_course.grading.classroom.lms_names import (
    Entry,
    Person,
    canvas_entries,
    left_over,
    matched,
    moodle_entries,
)
from rnn_course.grading.classroom.return_packages import (
    Feedback,
    free_place,
    write_canvas,
    write_folders,
    write_moodle,
)
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.gradebook.full_disk import full_disk_told
from rnn_course.grading.gradebook.returned import remember


class To(StrEnum):
    """Where feedback goes."""

    PAGES = "pages"
    FOLDERS = "folders"
    MOODLE = "moodle"
    CANVAS = "canvas"
    NBGRADER = "nbgrader"


NEXT = {
    To.PAGES: "They are in feedback/STUDENT/{coursework}/. To return them: --to folders, moodle, "
    "canvas or nbgrader.",
    To.FOLDERS: "{package} has a folder a student, and mail_merge.csv for your mail program.",
    To.MOODLE: "In Moodle's assignment, under Submissions, choose Upload multiple feedback files "
    "in a zip, and take {package}",
    To.CANVAS: "On Canvas' page of the assignment choose Upload Submissions (Re-Upload in the "
    "gradebook), and take {package}",
    To.NBGRADER: "Students fetch it with: nbgrader fetch_feedback {coursework}",
}


@dataclass
class Returned:
    """What came of it.

    Attributes:
        package: what was written, None where there is no package.
        students: who gets feedback.
        problems: who does not, and why.
        left_over: who is at the platform and has no marks here.
    """

    package: Path | None = None
    students: list[str] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    left_over: list[str] = field(default_factory=list)


def return_feedback(
    root: Path,
    coursework: str,
    to: To,
    *,
    names: Path | None = None,
    students: Sequence[str] = (),
) -> Returned:
    """Make everyone's feedback page, and a package of them.

    Args:
        root: the course's folder.
        coursework: its name.
        to: where they go.
        names: what was downloaded from the platform; Moodle and Canvas need it.
        students: only these; all who have marks if empty.

    Raises:
        GradingError: nobody has marks, or what is needed is not there or not what it should be.
    """
    course, done = Course(root), Returned()
    graded = _graded(course, coursework, students)
    entries = _entries(to, names)
    with full_disk_told(course.root):
        for student in graded:
            try:
                course.feedback(coursework, student)
                if to is To.NBGRADER:
                    course.release_feedback(coursework, student)
                done.students.append(student)
            except GradingError as error:  # one submission never stops the class
                done.problems[student] = _brief(error, coursework, student)
        if not done.students:
            raise GradingError(
                f"feedback of {coursework} for somebody",
                f"none: {next(iter(done.problems.values()))}",
                "Return it another way: --to folders, moodle or canvas."
                if to is To.NBGRADER
                else "Mend that first.",
            )
        _pack(course, coursework, to, entries, done)
    if to is not To.PAGES:
        for marks in course.marks(coursework, done.students):
            remember(course.root, coursework, marks.student, marks.told())
    return done


def _brief(error: GradingError, coursework: str, student: str) -> str:
    """Return an error without nbgrader's log: of that, the exception that it tells of."""
    told = re.search(r"^ +([\w.]+(?:Error|Exception)\b.*)$", error.came, re.MULTILINE)
    if told is None:
        return str(error)
    more = f"nbgrader generate_feedback {coursework} --student {student} --force"
    return f"nbgrader could not make the page: {told[1]}. For more: {more}"


def _graded(course: Course, coursework: str, students: Sequence[str]) -> list[str]:
    """Return who has marks, of those that are wanted."""
    have = sorted(course.automatic(coursework))
    unknown = sorted(set(students) - set(have))
    if unknown or not have:
        raise GradingError(
            f"marks of {coursework}",
            f"none of {', '.join(unknown)}" if unknown else "none at all",
            f"Run `rnn-course autograde {coursework}` first.",
        )
    return sorted(set(students)) or have


def _entries(to: To, names: Path | None) -> list[Entry]:
    readers: dict[To, Callable[[Path], list[Entry]]] = {
        To.MOODLE: moodle_entries,
        To.CANVAS: canvas_entries,
    }
    if to not in readers:
        return []
    if names is None:
        raise GradingError(
            f"what was downloaded from {to.title()}, to know its names for your students",
            "no --names",
            "Add --names and the zip of all submissions"
            + (", or the grading worksheet." if to is To.MOODLE else "."),
        )
    return readers[to](names)


def _pack(
    course: Course, coursework: str, to: To, entries: Sequence[Entry], done: Returned
) -> None:
    """Write the package; whoever is not in it is told with the reason."""
    if to in (To.PAGES, To.NBGRADER):
        return
    known = course.people()
    people = [Person(student, **known.get(student, {})) for student in done.students]
    place = course.root / "returned" / f"{coursework}-{to}{'' if to is To.FOLDERS else '.zip'}"
    place = free_place(place)
    place.parent.mkdir(exist_ok=True)
    if to is To.FOLDERS:
        write_folders(place, [_feedback(course, coursework, person) for person in people])
        done.package = place
        return
    found, missing = matched(people, entries)
    if not found:
        raise GradingError(
            f"students of {coursework} in what --names names",
            f"none of {len(people)}: {next(iter(missing.values()))}",
            "Look whether it is of this course; names and e-mail addresses come into the "
            "gradebook by `rnn-course collect --roster` or `nbgrader db student import`.",
        )
    done.problems |= missing
    done.left_over = left_over(entries, found)
    wanted = [_feedback(course, coursework, p) for p in people if p.student in found]
    if to is To.MOODLE:
        write_moodle(place, wanted, found)
    else:
        for student in write_canvas(place, wanted, found):
            done.problems[student] = "of what is in the zip, nothing is a notebook or a zip"
    done.students = [s for s in done.students if s not in done.problems]
    done.package = place


def _feedback(course: Course, coursework: str, person: Person) -> Feedback:
    folder = course.path("feedback", person.student, coursework)
    pages = {path.name: path.read_bytes() for path in sorted(folder.glob("*.html"))}
    notebooks = course.feedback_notebook(coursework, person.student)
    texts = {name: nbformat.writes(book).encode() for name, book in notebooks.items()}
    (marks,) = course.marks(coursework, [person.student])
    earned = sum(marks.scores.values()) - marks.late_penalty
    return Feedback(person, pages, texts, earned, sum(marks.max_scores.values()))
