"""What was handed out: the released notebook is the record that submissions are held against."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from rnn_course.checks.cell_source import statements
from rnn_course.checks.courses import located
from rnn_course.checks.coursework import Coursework
from rnn_course.errors import GradingError

SKIP_TAG = "skip-grading"
_FILE = re.compile(r"(?<![\w/.])[\w-]+\.(?:safetensors|jsonl?|csv|py|npz|npy|txt)\b(?!\.)")


@dataclass(frozen=True)
class Release:
    """A coursework's released notebook and its questions."""

    course: Coursework
    notebook: NotebookNode
    text: str = ""

    @classmethod
    def load(cls, name: str, root: Path) -> "Release":
        """Read a release, and the questions with their model answers, from the course's folder.

        Raises:
            GradingError: it has not been built.
            CheckError: there is no such coursework.
        """
        course = located(name, root).coursework()
        path = root / "assignments" / name / course.notebook
        if not path.is_file():
            raise GradingError(
                f"the released notebook {path}", "no such file", f"Run `rnn-course build {name}`."
            )
        return cls.parse(course, path.read_text())

    @classmethod
    def parse(cls, course: Coursework, text: str) -> "Release":
        """Make a release from the text of its notebook."""
        return cls(course, nbformat.reads(text, as_version=4), text)

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """The modules that the notebook's cells import, which a kernel can have imported before."""
        found: dict[str, None] = {}
        for cell in self.notebook.cells:
            for node in statements(cell.source) if cell.cell_type == "code" else ():
                if isinstance(node, ast.Import):
                    found |= dict.fromkeys(alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found[node.module] = None
        return tuple(found)

    @cached_property
    def file_names(self) -> tuple[str, ...]:
        """The names of the notebook and of the files that it reads, writes or asks for."""
        found = [match[0] for c in self.notebook.cells for match in _FILE.finditer(c.source)]
        return tuple(dict.fromkeys([self.course.notebook, *found]))

    def graded_cells(self) -> Iterator[NotebookNode]:
        """Yield the cells that nbgrader knows, in order."""
        return (cell for cell in self.notebook.cells if "nbgrader" in cell.metadata)

    def defines(self, question: str) -> frozenset[str]:
        """Return the names that a question's answer has to define, none if nobody knows it."""
        known = self.course.by_id.get(question)
        return frozenset(known.defines if known else ())

    def skipped(self) -> set[str]:
        """Return the ids of cells that grading does not need, such as long training."""
        return {c.id for c in self.notebook.cells if SKIP_TAG in c.metadata.get("tags", ())}


def grade_id(cell: NotebookNode) -> str:
    """Return a cell's grade id, "" where it has none."""
    found = cell.metadata.get("nbgrader", {})
    found = found.get("grade_id", "") if isinstance(found, dict) else ""
    return found if isinstance(found, str) else ""


@lru_cache(maxsize=2048)
def defined_names(source: str) -> frozenset[str]:
    """Return the names that a cell's source defines or assigns at its top level."""
    names: set[str] = set()
    for node in statements(source):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                names.update(n.id for n in ast.walk(target) if isinstance(n, ast.Name))
    return frozenset(names)


@lru_cache(maxsize=64)
def definition(source: str, name: str) -> str:
    """Return the text of the last top-level definition of a name, "" where a source has none."""
    for node in reversed(statements(source)):
        named = getattr(node, "name", None) == name
        if named and isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            return ast.get_source_segment(source, node) or ""
    return ""
