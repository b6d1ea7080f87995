"""Keeps the gradebook as the released notebook is, also when there are submissions in it.

nbgrader refuses to add or take away cells once somebody has handed in. An author who adds an
essay in the third week, or makes a question worth 20 points in place of 15, wants just that: what
was marked stays, a new question begins without marks, what is gone is gone.
"""

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SolutionCell,
    SourceCell,
)
from nbgrader.utils import is_grade, is_locked, is_solution

_KINDS = {"grade": GradeCell, "solution": SolutionCell, "source": SourceCell}


def agree(gradebook: Gradebook, coursework: str, notebook: str, released: NotebookNode) -> bool:
    """Bring the cells that a gradebook knows up to date with a released notebook.

    Args:
        gradebook: open.
        coursework: its name; known to the gradebook.
        notebook: the notebook's name there.
        released: what was handed out.

    Returns:
        Whether something had to be changed.
    """
    kept = gradebook.find_notebook(notebook, coursework)
    wanted, there = _wanted(released), _there(kept)
    if {k: v["told"] for k, v in wanted.items()} == {k: _told(cell) for k, cell in there.items()}:
        return False
    for key in there.keys() - wanted.keys():
        _remove(gradebook, there[key])
    for key, about in wanted.items():
        if key not in there:
            _add(gradebook, kept, key, about["all"])
            continue
        for name, value in about["all"].items():
            setattr(there[key], name, value)
    gradebook.db.commit()
    return True


def _there(kept: Notebook) -> dict[tuple[str, str], BaseCell]:
    found = (("grade", kept.grade_cells), ("solution", kept.solution_cells))
    cells = (*found, ("source", kept.source_cells))
    return {(kind, cell.name): cell for kind, several in cells for cell in several}


def _wanted(released: NotebookNode) -> dict[tuple[str, str], dict[str, Any]]:
    """Return for every cell what is compared of it, and all that the gradebook keeps."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for cell in released.cells:
        marks = cell.metadata.get("nbgrader")
        if not marks or not (is_grade(cell) or is_solution(cell) or is_locked(cell)):
            continue
        name, kind = marks["grade_id"], {"cell_type": cell.cell_type}
        if is_grade(cell):
            about = {"max_score": float(marks["points"]), **kind}
            found["grade", name] = {"told": tuple(about.values()), "all": about}
        if is_solution(cell):
            found["solution", name] = {"told": (), "all": {}}
        source = {"source": cell.source, "checksum": marks.get("checksum"), **kind}
        about = {**source, "locked": is_locked(cell)}
        found["source", name] = {"told": (cell.source,), "all": about}
    return found


def _told(cell: BaseCell) -> tuple[Any, ...]:
    if isinstance(cell, GradeCell):
        return (cell.max_score, cell.cell_type)
    return (cell.source,) if isinstance(cell, SourceCell) else ()


def _add(gradebook: Gradebook, kept: Notebook, key: tuple[str, str], about: dict[str, Any]) -> None:
    kind, name = key
    cell = _KINDS[kind](name=name, notebook=kept, **about)
    gradebook.db.add(cell)
    gradebook.db.flush()
    for submitted in kept.submissions if kind != "source" else ():
        row = Grade if kind == "grade" else Comment
        gradebook.db.add(row(cell_id=cell.id, notebook=submitted))


def _remove(gradebook: Gradebook, cell: BaseCell) -> None:
    for row in (Grade, Comment):
        for one in gradebook.db.query(row).filter(row.cell_id == cell.id):
            gradebook.db.delete(one)
    gradebook.db.flush()
    gradebook.db.delete(cell)
