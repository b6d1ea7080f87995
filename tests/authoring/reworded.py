"""Writes an answer in other words: what it does stays, what it looks like does not."""

import ast
import builtins
import random
from collections.abc import Iterator


def reworded(text: str, seed: int) -> str:
    """Return a program that does the same.

    Local variables get other names, neighbouring assignments that do not touch each other change
    places, `x += y` of numbers stays, comments and layout go, and comparisons are turned round.
    """
    rng, tree = random.Random(seed), ast.parse(text)
    for function in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]:
        _rename_locals(function, rng)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.For, ast.With)):
            node.body = _exchanged(node.body, rng)
    return ast.unparse(_Turned(rng).visit(tree))


def _rename_locals(function: ast.FunctionDef, rng: random.Random) -> None:
    """Rename what is assigned in a function and is neither an argument nor known elsewhere."""
    inner = [n for n in ast.walk(function) if n is not function]
    if any(isinstance(n, (ast.FunctionDef, ast.Lambda, ast.Global, ast.Nonlocal)) for n in inner):
        return
    arguments = {arg.arg for arg in ast.walk(function.args) if isinstance(arg, ast.arg)}
    stored = {n.id for n in inner if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    names = sorted(stored - arguments - set(dir(builtins)))
    fresh = [f"{rng.choice('abcdefghmnpqrsuvw')}{rng.randrange(10, 99)}_{i}" for i in range(99)]
    new = dict(zip(names, fresh, strict=False))
    for node in inner:
        if isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)


def _exchanged(body: list[ast.stmt], rng: random.Random) -> list[ast.stmt]:
    """Let neighbours change places that neither read nor write what the other one writes."""
    body = list(body)
    for i in range(len(body) - 1):
        one, other = body[i], body[i + 1]
        if not (_is_plain(one) and _is_plain(other)) or rng.random() < 0.5:
            continue
        written = [set(_names(s, ast.Store)) for s in (one, other)]
        read = [set(_names(s, ast.Load)) for s in (one, other)]
        if not (written[0] & (written[1] | read[1]) or written[1] & read[0]):
            body[i], body[i + 1] = other, one
    return body


def _is_plain(statement: ast.stmt) -> bool:
    """Tell an assignment to names whose right side calls nothing that could have a side effect."""
    if not isinstance(statement, ast.Assign):
        return False
    if not all(isinstance(t, (ast.Name, ast.Tuple)) for t in statement.targets):
        return False
    called = [n.func for n in ast.walk(statement) if isinstance(n, ast.Call)]
    pure = ("np", "numpy", "len", "range", "zip")
    return all(ast.unparse(f).partition(".")[0] in pure for f in called) and not any(
        "random" in ast.unparse(f) for f in called
    )


def _names(statement: ast.stmt, kind: type[ast.expr_context]) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, kind):
            yield node.id


class _Turned(ast.NodeTransformer):
    """Turns some comparisons of two things round: a < b is b > a."""

    turned = ((ast.Lt, ast.Gt), (ast.LtE, ast.GtE), (ast.Eq, ast.Eq))

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        if len(node.ops) != 1 or self._rng.random() < 0.5:
            return node
        pairs = (*self.turned, *((b, a) for a, b in self.turned))
        for before, after in pairs:
            if isinstance(node.ops[0], before):
                return ast.Compare(node.comparators[0], [after()], [node.left])
        return node
