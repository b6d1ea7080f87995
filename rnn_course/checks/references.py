"""Stored inputs, parameters and outputs of every code question, and how machines differ from them.

A reference is made by the model answer in float64 on a CPU, and holds the same weights in the
layout of torch's own network, so that any machine with torch can be compared with it. TF32, which
rounds the factors of a float32 product to 10 bits, is off while comparing.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.table import Table
from safetensors.numpy import load_file

from rnn_course.checks.reference_networks import Recipe, recipes, run
from rnn_course.errors import CheckError

FOLDER = Path(__file__).with_name("references") / "cw2_speech_commands"

_REBUILD = "Run: rnn-course references --rebuild"


@dataclass(frozen=True)
class Tolerance:
    """How far a result may be from its reference, relative to the reference's largest number.

    Attributes:
        limit: the tolerance.
        spread: the largest difference that `reference_answers.spread` saw, None where no machine
            was at hand.
        seen: on what it was seen.
    """

    limit: float
    spread: float | None
    seen: str


_UNSEEN = "not measured, no CUDA device was at hand: ten times the CPU's limit"
TOLERANCES = {
    ("cpu", "float64"): Tolerance(1e-14, 7.3e-16, "torch 2.13.0, x86-64, 50 seeds a network"),
    ("cpu", "float32"): Tolerance(1e-5, 6.3e-7, "torch 2.13.0, x86-64, 50 seeds a network"),
    ("cuda", "float64"): Tolerance(1e-13, None, _UNSEEN),
    ("cuda", "float32"): Tolerance(1e-4, None, _UNSEEN),
}


@dataclass(frozen=True)
class Row:
    """One comparison.

    Attributes:
        difference: largest difference of outputs and gradients, relative to the largest number.
    """

    question: str
    case: str
    device: str
    dtype: str
    difference: float
    tolerance: float

    @property
    def ok(self) -> bool:
        """Whether the difference is within the tolerance."""
        return self.difference <= self.tolerance


@dataclass(frozen=True)
class Comparison:
    """All comparisons on one device."""

    rows: tuple[Row, ...]

    @property
    def ok(self) -> bool:
        """Whether all are within their tolerances."""
        return all(row.ok for row in self.rows)

    def table(self) -> Table:
        """Return a table for a terminal."""
        table = Table(title="References")
        for heading in ("question", "case", "device", "dtype", "difference", "tolerance", "ok"):
            table.add_column(heading)
        for row in self.rows:
            numbers = (f"{row.difference:.1e}", f"{row.tolerance:.0e}", "yes" if row.ok else "NO")
            table.add_row(row.question, row.case, row.device, row.dtype, *numbers)
        return table


def verify(device: str = "cpu", folder: Path = FOLDER) -> Comparison:
    """Compare torch's networks on a device with the stored references.

    Args:
        device: torch's name of it.
        folder: where the references are.

    Raises:
        CheckError: a reference is missing, or is not what it was when it was written.
    """
    rows = []
    for recipe in recipes():
        stored, _ = load(folder, recipe)
        for dtype in ("float64", "float32"):
            tolerance = TOLERANCES[torch.device(device).type, dtype].limit
            gap = compare(recipe, stored, device, dtype)
            rows.append(Row(recipe.question, recipe.case, device, dtype, gap, tolerance))
    return Comparison(tuple(rows))


def load(folder: Path, recipe: Recipe) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Read a reference: its arrays and its header.

    Raises:
        CheckError: it is missing, or its content is not what its header says.
    """
    path = path_of(folder, recipe)
    if not path.is_file():
        raise CheckError(
            f"a reference at {path}", "no file", "Run: rnn-course references --rebuild"
        )
    arrays = load_file(path)
    raw = path.read_bytes()
    header = json.loads(raw[8 : 8 + int.from_bytes(raw[:8], "little")])["__metadata__"]
    if content_hash(arrays) != header.get("content"):
        raise CheckError(
            f"the content of {path} to have the hash {header.get('content')}",
            content_hash(arrays),
            f"Restore the file, or in a checkout: {_REBUILD}",
        )
    return arrays, header


def content_hash(arrays: Mapping[str, np.ndarray]) -> str:
    """Hash names, shapes and numbers, whatever the file around them looks like."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def path_of(folder: Path, recipe: Recipe) -> Path:
    """Return the file of a reference."""
    return folder / f"{recipe.question}-{recipe.case.lower()}.safetensors"


def compare(recipe: Recipe, stored: Mapping[str, np.ndarray], device: str, dtype: str) -> float:
    """Run torch's network with stored weights and inputs; return how far its results are off."""
    network = recipe.network(getattr(torch, dtype), device)
    weights = {
        name.removeprefix("torch/"): array
        for name, array in stored.items()
        if name.startswith("torch/")
    }
    count = sum(name.startswith("input/") for name in stored)
    with _exact_products():
        found = run(network, weights, [stored[f"input/{k}"] for k in range(count)])
    return _gap(found, stored)


@contextmanager
def _exact_products() -> Iterator[None]:
    """Switch TF32 off, in matrix products and in cuDNN's recurrent layers."""
    before = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    try:
        yield
    finally:
        torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = before


def _gap(found: Mapping[str, np.ndarray], stored: Mapping[str, np.ndarray]) -> float:
    """Return the largest difference, each array's relative to its largest number or to 1."""
    gaps = [
        np.abs(array - stored[name]).max() / max(1.0, np.abs(stored[name]).max())
        for name, array in found.items()
    ]
    return float(np.max(np.nan_to_num(gaps, nan=math.inf)))
