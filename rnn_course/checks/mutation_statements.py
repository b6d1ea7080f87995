"""The operators that change a list of statements at one place."""

import ast
import copy
from collections.abc import Iterator

from rnn_course.checks.mutation_site import STATEMENTS, rewrite

# Statements


@rewrite("A step is left out.")
def statement_missing(body: list[ast.stmt], i: int) -> Iterator[list[ast.stmt]]:
    """One statement less."""
    if not isinstance(body[i], (ast.Return, ast.FunctionDef, ast.ClassDef, ast.Import)):
        yield [*body[:i], *body[i + 1 :]] or [ast.Pass()]


@rewrite("Something is replaced where it should be added up.")
def not_accumulated(body: list[ast.stmt], i: int) -> Iterator[list[ast.stmt]]:
    """x += y -> x = y."""
    node = body[i]
    if isinstance(node, ast.AugAssign):
        yield [*body[:i], ast.Assign([node.target], node.value), *body[i + 1 :]]


@rewrite("An array is changed in place where a new one should be made.")
def in_place(body: list[ast.stmt], i: int) -> Iterator[list[ast.stmt]]:
    """x = x + y -> x += y."""
    node = body[i]
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
        target = node.targets[0]
        if isinstance(target, ast.Name) and ast.unparse(target) == ast.unparse(node.value.left):
            changed = ast.AugAssign(target, node.value.op, node.value.right)
            yield [*body[:i], changed, *body[i + 1 :]]


@rewrite("A step is done twice.")
def statement_twice(body: list[ast.stmt], i: int) -> Iterator[list[ast.stmt]]:
    """One statement once more."""
    if isinstance(body[i], (ast.Assign, ast.AugAssign, ast.Expr)):
        yield [*body[: i + 1], copy.deepcopy(body[i]), *body[i + 1 :]]


@rewrite("Two steps come in the other order.")
def steps_exchanged(body: list[ast.stmt], i: int) -> Iterator[list[ast.stmt]]:
    """Two neighbouring statements exchanged."""
    plain = (ast.Assign, ast.AugAssign, ast.Expr)
    if i + 1 < len(body) and isinstance(body[i], plain) and isinstance(body[i + 1], plain):
        yield [*body[:i], body[i + 1], body[i], *body[i + 2 :]]


@rewrite("A step stands inside a loop that belongs after it, or the other way round.")
def moved_over_loop(body: list[ast.stmt], i: int) -> Iterator[list[ast.stmt]]:
    """The last statement of a loop behind it; the statement behind a loop into it."""
    node = body[i]
    if not isinstance(node, (ast.For, ast.While)):
        return
    if len(node.body) > 1:
        shorter = copy.deepcopy(node)
        last = shorter.body.pop()
        yield [*body[:i], shorter, last, *body[i + 1 :]]
    if i + 1 < len(body):
        longer = copy.deepcopy(node)
        longer.body.append(body[i + 1])
        rest = body[i + 1 :] if isinstance(body[i + 1], ast.Return) else body[i + 2 :]
        yield [*body[:i], longer, *rest]


__all__ = ["STATEMENTS"]
