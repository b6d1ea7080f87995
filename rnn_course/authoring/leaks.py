"""Does what students get give away what they are to find out? Pure functions on text."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

import nbformat
from nbformat import NotebookNode

from rnn_course.checks.packed import SUFFIX, texts

ALLOWED = {".json", ".png", ".svg", ".csv", ".txt", ".md", ".wav"}
MARKERS = (
    "BEGIN SOLUTION",
    "END SOLUTION",
    "BEGIN HIDDEN",
    "END HIDDEN",
    "BEGIN MARK SCHEME",
    "END MARK SCHEME",
    "Marking scheme",
)
_TELLING = 40  # characters without white space: a run of lines this long is no coincidence
_SHORT = 12  # a solution below this is found everywhere
_REGION = re.compile(r"BEGIN SOLUTION[^\n]*\n(.*?)\n[^\n]*END SOLUTION", re.DOTALL)


def find_leaks(
    source: NotebookNode, released: Mapping[str, bytes], values: Iterable[str] = ()
) -> list[str]:
    """Say what a release gives away.

    Args:
        source: our notebook, with solutions.
        released: the files students get, by path.
        values: names whose very value is the answer, such as ``A_model``; one line is enough.

    Returns:
        One sentence a leak; [] for a tight release.
    """
    public: dict[str, str] = {}
    found: list[str] = []
    for name, content in released.items():
        suffix = PurePosixPath(name).suffix
        if suffix == ".ipynb":
            notebook = nbformat.reads(content.decode(), as_version=4)
            found += _outputs(name, notebook)
            public |= {f"{name}, cell {cell.id}": cell.source for cell in notebook.cells}
        elif suffix == SUFFIX:
            public[name] = "\n".join(texts(content))
        elif suffix not in ALLOWED:
            found.append(f"{name}: files of this kind are not for students")
        elif suffix not in {".png", ".wav"}:
            public[name] = content.decode()
    for place, text in public.items():
        found += [f"{place}: contains {marker!r}" for marker in MARKERS if marker in text]
    return found + _copied(source, public, frozenset(values))


def _outputs(name: str, notebook: NotebookNode) -> list[str]:
    return [
        f"{name}, cell {cell.id}: has outputs"
        for cell in notebook.cells
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count)
    ]


def _copied(source: NotebookNode, public: Mapping[str, str], values: frozenset[str]) -> list[str]:
    squeezed = {place: _squeeze(text) for place, text in public.items()}
    found = {
        f"{place}: contains {piece.strip()[:60]!r} from the answer to {cell.id}": None
        for cell in source.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
        for region in _regions(cell)
        for piece in (*_runs(region), *_values(region, values))
        for place, text in squeezed.items()
        if _squeeze(piece) in text
    }
    return list(found)


def _regions(cell: NotebookNode) -> list[str]:
    """Return what nbgrader takes out of a cell: marked regions, else all of it."""
    return _REGION.findall(cell.source) or [cell.source]


def _runs(region: str) -> Iterator[str]:
    """Yield the shortest telling run of lines from each line on; a short region as a whole."""
    lines = [line for line in region.splitlines() if line.strip()]
    for start in range(len(lines)):
        for end in range(start + 1, len(lines) + 1):
            run = "\n".join(lines[start:end])
            if len(_squeeze(run)) >= _TELLING:
                yield run
                break
    if _SHORT <= len(_squeeze(region)) < _TELLING:
        yield region


def _values(region: str, names: frozenset[str]) -> Iterator[str]:
    """Yield the lines that assign one of the names."""
    for line in region.splitlines():
        assigned = re.match(r"\s*(\w+)\s*=\s*(.+)", line)
        if assigned and assigned[1] in names and _is_literal(assigned[2]):
            yield line


def _is_literal(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return False
    return True


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)
