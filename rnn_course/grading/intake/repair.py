"""Notebooks as they really arrive, brought back to the shape of what was handed out.

Answers are matched to questions by grade id, else by cell id, by what they define, or by what
they stand below. The student's own cells stay where they are and keep running; check cells and
points are those of the release, whatever the student made of them. What was recovered is said.
"""

import ast
import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from rnn_course.checks.cell_source import statements
from rnn_course.grading.intake.answer_matching import match
from rnn_course.grading.intake.notebook_reader import new_cell
from rnn_course.grading.intake.release import Release, defined_names, grade_id
from rnn_course.grading.result import Incident

_CHECK = "check_"


@dataclass
class Repaired:
    """A submission in the shape of its release.

    Attributes:
        notebook: the student's cells with the release's check cells among them.
        remarks: what had to be recovered.
        idle: ids of cells that are not to be run: those that grading does not need, and the
            empty answer cells that stand in for deleted ones.
    """

    notebook: NotebookNode
    remarks: list[Incident] = field(default_factory=list)
    idle: set[str] = field(default_factory=set)

    def say(self, cell: str, message: str) -> None:
        """Add a remark."""
        self.remarks.append(Incident("recovered", cell, message))


def repair(submitted: NotebookNode, release: Release) -> Repaired:
    """Bring a submission back to the shape of its release; neither argument is changed.

    Args:
        submitted: as `notebook_reader.read_notebook` returns it.
        release: what was handed out.
    """
    cells = [copy.deepcopy(cell) for cell in submitted.cells]
    repaired = Repaired(new_notebook(metadata=dict(release.notebook.metadata)))
    _say_what_came(submitted, release, repaired)
    checks = {i: asked for i, cell in enumerate(cells) if (asked := _checked(cell, release))}
    own = {i: cell for i, cell in enumerate(cells) if i not in checks}
    answers = match(release, own, repaired.say)
    _drop_stubs(own, answers, release)
    places = _Places(release, own, answers, checks)
    inserted: dict[int, list[NotebookNode]] = {}
    for released in release.graded_cells():
        name = grade_id(released)
        if name in answers:
            own[answers[name]] = _marked(own[answers[name]], released)
            continue
        fresh = copy.deepcopy(released)
        inserted.setdefault(places.of(released), []).append(fresh)
        if released.metadata.nbgrader.solution:
            repaired.idle.add(fresh.id)
            repaired.say(name, _missing(name, places))
    kept = []
    for i in range(-1, len(cells)):
        kept += [cell for cell in [own.get(i)] if cell] + inserted.get(i, [])
    _name_cells(kept, release)
    repaired.idle |= _needless(kept, release)
    repaired.notebook.cells = kept
    return repaired


def _say_what_came(submitted: NotebookNode, release: Release, repaired: Repaired) -> None:
    about, surplus = submitted.metadata, submitted.metadata.get("surplus", 0)
    ours = release.notebook.metadata.get("kernelspec", {}).get("name", "python3")
    if about.get("format", 4) != 4:
        repaired.say("", f"The notebook was saved in format {about.format}; it was converted.")
    if about.get("kernel", "") not in ("", ours):
        repaired.say("", f"The notebook asks for the kernel {about.kernel!r}; Python ran it.")
    if surplus:
        repaired.say("", f"The last {surplus} cells were left out: there are too many.")
    points = {grade_id(c): c.metadata.nbgrader.get("points") for c in release.graded_cells()}
    for cell in submitted.cells:
        name = grade_id(cell)
        came = cell.metadata.get("nbgrader", {}).get("points", points.get(name))
        if name in points and came != points[name]:
            right = "none" if points[name] is None else f"{points[name]:g}"
            repaired.say(name, f"Its points were changed; {right} count.")
    sources = {grade_id(c): c.source for c in release.graded_cells()}
    for cell in submitted.cells:
        name = grade_id(cell)
        if name.startswith(_CHECK) and sources.get(name, cell.source).strip() != (
            cell.source.strip()
        ):
            repaired.say(name, "The check cell was edited; the one that was handed out counts.")


def _missing(name: str, places: "_Places") -> str:
    if places.defined(name) is not None:
        return f"The answer to {name} stands in a cell of another question; it counts."
    return f"There is no answer cell for {name}."


def _checked(cell: NotebookNode, release: Release) -> set[str]:
    """Return the questions that a cell does nothing but check."""
    name = grade_id(cell).removeprefix(_CHECK)
    if grade_id(cell).startswith(_CHECK) and name in release.course.by_id:
        return {name}
    if cell.cell_type != "code" or "check" not in cell.source:
        return set()
    calls = [_check_call(statement) for statement in statements(cell.source)]
    names = {name for name in calls if name is not None}
    return names & set(release.course.by_id) if None not in calls else set()


def _check_call(statement: ast.stmt) -> str | None:
    """Return the argument of a statement ``check("…")``, None if it is something else."""
    match statement:
        case ast.Expr(ast.Call(ast.Name("check"), [ast.Constant(str(name))], [])):
            return name
    return None


def _drop_stubs(own: dict[int, NotebookNode], answers: Mapping[str, int], release: Release) -> None:
    """Leave out copies of empty answer cells: run later, they would undo the answer."""
    stubs = {
        c.source.strip()
        for c in release.graded_cells()
        if c.metadata.nbgrader.solution and c.source
    }
    for i in [i for i, cell in own.items() if cell.source.strip() in stubs]:
        if i not in answers.values():
            del own[i]


@dataclass(frozen=True)
class _Places:
    """Finds where the release's cells go among the student's: after which of them.

    Attributes:
        own: the student's cells by place.
        answers: place of the answer to each question.
        checks: which questions the student checked at which place.
    """

    release: Release
    own: Mapping[int, NotebookNode]
    answers: Mapping[str, int]
    checks: Mapping[int, set[str]]

    def of(self, released: NotebookNode) -> int:
        """Return the place of the cell that a released one goes after."""
        name = grade_id(released).removeprefix(_CHECK)
        question = self.release.course.by_id.get(name)
        ready = [self.defined(n) for n in (name, *(question.needs if question else ()))]
        earliest = max((i for i in ready if i is not None), default=None)
        if earliest is None:
            return max([*self.own, *self.checks], default=-1)
        asked = [i for i, names in self.checks.items() if name in names and i >= earliest]
        return min(asked, default=earliest)

    def defined(self, name: str) -> int | None:
        """Return the place after which an answer is complete, None if there is none.

        An answer that was split is complete where its last part stands.
        """
        wanted = self.release.defines(name)
        place = self.answers.get(name)
        here = defined_names(self.own[place].source) if place is not None else set()
        parts = [] if place is None else [place]
        for lacking in wanted - here:
            defining = [i for i, c in self.own.items() if lacking in defined_names(c.source)]
            parts += defining[-1:]
        return max(parts, default=None)


def _marked(cell: NotebookNode, released: NotebookNode) -> NotebookNode:
    """Return a student's answer with the marks, the id and the kind of the released cell."""
    marked = new_cell(released.cell_type, cell.source)
    marked.id, marked.metadata = released.id, copy.deepcopy(released.metadata)
    if released.cell_type == "markdown" and "attachments" in cell:
        marked.attachments = cell.attachments
    return marked


def _name_cells(cells: Sequence[NotebookNode], release: Release) -> None:
    """Give every cell an id of its own; the release's graded cells keep theirs."""
    graded = {cell.id for cell in release.graded_cells()}
    seen = set(graded)
    for number, cell in enumerate(cells):
        if cell.id in graded and grade_id(cell) and "schema_version" in cell.metadata.nbgrader:
            continue
        cell.metadata.pop("nbgrader", None)
        if not cell.id or cell.id in seen:
            cell["id"] = f"came-{number}"
        seen.add(cell.id)


def _needless(cells: Sequence[NotebookNode], release: Release) -> set[str]:
    """Return the ids of cells that grading does not need, also where they lost their id."""
    skipped = release.skipped()
    released = [cell for cell in release.notebook.cells if cell.id in skipped]
    ids, sources = {c.id for c in released}, {c.source.strip() for c in released}
    names = [found for c in released if (found := defined_names(c.source))]
    graded = {c.id for c in release.graded_cells()}
    return {
        c.id
        for c in cells
        if c.id in ids
        or (
            c.id not in graded
            and c.cell_type == "code"
            and (c.source.strip() in sources or defined_names(c.source) in names)
        )
    }
