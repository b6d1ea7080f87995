"""Finds out which number in a student's module is which number of an oracle, by responses alone.

Two networks of one family respond alike once their parameters correspond; names, shapes and order
do not matter. The correspondence is found as graph isomorphism is: all parameters start with one
value; those whose gradients agree stay together, those whose gradients differ part; equal groups
then get values of their own, and so on. Where hidden units are interchangeable, one is picked.

References:
    McKay and Piperno, Practical graph isomorphism II, Journal of Symbolic Computation 60, 2014
    (colour refinement and individualisation).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from rnn_course.checks.generic import close
from rnn_course.checks.requests import Anatomy, Build, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain

Layout = Sequence[tuple[str, tuple[int, ...]]]
"""Name and shape of each parameter."""

Respond = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
"""Values of all parameters (N,) -> output, and the gradient of a fixed weighting of it (N,)."""

_ROUNDS = 40
_DRAWS = 20  # at most, of all parameters, to see which of them are read
_PATIENCE = 3  # rounds that tell nothing: a rectifier hides what lies behind it from some draws
_GAP = 1e-9


@dataclass(frozen=True)
class Network:
    """Something with parameters that can be asked how it responds.

    Attributes:
        size: how many numbers its parameters are, in all.
        respond: see `Respond`; None for the output where it failed.
    """

    size: int
    respond: Respond


def student(
    subject: Subject,
    build: Build,
    anatomy: Anatomy,
    inputs: tuple,
    cotangents: np.ndarray,
    part: int | None = None,
) -> Network:
    """Make a `Network` of a student's module, for fixed inputs and weights of its output.

    Args:
        part: which part of its output counts, where it returns several.
    """
    layout = [(name, shape) for name, shape, _ in anatomy.parameters]
    sizes = {name: int(np.prod(shape)) for name, shape in layout}
    weights = cotangents if part is None else (*[None] * part, cotangents)

    def respond(values: np.ndarray) -> tuple[Any, np.ndarray]:
        case = Pass(inputs, parameters=cut(values, layout), cotangents=weights)
        (outcome,) = subject.ask(Run(build, (case,)))
        if outcome.error or outcome.gradients is None:
            return None, np.zeros(values.size)
        found = outcome.gradients["parameters"]
        flat = [
            np.zeros(size) if found.get(name) is None else found[name].ravel()
            for name, size in sizes.items()
        ]
        output = plain(outcome.value)
        return output if part is None else output[part], np.concatenate(flat)

    return Network(sum(sizes.values()), respond)


def cut(flat: np.ndarray, layout: Layout) -> dict[str, np.ndarray]:
    """Cut the numbers of all parameters, one after another, into the parameters."""
    sizes = [int(np.prod(shape)) for _, shape in layout]
    parts = np.split(flat, np.cumsum(sizes)[:-1])
    return {
        name: np.ascontiguousarray(part.reshape(shape))
        for (name, shape), part in zip(layout, parts, strict=True)
    }


def arranged(
    order: np.ndarray, values: Iterable[np.ndarray], layout: Layout
) -> dict[str, np.ndarray]:
    """Return an oracle's values as a student's parameters; what nothing reads is zero.

    Args:
        order: see `correspondence`.
        values: of the oracle's parameters, in their order.
        layout: name and shape of each of the student's.
    """
    flat = np.zeros(sum(int(np.prod(shape)) for _, shape in layout))
    flat[order] = np.concatenate([np.ravel(value) for value in values])
    return cut(flat, layout)


def oracle(
    shapes: Mapping[str, tuple[int, ...]],
    forward: Callable[[Mapping[str, torch.Tensor]], torch.Tensor],
    cotangents: np.ndarray,
) -> Network:
    """Make a `Network` of a function of named float64 tensors."""
    sizes = {name: int(np.prod(shape)) for name, shape in shapes.items()}
    weights = torch.from_numpy(cotangents)

    def respond(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        flat = torch.from_numpy(np.array(values)).requires_grad_()
        parts = torch.split(flat, list(sizes.values()))
        named = {name: p.reshape(shapes[name]) for name, p in zip(shapes, parts, strict=True)}
        with torch.enable_grad():
            output = forward(named)
            (gradient,) = torch.autograd.grad((output * weights).sum(), flat)
        return output.detach().numpy(), gradient.numpy()

    return Network(sum(sizes.values()), respond)


def correspondence(
    given: Network, wanted: Network, rng: np.random.Generator, *, singly: bool = False
) -> np.ndarray | None:
    """Find the permutation of parameters that makes two networks respond alike, outputs and all.

    Args:
        given: the student's.
        wanted: the oracle.
        rng: draws the values tried.
        singly: go on until every parameter stands alone, and try a pairing only then. The oracle
            is asked the same then, whatever the student's is like, so it may be a recording.

    Returns:
        For each of the oracle's numbers the index of the student's; None if there is no such
        correspondence. Parameters of the student's that nothing reads are left out.
    """
    if given.size < wanted.size:
        return None
    apart = rng.spawn(1)[0]  # draws what depends on how many parameters the student's has
    used = _used(given, apart, wanted.size)
    if used.size != wanted.size:
        return None
    size, colours, quiet = wanted.size, np.zeros(2 * wanted.size, int), 0
    for _ in range(_ROUNDS if not singly else _ROUNDS + _PATIENCE * size):
        values = rng.uniform(-0.8, 0.8, colours.max() + 1)
        ours, theirs = values[colours[:size]], values[colours[size:]]
        response = _joined(given, used, ours, wanted, theirs)
        if response is None:
            return None
        refined = _refined(colours, response)
        ours_now, theirs_now = np.split(refined, 2)
        if not np.array_equal(np.sort(ours_now), np.sort(theirs_now)):
            return None
        if refined.max() > colours.max():
            colours, quiet = refined, 0
            continue
        alone = colours.max() + 1 == size
        if alone or not singly:
            order = _paired(colours, used)
            if _verified(given, wanted, order, rng, apart):
                return order
            if alone:
                return None
        quiet += 1
        if not singly or quiet == _PATIENCE:
            colours, quiet = _individualised(colours), 0
    return None


def _used(given: Network, rng: np.random.Generator, wanted: int) -> np.ndarray:
    """Return the parameters that are read; a rectifier hides some of them from one draw."""
    used = np.zeros(given.size, bool)
    for draw in range(_DRAWS):
        used |= given.respond(rng.uniform(-0.8, 0.8, given.size))[1] != 0
        if draw and used.sum() >= wanted:
            break
    return np.flatnonzero(used)


def _joined(
    given: Network, used: np.ndarray, ours: np.ndarray, wanted: Network, theirs: np.ndarray
) -> np.ndarray | None:
    """Return the gradients of both, one after the other; None where the outputs differ."""
    values = np.zeros(given.size)
    values[used] = ours
    output, gradient = given.respond(values)
    expected, wanted_gradient = wanted.respond(theirs)
    if output is None or not close(output, expected):
        return None
    return np.concatenate([gradient[used], wanted_gradient])


def _refined(colours: np.ndarray, response: np.ndarray) -> np.ndarray:
    """Split every colour where the responses of its members differ."""
    order = np.lexsort((response, colours))
    gap = _GAP * max(1.0, float(np.abs(response).max()))
    new = (np.diff(colours[order]) > 0) | (np.diff(response[order]) > gap)
    refined = np.empty_like(colours)
    refined[order] = np.concatenate([[0], np.cumsum(new)])
    return refined


def _paired(colours: np.ndarray, used: np.ndarray) -> np.ndarray:
    ours, theirs = np.split(colours, 2)
    order = np.empty(used.size, int)
    order[np.argsort(theirs, kind="stable")] = used[np.argsort(ours, kind="stable")]
    return order


def _individualised(colours: np.ndarray) -> np.ndarray:
    """Give one member of the largest colour, on either side, a colour of its own."""
    largest = np.bincount(colours).argmax()
    members = np.flatnonzero(colours == largest)
    individual = colours.copy()
    individual[[members[0], members[members.size // 2]]] = colours.max() + 1
    return individual


def _verified(
    given: Network,
    wanted: Network,
    order: np.ndarray,
    rng: np.random.Generator,
    apart: np.random.Generator,
) -> bool:
    theirs = rng.uniform(-0.8, 0.8, wanted.size)
    values = apart.uniform(-0.8, 0.8, given.size)
    values[order] = theirs
    output, gradient = given.respond(values)
    expected, wanted_gradient = wanted.respond(theirs)
    return close(output, expected) and close(gradient[order], wanted_gradient, 1e-8)
