"""Reads the code of a class: what students wrote, without what was handed out."""

from collections.abc import Iterable
from pathlib import Path

from nbformat import NotebookNode

from rnn_course.errors import GradingError
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.intake.notebook_reader import read_notebook
from rnn_course.grading.intake.release import Release, grade_id

OTHER = "other cells"


def submitted_code(
    course: Course, release: Release, students: Iterable[str]
) -> dict[str, dict[str, str]]:
    """Return each student's code, by question; what stands elsewhere is under `OTHER`.

    Args:
        course: the course, with autograded/.
        release: what was handed out.
        students: whose; who has no notebook that can be read is left out.
    """
    name, notebook = release.course.name, release.course.notebook
    given = {cell.source.strip() for cell in release.notebook.cells}
    found = {}
    for student in students:
        path = course.path("autograded", student, name) / notebook
        if (cells := _cells(path)) is not None:
            found[student] = _own(cells, given)
    return found


def _cells(path: Path) -> list[NotebookNode] | None:
    try:
        return read_notebook(path.read_text("utf-8", errors="replace")).cells
    except (OSError, GradingError):
        return None


def _own(cells: Iterable[NotebookNode], given: set[str]) -> dict[str, str]:
    parts: dict[str, list[str]] = {}
    for cell in cells:
        place = grade_id(cell)
        if cell.cell_type != "code" or place.startswith("check_"):
            continue
        if cell.source.strip() and cell.source.strip() not in given:
            parts.setdefault(place or OTHER, []).append(cell.source)
    return {place: "\n\n".join(sources) for place, sources in parts.items()}
