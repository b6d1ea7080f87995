"""Finds the cell that answers each question, also where its mark is gone."""

from collections.abc import Callable, Mapping, Sequence

from nbformat import NotebookNode

from rnn_course.grading.intake.release import Release, defined_names, grade_id

Say = Callable[[str, str], None]


def match(release: Release, cells: Mapping[int, NotebookNode], say: Say) -> dict[str, int]:
    """Return the place of the answer to each question that has one.

    Args:
        release: what was handed out.
        cells: the submitted cells that are no check cells, by their place.
        say: hears what was recovered: question and message.
    """
    return _Matching(release, cells, say).answers()


class _Matching:
    def __init__(self, release: Release, cells: Mapping[int, NotebookNode], say: Say) -> None:
        self._release, self._cells, self._tell = release, cells, say
        self._above = dict(_pairs(release.notebook.cells))
        self._handed_out = {cell.source.strip() for cell in release.notebook.cells}
        self._found: dict[str, int] = {}

    def answers(self) -> dict[str, int]:
        """Look for all answers one way, then the next; what nobody worked on comes last."""
        wanted = [c for c in self._release.graded_cells() if c.metadata.nbgrader.solution]
        ways: list[tuple[str, Callable[[NotebookNode], list[int]], bool]] = [
            ("", self._by_grade_id, True),
            ("by its cell id", self._by_cell_id, True),
            ("by what it defines", self._by_names, True),
            ("by what it stands below", self._by_neighbour, True),
            ("", self._by_grade_id, False),
            ("", self._by_cell_id, False),
        ]
        for way, look, worked_on in ways:
            for released in wanted:
                taken = {*self._found.values()}
                candidates = [
                    i
                    for i in look(released)
                    if i not in taken and (not worked_on or self._changed(i, released))
                ]
                if candidates and grade_id(released) not in self._found:
                    self._settle(released, way, candidates)
        return self._found

    def _settle(self, released: NotebookNode, way: str, candidates: Sequence[int]) -> None:
        """Choose the candidate that defines what is asked for, then the one that comes last."""
        name = grade_id(released)
        names = self._release.defines(name)
        complete = [i for i in candidates if names <= self._defined(i)]
        self._found[name] = (complete or candidates)[-1]
        if way:
            self._tell(name, f"The answer to {name} had lost its mark; recognised {way}.")
        if len(candidates) > 1:
            cell = self._found[name] + 1
            self._tell(name, f"{len(candidates)} cells claim to answer {name}; cell {cell} counts.")

    def _by_grade_id(self, released: NotebookNode) -> list[int]:
        return [i for i, cell in self._cells.items() if grade_id(cell) == grade_id(released)]

    def _by_cell_id(self, released: NotebookNode) -> list[int]:
        return [
            i
            for i, cell in self._cells.items()
            if cell.id == released.id and grade_id(cell) in ("", grade_id(released))
        ]

    def _by_names(self, released: NotebookNode) -> list[int]:
        names = self._release.defines(grade_id(released))
        return [
            i
            for i, cell in self._cells.items()
            if names and cell.cell_type == released.cell_type and names <= self._defined(i)
        ]

    def _by_neighbour(self, released: NotebookNode) -> list[int]:
        above = self._above.get(released.id, "")
        below = (i + 1 for i, cell in self._cells.items() if above and cell.source.strip() == above)
        return [i for i in below if i in self._cells and self._is_own(i, released)]

    def _is_own(self, i: int, released: NotebookNode) -> bool:
        """Tell whether a cell is of the right kind, unmarked, and not one that was handed out."""
        cell = self._cells[i]
        return (
            cell.cell_type == released.cell_type
            and not grade_id(cell)
            and cell.source.strip() not in self._handed_out
        )

    def _changed(self, i: int, released: NotebookNode) -> bool:
        return self._cells[i].source.strip() != released.source.strip()

    def _defined(self, i: int) -> frozenset[str]:
        return defined_names(self._cells[i].source)


def _pairs(cells: Sequence[NotebookNode]) -> list[tuple[str, str]]:
    """Return for each cell its id and the text above it, where that text stands only once."""
    texts = [cell.source.strip() for cell in cells]
    return [
        (cell.id, above)
        for above, cell in zip(texts, cells[1:], strict=False)
        if texts.count(above) == 1
    ]
