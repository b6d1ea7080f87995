"""Code without what is easily changed: names of one's own, layout, comments, order of operands.

What the author of a program chose freely is blotted out, what the language and its libraries
prescribe stays: ``torch.sigmoid`` is still that, ``my_gate`` is any name. Each statement becomes
one line; which line stands where is left to the reader, so that exchanged statements change
nothing.
"""

import ast
import contextlib
import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rnn_course.grading.intake.release import statements

_KEPT = {"self", "cls", "__init__", "forward"}  # names that nobody chose
_TURNED = {ast.Gt: ast.Lt, ast.GtE: ast.LtE}


@dataclass(frozen=True)
class Line:
    """A statement, or the head of a compound one.

    Attributes:
        text: in canonical form.
        first: its first line in the source, from 1.
        last: its last line.
    """

    text: str
    first: int
    last: int


@lru_cache(maxsize=4096)
def canonical(source: str) -> tuple[Line, ...]:
    """Return a cell's statements in canonical form; its bare lines where it cannot be parsed."""
    body = statements(source)
    if body:
        # a cell may nest more deeply than Python's own tools go down
        with contextlib.suppress(RecursionError, ValueError):
            return tuple(_lines(ast.Module(copy.deepcopy([*body]), [])))
    return tuple(
        Line(" ".join(line.split()), number, number)
        for number, line in enumerate(source.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    )


def _lines(tree: ast.Module) -> list[Line]:
    rewrite = _Canonical(*_own_names(tree))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and not _is_text(node)]
    # the ends are looked up before anything is rewritten
    places = [(node.lineno, _last_line(node)) for node in found]
    heads = [ast.unparse(rewrite.visit(_head(node))).partition("\n")[0] for node in found]
    return [Line(text, *place) for text, place in zip(heads, places, strict=True)]


def _is_text(node: ast.stmt) -> bool:
    """Tell whether a statement is a docstring, or any other text that does nothing."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _last_line(node: ast.stmt) -> int:
    """Return where a statement ends; of a compound one, where its head does."""
    inside = [child for child in ast.walk(node) if isinstance(child, ast.stmt) and child != node]
    if not inside:
        return node.end_lineno or node.lineno
    return max(node.lineno, min(child.lineno for child in inside) - 1)


def _head(node: ast.stmt) -> ast.stmt:
    """Return a statement without what stands inside it, and without types."""
    if isinstance(node, ast.AnnAssign) and node.value:
        return ast.copy_location(ast.Assign([node.target], node.value), node)
    head = copy.copy(node)
    for name in ("body", "orelse", "finalbody", "handlers", "cases", "decorator_list"):
        if hasattr(head, name):
            setattr(head, name, [ast.Pass()] if name == "body" else [])
    if isinstance(head, (ast.FunctionDef, ast.AsyncFunctionDef)):
        head.returns = None
    return head


def _own_names(tree: ast.AST) -> tuple[set[str], set[str]]:
    """Return the names and the attributes that a program gives."""
    names: set[str] = set()
    attributes: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            attributes.add(node.attr)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.alias) and node.asname:
            names.add(node.asname)
    return names - _KEPT, attributes - _KEPT


class _Canonical(ast.NodeTransformer):
    def __init__(self, names: set[str], attributes: set[str]) -> None:
        self._names, self._attributes = names, attributes

    def visit(self, node: ast.AST) -> Any:
        """Rewrite a node; what is defined is called ``v``."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            node.name = "v" if node.name in self._names else node.name
        return super().visit(node)

    def visit_Name(self, node: ast.Name) -> Any:
        return ast.Name("v", node.ctx) if node.id in self._names else node

    def visit_arg(self, node: ast.arg) -> Any:
        return ast.arg("v" if node.arg in self._names else node.arg)

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        given = node.attr in self._attributes or node.attr in self._names
        return ast.Attribute(self.visit(node.value), "v" if given else node.attr, node.ctx)

    def visit_keyword(self, node: ast.keyword) -> Any:
        name = "v" if node.arg in self._names else node.arg
        return ast.keyword(name, self.visit(node.value))

    def visit_Constant(self, node: ast.Constant) -> Any:
        return ast.Constant("s") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> Any:
        return ast.Constant("s")

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, (ast.Add, ast.Mult)):
            left, right = sorted((left, right), key=ast.dump)
        return ast.BinOp(left, node.op, right)

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        return ast.BoolOp(node.op, sorted(map(self.visit, node.values), key=ast.dump))

    def visit_Compare(self, node: ast.Compare) -> Any:
        left, right = self.visit(node.left), [*map(self.visit, node.comparators)]
        turned = _TURNED.get(type(node.ops[0]))
        if turned and len(right) == 1:
            return ast.Compare(right[0], [turned()], [left])
        return ast.Compare(left, node.ops, right)

    def visit_Call(self, node: ast.Call) -> Any:
        keywords = sorted(map(self.visit, node.keywords), key=ast.dump)
        return ast.Call(self.visit(node.func), [*map(self.visit, node.args)], keywords)
