"""Shows a marker the model answer, the scheme and sample answers below a student's essay."""

from pathlib import Path
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.utils import is_grade, is_solution

from rnn_course.checks.courses import find

_TITLE = "**For the marker** (students see none of this)"


class MarkingScheme(Preprocessor):
    """Adds to formgrader's page what stands in the coursework's own notebook.

    Nothing is written to a file: the page is made when somebody marks. Elsewhere, where there is
    no submission to mark, nothing is added.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook with a cell below each essay; see `Preprocessor.preprocess`."""
        if "submission_id" not in resources:
            return nb, resources
        known = _answers(self.config.CourseDirectory.get("root") or ".", resources)
        cells = []
        for cell in nb.cells:
            cells.append(cell)
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            if is_grade(cell) and is_solution(cell) and name in known:
                cells.append(new_markdown_cell(f"{_TITLE}\n\n{known[name]}"))
        nb.cells = cells
        return nb, resources


def _answers(root: str, resources: dict[str, Any]) -> dict[str, str]:
    """Return the model answers of essays by grade id; {} where the coursework is not here."""
    folder = find(Path(root)).get(resources.get("assignment_id", ""))
    if folder is None:
        return {}
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["source"]
        for cell in folder.cells
        if cell["cell_type"] == "markdown" and cell["metadata"].get("nbgrader", {}).get("solution")
    }
