"""Finds what an answer rarely needs: ways around the seam between an answer and what runs it.

Who wrote a computation cannot be asked of the process that runs it. The text can be read outside
it. What stands here is not forbidden and costs nothing: it is for a person to look at, with the
line. Measured on the right answers of the corpus, none is named; a determined author can avoid
every word of it.
"""

import ast
from collections.abc import Iterator
from functools import lru_cache

from rnn_course.checks.cell_source import nodes

_MODULES = frozenset(
    {"gc", "ctypes", "cffi", "importlib", "subprocess", "multiprocessing", "mmap", "marshal"}
    | {"threading", "concurrent", "signal", "builtins", "code", "inspect", "runpy", "pty"}
)
_OF_TORCH = frozenset(
    {"ops", "library", "fx", "jit", "export", "ao", "overrides", "autograd.graph", "quantization"}
    | {"quantized", "utils._python_dispatch", "testing", "package", "compiler"}
)
_CALLS = frozenset({"exec", "compile", "__import__", "vars", "globals", "delattr"})
_OF_PROCESS = {
    "sys": {"settrace", "setprofile", "meta_path", "path_hooks", "monitoring"},
    "os": {"fork", "system", "popen", "execv", "execve", "execvp", "spawnv", "posix_spawn"},
    "threading": {"Thread", "settrace", "setprofile"},
}
_ATTRIBUTES = frozenset(
    {"decompose", "make_fx", "get_objects", "get_referrers", "__code__", "__closure__", "__bases__"}
    | {"__mro__", "__wrapped__", "__builtins__", "__import__", "__reduce__"}
)
_LIBRARIES = frozenset({"torch", "nn", "F", "np", "numpy", "builtins", "math"})


@lru_cache(maxsize=64)  # most cells are as they were handed out
def unusual(source: str) -> tuple[str, ...]:
    """Return what a cell uses that is for a person to look at: ``torch.ops (line 3)``."""
    found: dict[str, int] = {}
    for node in nodes(source):
        for what in _unusual(node):
            found.setdefault(what, getattr(node, "lineno", 0))
    longest = [w for w in found if not any(o.startswith(f"{w}.") for o in found)]
    return tuple(f"{what} (line {found[what]})" for what in longest)


def _unusual(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names):
            yield from (alias.name for alias in names if _is_unusual_module(alias.name))
        case ast.ImportFrom(str(module), names):
            whole = [module, *(f"{module}.{alias.name}" for alias in names)]
            yield from [name for name in whole if _is_unusual_module(name)][:1]
        case ast.Call(ast.Name(name)) if name in _CALLS:
            yield f"{name}()"
        case ast.Call(ast.Name("eval"), [text, *_]) if not _is_layer(text):
            yield "eval()"
        case ast.Call(ast.Name("getattr"), [target, name, *_]) if _root(
            target
        ) in _LIBRARIES and _is_built(name):
            yield f"getattr() of {ast.unparse(target)} with a name that is put together"
        case ast.Call(ast.Name("setattr"), [target, *_]) if _root(target) in _LIBRARIES:
            yield f"a change of {ast.unparse(target)}"
        case ast.Assign(targets) if changed := [t for t in targets if _is_patch(t)]:
            yield f"a change of {ast.unparse(changed[0])}"
        case ast.Attribute():
            yield from _unusual_attribute(node)
        case ast.Constant(str(text)) if text in _ATTRIBUTES or text.startswith("torch._"):
            yield text


def _unusual_attribute(node: ast.Attribute) -> Iterator[str]:
    path = _path(node)
    if path and path.startswith("torch.") and _is_unusual_module(path):
        yield path
    elif node.attr in _ATTRIBUTES:
        yield f".{node.attr}"
    elif path and node.attr in _OF_PROCESS.get(path.partition(".")[0], ()):
        yield path


def _is_unusual_module(name: str) -> bool:
    top, *inner = name.split(".")
    if top != "torch":
        return top in _MODULES
    private = any(part.startswith("_") and not part.startswith("__") for part in inner)
    return private or any(".".join(inner[: depth + 1]) in _OF_TORCH for depth in range(len(inner)))


def _is_layer(text: ast.expr) -> bool:
    """Tell whether a text is that of a layer, whose kind is an argument: ``f"nn.{kind}"``."""
    match text:
        case ast.Constant():
            return True
        case ast.JoinedStr([ast.Constant("nn." | "torch.nn."), *_]):
            return True
    return False


def _is_built(name: ast.expr) -> bool:
    """Tell whether a name is made of pieces, so that its text does not say what it is."""
    match name:
        case ast.BinOp() | ast.Subscript():
            return True
        case ast.JoinedStr(values):
            return not isinstance(values[0], ast.Constant) if values else False
        case ast.Constant(str(text)):
            return text.startswith("_")
    return False


def _is_patch(target: ast.expr) -> bool:
    """Tell whether an assignment changes a library or an object's class."""
    match target:
        case ast.Attribute(attr="__class__" | "__code__"):
            return True
        case ast.Attribute():
            return _root(target) in _LIBRARIES and (_path(target) or "").count(".") > 0
    return False


def _root(node: ast.expr) -> str:
    return (_path(node) or "").partition(".")[0]


def _path(node: ast.expr) -> str | None:
    """Return ``a.b.c`` of names and attributes, None of anything else."""
    match node:
        case ast.Name(name):
            return name
        case ast.Attribute(value, attr):
            inner = _path(value)
            return inner and f"{inner}.{attr}"
    return None
