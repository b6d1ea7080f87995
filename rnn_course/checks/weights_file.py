"""Judges a file of weights that a student handed in: read within bounds, and never trusted.

For the judge of a question, in the order of use::

    FILE = WeightsFile("model.safetensors", NO_FILE, UNREADABLE, MISFIT)

    saved = FILE.read(subject)                       # or a `Finding`: missing, unreadable
    build = Build("Net", arguments_of(saved.note))   # the question's own business
    weights = FILE.fitted(subject, build, saved, marking)  # or a `Finding`: no class, other shapes
    subject.ask(Run(build, (Pass(inputs, parameters=weights),)))
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from safetensors import SafetensorError
from safetensors.torch import load

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, explain_error
from rnn_course.checks.report import Misconception
from rnn_course.checks.requests import Anatomy, Build, Describe, Inspect
from rnn_course.checks.subject import Subject
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

    def differences(self, anatomy: Anatomy) -> list[str]:
        """Say in which ways a model's parameters and buffers are not these; nothing if they fit.

        A buffer may be missing, as one is that the class makes itself (``persistent=False``). What
        the class has no place for is told beside other differences only: alone it harms nothing.
        """
        wanted = {name: tuple(shape) for name, shape, _ in (*anatomy.parameters, *anatomy.buffers)}
        lines = [
            f"{name} is {self.tensors[name].shape} in the file and {shape} in the class"
            for name, shape in wanted.items()
            if name in self.tensors and self.tensors[name].shape != shape
        ]
        lines += [
            f"{name} is not in the file"
            for name, _, _ in anatomy.parameters
            if name not in self.tensors
        ]
        extra = sorted(set(self.tensors) - set(wanted))  # the order in a file is not ours
        if lines:
            lines += [f"{name} is not in the class" for name in extra]
        return lines

    def misfit(self, anatomy: Anatomy) -> str:
        """Say in a sentence how a model's parameters and buffers differ from these, or ""."""
        lines = self.differences(anatomy)
        more = f"; and {len(lines) - 4} more" if len(lines) > 4 else ""
        return "; ".join(lines[:4]) + more


@dataclass(frozen=True)
class WeightsFile:
    """A file of weights that a question asks for, and what is said where it cannot be used.

    Attributes:
        name: of the file, beside the notebook.
        missing: the mistake where there is none.
        unreadable: where it is not what `save_weights` writes.
        misfit: where the student's class is another than the weights are of.
    """

    name: str
    missing: Misconception
    unreadable: Misconception
    misfit: Misconception

    def read(self, subject: Subject) -> SavedWeights | Finding:
        """Return what is in the file, or why it cannot be read."""
        content = subject.file(self.name)
        if content is None:
            return Finding(f"There is no file {self.name}.", self.missing)
        try:
            return read_weights(content)
        except ObservationError as problem:
            return Finding(f"{self.name}: {problem}", self.unreadable)

    def fitted(
        self, subject: Subject, build: Build, saved: SavedWeights, marking: Marking
    ) -> dict[str, np.ndarray] | Finding:
        """Return what to load into the student's class, by name, or why it does not fit.

        Args:
            subject: the student's answers.
            build: the class and its arguments.
            saved: what is in the file.
            marking: told what of the file is left out.
        """
        if subject.ask(Describe(build.name)).kind == "missing":
            said = f"Nothing called `{build.name}` is defined to load {self.name} into."
            return Finding(said)
        anatomy = subject.ask(Inspect(build))
        if not isinstance(anatomy, Anatomy):
            said = f"{build.name}{build.args}: {explain_error(anatomy).message}"
            return Finding(said, self.misfit)
        misfit = saved.misfit(anatomy)
        if misfit:
            return Finding(f"{misfit}.", self.misfit)
        places = {name for name, _, _ in (*anatomy.parameters, *anatomy.buffers)}
        left_out = ", ".join(sorted(set(saved.tensors) - places)[:20])
        if left_out:
            said = f"{self.name} also holds {left_out[:200]}, which {build.name} has not."
            marking.notes.append(said)
        return {name: value for name, value in saved.tensors.items() if name in places}


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
