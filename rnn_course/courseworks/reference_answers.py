"""Makes the references from the model answers, which only a checkout of the course has."""

import ast
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import torch
from IPython.core.inputtransformer2 import TransformerManager

from rnn_course.checks.courses import located
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.subject import Subject
from rnn_course.courseworks.recipes import RECIPES
from rnn_course.courseworks.recipes.recipe import Arrays, Recipe
from rnn_course.courseworks.reference_files import FOLDER, store
from rnn_course.courseworks.references import TOLERANCES, compare
from rnn_course.errors import CheckError

SOLUTIONS = Path("solutions")
_DEFINITIONS = (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef)


def rebuild(solutions: Path = SOLUTIONS, folder: Path = FOLDER) -> list[Path]:
    """Write all references anew from the model answers.

    Args:
        solutions: holds the notebooks with the model answers.
        folder: where the references go.

    Returns:
        The files written.

    Raises:
        CheckError: a notebook is missing, or an answer is not what torch computes.
    """
    subjects = _subjects(solutions)
    made = {r: reference(subjects[r.coursework], r, r.seed) for r in RECIPES}
    return [store(folder, recipe, arrays) for recipe, arrays in made.items()]


def spread(
    device: str = "cpu", seeds: int = 50, solutions: Path = SOLUTIONS
) -> dict[tuple[str, str], tuple[float, str]]:
    """Measure how far torch on a device is from the model answers in float64.

    Args:
        device: torch's name of it.
        seeds: how many draws for each reference.
        solutions: holds the notebooks with the model answers.

    Returns:
        For each device type and dtype the largest difference, which the tolerances rest on, and
        where it was seen.
    """
    subjects = _subjects(solutions)
    largest: dict[tuple[str, str], tuple[float, str]] = {}
    for recipe in RECIPES:
        for seed in range(seeds):
            arrays = _answered(subjects[recipe.coursework], recipe, seed)
            for dtype in ("float64", "float32"):
                key = (torch.device(device).type, dtype)
                seen = compare(recipe, arrays, device, dtype), f"{recipe.name}, seed {seed}"
                largest[key] = max(largest.get(key, seen), seen)
    return largest


def reference(subject: Subject, recipe: Recipe, seed: int) -> Arrays:
    """Let a model answer compute a reference, and torch look over its shoulder.

    Raises:
        CheckError: they do not agree.
    """
    arrays = _answered(subject, recipe, seed)
    gap, limit = compare(recipe, arrays, "cpu", "float64"), TOLERANCES["cpu", "float64"].limit
    if gap > limit:
        raise CheckError(
            f"{recipe.calls} of {recipe.name} to agree with torch to {limit:.0e}",
            f"a difference of {gap:.1e}",
            "Run the check of this question and mend the model answer.",
        )
    return arrays


def _answered(subject: Subject, recipe: Recipe, seed: int) -> Arrays:
    given = recipe.draw(seed)
    return {**given, **recipe.answer(subject, given)}


def _subjects(solutions: Path) -> dict[str, LocalSubject]:
    """Open the model answers of every coursework that has references."""
    asked: dict[str, set[str]] = {}
    for recipe in RECIPES:
        asked.setdefault(recipe.coursework, set()).add(recipe.question)
    notebooks = {name: located(name, solutions.parent).notebook for name in asked}
    return {name: LocalSubject(definitions(notebooks[name], asked[name])) for name in asked}


def definitions(notebook: Path, whole: Collection[str] = ()) -> dict[str, Any]:
    """Execute what a notebook imports and defines, and nothing else.

    Args:
        notebook: with the model answers.
        whole: ids of cells that are executed from the first line to the last.

    Raises:
        CheckError: there is no such notebook.
    """
    if not notebook.is_file():
        raise CheckError(
            f"the notebook {notebook}", "no such file", "Run it in a checkout of the repository."
        )
    namespace: dict[str, Any] = {"__name__": "__main__"}
    python = TransformerManager().transform_cell  # of lines such as %pip
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        body = ast.parse(python("".join(cell["source"]))).body
        kept = [node for node in body if cell["id"] in whole or isinstance(node, _DEFINITIONS)]
        exec(compile(ast.Module(kept, []), f"<{cell['id']}>", "exec"), namespace)
    return namespace
