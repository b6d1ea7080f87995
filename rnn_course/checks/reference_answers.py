"""Makes the references from the model answers, which only a checkout of the course has."""

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file

from rnn_course.checks import identify
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.reference_networks import Recipe, recipes
from rnn_course.checks.references import FOLDER, compare, content_hash, path_of
from rnn_course.checks.requests import Anatomy, Build, Case, Inspect, Outcome, Run
from rnn_course.checks.values import plain
from rnn_course.data.cache import atomic_file
from rnn_course.errors import CheckError
from rnn_course.seeding import numpy_generator

SEED = 2024
_ATTEMPTS, _PROBES = 20, 16
NOTEBOOK = Path("solutions/cw2_speech_commands/speech_commands.ipynb")


def rebuild(notebook: Path = NOTEBOOK, folder: Path = FOLDER) -> list[Path]:
    """Write all references anew from the model answers.

    Args:
        notebook: with the model answers.
        folder: where the references go.

    Returns:
        The files written.

    Raises:
        CheckError: there is no such notebook, or an answer is not torch's network.
    """
    namespace = definitions(notebook)
    written = []
    for recipe in recipes():
        answer = Answer.of(namespace, recipe)
        inputs, weights = recipe.draw(SEED)
        arrays = answer.reference(inputs, weights)
        header = {
            "torch": torch.__version__,
            "device": "cpu",
            "dtype": "float64",
            "seed": str(SEED),
            "class": recipe.name,
            "arguments": json.dumps(recipe.args),
            "content": content_hash(arrays),
        }
        with atomic_file(path_of(folder, recipe)) as partial:
            save_file(arrays, partial, metadata=header)
        written.append(path_of(folder, recipe))
    return written


def spread(
    device: str = "cpu", seeds: int = 50, notebook: Path = NOTEBOOK
) -> dict[tuple[str, str], float]:
    """Measure how far torch's networks on a device are from the model answers in float64.

    Args:
        device: torch's name of it.
        seeds: how many draws of weights and inputs for each network.
        notebook: with the model answers.

    Returns:
        The largest difference for each device type and dtype: what the tolerances rest on.
    """
    namespace = definitions(notebook)
    largest: dict[tuple[str, str], float] = {}
    for recipe in recipes():
        answer = Answer.of(namespace, recipe)
        for seed in range(seeds):
            stored = answer.reference(*recipe.draw(seed))
            for dtype in ("float64", "float32"):
                key = (torch.device(device).type, dtype)
                gap = compare(recipe, stored, device, dtype)
                largest[key] = max(largest.get(key, 0.0), gap)
    return largest


def definitions(notebook: Path) -> dict[str, Any]:
    """Execute what a notebook defines, its classes and functions, and nothing else.

    Raises:
        CheckError: there is no such notebook.
    """
    if not notebook.is_file():
        raise CheckError(
            f"the notebook {notebook}", "no such file", "Run it in a checkout of the repository."
        )
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        try:
            tree = ast.parse("".join(cell["source"]))
        except SyntaxError:  # a cell of shell commands
            continue
        if cell["id"] != "setup" and not any(isinstance(n, ast.ClassDef) for n in tree.body):
            continue
        kept = [node for node in tree.body if _defines(node)]
        exec(compile(ast.Module(kept, []), f"<{cell['id']}>", "exec"), namespace)
    return namespace


def _defines(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return isinstance(node.value, ast.Dict)
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef))


@dataclass(frozen=True)
class Answer:
    """A model answer whose parameters are known to be those of torch's network.

    Attributes:
        shapes: of its parameters, by name.
        order: for each number of torch's parameters the index of the answer's.
    """

    subject: LocalSubject
    recipe: Recipe
    shapes: Mapping[str, tuple[int, ...]]
    order: np.ndarray

    @classmethod
    def of(cls, namespace: Mapping[str, Any], recipe: Recipe) -> "Answer":
        """Find the correspondence.

        Raises:
            CheckError: there is none.
        """
        subject, build = LocalSubject(namespace), Build(recipe.name, recipe.args)
        anatomy = subject.ask(Inspect(build))
        if not isinstance(anatomy, Anatomy):
            raise CheckError(f"a class {recipe.name}", str(anatomy), "Mend the model answer.")
        shapes = {name: tuple(shape) for name, shape, _ in anatomy.parameters}
        for attempt in range(_ATTEMPTS):
            order = _correspondence(subject, recipe, anatomy, attempt)
            if order is not None:
                return cls(subject, recipe, shapes, order)
        raise CheckError(
            f"{recipe.name} to compute what torch's network does ({recipe.case})",
            "no correspondence of their parameters",
            "Run the check of this question and mend the model answer.",
        )

    def reference(
        self, inputs: list[np.ndarray], weights: Mapping[str, np.ndarray]
    ) -> dict[str, np.ndarray]:
        """Run the answer with weights that are given in torch's layout.

        Returns:
            ``input/0`` …, ``torch/<name>``, ``parameter/<name>`` in the answer's layout,
            ``output/0`` …, and for the sum of all outputs ``gradient/input/0`` … and
            ``gradient/torch/<name>``.
        """
        flat = np.zeros(len(self.order))
        flat[self.order] = np.concatenate([weight.ravel() for weight in weights.values()])
        parameters = _cut(flat, self.shapes)
        outcome = self._run(inputs, parameters)
        outputs = plain(outcome.value)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        found = outcome.gradients
        by_answer = np.concatenate([found["parameters"][name].ravel() for name in self.shapes])
        shapes = {name: weight.shape for name, weight in weights.items()}
        reached = [g for part in found["inputs"] for g in _leaves(part)]
        return {
            **_labelled("input", inputs),
            **{f"torch/{name}": weight for name, weight in weights.items()},
            **{f"parameter/{name}": value for name, value in parameters.items()},
            **_labelled("output", outputs),
            **_labelled("gradient/input", reached),
            **{
                f"gradient/torch/{name}": value
                for name, value in _cut(by_answer[self.order], shapes).items()
            },
        }

    def _run(self, inputs: list[np.ndarray], parameters: Mapping[str, np.ndarray]) -> Outcome:
        ones = np.ones(self.recipe.output)
        case = Case(
            self.recipe.handed(inputs),
            parameters=parameters,
            cotangents=(ones, ones) if self.recipe.paired else ones,
        )
        (outcome,) = self.subject.ask(Run(Build(self.recipe.name, self.recipe.args), (case,)))
        if outcome.error:
            raise CheckError(f"outputs of {self.recipe.name}", str(outcome.error), "Mend it.")
        return outcome


def _correspondence(
    subject: LocalSubject, recipe: Recipe, anatomy: Anatomy, attempt: int
) -> np.ndarray | None:
    """Find which of the answer's numbers is which of torch's; a rectifier may hide some."""
    rng = numpy_generator(SEED, "correspondence", recipe.question, recipe.case, attempt)
    inputs = [rng.normal(0, 1, (_PROBES, *shape[1:])) for shape in recipe.inputs]
    cotangents = rng.normal(0, 1, (_PROBES, *recipe.output[1:]))
    shapes = {name: tuple(p.shape) for name, p in recipe.network().named_parameters()}
    network, tensors = recipe.network(), [torch.from_numpy(x) for x in inputs]
    build, part = Build(recipe.name, recipe.args), 0 if recipe.paired else None
    handed = recipe.handed(inputs)
    given = identify.student(subject, build, anatomy, handed, cotangents, part)
    wanted = identify.oracle(
        shapes,
        lambda named: torch.func.functional_call(network, dict(named), tuple(tensors))[0],
        cotangents,
    )
    return identify.correspondence(given, wanted, rng)


def _cut(flat: np.ndarray, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, np.ndarray]:
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes.values()])
    parts = np.split(flat, ends[:-1])
    return {
        name: np.ascontiguousarray(part.reshape(shape))
        for (name, shape), part in zip(shapes.items(), parts, strict=True)
    }


def _labelled(label: str, arrays: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    return {f"{label}/{index}": array for index, array in enumerate(arrays)}


def _leaves(part: Any) -> tuple[np.ndarray, ...]:
    return part if isinstance(part, tuple) else (part,)
