"""Finds cells that reach into the checks or the grader, which no answer has any reason to do.

The observer works in the student's own process, so that code in it can change what the observer
says. Ways to do so without naming what is changed exist, but they are nobody's accident either.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from rnn_course.grading.intake.release import statements

_OPENING = ("rnn_course.checks.notebook", ["notebook"])  # how every notebook begins
_OURS = re.compile(r"rnn_course\.(checks|courseworks|grading)(\.\w+)*")
_INSIDE = frozenset(
    {
        "__globals__",
        "__subclasses__",
        "shell_handlers",
        "_getframe",
        "f_back",
        "f_globals",
        "f_locals",
    }
)


@lru_cache(maxsize=64)  # most cells are as they were handed out
def tampering(source: str) -> Sequence[str]:
    """Return what a cell reaches for: modules of the checks and the grader, and ways into them.

    Args:
        source: of the cell; where it is no Python, whatever looks like such a name counts.
    """
    tree = statements(source)
    if not tree:
        return _named(source)
    nodes = (node for statement in tree for node in ast.walk(statement))
    return list(dict.fromkeys(name for node in nodes for name in _reached(node)))


def tampering_modules(files: Mapping[str, bytes], sources: Iterable[str]) -> list[str]:
    """Return what the modules reach for that a notebook's cells name.

    Args:
        files: what was handed in beside the notebook, by relative path. A copy of this package is
            nobody's module: Python finds the installed one first.
        sources: of the cells.
    """
    text = "\n".join(sources)
    found: list[str] = []
    for name, content in files.items():
        path = PurePosixPath(name)
        own = path.suffix == ".py" and "rnn_course" not in path.parts
        if own and re.search(rf"\b{re.escape(path.stem)}\b", text):
            found += _named(content.decode(errors="replace"))
    return list(dict.fromkeys(found))


def _named(text: str) -> list[str]:
    return list(dict.fromkeys(m[0] for m in _OURS.finditer(text) if m[0] != _OPENING[0]))


def _reached(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.ImportFrom(str(module), names):
            imported = [alias.name for alias in names]
            if (module, imported) != _OPENING:
                yield from filter(_is_ours, (module, *(f"{module}.{name}" for name in imported)))
        case ast.Import(names):
            yield from filter(_is_ours, (alias.name for alias in names))
        case ast.Attribute(ast.Name("rnn_course"), "checks" | "courseworks" | "grading" as name):
            yield f"rnn_course.{name}"
        case ast.Attribute(attr=name) if name in _INSIDE:
            yield name
        case ast.Constant(str(text)) if text in _INSIDE or _is_ours(text):
            yield text


def _is_ours(module: str) -> bool:
    return _OURS.fullmatch(module) is not None
