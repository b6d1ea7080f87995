"""Hears which of torch's own recurrent layers run, in whatever thread and by whatever way.

`checks.watch` notices them in the student's own notebook too, but only in the thread that asks and
only through Python's functions. Behind the wall the call is noticed where all ways meet, in
torch's dispatcher.
"""

import mmap
from dataclasses import replace
from functools import partial
from typing import Any

import torch

from rnn_course.checks.requests import Outcome
from rnn_course.checks.watch import WATCHED

_FUNCTIONS = tuple(sorted(name for name in WATCHED if hasattr(torch.ops.aten, name)))
_WHOLE = torch._C.DispatchKey.CompositeImplicitAutograd
_KEYS = ("CPU", "AutogradCPU", "CUDA", "AutogradCUDA")


class Overheard:
    """Listens from its making until the process ends."""

    def __init__(self) -> None:
        # shared with processes that an answer forks, so that they are heard too
        self._heard = mmap.mmap(-1, len(_FUNCTIONS))
        self._library = torch.library.Library("aten", "IMPL")  # listens for as long as it is kept
        for index, name in enumerate(_FUNCTIONS):
            for overload in getattr(torch.ops.aten, name).overloads():
                call = getattr(getattr(torch.ops.aten, name), overload)
                for key in _KEYS:
                    self._library.impl(call, partial(self._hear, index, call), key)

    def forget(self) -> None:
        """Begin anew."""
        self._heard[:] = bytes(len(_FUNCTIONS))

    def add_to(self, answer: Any) -> Any:
        """Add what has run since `forget` to an answer's outcomes."""
        used = {name for name, heard in zip(_FUNCTIONS, self._heard[:], strict=True) if heard}
        if not used:
            return answer
        if isinstance(answer, list):
            return [_with(outcome, used) for outcome in answer]
        return _with(answer, used)

    def _hear(self, index: int, call: Any, *args: Any, **kwargs: Any) -> Any:
        self._heard[index] = 1
        return call._op_dk(_WHOLE, *args, **kwargs)


def _with(outcome: Any, used: set[str]) -> Any:
    if not isinstance(outcome, Outcome):
        return outcome
    return replace(outcome, used=tuple(sorted(used | set(outcome.used))))
