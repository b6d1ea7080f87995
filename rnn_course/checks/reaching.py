"""Finds cells that reach into the checks or the grader, which no answer has any reason to do.

The observer works in the student's own process, so that code in it could change what the observer
says. Such a cell is therefore not run when a submission is graded: what it does cannot matter to
an answer, and nobody has to guess what it was meant for. Ways to reach there without naming what
is reached exist; they are a person's to find.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from rnn_course.checks.cell_source import nodes, statements

_OPENING = ("rnn_course.checks.notebook", "notebook")  # how every notebook begins
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
def reached(source: str) -> Sequence[str]:
    """Return what a cell reaches for: modules of the checks and the grader, and ways into them.

    Args:
        source: of the cell; where it is no Python, whatever looks like such a name counts.
    """
    if not statements(source):
        return _named(source)
    return list(dict.fromkeys(name for node in nodes(source) for name in _reached(node)))


def reaching_modules(files: Mapping[str, bytes]) -> dict[str, list[str]]:
    """Return the modules that came with a notebook and reach there, with what each reaches for.

    A module that names such a module is one. A copy of this package is nobody's module: Python
    finds the installed one first.

    Args:
        files: what was handed in beside the notebook, by relative path.
    """
    paths = {PurePosixPath(name): content for name, content in files.items()}
    texts = {
        path.stem: content.decode(errors="replace")
        for path, content in paths.items()
        if path.suffix == ".py" and "rnn_course" not in path.parts
    }
    found = {name: names for name, text in texts.items() if (names := _named(text))}
    while further := {
        name: seen
        for name, text in texts.items()
        if name not in found and (seen := reached_through(text, found))
    }:
        found |= further
    return found


def reached_through(source: str, modules: Mapping[str, Iterable[str]]) -> list[str]:
    """Return what a text reaches for by naming one of those modules; see `reaching_modules`."""
    named = (name for name in modules if re.search(rf"\b{re.escape(name)}\b", source))
    return list(dict.fromkeys(reached for name in named for reached in modules[name]))


def _named(text: str) -> list[str]:
    return list(dict.fromkeys(m[0] for m in _OURS.finditer(text) if m[0] != _OPENING[0]))


def _reached(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.ImportFrom(str(module), names):
            imported = [alias.name for alias in names]
            if (module, *imported) != _OPENING:
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
