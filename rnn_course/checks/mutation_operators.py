"""The operators that change one expression, in the order in which they name what they did."""

import ast
from collections.abc import Iterator
from typing import Any

from rnn_course.checks.mutation_site import (
    OPERATORS,
    Site,
    called,
    computes,
    expression,
    is_number,
    is_tool,
    is_whole,
    operator,
)

_ALIKE = (
    ("tanh", "sigmoid", "relu", "exp", "sin", "softmax"),
    ("exp", "log", "log2", "log10", "log1p", "expm1"),
    ("mean", "sum", "max", "min", "median", "prod", "std", "var"),
    ("argmax", "argmin", "argsort"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("maximum", "minimum"),
    ("floor", "ceil", "round"),
    ("eval", "train"),
    ("lower", "upper"),
    ("any", "all"),
    ("append", "extend"),
)
_BINARY: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Mult,),
    ast.Mult: (ast.Add, ast.Div),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.MatMult: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.FloorDiv: (ast.Mod, ast.Div),
    ast.Pow: (ast.Mult,),
}
_BOUNDS: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_REVERSED: dict[type, type] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


# Axes and shapes


@operator("A sum, mean or maximum runs over another axis.")
def axis(site: Site) -> Iterator[ast.AST]:
    """Another axis, or all of them."""
    if isinstance(site.parent, ast.keyword) and site.parent.arg in ("axis", "dim"):
        yield from (ast.Constant(n) for n in (0, 1, -1, None) if ast.unparse(site.node) != str(n))


@operator("A result has lost an axis, or has one too many.")
def keepdims(site: Site) -> Iterator[ast.AST]:
    """keepdims left out or put in."""
    node = site.node
    if not isinstance(node, ast.Call):
        return
    kept = [k for k in node.keywords if k.arg not in ("keepdims", "keepdim")]
    if len(kept) < len(node.keywords):
        yield ast.Call(node.func, node.args, kept)
    elif any(k.arg in ("axis", "dim") for k in kept) and called(node.func) in _ALIKE[2]:
        yield ast.Call(node.func, node.args, [*kept, ast.keyword("keepdims", ast.Constant(True))])


@operator("A matrix is transposed where it should not be, or the other way round.")
def transposed(site: Site) -> Iterator[ast.AST]:
    """A transposition added, left out, or a product turned round."""
    node = site.node
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    elif isinstance(node, ast.Call) and called(node.func) in ("transpose", "swapaxes", "t"):
        if isinstance(node.func, ast.Attribute) and not is_tool(node.func.value):
            yield node.func.value
    elif (
        isinstance(site.parent, ast.BinOp)
        and isinstance(site.parent.op, ast.MatMult)
        and computes(site)
    ):
        yield expression("({0}).T", node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield expression("({1}) @ ({0})", node.left, node.right)
        yield expression("(({0}) @ ({1})).T", node.left, node.right)


# Signs, terms, factors


@operator("A sign is reversed.")
def sign(site: Site) -> Iterator[ast.AST]:
    """A minus too many or too few, a difference the other way round."""
    node = site.node
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        yield ast.BinOp(node.right, ast.Sub(), node.left)
        yield ast.BinOp(node.left, ast.Add(), node.right)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield ast.BinOp(node.left, ast.Sub(), node.right)
        yield ast.BinOp(node.right, ast.Sub(), node.left)
    elif is_whole(site) and not is_number(node):
        yield expression("-({0})", node)


@operator("A term is missing.")
def term_missing(site: Site) -> Iterator[ast.AST]:
    """One side of a sum or a difference alone."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        yield node.left
        yield node.right


@operator("A factor is missing.")
def factor_missing(site: Site) -> Iterator[ast.AST]:
    """One side of a product alone."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.MatMult)):
        yield node.left
        yield node.right


@operator("A division or a power is missing.")
def division_missing(site: Site) -> Iterator[ast.AST]:
    """What is divided or raised alone."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(
        node.op, (ast.Div, ast.FloorDiv, ast.Pow, ast.Mod)
    ):
        yield node.left


@operator("A division is done twice.")
def divided_twice(site: Site) -> Iterator[ast.AST]:
    """Divided by the same once more."""
    if isinstance(site.node, ast.BinOp) and isinstance(site.node.op, ast.Div):
        yield expression("({0}) / ({1})", site.node, site.node.right)


@operator("Two quantities are combined in another way, such as added for multiplied.")
def combined(site: Site) -> Iterator[ast.AST]:
    """Another operation, or the operands exchanged."""
    node = site.node
    if isinstance(node, ast.BinOp):
        for other in _BINARY.get(type(node.op), ()):
            yield ast.BinOp(node.left, other(), node.right)
        if isinstance(node.op, (ast.Div, ast.Pow)):
            yield ast.BinOp(node.right, node.op, node.left)


@operator("A term comes in at another place: outside of a function or a product.")
def outside(site: Site) -> Iterator[ast.AST]:
    """f(a + b) -> f(a) + b, f(a) + f(b); (a + b) * c -> a * c + b."""
    node = site.node
    if isinstance(node, ast.Call) and len(node.args) == 1 and isinstance(node.args[0], ast.BinOp):
        inner = node.args[0]
        if isinstance(inner.op, (ast.Add, ast.Sub)):
            for kept, moved in ((inner.left, inner.right), (inner.right, inner.left)):
                alone = ast.Call(node.func, [kept], node.keywords)
                yield ast.BinOp(alone, inner.op, moved)
                yield ast.BinOp(alone, inner.op, ast.Call(node.func, [moved], node.keywords))
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.MatMult, ast.Div)):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, ast.BinOp) and isinstance(one.op, (ast.Add, ast.Sub)):
                yield ast.BinOp(ast.BinOp(one.left, node.op, other), one.op, one.right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, ast.BinOp) and isinstance(one.op, (ast.Mult, ast.MatMult)):
                inner = ast.BinOp(one.right, node.op, other)
                yield ast.BinOp(one.left, one.op, inner)


# Functions


@operator("A function is missing.")
def function_missing(site: Site) -> Iterator[ast.AST]:
    """The argument, or the object of a method, alone."""
    node = site.node
    if isinstance(node, ast.Call) and not isinstance(site.parent, ast.Expr):
        if node.args and not isinstance(node.args[0], (ast.Starred, ast.GeneratorExp)):
            yield node.args[0]
        if isinstance(node.func, ast.Attribute) and not is_tool(node.func.value):
            yield node.func.value


@operator("A mean stands in place of a sum, or a sum in place of a mean.")
def mean_for_sum(site: Site) -> Iterator[ast.AST]:
    """Mean and sum exchanged."""
    yield from _exchanged(site, ("mean", "sum"))
    node = site.node
    if isinstance(node, ast.Constant) and node.value in ("mean", "sum"):
        yield ast.Constant("sum" if node.value == "mean" else "mean")


@operator("Another function stands in place of the right one.")
def other_function(site: Site) -> Iterator[ast.AST]:
    """A function that students take for this one."""
    for group in _ALIKE:
        yield from _exchanged(site, group)


def _exchanged(site: Site, group: tuple[str, ...]) -> Iterator[ast.AST]:
    node = site.node
    if not isinstance(node, ast.Call) or called(node.func) not in group:
        return
    for other in group:
        if other == called(node.func):
            continue
        if other in site.own:
            yield ast.Call(ast.Name(other, ast.Load()), node.args, node.keywords)
        elif other in ("sigmoid", "relu", "softmax") and ast.unparse(node.func).startswith("np."):
            yield expression(_BY_HAND[other], *node.args[:1])
        elif isinstance(node.func, ast.Attribute):
            func = ast.Attribute(node.func.value, other, ast.Load())
            yield ast.Call(func, node.args, node.keywords)


_BY_HAND = {
    "sigmoid": "1 / (1 + np.exp(-({0})))",
    "relu": "np.maximum({0}, 0)",
    "softmax": "np.exp({0}) / np.exp({0}).sum(-1, keepdims=True)",
}


@operator("A function is applied twice.")
def applied_twice(site: Site) -> Iterator[ast.AST]:
    """f(f(x))."""
    node = site.node
    if isinstance(site.parent, ast.Expr) or not isinstance(node, ast.Call) or not node.args:
        return
    if not isinstance(node.args[0], (ast.Starred, ast.GeneratorExp)):
        yield ast.Call(node.func, [node, *node.args[1:]], node.keywords)


@operator("A function is applied where none belongs.")
def superfluous(site: Site) -> Iterator[ast.AST]:
    """A function of the answer's own, or a common one, on a whole value."""
    if is_whole(site):
        yield from (expression(f"{name}({{0}})", site.node) for name in site.own)
        for template in ("({0}) ** 2", "abs({0})", "({0}) * 0", "({0}) / 2", "({0}) * 2"):
            yield expression(template, site.node)


# Names, keys, indices, numbers


@operator("Another quantity is used than the right one.")
def other_name(site: Site) -> Iterator[ast.AST]:
    """A variable for another one."""
    node = site.node
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in site.names:
        yield from (ast.Name(n, ast.Load()) for n in site.names if n != node.id)


@operator("An entry under another name is used than the right one.")
def other_key(site: Site) -> Iterator[ast.AST]:
    """A text key for another one."""
    node = site.node
    if isinstance(node, ast.Constant) and node.value in site.keys:
        yield from (ast.Constant(key) for key in site.keys if key != node.value)


@operator("An index or a bound is off by one.")
def off_by_one(site: Site) -> Iterator[ast.AST]:
    """One more or one less in an index, a slice, a range, or a comparison."""
    node, parent = site.node, site.parent
    place = isinstance(parent, ast.Subscript) and site.slot == "slice" and is_number(node)
    place = place or isinstance(parent, ast.Slice)
    counted = False
    if isinstance(parent, ast.Call) and site.slot == "args":
        counted = called(parent.func) in ("range", "arange")
    if (place or counted) and isinstance(node, ast.expr):
        yield expression("({0}) + 1", node)
        yield expression("({0}) - 1", node)
    if counted and isinstance(parent, ast.Call) and len(parent.args) == 1:
        yield ast.Starred(expression("(1, {0})", node), ast.Load())
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _BOUNDS:
        yield ast.Compare(node.left, [_BOUNDS[type(node.ops[0])]()], node.comparators)


@operator("Part of a sequence is left out.")
def part_left_out(site: Site) -> Iterator[ast.AST]:
    """All but the first or the last of what a loop goes through or a slice takes."""
    node = site.node
    if isinstance(site.parent, (ast.For, ast.comprehension)) and site.slot == "iter":
        yield expression("list({0})[1:]", node)
        yield expression("list({0})[:-1]", node)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and computes(site):
        yield node.value


@operator("A sequence is gone through in the other order.")
def reversed_order(site: Site) -> Iterator[ast.AST]:
    """reversed added or left out."""
    node = site.node
    if isinstance(site.parent, (ast.For, ast.comprehension)) and site.slot == "iter":
        if isinstance(node, ast.Call) and called(node.func) == "reversed":
            yield node.args[0]
        else:
            yield expression("list({0})[::-1]", node)
    if isinstance(node, ast.Call) and called(node.func) == "sorted":
        yield expression("{0}[::-1]", node)


@operator("A number is another one.")
def other_number(site: Site) -> Iterator[ast.AST]:
    """One more, one less, its half, its double, its reciprocal."""
    node = site.node
    if not is_number(node) or isinstance(site.parent, (ast.Subscript, ast.Slice)):
        return
    if isinstance(site.parent, ast.keyword) and site.parent.arg in ("axis", "dim"):
        return
    value: Any = node.value
    for other in (value + 1, value - 1, 2 * value, value / 2, 10 * value, -value):
        if other != value:
            yield ast.Constant(int(other) if type(value) is int and other == int(other) else other)


@operator("A condition is turned round.")
def condition_reversed(site: Site) -> Iterator[ast.AST]:
    """A comparison reversed, a not added or left out, and for or."""
    node = site.node
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _REVERSED:
        yield ast.Compare(node.left, [_REVERSED[type(node.ops[0])]()], node.comparators)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(site.parent, (ast.IfExp, ast.If)) and isinstance(node, ast.expr):
        if site.slot != "test":
            return
        yield ast.UnaryOp(ast.Not(), node)


@operator("Only one of two branches is ever taken.")
def one_branch(site: Site) -> Iterator[ast.AST]:
    """One side of a conditional expression alone."""
    if isinstance(site.node, ast.IfExp):
        yield site.node.body
        yield site.node.orelse


@operator("Arguments are handed over in another order.")
def arguments_exchanged(site: Site) -> Iterator[ast.AST]:
    """Two neighbours exchanged in a call."""
    node = site.node
    if isinstance(node, ast.Call) and len(node.args) > 1:
        for i in range(len(node.args) - 1):
            args = [*node.args]
            args[i], args[i + 1] = args[i + 1], args[i]
            yield ast.Call(node.func, args, node.keywords)


@operator("Results come back in another order.")
def results_exchanged(site: Site) -> Iterator[ast.AST]:
    """Two neighbours exchanged in what is returned."""
    node = site.node
    if isinstance(node, ast.Tuple) and isinstance(site.parent, ast.Return):
        for i in range(len(node.elts) - 1):
            parts = [*node.elts]
            parts[i], parts[i + 1] = parts[i + 1], parts[i]
            yield ast.Tuple(parts, ast.Load())


@operator("A result is left out.")
def result_missing(site: Site) -> Iterator[ast.AST]:
    """One of the returned values missing, or None."""
    node = site.node
    if isinstance(node, ast.Tuple) and isinstance(site.parent, ast.Return):
        for i in range(len(node.elts)):
            rest = [part for j, part in enumerate(node.elts) if j != i]
            yield ast.Tuple(rest, ast.Load()) if len(rest) > 1 else rest[0]
    if isinstance(site.parent, ast.Return) and site.slot == "value":
        yield ast.Constant(None)


@operator("A default or a setting is another one.")
def keyword_missing(site: Site) -> Iterator[ast.AST]:
    """A keyword argument left out; True for False."""
    node = site.node
    if isinstance(node, ast.Call):
        for i, keyword in enumerate(node.keywords):
            if keyword.arg not in ("axis", "dim", "keepdims", "keepdim", None):
                rest = [k for j, k in enumerate(node.keywords) if j != i]
                yield ast.Call(node.func, node.args, rest)
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield ast.Constant(not node.value)


@operator("A gradient is cut off.")
def gradient_cut(site: Site) -> Iterator[ast.AST]:
    """detach() added or left out; only where torch computes."""
    node = site.node
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "detach"
    ):
        yield node.func.value
    elif is_whole(site) and isinstance(node, (ast.Call, ast.BinOp)) and "torch" in site.names:
        yield expression("({0}).detach()", node)


@operator("Everything else is right, but a copy is missing.")
def copy_missing(site: Site) -> Iterator[ast.AST]:
    """copy() or clone() left out."""
    node = site.node
    if isinstance(node, ast.Call) and called(node.func) in ("copy", "clone", "deepcopy"):
        if isinstance(node.func, ast.Attribute) and not node.args:
            yield node.func.value
        elif node.args:
            yield node.args[0]


__all__ = ["OPERATORS"]
