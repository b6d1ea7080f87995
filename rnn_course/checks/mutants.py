"""Mutants of a model answer: small changes of its syntax tree, each told as a kind of change.

An operator is one small function in a table: it looks at one node and yields what could stand
there instead. `mutants` applies every operator to every node, in a fixed order; where several
mutants behave alike, the first one names them, so operators that change least stand first. A kind
says what sort of change it is, never where, nor what the right text is.

References:
    DeMillo, Lipton and Sayward, Hints on test data selection, Computer 11, 1978 (mutation
    analysis, and why small changes suffice: the coupling effect).
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rnn_course.checks.mutation_operators import OPERATORS
from rnn_course.checks.mutation_site import Site
from rnn_course.checks.mutation_statements import STATEMENTS


@dataclass(frozen=True)
class Mutant:
    """A changed model answer: its text, the changed line, and the kind of change in words."""

    source: str
    kind: str
    operator: str
    line: str
    at: int = 0  # number of the changed line, from 1


# Going through a model answer


@dataclass
class _Finder(ast.NodeVisitor):
    """Lists the sites of a tree, outermost first."""

    names: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    sites: list[Site] = field(default_factory=list)
    loops: int = 0

    def visit_in(self, parent: ast.AST, subscript: bool = False) -> None:
        """List what stands below a node."""
        for slot, value in ast.iter_fields(parent):
            if slot in ("annotation", "returns", "decorator_list", "bases", "type_params", "ctx"):
                continue
            entries = enumerate(value) if isinstance(value, list) else [(None, value)]
            for index, node in entries:
                if isinstance(node, ast.AST) and not _is_docstring(parent, node, slot, index):
                    inside = subscript or (isinstance(parent, ast.Subscript) and slot == "slice")
                    known = (self.names, self.keys, self.own, self.loops, inside)
                    self.sites.append(Site(node, parent, slot, index, *known))
                    names = self.names
                    if isinstance(node, (ast.FunctionDef, ast.Lambda)):
                        self.names = _names(node)
                    self.visit_in(node, inside)
                    self.names = names


def _is_docstring(parent: ast.AST, node: ast.AST, slot: str, index: int | None) -> bool:
    return slot == "body" and index == 0 and _is_text(node)


def _is_text(node: ast.AST) -> bool:
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
        return False
    return isinstance(node.value.value, str)


def _names(function: ast.AST) -> tuple[str, ...]:
    """Return the variables that a function knows: its arguments and what it assigns."""
    found = [node.arg for node in ast.walk(function) if isinstance(node, ast.arg)]
    found += [
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    return tuple(name for name in dict.fromkeys(found) if name != "self")


def _sites(tree: ast.Module) -> list[Site]:
    keys = [
        node.slice.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    ]
    own = tuple(node.name for node in tree.body if isinstance(node, ast.FunctionDef))
    finder = _Finder((), tuple(dict.fromkeys(keys)), own)
    finder.visit_in(tree)
    return finder.sites


def _bodies(tree: ast.Module) -> list[list[ast.stmt]]:
    """Return the lists of statements inside functions."""
    found = []
    for outer in ast.walk(tree):
        if isinstance(outer, ast.FunctionDef):
            for node in ast.walk(outer):
                for slot in ("body", "orelse"):
                    body = getattr(node, slot, None)
                    if isinstance(body, list) and body and body not in found:
                        found.append(body)
    return found


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of a source text, each once, in a fixed order.

    Raises:
        SyntaxError: the text is no Python.
    """
    tree = ast.parse(source)
    seen, sites, bodies = {ast.unparse(tree)}, _sites(tree), _bodies(tree)
    for name, kind, change in OPERATORS:
        for site in sites:
            original = site.node
            for new in list(change(site)):
                site.put(ast.copy_location(new, original))
                yield from _fresh(tree, original, Mutant("", kind, name, ""), seen)
                site.put(original)
    for name, kind, rewritten in STATEMENTS:
        for body in bodies:
            whole = [*body]
            for i, node in enumerate(whole):
                if _is_text(node):
                    continue  # a docstring is no step
                for statements in list(rewritten(whole, i)):
                    body[:] = statements
                    yield from _fresh(tree, node, Mutant("", kind, name, ""), seen)
                    body[:] = whole


def _fresh(tree: ast.Module, node: ast.AST, like: Mutant, seen: set[str]) -> Iterator[Mutant]:
    """Yield the tree as it stands, if it is Python and was not met before."""
    try:
        text = ast.unparse(ast.fix_missing_locations(tree))
        if text not in seen:
            seen.add(text)
            compile(text, "<mutant>", "exec")
            yield replace(like, source=text, line=ast.unparse(node), at=getattr(node, "lineno", 0))
    except (SyntaxError, ValueError, TypeError, AttributeError, RecursionError):
        return
