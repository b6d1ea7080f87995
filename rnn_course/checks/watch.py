"""Keeps a student's code from harming the process that observes it, and sees what it does."""

import contextlib
import io
import random
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from numpy.random import mtrand  # numpy.random's own names, which its stubs leave out
from torch.nn.parameter import is_lazy
from torch.overrides import TorchFunctionMode

from rnn_course.checks.observation import MOST_PRINTED
from rnn_course.checks.settings import Settings

AUTOGRAD = "autograd"
_DIFFERENTIATING = frozenset({"backward", "grad", "_make_dual"})
_PRINT_LIMIT = MOST_PRINTED


_MOVING = frozenset(
    {
        "to",
        "copy_",
        "type_as",
        "new_tensor",
        "set_",
        "swap_tensors",
        "__set__",
        "__setitem__",
        "_has_compatible_shallow_copy_type",
    }
)


class Watch(TorchFunctionMode):
    """Records automatic differentiation as `AUTOGRAD`, and minds what is on which device.

    On the ``meta`` device it is as strict as an accelerator would be: there, torch lets
    elementwise operations mix devices. Every torch call takes a way through Python for it.
    """

    idle = False

    def __init__(self) -> None:
        super().__init__()
        self.used: set[str] = set()

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name = getattr(func, "__name__", "")
        if name in _DIFFERENTIATING:
            self.used.add(AUTOGRAD)
        for arg in args:  # as a rule there is none: this is asked at every torch call
            if isinstance(arg, torch.Tensor) and arg.is_meta and name not in _MOVING:
                _same_device(args)
                if name == "linear":
                    return _linear_without_numbers(func, *args, **(kwargs or {}))
                break
        return func(*args, **(kwargs or {}))


@contextlib.contextmanager
def unwatched() -> Iterator[None]:
    """Let nothing be watched: nobody asks a model answer and its variations what they used."""
    before, Watch.idle = Watch.idle, True
    try:
        yield
    finally:
        Watch.idle = before


_DROPOUT = frozenset({"dropout", "alpha_dropout", "feature_alpha_dropout", "dropout1d"})
_RANDOM = frozenset({"rand", "randn", "rand_like", "randn_like"})


class Calm(TorchFunctionMode):
    """Leaves out dropout, and lets what is drawn at random be zeros."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name, kwargs = getattr(func, "__name__", ""), kwargs or {}
        if name.rstrip("_") in _DROPOUT:
            return args[0] if args else kwargs["input"]
        made = func(*args, **kwargs)
        return torch.zeros_like(made) if name in _RANDOM else made


def _linear_without_numbers(
    linear: Callable[..., torch.Tensor], input: Any, weight: Any, bias: Any = None
) -> torch.Tensor:
    """Run a linear layer on ``meta``, where torch's way to add a bias takes a third of a ms."""
    alike = isinstance(bias, torch.Tensor) and bias.dtype == input.dtype and bias.is_meta
    if not alike or bias.shape != weight.shape[:1]:
        return linear(input, weight, bias)
    return linear(input, weight) + bias


def _same_device(args: tuple) -> None:
    tensors = [a for a in args if isinstance(a, torch.Tensor) and not is_lazy(a) and a.dim()]
    devices = {tensor.device.type for tensor in tensors}
    if len(devices) > 1 and "meta" in devices:
        found = " and ".join(sorted(devices))
        raise RuntimeError(f"Expected all tensors to be on the same device, but found {found}")


class Printed(io.TextIOBase):
    """Stands in for stdout; keeps the first thousand characters and drops the rest."""

    def __init__(self) -> None:
        self.text = ""

    def writable(self) -> bool:  # noqa: D102 (io's protocol)
        return True

    def write(self, text: str) -> int:  # noqa: D102 (io's protocol)
        self.text += text[: _PRINT_LIMIT - len(self.text)]
        return len(text)


@contextlib.contextmanager
def unset_memory_shows() -> Iterator[None]:
    """Let torch fill memory that is reserved but never set with NaN, instead of what was there."""
    # The public torch.use_deterministic_algorithms imports a compiler, which takes seconds.
    before = torch.are_deterministic_algorithms_enabled()
    warn_only = torch.is_deterministic_algorithms_warn_only_enabled()
    torch._C._set_deterministic_algorithms(True, warn_only=True)
    try:
        yield
    finally:
        torch._C._set_deterministic_algorithms(before, warn_only=warn_only)


_spare_generators: list[np.random.MT19937] = []  # as many as were ever needed one inside another


@contextlib.contextmanager
def isolated() -> Iterator[None]:
    """Put back, on leaving, the global state that numerical code is tempted to change.

    Covers the random generators of Python, NumPy and torch, torch's default dtype and device,
    its number of threads, gradient and inference mode, determinism, NumPy's error state, and
    warnings. NumPy's global generator is another one meanwhile, with a seed that is always the
    same: its state is 2.5 kB, and copying it there and back took a tenth of a check.
    """
    python, rng, numpy = random.getstate(), torch.get_rng_state(), mtrand.get_bit_generator()
    spare = _spare_generators.pop() if _spare_generators else np.random.MT19937()
    mtrand.set_bit_generator(spare)
    np.random.seed(0)
    settings, threads, grad = Settings.now(), torch.get_num_threads(), torch.is_grad_enabled()
    deterministic = torch.are_deterministic_algorithms_enabled()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.set_grad_enabled(True)
            with torch.inference_mode(False):  # it may have been left on
                yield
    finally:
        random.setstate(python)
        mtrand.set_bit_generator(numpy)
        _spare_generators.append(spare)
        torch.set_rng_state(rng)
        settings.apply()
        if torch.get_num_threads() != threads:
            torch.set_num_threads(threads)
        torch.set_grad_enabled(grad)
        # only where it changed: the call imports torch's compiler, which takes seconds
        if torch.are_deterministic_algorithms_enabled() != deterministic:
            torch.use_deterministic_algorithms(deterministic)
