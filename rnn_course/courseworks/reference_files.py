"""References on disk: safetensors files whose header says how they were made."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from rnn_course.courseworks.recipes.recipe import Arrays, Recipe
from rnn_course.data.cache import atomic_file
from rnn_course.errors import CheckError

FOLDER = Path(__file__).with_name("reference_outputs")
_REBUILD = "In a checkout run: rnn-course references --rebuild"
_RESTORE = f"Restore the file. {_REBUILD}"


def path_of(folder: Path, recipe: Recipe) -> Path:
    """Return the file of a reference."""
    return folder / f"{recipe.name}.safetensors"


def store(folder: Path, recipe: Recipe, arrays: Arrays) -> Path:
    """Write a reference; the same arrays give the same bytes."""
    header = {
        "torch": torch.__version__,
        "device": "cpu",
        "dtype": "float64",
        "seed": recipe.seed,
        "calls": recipe.calls,
        "content": content_hash(arrays),
    }
    path = path_of(folder, recipe)
    whole = {name: np.array(array, order="C") for name, array in arrays.items()}
    # One entry: safetensors writes several in an order that differs between runs.
    content = save(whole, metadata={"reference": json.dumps(header)})
    with atomic_file(path) as partial:
        partial.write_bytes(content)
    return path


def load(folder: Path, recipe: Recipe) -> tuple[Arrays, dict[str, Any]]:
    """Read a reference: its arrays and its header.

    Raises:
        CheckError: it is missing or cannot be read, or its content is not what its header says.
    """
    path = path_of(folder, recipe)
    if not path.is_file():
        raise CheckError(f"a reference at {path}", "no file", _REBUILD)
    try:
        with safe_open(path, framework="np") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            header = json.loads((file.metadata() or {})["reference"])
    except (SafetensorError, KeyError, ValueError) as problem:
        raise CheckError(f"a reference in {path}", f"{problem}", _RESTORE) from None
    if content_hash(arrays) != header.get("content"):
        raise CheckError(
            f"the content of {path} to have the hash {header.get('content')}",
            content_hash(arrays),
            _RESTORE,
        )
    return arrays, header


def content_hash(arrays: Mapping[str, np.ndarray]) -> str:
    """Hash names, shapes and numbers, whatever the file around them looks like."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
