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
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

_TOOLS = ("np", "numpy", "torch", "math", "F", "nn", "pd", "plt")
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


@dataclass(frozen=True)
class Mutant:
    """A changed model answer: its text, the changed line, and the kind of change in words."""

    source: str
    kind: str
    operator: str
    line: str
    at: int = 0  # number of the changed line, from 1


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
    return lambda change: OPERATORS.append((change.__name__, kind, change)) or change


def rewrite(kind: str) -> Callable[[Rewrite], Rewrite]:
    """Register a change of a list of statements at one place."""
    return lambda change: STATEMENTS.append((change.__name__, kind, change)) or change


def _expression(template: str, *nodes: ast.AST) -> ast.expr:
    return ast.parse(template.format(*map(ast.unparse, nodes)), mode="eval").body


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _called(node: ast.AST) -> str:
    """Return the last name of what is called."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_tool(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in _TOOLS


def _computes(site: Site) -> bool:
    """Tell whether a node is a value of its own that could be changed as a whole."""
    node = site.node
    if not isinstance(node, ast.expr) or isinstance(node, (ast.Constant, ast.Lambda, ast.Starred)):
        return False
    if isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del)) or site.subscript:
        return False
    if isinstance(site.parent, ast.Call) and (
        site.slot == "func" or _called(site.parent.func) == "len"
    ):
        return False  # a length is the same whatever the numbers are
    return not (isinstance(node, ast.Name) and node.id in (*_TOOLS, *site.own))


def _is_whole(site: Site) -> bool:
    """Tell whether a node is all that is assigned, returned, handed in or one of several."""
    if not _computes(site) or isinstance(site.node, (ast.Tuple, ast.List, ast.Dict)):
        return False
    if isinstance(site.parent, (ast.Assign, ast.AugAssign, ast.Return)):
        return site.slot == "value"
    if isinstance(site.parent, (ast.Tuple, ast.Dict, ast.IfExp)):
        return site.slot in ("elts", "values", "body", "orelse")
    return isinstance(site.parent, ast.Call) and site.slot == "args"


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
    elif any(k.arg in ("axis", "dim") for k in kept) and _called(node.func) in _ALIKE[2]:
        yield ast.Call(node.func, node.args, [*kept, ast.keyword("keepdims", ast.Constant(True))])


@operator("A matrix is transposed where it should not be, or the other way round.")
def transposed(site: Site) -> Iterator[ast.AST]:
    """A transposition added, left out, or a product turned round."""
    node = site.node
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    elif isinstance(node, ast.Call) and _called(node.func) in ("transpose", "swapaxes", "t"):
        if isinstance(node.func, ast.Attribute) and not _is_tool(node.func.value):
            yield node.func.value
    elif (
        isinstance(site.parent, ast.BinOp)
        and isinstance(site.parent.op, ast.MatMult)
        and _computes(site)
    ):
        yield _expression("({0}).T", node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield _expression("({1}) @ ({0})", node.left, node.right)
        yield _expression("(({0}) @ ({1})).T", node.left, node.right)


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
    elif _is_whole(site) and not _is_number(node):
        yield _expression("-({0})", node)


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
        yield _expression("({0}) / ({1})", site.node, site.node.right)


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
        if isinstance(node.func, ast.Attribute) and not _is_tool(node.func.value):
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
    if not isinstance(node, ast.Call) or _called(node.func) not in group:
        return
    for other in group:
        if other == _called(node.func):
            continue
        if other in site.own:
            yield ast.Call(ast.Name(other, ast.Load()), node.args, node.keywords)
        elif other in ("sigmoid", "relu", "softmax") and ast.unparse(node.func).startswith("np."):
            yield _expression(_BY_HAND[other], *node.args[:1])
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
    if _is_whole(site):
        yield from (_expression(f"{name}({{0}})", site.node) for name in site.own)
        for template in ("({0}) ** 2", "abs({0})", "({0}) * 0", "({0}) / 2", "({0}) * 2"):
            yield _expression(template, site.node)


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
    place = isinstance(parent, ast.Subscript) and site.slot == "slice" and _is_number(node)
    place = place or isinstance(parent, ast.Slice)
    counted = isinstance(parent, ast.Call) and _called(parent.func) in ("range", "arange")
    if (place or (counted and site.slot == "args")) and isinstance(node, ast.expr):
        yield _expression("({0}) + 1", node)
        yield _expression("({0}) - 1", node)
    if counted and site.slot == "args" and len(parent.args) == 1:
        yield ast.Starred(_expression("(1, {0})", node), ast.Load())
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _BOUNDS:
        yield ast.Compare(node.left, [_BOUNDS[type(node.ops[0])]()], node.comparators)


@operator("Part of a sequence is left out.")
def part_left_out(site: Site) -> Iterator[ast.AST]:
    """All but the first or the last of what a loop goes through or a slice takes."""
    node = site.node
    if isinstance(site.parent, (ast.For, ast.comprehension)) and site.slot == "iter":
        yield _expression("list({0})[1:]", node)
        yield _expression("list({0})[:-1]", node)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and _computes(site):
        yield node.value


@operator("A sequence is gone through in the other order.")
def reversed_order(site: Site) -> Iterator[ast.AST]:
    """reversed added or left out."""
    node = site.node
    if isinstance(site.parent, (ast.For, ast.comprehension)) and site.slot == "iter":
        if isinstance(node, ast.Call) and _called(node.func) == "reversed":
            yield node.args[0]
        else:
            yield _expression("list({0})[::-1]", node)
    if isinstance(node, ast.Call) and _called(node.func) == "sorted":
        yield _expression("{0}[::-1]", node)


@operator("A number is another one.")
def other_number(site: Site) -> Iterator[ast.AST]:
    """One more, one less, its half, its double, its reciprocal."""
    node = site.node
    if not _is_number(node) or isinstance(site.parent, (ast.Subscript, ast.Slice)):
        return
    if isinstance(site.parent, ast.keyword) and site.parent.arg in ("axis", "dim"):
        return
    value = node.value
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
    elif isinstance(site.parent, (ast.IfExp, ast.If)) and site.slot == "test":
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
    if isinstance(node, ast.Call) and _called(node.func) == "detach":
        yield node.func.value
    elif _is_whole(site) and isinstance(node, (ast.Call, ast.BinOp)) and "torch" in site.names:
        yield _expression("({0}).detach()", node)


@operator("Everything else is right, but a copy is missing.")
def copy_missing(site: Site) -> Iterator[ast.AST]:
    """copy() or clone() left out."""
    node = site.node
    if isinstance(node, ast.Call) and _called(node.func) in ("copy", "clone", "deepcopy"):
        if isinstance(node.func, ast.Attribute) and not node.args:
            yield node.func.value
        elif node.args:
            yield node.args[0]


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
