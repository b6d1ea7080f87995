"""Says why a model with the right logits has the wrong gradients."""

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from itertools import combinations
from typing import Any

import numpy as np

from rnn_course.checks.generic import Finding
from rnn_course.checks.requests import Pass
from rnn_course.courseworks.cw2_speech_commands.models.own_cell import cell_cuts_gradient
from rnn_course.courseworks.cw2_speech_commands.models.recover import TOLERANCE, Probe, Stuck
from rnn_course.courseworks.cw2_speech_commands.models.roles import Block, Roles, Size
from rnn_course.courseworks.cw2_speech_commands.models.student import Student

Array = np.ndarray


def diagnose(
    student: Student, roles: Roles, stuck: Stuck, probe: Probe, number: float
) -> dict[str, Any]:
    """Return what is to be changed in the `Explanation` of a right model.

    Args:
        student: the model.
        roles: of a right one.
        stuck: where the search for a cast ended.
        probe: an input.
        number: the value that all parameters are set to.
    """
    blind = _blind_frames(student, probe, number)
    if blind:
        cell = cell_cuts_gradient(student)
        if cell:
            return {"cell": cell}
        T = probe.x.shape[1]
        seen = f"The gradient of the logits with respect to frames {blind} of 0…{T - 1} is zero."
        return {"mistakes": ("gradient_cut",), "finding": Finding(seen)}
    for name, summed in _sums(roles, stuck.signatures):
        near = TOLERANCE * max(1.0, np.abs(stuck.signatures).max())
        if len(stuck.foreign) and (np.abs(stuck.foreign - summed) <= near).any():
            return {"mistakes": (name,)}
    if not len(stuck.foreign) and not stuck.missing:
        return {}
    if student.count < len(roles):
        return {"mistakes": ("layers_not_registered",)}
    where = ", ".join(dict.fromkeys(map(_place, stuck.missing))) or "some weights"
    if stuck.missing and not len(stuck.foreign):
        seen = f"No gradient reaches the weights of {where}."
        return {"mistakes": ("gradient_cut",), "finding": Finding(seen)}
    seen = f"The logits are right, but the gradients of {where} are not those of torch's network."
    return {"known": False, "finding": Finding(seen)}


def _place(block: Block) -> str:
    if block.kind.startswith("out"):
        return "the readout"
    direction = "the reverse stack's " if block.direction else ""
    return f"{direction}layer {block.layer}"


def _blind_frames(student: Student, probe: Probe, number: float) -> list[int]:
    """List the frames that the logits' gradient does not reach."""
    case = Pass((probe.x,), parameters=number, cotangents=probe.cotangent)
    (outcome,) = student.run([case])
    gradient = outcome.gradients and outcome.gradients["inputs"][0]
    T = probe.x.shape[1]
    if gradient is None:
        return list(range(T))
    return [t for t in range(T) if not gradient[:, t].any()]


def _sums(roles: Roles, signatures: Array) -> Iterator[tuple[str, Array]]:
    """List what the gradient of a weight would be that plays several roles at once."""
    first = {
        (b.direction, b.layer, b.kind, b.gate): signatures[b.start]
        for b in roles.blocks
        if b.kind != "out_b"
    }
    for b in roles.blocks:
        if b.kind == "x" and b.layer == 0:  # every input has its own gradient
            for m in range(roles.size.D):
                first[b.direction, 0, f"x{m}", b.gate] = signatures[b.start + m]
    for (d, layer, kind, gate), signature in first.items():
        other = (1, layer, kind, gate)
        if d == 0 and other in first:
            added = "directions_added" if kind == "out" else "directions_share_weights"
            yield added, signature + first[other]
    for group in _groups(first, lambda key: (key[0], key[2][:1], key[3])):
        yield "layers_share_weights", reduce(np.add, group)
    for group in _groups(first, lambda key: (key[0], key[1], key[2])):
        yield "cell_shares_weights", reduce(np.add, group)


def _groups(first: dict, alike: Any) -> Iterator[tuple[Array, ...]]:
    """List all selections of at least two signatures among those that are alike in a key."""
    kinds: dict[Any, list[Array]] = {}
    for key, signature in first.items():
        if key[2] != "out":
            kinds.setdefault(alike(key), []).append(signature)
    for members in kinds.values():
        for count in range(2, min(len(members), 4) + 1):
            yield from combinations(members, count)


def which_layers(student: Student, names: tuple[str, ...], depth: int) -> tuple[str, ...]:
    """Tell a model that has the wrong number of layers from one that does not use them all.

    Args:
        student: the model.
        names: of its mistakes.
        depth: how many layers its logits are made of.
    """
    if "num_layers_ignored" not in names or depth > student.size.L:
        return names
    size = student.size
    counts = [
        replace(student, size=replace(size, L=layers), bias=False).count
        for layers in (1, size.L, size.L + 1)
    ]
    if counts[1] <= counts[0]:
        return names
    grown = counts[2] - counts[1]
    stacked = _one_layer(size)
    name = "first_layer_read" if grown >= stacked else "layers_not_stacked"
    name = name if depth == 1 else "layers_unused"
    return tuple(name if given == "num_layers_ignored" else given for given in names)


def _one_layer(size: Size) -> int:
    """Count the weights of one more layer, without biases."""
    gates = {"LSTM": 4, "GRU": 3}.get(size.mode, 1)
    return size.directions * gates * size.H * 2 * size.H
