"""Stored inputs, parameters and outputs of the code questions, and how machines differ from them.

A reference is made by the model answer in float64 on a CPU. `courseworks.recipes` says what torch
makes of the same inputs, so any machine with torch can be compared with it, and no model
answer is needed. TF32, which rounds the factors of a float32 product to 10 bits, is off while
comparing.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.table import Table

from rnn_course.courseworks.recipes import RECIPES, WITHOUT
from rnn_course.courseworks.recipes.recipe import Arrays, Recipe
from rnn_course.courseworks.reference_files import FOLDER, load


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


_CAPTION = "\n".join(["None for:", *(f"{name}: {why}" for name, why in WITHOUT.items())])
_SEEN = "torch 2.13.0, x86-64, 50 seeds a reference"
_UNSEEN = "not measured, no CUDA device was at hand: ten times the CPU's limit"
TOLERANCES = {
    ("cpu", "float64"): Tolerance(1e-14, 1.6e-15, _SEEN),
    ("cpu", "float32"): Tolerance(1e-5, 9.3e-7, _SEEN),
    ("cuda", "float64"): Tolerance(1e-13, None, _UNSEEN),
    ("cuda", "float32"): Tolerance(1e-4, None, _UNSEEN),
}


@dataclass(frozen=True)
class Row:
    """One comparison.

    Attributes:
        reference: coursework, question and case.
        difference: largest difference of outputs and gradients, relative to the largest number.
    """

    reference: str
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
        """Return a table for a terminal: a line a reference, a column a dtype."""
        dtypes = list(dict.fromkeys(row.dtype for row in self.rows))
        by_name = {(row.reference, row.dtype): row for row in self.rows}
        table = Table(title=f"References on {self.rows[0].device}", caption=_CAPTION)
        table.caption_justify = "left"
        for heading in ("reference", *dtypes, "ok"):
            table.add_column(heading, no_wrap=True)
        for name in dict.fromkeys(row.reference for row in self.rows):
            rows = [by_name[name, dtype] for dtype in dtypes]
            ok = "yes" if all(row.ok for row in rows) else "NO"
            table.add_row(name, *(f"{row.difference:.1e}" for row in rows), ok)
        table.add_section()
        table.add_row("tolerance", *(f"{row.tolerance:.0e}" for row in rows), "")
        return table


def verify(device: str = "cpu", folder: Path = FOLDER) -> Comparison:
    """Compare what torch computes on a device with the stored references.

    Args:
        device: torch's name of it.
        folder: where the references are.

    Raises:
        CheckError: a reference is missing, or is not what it was when it was written.
    """
    rows = []
    for recipe in RECIPES:
        stored, _ = load(folder, recipe)
        for dtype in ("float64", "float32"):
            tolerance = TOLERANCES[torch.device(device).type, dtype].limit
            gap = compare(recipe, stored, device, dtype)
            rows.append(Row(recipe.name, device, dtype, gap, tolerance))
    return Comparison(tuple(rows))


def compare(recipe: Recipe, stored: Arrays, device: str, dtype: str) -> float:
    """Let torch compute what a reference holds; return how far the results are off."""
    given = {
        name: _tensor(array, device, getattr(torch, dtype))
        for name, array in stored.items()
        if name.startswith(("input/", "parameter/", "torch/"))
    }
    with _exact_products():
        found = recipe.oracle(given)
    return _gap({name: t.detach().cpu().double().numpy() for name, t in found.items()}, stored)


def _tensor(array: np.ndarray, device: str, dtype: torch.dtype) -> torch.Tensor:
    tensor = torch.from_numpy(array).to(device)
    return tensor.to(dtype) if tensor.is_floating_point() else tensor


@contextmanager
def _exact_products() -> Iterator[None]:
    """Switch TF32 off, in matrix products and in cuDNN's recurrent layers."""
    before = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    try:
        yield
    finally:
        torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = before


def _gap(found: Arrays, stored: Arrays) -> float:
    """Return the largest difference, each array's relative to its largest number or to 1.

    Whole numbers have no tolerance, and NaN is never right.
    """
    results = {name for name in stored if name.startswith(("output/", "gradient/"))}
    if results != set(found):
        return math.inf
    return max(_distance(found[name], stored[name]) for name in results)


def _distance(found: np.ndarray, stored: np.ndarray) -> float:
    if found.shape != stored.shape:
        return math.inf
    if stored.dtype.kind in "iu":
        return 0.0 if np.array_equal(found, stored) else math.inf
    gap = float(np.abs(found - stored).max() / max(1.0, np.abs(stored).max()))
    return math.inf if math.isnan(gap) else gap
