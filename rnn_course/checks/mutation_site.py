"""Where a mutation operator looks: a node of a syntax tree, and what is known around it."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeGuard

_TOOLS = ("np", "numpy", "torch", "math", "F", "nn", "pd", "plt")


@dataclass
class Site:
    """A node with the slot that it stands in, and what is known around it."""

    node: ast.AST
    parent: ast.AST
    slot: str
    index: int | None
    names: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    loops: int = 0
    subscript: bool = False

    def put(self, new: ast.AST) -> None:
        """Stand another node in this slot."""
        if self.index is None:
            setattr(self.parent, self.slot, new)
        else:
            getattr(self.parent, self.slot)[self.index] = new


Change = Callable[[Site], Iterator[ast.AST]]
Rewrite = Callable[[list[ast.stmt], int], Iterator[list[ast.stmt]]]
OPERATORS: list[tuple[str, str, Change]] = []
STATEMENTS: list[tuple[str, str, Rewrite]] = []


def operator(kind: str) -> Callable[[Change], Change]:
    """Register a change of one expression."""

    def register(change: Change) -> Change:
        OPERATORS.append((change.__name__, kind, change))
        return change

    return register


def rewrite(kind: str) -> Callable[[Rewrite], Rewrite]:
    """Register a change of a list of statements at one place."""

    def register(change: Rewrite) -> Rewrite:
        STATEMENTS.append((change.__name__, kind, change))
        return change

    return register


def expression(template: str, *nodes: ast.AST) -> ast.expr:
    """Parse an expression with the texts of nodes put into it."""
    return ast.parse(template.format(*map(ast.unparse, nodes)), mode="eval").body


def is_number(node: ast.AST) -> TypeGuard[ast.Constant]:
    """Tell whether a node is a number that is written out."""
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def called(node: ast.AST) -> str:
    """Return the last name of what is called."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_tool(node: ast.AST) -> bool:
    """Tell whether a node is the name of a library, such as np."""
    return isinstance(node, ast.Name) and node.id in _TOOLS


def computes(site: Site) -> bool:
    """Tell whether a node is a value of its own that could be changed as a whole."""
    node = site.node
    if not isinstance(node, ast.expr) or isinstance(node, (ast.Constant, ast.Lambda, ast.Starred)):
        return False
    if isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del)) or site.subscript:
        return False
    if isinstance(site.parent, ast.Call) and (
        site.slot == "func" or called(site.parent.func) == "len"
    ):
        return False  # a length is the same whatever the numbers are
    return not (isinstance(node, ast.Name) and node.id in (*_TOOLS, *site.own))


def is_whole(site: Site) -> bool:
    """Tell whether a node is all that is assigned, returned, handed in or one of several."""
    if not computes(site) or isinstance(site.node, (ast.Tuple, ast.List, ast.Dict)):
        return False
    if isinstance(site.parent, (ast.Assign, ast.AugAssign, ast.Return)):
        return site.slot == "value"
    if isinstance(site.parent, (ast.Tuple, ast.Dict, ast.IfExp)):
        return site.slot in ("elts", "values", "body", "orelse")
    return isinstance(site.parent, ast.Call) and site.slot == "args"
