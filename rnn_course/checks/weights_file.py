"""Reads a file of weights that a student handed in: bounded, and never trusted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from safetensors import SafetensorError
from safetensors.torch import load

from rnn_course.checks.requests import Anatomy
from rnn_course.errors import ObservationError

_HEADER_BYTES = 2**20
_TENSORS = 2_000


@dataclass(frozen=True)
class SavedWeights:
    """What `rnn_course.training.save_weights` wrote.

    Attributes:
        note: texts by name; ``class`` is the model's class.
        tensors: numbers by name, float32 or wider, or integers.
    """

    note: Mapping[str, str]
    tensors: Mapping[str, np.ndarray]

    def misfit(self, anatomy: Anatomy) -> str:
        """Say how a model's parameters and buffers differ from these; "" if they fit."""
        wanted = {name: tuple(shape) for name, shape, _ in (*anatomy.parameters, *anatomy.buffers)}
        lines = [
            f"{name} is {self.tensors[name].shape} in the file and {shape} in the class"
            for name, shape in wanted.items()
            if name in self.tensors and self.tensors[name].shape != shape
        ]
        lines += [f"{name} is not in the file" for name in wanted if name not in self.tensors]
        lines += [f"{name} is not in the class" for name in self.tensors if name not in wanted]
        more = f"; and {len(lines) - 4} more" if len(lines) > 4 else ""
        return "; ".join(lines[:4]) + more


def read_weights(content: bytes) -> SavedWeights:
    """Read a safetensors file.

    Raises:
        ObservationError: it is none, or its header is larger than any model needs.
    """
    header = int.from_bytes(content[:8], "little")
    if len(content) < 8 or header > min(_HEADER_BYTES, len(content) - 8):
        raise _unreadable(f"{len(content)} bytes with a header of {header}")
    try:
        listed = json.loads(content[8 : 8 + header])
        note = listed.get("__metadata__") or {}
        if len(listed) > _TENSORS or not all(type(text) is str for text in note.values()):
            raise _unreadable(f"{len(listed)} entries")
        tensors = {name: tensor.detach() for name, tensor in load(content).items()}
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise _unreadable(f"{type(problem).__name__}: {str(problem)[:200]}") from problem
    except RecursionError as problem:
        raise _unreadable("a header that is nested too deeply") from problem
    half = ("torch.float16", "torch.bfloat16")
    arrays = {
        name: (tensor.float() if str(tensor.dtype) in half else tensor).numpy()
        for name, tensor in tensors.items()
    }
    return SavedWeights(note, arrays)


def _unreadable(came: str) -> ObservationError:
    return ObservationError(
        "a safetensors file that save_weights wrote",
        came,
        "Save the model again with save_weights, and hand in that file.",
    )
