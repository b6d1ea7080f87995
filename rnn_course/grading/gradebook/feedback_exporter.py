"""Makes feedback pages for nbgrader; nbgrader_config.py names it."""

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.utils import is_grade

from rnn_course.grading.gradebook.feedback_page import feedback_page
from rnn_course.grading.gradebook.returned import LATENESS, MarksTold, changes_since


class FeedbackExporter(Exporter):
    """Takes the place of nbconvert's HTMLExporter, whose page loads its formulas from elsewhere.

    nbgrader runs it in the course's folder.
    """

    file_extension = ".html"
    output_mimetype = "text/html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:
        """Return the page; see `nbconvert.Exporter.from_notebook_node`."""
        graded, found = super().from_notebook_node(nb, resources, **kw)
        about = found["nbgrader"]
        coursework, student = about["assignment"], about["student"]
        marks = _marks(graded, about["late_penalty"])
        changes = changes_since(Path.cwd(), coursework, student, marks)
        with Gradebook(about["db_url"]) as gradebook:
            kept = gradebook.find_submission_notebook(about["notebook"], coursework, student)
            unmarked = {
                grade.name
                for grade in kept.grades
                if grade.auto_score is None and grade.manual_score is None
            }
        return feedback_page(graded, about, changes, unmarked), found


def _marks(graded: NotebookNode, penalty: float) -> MarksTold:
    """Return the marks that a page shows; `Course.marks_told` returns the same of the gradebook."""
    found: MarksTold = {}
    for cell in graded.cells:
        if is_grade(cell):
            marks = cell.metadata.nbgrader
            question = marks.grade_id.removeprefix("check_")
            found[question] = [float(marks.score or 0.0), float(marks.points)]
    return {**found, LATENESS: [0 - float(penalty), 0.0]} if penalty else found
