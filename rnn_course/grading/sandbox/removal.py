"""Takes what a question withholds out of a process, before anything of the student's runs there.

torch calls every operation through a table of kernels by operation and device. Here the entries of
that table are replaced, for the life of the process:

- ``recurrent``: every operation whose name tells of an LSTM, a GRU or an RNN, in any namespace, at
  every key at which it can be entered. All ways lead through that table: ``torch.nn``,
  ``torch.ops``, ``decompose``, ``_op_dk``, traced, scripted and compiled code, any thread. What
  torch has of them in Python is changed in place, so that no other reference to it works either,
  and its source is covered.
- ``autograd``: the layer of every operation that records it for a derivative is passed over.
  Results are as ever; nothing can be differentiated, by whichever way. What would say that all
  derivatives are zero raises instead.

What was called all the same is noted, and so is a program that was to be started or something
to be compiled: where nothing was, this process has done what an ordinary one would have.

An entry that is put over these does not bring the old one back. Only the handle of a registration
can take it away, and that is kept by nobody: it is no object that the garbage collector knows.

References:
    torch/library.h; "Let's talk about the PyTorch dispatcher", E. Z. Yang, 2020.
"""

import ctypes
import errno
import inspect
import mmap
import re
import sys
import types
import warnings
from collections.abc import Collection, Iterator
from functools import cache, wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import torch

from rnn_course.checks.withheld import AUTOGRAD, GONE, NO_GRADIENTS, RECURRENT
from rnn_course.grading.protocol.sandbox_layout import SCRATCH
from rnn_course.grading.sandbox.confinement import mount

_RECURRENT = re.compile(r"lstm|gru|rnn", re.IGNORECASE)
_MS_BIND = 4096
_ALWAYS = ("CompositeImplicitAutograd", "CPU", "Meta", "Autograd")
_WHERE_THERE = ("CompositeExplicitAutograd", "CUDA", "QuantizedCPU", "QuantizedCUDA", "MkldnnCPU")
_OF_ZEROS = {
    "torch._functorch.apis": ("grad", "grad_and_value"),
    "torch._functorch.eager_transforms": ("vjp", "jvp", "jacrev", "jacfwd", "hessian", "linearize"),
    "torch.autograd.functional": ("jacobian", "hessian", "vjp", "jvp", "vhp", "hvp"),
    "torch.autograd.forward_ad": ("make_dual",),
}
_PROGRAMS = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn")
_IN_PYTHON = ("torch._decomp.decompositions", "torch.ao.nn.quantizable.modules.rnn")


def remove(kinds: Collection[str]) -> None:
    """Take these kinds of implementations out of this process for good.

    Args:
        kinds: of `checks.withheld.KINDS`.
    """
    if kinds:
        _pages.append(mmap.mmap(-1, 1))  # shared with processes that are forked from this one
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of kernels put before others, which is what we want
        if RECURRENT in kinds:
            _replace_recurrent()
        if AUTOGRAD in kinds:
            _pass_autograd_over()
    if kinds:
        _keep_libraries()
        _leave_uncompiled()
        sys.addaudithook(_note_programs)


def deny_programs(kinds: Collection[str]) -> None:
    """Let this process start no program for good: nothing is taken out of a fresh Python.

    What it starts is denied alike. To be called while it may still be confined further.
    """
    if not kinds:
        return
    import pyseccomp as seccomp

    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    for name in ("execve", "execveat"):
        rules.add_rule(seccomp.ERRNO(errno.EPERM), name)
    rules.load()


def cover_sources(kinds: Collection[str]) -> None:
    """Cover the files that hold in Python what `remove` takes out; needs the right to mount."""
    empty = Path(SCRATCH, ".empty")
    for path in sources() if RECURRENT in kinds else ():
        empty.touch()
        mount(str(empty), str(path), "", _MS_BIND)
    empty.unlink(missing_ok=True)


def sources() -> list[Path]:
    """Return those files, compiled ones included."""
    found = []
    for name in _IN_PYTHON:
        path = Path(import_module(name).__file__ or "")
        found += [path, *path.parent.glob(f"__pycache__/{path.stem}.*.pyc")]
    return found


@cache
def recurrent() -> tuple[tuple[str, str], ...]:
    """Return namespace and name of each operation that computes a recurrent layer."""
    return tuple(pair for pair in _operations() if _RECURRENT.search(pair[1]))


@cache
def differentiable() -> tuple[tuple[str, str], ...]:
    """Return namespace and name of each operation that torch records for a derivative."""
    has = torch._C._dispatch_has_kernel_for_dispatch_key
    return tuple(pair for pair in _operations() if has("::".join(pair), "Autograd"))


def _operations() -> Iterator[tuple[str, str]]:
    for qualified in torch._C._dispatch_get_all_op_names():
        namespace, _, name = qualified.partition("::")
        yield namespace, name


def _replace_recurrent() -> None:
    has = torch._C._dispatch_has_kernel_for_dispatch_key
    for namespace, name in recurrent():
        there = [key for key in _WHERE_THERE if has(f"{namespace}::{name}", key)]
        for key in (*_ALWAYS, *there):
            _library(namespace).impl(name, key, _gone)
        # kernels in Python, which `decompose` and traced code ask before the table
        packet = getattr(getattr(torch.ops, namespace), name.partition(".")[0])
        overload = getattr(packet, name.partition(".")[2] or "default")
        overload.py_kernels.clear()
        overload._dispatch_cache.clear()
    for name in _IN_PYTHON:
        _disable(import_module(name))


def _pass_autograd_over() -> None:
    for namespace, operation in differentiable():
        _library(namespace).impl(operation, "Autograd", torch.library.fallthrough_kernel)
    for name, functions in _OF_ZEROS.items():
        module = import_module(name)
        for function in functions:
            _disable_function(getattr(module, function), module.__file__, NO_GRADIENTS)


_pages: list[mmap.mmap] = []  # one, made in each kernel: other submissions' are not to share it


def missed() -> bool:
    """Tell whether anything that `remove` took out, or what it left undone, was asked for."""
    return any(page[0] for page in _pages)


def _note() -> None:
    for page in _pages:
        page[0] = 1


def _note_programs(event: str, arguments: Any) -> None:
    if event in _PROGRAMS:
        _note()


def _gone(*args: Any, **kwargs: Any) -> Any:
    _note()
    raise RuntimeError(GONE)


_libraries: dict[str, Any] = {}


def _library(namespace: str) -> Any:
    if namespace not in _libraries:
        made = torch._C._dispatch_library("IMPL", namespace, "", __file__, 1)
        _libraries[namespace] = made
    return _libraries[namespace]


def _keep_libraries() -> None:
    """Let the handles of what is registered live for ever, and be reached from nowhere."""
    for library in _libraries.values():
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(library))
    _libraries.clear()


def _disable(module: types.ModuleType) -> None:
    """Let every recurrent function and method of a module raise, whoever refers to it."""
    for name, value in list(vars(module).items()):
        if not _RECURRENT.search(name) and not _RECURRENT.search(getattr(value, "__name__", "")):
            continue
        members = list(vars(value).values()) if inspect.isclass(value) else [value]
        for member in members:
            _disable_function(getattr(member, "__func__", member), module.__file__, GONE)


def _disable_function(function: Any, file: str | None, said: str) -> None:
    """Give a function of a file, and those that it wraps, a body that raises."""
    if not inspect.isfunction(function):
        return
    wrapped = [cell.cell_contents for cell in function.__closure__ or ()]
    for inner in (*wrapped, getattr(function, "__wrapped__", None)):
        _disable_function(inner, file, said)
    # what refers to a variable of another function cannot be exchanged; what it wraps raises
    if function.__code__.co_filename == file and not function.__code__.co_freevars:
        function.__code__ = _body(said)


def _body(said: str) -> types.CodeType:
    """Return a body for any function: it needs no name of the module where that stands."""
    source = (
        f"def gone(*args, **kwargs):\n    from {__name__} import _note\n    _note()\n"
        f"    raise RuntimeError({said!r})"
    )
    space: dict[str, Any] = {}
    exec(source, space)
    code: types.CodeType = space["gone"].__code__
    return code


def _leave_uncompiled() -> None:
    """Let ``torch.compile`` return what it is given: a compiler cannot be started here."""
    torch.compiler.set_stance("force_eager")
    compiled = torch.compile

    @wraps(compiled)
    def noted(*args: Any, **kwargs: Any) -> Any:
        _note()
        return compiled(*args, **kwargs)

    setattr(torch, "compile", noted)  # noqa: B010 (mypy takes it for a method)
