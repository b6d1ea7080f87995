"""Finds the recurrent layers and the last linear map among a module's parameters."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from rnn_course.checks.generic import Finding
from rnn_course.checks.requests import Anatomy
from rnn_course.courseworks.cw1_bptt import recurrent_classifier_mistakes as known

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}
_KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
_NAME = re.compile(r"(.*)(weight_ih|weight_hh|bias_ih|bias_hh)(_l\d+)?(_reverse)?$")


class Sizes(NamedTuple):
    """The arguments of the constructor."""

    cell: str
    D: int
    H: int
    L: int
    K: int


class Parts(NamedTuple):
    """Names of parameters: for each layer its four (a bias may be None), and the linear map's."""

    layers: list[tuple[str | None, ...]]
    weight: str
    bias: str | None

    @property
    def complete(self) -> bool:
        """Whether every layer has a bias, or two."""
        return self.bias is not None and all(any(layer[2:]) for layer in self.layers)


def find_parts(anatomy: Anatomy, used: set[str], sizes: Sizes) -> Parts | Finding:
    """Sort the parameters that the output depends on into layers and linear map.

    Args:
        anatomy: of an instance.
        used: parameters with a gradient.
        sizes: what the instance was built with.
    """
    shapes = {name: shape for name, shape, _ in anatomy.parameters if name in used}
    if not shapes:
        count = len(anatomy.parameters)
        return Finding(f"The output depends on none of {count} parameters.", known.NOT_REGISTERED)
    groups: dict[tuple[str, str], dict[str, str]] = {}
    rest = {}
    for name, shape in shapes.items():
        match = _NAME.match(name)
        if match is None:
            rest[name] = shape
        elif match[4]:
            return Finding(f"There is a parameter {name}.", known.BOTH_DIRECTIONS)
        else:
            groups.setdefault((match[1], match[3] or ""), {})[match[2]] = name
    layers = [tuple(group.get(kind) for kind in _KINDS) for group in groups.values()]
    return _misfit(layers, rest, shapes, sizes, anatomy) or _linear(layers, rest, sizes)


def _misfit(
    layers: list[tuple],
    rest: Mapping,
    shapes: Mapping[str, tuple],
    sizes: Sizes,
    anatomy: Anatomy,
) -> Finding | None:
    if not layers and any(_NAME.match(name) for name, _, _ in anatomy.parameters):
        return Finding("No gradient reaches the recurrent layer.", known.DETACHED)
    if not layers:
        missing = sum(len(shape) > 1 for shape in rest.values())
        said = f"None of the weights belongs to a layer of torch.nn ({missing} other matrices)."
        return Finding(said, known.NOT_REGISTERED if missing < 2 else known.NOT_BUILT_IN)
    units, inputs = shapes[layers[0][1]][1], shapes[layers[0][0]][1]
    gates = shapes[layers[0][1]][0] / units
    if gates != GATES[sizes.cell]:
        came = {count: name for name, count in GATES.items()}.get(gates, "something else")
        return Finding(f"cell={sizes.cell!r} made a network of {came} cells.", known.CELL_IGNORED)
    if (inputs, units) != (sizes.D, sizes.H):
        said = f"It reads {inputs} numbers into {units} units; {sizes.D} and {sizes.H} are right."
        return Finding(said, known.SIZES_IGNORED)
    if len(layers) != sizes.L:
        said = f"num_layers={sizes.L} made {len(layers)}."
        return Finding(said, known.LAYERS_IGNORED)
    return None


def _linear(layers: list[tuple], rest: Mapping[str, tuple], sizes: Sizes) -> Parts | Finding:
    flat = [name for name, shape in rest.items() if sorted(shape) in ([sizes.K], [1, sizes.K])]
    weights = [name for name, shape in rest.items() if len(shape) == 2 and name not in flat]
    biases = [name for name, shape in rest.items() if len(shape) == 1 or name in flat]
    if len(weights) > 1 or len(biases) > 1:
        return Finding(
            f"After the cells there are {len(weights)} matrices.", known.EXTRA_ACTIVATION
        )
    if not weights:
        return Finding("No linear layer leads to the scores.", known.NOT_REGISTERED)
    shape = rest[weights[0]]
    if sizes.L > 1 and sorted(shape) == sorted((sizes.K, sizes.H * sizes.L)):
        said = f"The last layer is {shape}: it reads the states of all {sizes.L} layers."
        return Finding(said, known.LOWER_LAYER)
    if sorted(shape) != sorted((sizes.K, sizes.H)):
        said = f"The last layer is {shape}; {sizes.H} units and {sizes.K} classes are right."
        return Finding(said, known.SIZES_IGNORED)
    return Parts(layers, weights[0], biases[0] if biases else None)


def reference_of(parts: Parts, values: Mapping[str, Any], sizes: Sizes) -> known.Reference:
    """Load the student's parameters into torch's own layers."""
    numbers = [None if n is None else values[n] for layer in parts.layers for n in layer]
    weight = np.asarray(values[parts.weight])
    weight = weight if weight.shape == (sizes.K, sizes.H) else weight.T
    bias = np.zeros(sizes.K) if parts.bias is None else np.ravel(values[parts.bias])
    return known.reference(sizes.cell, (sizes.D, sizes.H, sizes.L), numbers, (weight, bias))
