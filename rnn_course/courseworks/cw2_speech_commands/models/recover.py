"""Finds which role each parameter of a model plays, from gradients alone.

All parameters equal: every unit of a layer is like every other, and the gradient of a parameter
tells its layer, gate and kind, but not its unit. Then the units of a layer are told apart by one
weight each (which unit is called the first is free), classes of parameters that are still alike
get a common random value, and the gradients are compared again, until every parameter has its
role. This is colour refinement; it knows nothing of names, shapes or order.

Most models keep the weights of a kind in torch's order. So that is tried first, at the price of
nothing: who compares with torch's network at random weights anyway sees whether it is so.

References:
    Weisfeiler and Leman (1968), The reduction of a graph to canonical form.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch

from rnn_course.courseworks.cw2_speech_commands.models.roles import Block, Roles
from rnn_course.seeding import numpy_generator

TOLERANCE = 1e-11  # relative to the largest gradient
_ROUNDS = 10
_TRIES = 12

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Probe:
    """An input and a cotangent; the gradient under it is a parameter's signature.

    Attributes:
        x: (B, T, D).
        cotangent: (B, K).
    """

    x: Array
    cotangent: Array


@dataclass(frozen=True)
class Response:
    """What a model answers to a probe.

    Attributes:
        logits: (B, K).
        gradients: (P,), of all parameters, flattened in the order of their names.
    """

    logits: Array
    gradients: Array


Ask = Callable[[Array, Probe], Response]
Stream = tuple[int | str, ...]  # address of random numbers; see `seeding`


@dataclass(frozen=True)
class Cast:
    """Which role each parameter plays.

    Attributes:
        role: (P,) index of the role, -1 for a parameter that nothing reads.
    """

    roles: Roles
    role: Array

    def parameters(self, values: Array) -> Array:
        """Spread role values over the parameters that are added up in each; unread ones get 1."""
        return np.where(self.role < 0, 1.0, (values / self.roles.copies())[self.role])


@dataclass(frozen=True)
class Stuck:
    """Why no cast was found: parameters and roles whose gradients have no partner.

    Attributes:
        foreign: gradients (P',) of parameters that play no single role.
        missing: the blocks of roles that no parameter plays.
        signatures: (n,) gradients of all roles at this point, all parameters equal.
        role: (P,) the class each parameter was given before it got stuck, as in `Cast`.
    """

    foreign: Array
    missing: tuple[Block, ...]
    signatures: Array
    role: Array


def signature(roles: Roles, values: Array, probe: Probe) -> Response:
    """Answer a probe with torch's network; gradients are those of a single parameter."""
    return _signature(roles, values.tobytes(), probe)


@lru_cache(maxsize=1024)
def _signature(roles: Roles, values: bytes, probe: Probe) -> Response:
    weights = torch.tensor(np.frombuffer(values), requires_grad=True)
    logits = roles.logits(weights, torch.from_numpy(probe.x))
    total = (logits * torch.from_numpy(probe.cotangent)).sum()
    (gradient,) = torch.autograd.grad(total, weights)
    return Response(logits.detach().numpy(), gradient.numpy())


def draw_probe(roles: Roles, stream: Stream, values: Array, B: int = 3, T: int = 4) -> Probe:
    """Draw a probe under which no role's gradient vanishes, if there is one."""
    return _draw_probe(roles, stream, np.asarray(values, float).tobytes(), B, T)


@lru_cache(maxsize=1024)
def _draw_probe(roles: Roles, stream: Stream, values: bytes, B: int, T: int) -> Probe:
    size, rng = roles.size, numpy_generator(*stream)
    for _ in range(_TRIES):
        x = rng.normal(0.3, 0.8, (B, T, size.D))
        x[0, -1] -= 2  # so that the last state is not the largest everywhere
        x[1] -= 3  # so that logits are not positive everywhere
        probe = Probe(x, rng.normal(0, 1, (B, size.K)))
        weakest = np.abs(_signature(roles, values, probe).gradients).min()
        if weakest > 1e-7:
            break
    return probe


First = tuple[Probe, Response, float]


def usual_cast(roles: Roles, first: First) -> Cast | None:
    """Guess the cast: parameters of one kind are in torch's order. It has to be verified.

    Args:
        roles: of a right model in the student's dress.
        first: see `recover`.
    """
    classes, stuck, _ = _first_classes(roles, first)
    role, ends = np.full(len(first[1].gradients), -1), [block.stop for block in roles.blocks]
    for parameters, members in classes:
        if len(parameters) % len(members):
            return None
        # biases of one kind that are added up stand beside each other
        cuts = np.flatnonzero(np.diff(np.searchsorted(ends, members, "right"))) + 1
        copies = len(parameters) // len(members)
        played = [np.tile(part, copies) for part in np.split(members, cuts)]
        role[parameters] = np.concatenate(played)
    return None if stuck else Cast(roles, role)


def recover(roles: Roles, ask: Ask, first: First, stream: Stream | None) -> Cast | Stuck | None:
    """Find the cast of a model whose logits are right while all its parameters are equal.

    Args:
        roles: of a right model in the student's dress.
        ask: runs the student's model with given parameters (P,).
        first: a probe, the student's response, and the number all parameters were set to.
        stream: draws values and inputs; None to look at the kinds of roles only, which gives
            None where all is well.
    """
    count = len(first[1].gradients)
    classes, stuck, oracle = _first_classes(roles, first)
    if stuck or stream is None:
        return stuck
    anchored: set[tuple[int, int]] = set()
    for turn in range(_ROUNDS):
        cast = Cast(roles, _assign(classes, count))
        if all(len(members) == 1 for _, members in classes):
            return cast
        classes = _anchor(roles, classes, anchored)
        parameters, values = _draw(roles, classes, count, numpy_generator(*stream, turn))
        probe = draw_probe(roles, (*stream, turn, "probe"), values)
        oracle = signature(roles, values, probe)
        student = ask(parameters, probe)
        classes, stuck = _split(roles, classes, student.gradients, oracle.gradients)
        if stuck:
            return stuck
    return Stuck(np.empty(0), (), oracle.gradients, _assign(classes, count))


Classes = list[tuple[Array, Array]]  # indices of parameters, indices of the roles they may play


def _first_classes(roles: Roles, first: First) -> "tuple[Classes, Stuck | None, Response]":
    """Divide parameters by their gradients while all are one number; see `_split`."""
    probe, response, number = first
    oracle = signature(roles, roles.copies() * number, probe)
    whole = [(np.arange(len(response.gradients)), np.arange(len(roles)))]
    return (*_split(roles, whole, response.gradients, oracle.gradients), oracle)


def _split(
    roles: Roles, classes: Classes, found: Array, wanted: Array
) -> tuple[Classes, Stuck | None]:
    """Divide every class by gradients; parameters without any gradient at first are unread."""
    near = TOLERANCE * max(np.abs(wanted).max(), 1e-3)
    copies, result = roles.copies(), []
    foreign, missing = [], []
    for parameters, members in classes:
        left = np.ones(len(parameters), bool)
        todo = members
        while len(todo):
            alike = np.abs(wanted[todo] - wanted[todo[0]]) <= near
            group, todo = todo[alike], todo[~alike]
            match = np.abs(found[parameters] - wanted[group[0]]) <= near
            if match.sum() != copies[group].sum():
                missing.append(group)
            left &= ~match
            result.append((parameters[match], group))
        unread = found[parameters] == 0
        foreign.append(parameters[left & ~unread])
    lonely = np.concatenate(foreign)
    if len(lonely) or missing:
        absent = {int(i) for group in missing for i in group}
        blocks = tuple(b for b in roles.blocks if absent & set(range(b.start, b.stop)))
        role = _assign(result, len(found))
        return result, Stuck(found[lonely], blocks, wanted, role)
    return result, None


def _assign(classes: Classes, count: int) -> Array:
    role = np.full(count, -1)
    for parameters, members in classes:
        role[parameters] = members[0]
    return role


def _anchor(roles: Roles, classes: Classes, anchored: set[tuple[int, int]]) -> Classes:
    """Name the units of every layer that has a class with one weight a unit."""
    result: Classes = []
    for parameters, members in classes:
        layer = _anchorable(roles, members)
        if layer is None or layer in anchored or len(parameters) != len(members):
            result.append((parameters, members))
            continue
        anchored.add(layer)
        result += [(parameters[k : k + 1], members[k : k + 1]) for k in range(len(members))]
    return result


def _anchorable(roles: Roles, members: Array) -> tuple[int, int] | None:
    """Return (direction, layer) of a class that holds one weight for each of the layer's units."""
    block = next(b for b in roles.blocks if b.start <= members[0] < b.stop)
    if len(members) != roles.size.H or members[-1] >= block.stop or block.kind == "out_b":
        return None
    position = np.unravel_index(members - block.start, block.shape)
    units, others = position[0], position[1:]
    if block.kind == "out":
        units, others = position[1], position[:1]
    whole = len(set(units)) == roles.size.H and all(len(set(other)) == 1 for other in others)
    return (block.direction, min(block.layer, roles.size.L - 1)) if whole else None


def _draw(
    roles: Roles, classes: Classes, count: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Give each class its own value; return those of the parameters and of the roles."""
    parameters, values = np.ones(count), np.zeros(len(roles))
    copies = roles.copies()
    signed = roles.size.mode != "RNN_RELU"  # a rectifier that is shut has no gradient
    for indices, members in classes:
        value = rng.uniform(0.1, 0.6) * (rng.choice((-1, 1)) if signed else 1)
        parameters[indices] = value
        values[members] = value * copies[members]
    return parameters, values


def by_name(parameters: Array, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    """Cut a flat array of parameters into named ones."""
    named, start = {}, 0
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        named[name] = parameters[start : start + size].reshape(shape)
        start += size
    return named
