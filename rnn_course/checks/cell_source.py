"""The text of a notebook's cell, read without running it."""

import ast
import contextlib
import re
import warnings
from collections.abc import Sequence
from functools import lru_cache

_FOR_IPYTHON = re.compile(r"^([ \t]*)[%!?].*$", re.MULTILINE)
_USUAL = 4000  # characters of a cell
_TELLING = frozenset(
    {ast.Import, ast.ImportFrom, ast.Call, ast.Assign, ast.Attribute, ast.Constant}
)
_DEFINING = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def statements(source: str) -> Sequence[ast.stmt]:
    """Return the statements of a cell, none where it cannot be parsed.

    Lines for IPython and for the shell count as statements that do nothing.
    """
    # a tree is some hundred times as large as its text: no long ones are kept
    return _parsed(source) if len(source) < _USUAL else _parsed.__wrapped__(source)


@lru_cache(maxsize=64)
def _parsed(source: str) -> Sequence[ast.stmt]:
    for text in (source, _FOR_IPYTHON.sub(r"\1pass", source)):
        with (
            contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError),
            warnings.catch_warnings(action="ignore"),  # a student's source may hold odd escapes
        ):
            return tuple(ast.parse(text).body)
    return ()


def nodes(source: str) -> Sequence[ast.AST]:
    """Return all nodes of a cell's statements that import, call, assign, or name something."""
    return _listed(source) if len(source) < _USUAL else _listed.__wrapped__(source)


@lru_cache(maxsize=64)
def _listed(source: str) -> Sequence[ast.AST]:
    found = (node for statement in statements(source) for node in ast.walk(statement))
    return tuple(node for node in found if type(node) in _TELLING)


def definitions(source: str) -> str:
    """Return a cell's imports, definitions and constants: what other cells can rely on."""
    found = statements(source)
    wanted = [node for node in found if isinstance(node, _DEFINING) or _is_constant(node)]
    return "\n".join(ast.unparse(node) for node in wanted)


def _is_constant(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Assign):
        return False
    try:
        ast.literal_eval(node.value)
    except (ValueError, SyntaxError, TypeError):
        return False
    return True
