"""Compares a student's module with torch's network, whatever layout its weights have.

The model answer may keep its weights in any layout. Which of its numbers is which of torch's is
found by its responses, see `rnn_course.checks.identify`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import nn

from rnn_course.checks import identify
from rnn_course.checks.requests import Anatomy, Build, Inspect, Outcome, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.courseworks.recipes.recipe import SEED, Arrays, Tensors, given_under, labelled
from rnn_course.errors import CheckError
from rnn_course.seeding import numpy_generator

_ATTEMPTS, _PROBES = 20, 16
Inputs = Callable[[np.random.Generator, int], list[np.ndarray]]


@dataclass(frozen=True)
class Module:
    """A class that a student writes, and torch's network that does the same.

    Attributes:
        name: of the student's class.
        args: of its constructor.
        make: builds torch's network.
        inputs: draws a number of rows of its inputs.
        keywords: of the call that is compared; its logits alone come without them.
        parts: how many of the parts it returns are compared; None where it returns one tensor.
        paired: whether the inputs after the first are handed over as one pair.
    """

    name: str
    args: tuple
    make: Callable[[], nn.Module]
    inputs: Inputs
    keywords: Mapping[str, Any] = field(default_factory=dict)
    parts: int | None = None
    paired: bool = False

    @property
    def build(self) -> Build:
        """Describe how the student's is made."""
        return Build(self.name, self.args)

    def network(self, dtype: torch.dtype = torch.float64, device: Any = "cpu") -> nn.Module:
        """Build torch's; its parameters are not set, so nothing is drawn."""
        with torch.device("meta"):
            network = self.make()
        return network.to_empty(device=device).to(dtype)

    def handed(self, inputs: list[np.ndarray]) -> tuple:
        """Arrange inputs as the student's class takes them."""
        return (inputs[0], tuple(inputs[1:])) if self.paired else tuple(inputs)

    def draw(self, seed: int, *address: str) -> Arrays:
        """Draw inputs, and weights of torch's network."""
        rng = numpy_generator(seed, *address)
        inputs = self.inputs(rng, 2)
        shapes = _shapes(self.network())
        weights = {name: rng.uniform(-0.7, 0.7, shape) for name, shape in shapes.items()}
        return {**labelled("input", dict(enumerate(inputs))), **labelled("torch", weights)}

    def oracle(self, given: Tensors) -> Tensors:
        """Run torch's network; ``gradient/…`` are those of the sum of all outputs."""
        weights = given_under("torch", given)
        like = next(iter(weights.values()))
        network = self.network(like.dtype, like.device)
        with torch.no_grad():
            for name, parameter in network.named_parameters():
                parameter.copy_(weights[name])
        inputs = [x.detach().clone() for x in given_under("input", given).values()]
        leaves = {f"input/{k}": x for k, x in enumerate(inputs) if x.is_floating_point()}
        for leaf in leaves.values():
            leaf.requires_grad_()
        outputs = network(*inputs)
        leaves |= labelled("torch", dict(network.named_parameters()))
        total = torch.stack([output.sum() for output in outputs]).sum()
        found = torch.autograd.grad(total, list(leaves.values()))
        gradients = dict(zip(leaves, found, strict=True))
        return {**labelled("output", dict(enumerate(outputs))), **labelled("gradient", gradients)}

    def answer(self, subject: Subject, given: Arrays) -> Arrays:
        """Run the model answer with torch's weights, in its own layout.

        Raises:
            CheckError: there is no such class, or it does not do what torch's network does.
        """
        anatomy = subject.ask(Inspect(self.build))
        if not isinstance(anatomy, Anatomy):
            raise CheckError(f"a class {self.name}", str(anatomy), "Mend the model answer.")
        order = self._correspondence(subject, anatomy)
        weights = given_under("torch", given)
        shapes = {name: tuple(shape) for name, shape, _ in anatomy.parameters}
        parameters = identify.arranged(order, weights.values(), list(shapes.items()))
        outcome = self._run(subject, list(given_under("input", given).values()), parameters)
        outputs = plain(outcome.value) if self.parts else (plain(outcome.value),)
        found = outcome.gradients["parameters"]
        by_answer = np.concatenate([found[name].ravel() for name in shapes])
        torchs = identify.cut(by_answer[order], [(name, w.shape) for name, w in weights.items()])
        reached = [g for part in outcome.gradients["inputs"] for g in _leaves(part)]
        return {
            **labelled("parameter", parameters),
            **labelled("output", dict(enumerate(outputs[: self.parts]))),
            **{f"gradient/input/{k}": g for k, g in enumerate(reached) if g is not None},
            **labelled("gradient/torch", torchs),
        }

    def _run(self, subject: Subject, inputs: list[np.ndarray], parameters: Arrays) -> Outcome:
        outputs = self.network()(*(torch.from_numpy(x) for x in inputs))
        ones = tuple(np.ones(output.shape) for output in outputs)
        case = Pass(
            self.handed(inputs),
            dict(self.keywords),
            parameters=parameters,
            cotangents=ones if self.parts else ones[0],
        )
        (outcome,) = subject.ask(Run(self.build, (case,)))
        if outcome.error:
            raise CheckError(
                f"outputs of {self.name}", str(outcome.error), "Mend the model answer."
            )
        return outcome

    def _correspondence(self, subject: Subject, anatomy: Anatomy) -> np.ndarray:
        """Find for each of torch's numbers the index of the answer's.

        Raises:
            CheckError: there is none; a rectifier may hide some of them, so that is tried often.
        """
        for attempt in range(_ATTEMPTS):
            rng = numpy_generator(SEED, "correspondence", self.name, repr(self.args), attempt)
            network, inputs = self.network(), self.inputs(rng, _PROBES)
            tensors = tuple(torch.from_numpy(x) for x in inputs)
            cotangents = rng.normal(0, 1, network(*tensors)[0].shape)
            part = 0 if self.parts and not self.keywords else None
            asked = self.build, anatomy, self.handed(inputs), cotangents, part
            wanted = identify.oracle(_shapes(network), _first(network, tensors), cotangents)
            order = identify.correspondence(identify.student(subject, *asked), wanted, rng)
            if order is not None:
                return order
        raise CheckError(
            f"{self.name}{self.args} to compute what torch's network does",
            "no correspondence of their parameters",
            "Run the check of this question and mend the model answer.",
        )


def _first(network: nn.Module, inputs: tuple) -> Callable[[Mapping[str, Any]], torch.Tensor]:
    """Return a function from parameters to the first output."""
    return lambda named: torch.func.functional_call(network, dict(named), inputs)[0]


def _shapes(network: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(p.shape) for name, p in network.named_parameters()}


def _leaves(part: Any) -> tuple[np.ndarray, ...]:
    return part if isinstance(part, tuple) else (part,)
