"""Weights on disk, as safetensors: numbers and names, never code (a pickle could run any)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors import torch as stored
from torch import nn

from rnn_course.errors import TrainingError


def save_weights(model: nn.Module, path: str | Path, **note: Any) -> None:
    """Write a model's weights, the name of its class and a note to a file.

    The same weights and note give the same bytes.

    Args:
        model: what to save; its parameters and buffers, on whatever device, are copied.
        path: file to write; folders on the way are made.
        note: anything worth knowing later, kept as text: ``accuracy=0.93, epochs=5``.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {name: str(value) for name, value in note.items()}
    stored.save_model(model, str(path), metadata={"class": type(model).__name__, **kept})
    path.write_bytes(_sorted_header(path.read_bytes()))


def _sorted_header(content: bytes) -> bytes:
    """Return a safetensors file with its header in order: the note's differs between runs."""
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:end])
    text = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # the format aligns what follows
    return len(text).to_bytes(8, "little") + text + content[end:]


def load_weights(model: nn.Module, path: str | Path) -> dict[str, str]:
    """Read a model's weights from a file, into the model; its type and device stay.

    Args:
        model: built as the saved one was.
        path: file that `save_weights` wrote.

    Returns:
        The class and the note that were saved with the weights.

    Raises:
        TrainingError: no such file, not a safetensors file, or other names or shapes than the
            model's. The model is unchanged then.
    """
    with _opened(path) as file:
        saved = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
        note = file.metadata() or {}
    _compare(model, saved, note.get("class", "a model"))
    stored.load_model(model, path)
    return note


def _note(path: str | Path) -> dict[str, str]:
    with _opened(path) as file:
        return file.metadata() or {}


def _opened(path: str | Path) -> Any:
    """Open a file of weights.

    Raises:
        TrainingError: there is none, or it is something else.
    """
    try:
        return safe_open(str(path), framework="pt")
    except (OSError, SafetensorError) as problem:
        raise TrainingError(
            f"weights in {path}",
            f"{type(problem).__name__}: {problem}",
            "Save them with save_weights(model, path), and check the path.",
        ) from problem


def load_model(make: Callable[..., nn.Module], path: str | Path, *names: str) -> nn.Module:
    """Build a model with the settings that were saved beside its weights, and load those.

    Args:
        make: its class.
        path: file that `save_weights` wrote with the settings in its note, as
            ``save_weights(model, path, **settings)``.
        names: the settings to build with; numbers, None and texts are recognised.

    Raises:
        TrainingError: no such file, a setting is missing, or the weights do not fit.

    >>> load_model(CharLM, "language_model.safetensors", "vocab_size")  # doctest: +SKIP
    """
    note = _note(path)
    missing = [name for name in names if name not in note]
    if missing:
        raise TrainingError(
            f"{', '.join(names)} in the note of {path}",
            f"a note without {', '.join(missing)}",
            "Save the settings with the weights: save_weights(model, path, **settings).",
        )
    model = make(**{name: _value(note[name]) for name in names})
    load_weights(model, path)
    return model


def _value(text: str) -> Any:
    """Read a number or None back from a note; anything else is a text."""
    try:
        return None if text == "None" else int(text)
    except ValueError:
        return text


def _compare(model: nn.Module, saved: dict[str, tuple[int, ...]], saved_class: str) -> None:
    """Check that saved names and shapes are the model's.

    A tensor under two names (tied weights) is saved under one of them, so any of its names will do.
    """
    wanted = model.state_dict(keep_vars=True)
    reachable = {id(tensor) for name, tensor in wanted.items() if name in saved}
    differences = [
        f"{name}: the model has {tuple(wanted[name].shape)}, the file {shape}"
        for name, shape in saved.items()
        if name in wanted and tuple(wanted[name].shape) != shape
    ]
    missing = [name for name, tensor in wanted.items() if id(tensor) not in reachable]
    unknown = [name for name in saved if name not in wanted]
    differences += [f"{name}: not in the file" for name in missing]
    differences += [f"{name}: not in the model" for name in unknown]
    if differences:
        more = f"; and {len(differences) - 8} more" if len(differences) > 8 else ""
        raise TrainingError(
            f"the weights of a {type(model).__name__}",
            f"those of {saved_class} with differences: " + "; ".join(differences[:8]) + more,
            "Build the model with the sizes it was saved with (other shapes), "
            "or save again after the attributes were renamed (other names).",
        )
