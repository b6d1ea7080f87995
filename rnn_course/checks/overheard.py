"""Hears which of torch's own recurrent and attention layers run, in whatever way they are reached.

The call is noticed where all ways meet, in torch's dispatcher: from any thread or forked process,
through ``torch.ops``, or with torch functions disabled. What no operation stands behind is
noticed in Python.
"""

import mmap
import warnings
from dataclasses import replace
from functools import partial, update_wrapper
from typing import Any

import torch

from rnn_course.checks.requests import Outcome

_OPERATIONS = (
    "lstm_cell",
    "gru_cell",
    "rnn_tanh_cell",
    "rnn_relu_cell",
    "lstm",
    "gru",
    "rnn_tanh",
    "rnn_relu",
    "scaled_dot_product_attention",
)
_ATTENTION = "multi_head_attention_forward"  # of torch.nn.functional
_NAMES = (*_OPERATIONS, _ATTENTION)
_WHOLE = torch._C.DispatchKey.CompositeImplicitAutograd
_KEYS = ["CPU", "AutogradCPU"]
if torch.backends.cuda.is_built():
    _KEYS += ["CUDA", "AutogradCUDA"]


class Overheard:
    """Listens from its making until it is left as a context, or the process ends."""

    def __init__(self) -> None:
        # shared with processes that an answer forks, so that they are heard too
        self._heard = mmap.mmap(-1, len(_NAMES))
        self._library = torch.library.Library("aten", "IMPL")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of kernels put before others, which is what we want
            for index, name in enumerate(_OPERATIONS):
                self._listen(index, getattr(torch.ops.aten, name))
        self._attention = getattr(torch.nn.functional, _ATTENTION)
        hear = partial(self._hear, len(_OPERATIONS), self._attention)
        # torch.compile asks every function of torch for its name
        setattr(torch.nn.functional, _ATTENTION, update_wrapper(hear, self._attention))

    def __enter__(self) -> "Overheard":
        return self

    def __exit__(self, *_: Any) -> None:
        self._library._destroy()
        setattr(torch.nn.functional, _ATTENTION, self._attention)

    def _listen(self, index: int, operation: Any) -> None:
        for overload in operation.overloads():
            call = getattr(operation, overload)
            whole = partial(call._op_dk, _WHOLE)
            for key in _KEYS:
                self._library.impl(call, partial(self._hear, index, whole), key)

    def forget(self) -> None:
        """Begin anew."""
        self._heard[:] = bytes(len(_NAMES))

    def add_to(self, answer: Any) -> Any:
        """Add what has run since `forget` to an answer's outcomes."""
        used = {name for name, heard in zip(_NAMES, self._heard[:], strict=True) if heard}
        if not used:
            return answer
        if isinstance(answer, list):
            return [_with(outcome, used) for outcome in answer]
        return _with(answer, used)

    def _hear(self, index: int, whole: Any, *args: Any, **kwargs: Any) -> Any:
        self._heard[index] = 1
        return whole(*args, **kwargs)


def _with(outcome: Any, used: set[str]) -> Any:
    if not isinstance(outcome, Outcome):
        return outcome
    return replace(outcome, used=tuple(sorted(used | set(outcome.used))))
