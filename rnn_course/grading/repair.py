"""Notebooks as they really arrive, brought back to the shape of what was handed out.

Answers are matched to questions by grade id, else by cell id, else by what they define. The
student's own cells stay where they are and keep running; check cells and points are those of the
release, whatever the student made of them. What was recovered is said.
"""

import copy
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode

from rnn_course.errors import GradingError
from rnn_course.grading.release import Release, defined_names, grade_id
from rnn_course.grading.result import Incident

MAX_CELLS = 2000
MAX_SOURCE = 200_000


@dataclass
class Repaired:
    """A submission in the shape of its release.

    Attributes:
        notebook: the student's cells with the release's check cells among them.
        remarks: what had to be recovered.
    """

    notebook: NotebookNode
    remarks: list[Incident] = field(default_factory=list)

    def say(self, cell: str, message: str) -> None:
        """Add a remark."""
        self.remarks.append(Incident("recovered", cell, message))


def read_notebook(text: str) -> NotebookNode:
    """Parse a submitted notebook, whatever its version.

    Raises:
        GradingError: it is not a notebook.
    """
    try:
        notebook = nbformat.reads(text, as_version=4)
        cells = [_clean(cell) for cell in notebook.cells[:MAX_CELLS]]
    except Exception as error:  # nbformat lets JSON, schema, type and attribute errors through
        raise GradingError(
            "a Jupyter notebook", f"{type(error).__name__}: {str(error)[:200]}", "Save it again."
        ) from error
    return nbformat.v4.new_notebook(cells=cells, metadata={})


def _clean(cell: Any) -> NotebookNode:
    """Keep of a cell its kind, id, source, grade id and tags; drop outputs and the rest."""
    kind = cell.get("cell_type")
    source = cell.get("source", "")
    source = (source if isinstance(source, str) else "".join(source))[:MAX_SOURCE]
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    clean = make(source)
    if isinstance(cell.get("id"), str):
        clean["id"] = cell["id"]
    metadata = cell.get("metadata", {})
    if isinstance(metadata, dict):
        clean.metadata["nbgrader"] = metadata.get("nbgrader", {})
    return clean


def repair(submitted: NotebookNode, release: Release) -> Repaired:
    """Bring a submission back to the shape of its release; neither argument is changed."""
    cells = [copy.deepcopy(cell) for cell in submitted.cells]
    repaired = Repaired(nbformat.v4.new_notebook(metadata=dict(release.notebook.metadata)))
    answers = _match(cells, release, repaired)
    checks = {
        c.metadata.nbgrader.grade_id
        for c in release.graded_cells()
        if not c.metadata.nbgrader.solution
    }
    kept = [c for c in cells if id(c) in answers.values() or not _is_check(c, checks)]
    for cell in kept:
        cell.metadata.pop("nbgrader", None)
    by_identity = {id(cell): cell for cell in kept}
    for released in release.graded_cells():
        _place(released, release, kept, by_identity.get(answers.get(_id(released), 0)), repaired)
    _unique_ids(kept, release)
    repaired.notebook.cells = kept
    return repaired


def _id(cell: NotebookNode) -> str:
    return cell.metadata.nbgrader.grade_id


def _is_check(cell: NotebookNode, checks: set[str]) -> bool:
    call = cell.source.strip().replace("'", '"')
    return grade_id(cell) in checks or any(
        call == f'check("{check.removeprefix("check_")}")' for check in checks
    )


def _match(cells: list[NotebookNode], release: Release, repaired: Repaired) -> dict[str, int]:
    """Return for each answer of the release the identity of the submitted cell that holds it."""
    found: dict[str, int] = {}
    for released in release.graded_cells():
        if not released.metadata.nbgrader.solution:
            continue
        wanted = _id(released)
        right_kind = [
            c for c in cells if c.cell_type == released.cell_type and id(c) not in found.values()
        ]
        question = release.course.by_id.get(wanted)
        names = set(question.defines) if question else set()
        ways = {
            "": [c for c in right_kind if grade_id(c) == wanted],
            "by its cell id": [c for c in right_kind if c.id == wanted],
            "by what it defines": [
                c for c in right_kind if names and names <= defined_names(c.source)
            ],
        }
        way, candidates = next(((w, c) for w, c in ways.items() if c), ("", []))
        if not candidates:
            continue
        changed = [c for c in candidates if c.source.strip() != released.source.strip()]
        chosen = (changed or candidates)[-1]
        found[wanted] = id(chosen)
        if way:
            repaired.say(wanted, f"The answer to {wanted} had lost its mark; recognised {way}.")
        if len(candidates) > 1:
            repaired.say(
                wanted, f"{len(candidates)} cells claim to answer {wanted}; the last counts."
            )
    return found


def _place(
    released: NotebookNode,
    release: Release,
    kept: list[NotebookNode],
    answer: NotebookNode | None,
    repaired: Repaired,
) -> None:
    """Mark the answer as the release does, or put the release's check cell after its answer."""
    name, fresh = _id(released), copy.deepcopy(released)
    if not released.metadata.nbgrader.solution:
        after = max(
            (i for i, c in enumerate(kept) if grade_id(c) == name.removeprefix("check_")),
            default=len(kept) - 1,
        )
        kept.insert(after + 1, fresh)
        return
    if answer is None:
        repaired.say(name, f"There is no answer cell for {name}.")
        kept.append(fresh)
        return
    answer["id"], answer["metadata"] = fresh["id"], fresh["metadata"]


def _unique_ids(cells: list[NotebookNode], release: Release) -> None:
    """Give every cell an id of its own; the release's graded cells keep theirs."""
    reserved = {cell.id for cell in release.graded_cells()}
    seen: set[str] = set()
    for cell in cells:
        if cell.id in seen or (cell.id in reserved and "nbgrader" not in cell.metadata):
            cell["id"] = nbformat.v4.new_code_cell().id
        seen.add(cell.id)
