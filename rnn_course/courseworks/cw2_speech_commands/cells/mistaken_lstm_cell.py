"""Known wrong equations, to recognise a wrong cell by.

With all parameters equal to one number v every gate's weighted sum is v (Σx + Σh + biases),
however a student stores the parameters; so what a wrong cell returns can be compared with each
wrong formula directly. A formula that fits all rows gives the mistake its name.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np

from rnn_course.courseworks.cw2_speech_commands.cells.probes import sigmoid

Array = np.ndarray
_TOLERANCE = 1e-9


class Parts(NamedTuple):
    """Names of what is wrong in each of an LSTM's equations; "" right, None not recognised."""

    forget: str | None
    added: str | None
    hidden: str | None


def _fits(a: Array, b: Array) -> bool:
    return bool(np.abs(a - b).max() < _TOLERANCE)


def _sums(v: float, x: Array, h: Array, c: Array | None) -> Iterator[tuple[str, Array]]:
    """Yield what the weighted sum may be, with the mistake that this would be."""
    total_x, total_h = x.sum(1, keepdims=True), h.sum(1, keepdims=True)
    for biases in (1, 2, 0, 3, 4):
        yield "", v * (total_x + total_h + biases)
    for biases in (1, 0, 2):
        yield "no_recurrent_input", v * (total_x + biases)
        yield "no_input", v * (total_h + biases)
    for a, b in product((1, 0), (1, 0)):
        yield "parts_multiplied", v * (total_x + a) * v * (total_h + b)
    if c is not None:
        total_c = c.sum(1, keepdims=True)
        for biases, seen in product((1, 2, 0, 3), (v * total_c, v * c, c)):
            yield "peephole", v * (total_x + total_h + biases) + seen


def _gates(z: Array, units: int) -> dict[str, Array]:
    """Return what a gate may be, by the name of the mistake."""
    gate = sigmoid(z)
    return {
        "": gate,
        "gate_without_sigmoid": z,
        "gate_with_tanh": np.tanh(z),
        "gate_twice_squashed": sigmoid(gate),
        "gate_relu": np.maximum(z, 0),
        "softmax_units": np.full_like(z, 1 / units),
        "softmax_gates": np.full_like(z, 1 / 4),
        "softmax_three": np.full_like(z, 1 / 3),
        "softmax_batch": np.exp(z) / np.exp(z).sum(0),
        "gate_hard": np.clip(z / 6 + 0.5, 0, 1),
        "gate_hard_fifth": np.clip(z / 5 + 0.5, 0, 1),
        "gate_hard_quarter": np.clip(z / 4 + 0.5, 0, 1),
    }


_ALIASES = {
    "gate_relu": "gate_without_sigmoid",
    "softmax_units": "softmax_for_sigmoid",
    "softmax_gates": "softmax_for_sigmoid",
    "softmax_three": "softmax_for_sigmoid",
    "softmax_batch": "softmax_for_sigmoid",
    "gate_hard_fifth": "gate_hard",
    "gate_hard_quarter": "gate_hard",
}


def _kept(z: Array, c: Array) -> dict[str, Array]:
    forms = {name: gate * c for name, gate in _gates(z, c.shape[1]).items()}
    gate = sigmoid(z)
    return {
        **forms,
        "no_forget_gate": c,
        "old_cell_dropped": 0 * c,
        "cell_squashed": gate * np.tanh(c),
        "sum_for_product": gate + c,
        "gates_swapped_in_effect": gate**2 * c,
        "candidate_multiplies_cell": np.tanh(z) * c,
    }


def _added(z: Array, units: int) -> dict[str, Array]:
    candidate, gate = np.tanh(z), sigmoid(z)
    forms = {name: value * candidate for name, value in _gates(z, units).items()}
    return {
        **forms,
        "no_input_gate": candidate,
        "candidate_missing": gate,
        "candidate_sigmoid": gate * gate,
        "candidate_not_tanh": gate * z,
        "candidate_relu": gate * np.maximum(z, 0),
        "tanh_twice": gate * np.tanh(candidate),
        "tanh_around": np.tanh(gate * candidate),
        "tanh_around_linear": np.tanh(gate * z),
        "sum_for_product": gate + candidate,
        "gates_swapped_in_effect": gate**2 * candidate,
        "complement": (1 - gate) * candidate,
        "nothing": 0 * z,
    }


_ALIASES |= {
    "candidate_relu": "candidate_not_tanh",
    "tanh_around": "tanh_twice",
    "tanh_around_linear": "candidate_not_tanh",
    "complement": "coupled_gates",
    "nothing": "candidate_missing",
    "candidate_multiplies_cell": "gates_swapped_in_effect",
}


def _whole(z: Array, c: Array, h: Array, bound: float) -> list[tuple[str, str, Array]]:
    """Return forms of the new cell that are no sum of parts, with what is wrong in each part."""
    candidate, gate = np.tanh(z), sigmoid(z)
    right = gate * c + gate * candidate
    bound = bound if np.abs(right).max() > bound else np.nan
    swapped, shown = "gates_swapped_in_effect", "hidden_for_cell"
    return [
        ("old_cell_returned", "old_cell_returned", c),
        (shown, shown, gate * np.tanh(right)),
        ("", "cell_squashed", np.tanh(right)),
        ("", "cell_squashed", sigmoid(right)),
        ("", "cell_clipped", np.clip(right, -bound, bound)),
        ("hidden_for_old_cell", "", gate * h + gate * candidate),
        ("product_for_sum", "product_for_sum", gate * c * gate * candidate),
        (swapped, swapped, gate * (gate * c + candidate)),
        (swapped, swapped, gate * (gate * c + gate * candidate)),
    ]


def _shown(z: Array, cy: Array, c: Array, h: Array) -> dict[str, Array]:
    gate, candidate = sigmoid(z), np.tanh(z)
    forms = {name: value * np.tanh(cy) for name, value in _gates(z, cy.shape[1]).items()}
    return {
        **forms,
        "no_output_tanh": gate * cy,
        "peephole": sigmoid(z + cy) * np.tanh(cy),
        "no_output_gate": np.tanh(cy),
        "hidden_is_cell": cy,
        "hidden_from_old_cell": gate * np.tanh(c),
        "old_cell_linear": gate * c,
        "hidden_from_candidate": gate * candidate,
        "candidate_linear": gate * np.tanh(candidate),
        "tanh_twice": gate * np.tanh(np.tanh(cy)),
        "output_sigmoid": gate * sigmoid(cy),
        "tanh_around_product": np.tanh(gate * cy),
        "tanh_around_both": np.tanh(gate * np.tanh(cy)),
        "cell_missing_in_output": gate,
        "sum_for_product": gate + np.tanh(cy),
        "old_hidden": gate * np.tanh(h),
        "relu": gate * np.maximum(cy, 0),
        "softmax": gate * _softmax(cy),
        "old_hidden_added": h + gate * np.tanh(cy),
        "cell_normalised": gate * np.tanh(_normalised(cy)),
        "cell_normalised_linear": gate * _normalised(cy),
    }


_ALIASES |= {
    "old_cell_linear": "hidden_from_old_cell",
    "candidate_linear": "hidden_from_candidate",
    "tanh_around_both": "tanh_twice",
    "old_hidden": "hidden_from_old_cell",
    "relu": "no_output_tanh",
    "softmax": "softmax_for_sigmoid",
    "cell_normalised_linear": "cell_normalised",
}


def _normalised(cy: Array) -> Array:
    """Do as a layer norm without weights does."""
    return (cy - cy.mean(1, keepdims=True)) / np.sqrt(cy.var(1, keepdims=True) + 1e-5)


def _softmax(cy: Array) -> Array:
    powers = np.exp(cy - cy.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def _id(name: str) -> str:
    return _ALIASES.get(name, name)


def lstm(
    v: float, x: Array, h: Array, c: Array, new: tuple[Array, Array], bound: float = np.nan
) -> Parts:
    """Name what is wrong in an LSTM cell's equations.

    Args:
        v: the value of all parameters.
        x: inputs (B, D).
        h: hidden states (B, H).
        c: cell states (B, H).
        new: what came back, hy and cy.
        bound: at which the cell state is cut off, if it is.
    """
    hy, cy = new
    forget = added = hidden = None
    for flaw, z in _sums(v, x, h, c):
        wide = np.broadcast_to(z, c.shape)
        if forget is None:
            forget, added = _cell_forms(flaw, wide, (c, h), cy, bound)
        if hidden is None:
            names = [n for n, form in _shown(wide, cy, c, h).items() if _fits(form, hy)]
            hidden = (_id(names[0]) or flaw) if names else None
    return Parts(forget, added, hidden)


def _cell_forms(
    flaw: str, z: Array, old: tuple[Array, Array], cy: Array, bound: float
) -> tuple[str | None, str | None]:
    c, h = old
    for forget, added, form in _whole(z, c, h, bound):
        if _fits(form, cy):
            return forget or flaw, added or flaw
    for (kept, stays), (new, add) in product(_kept(z, c).items(), _added(z, c.shape[1]).items()):
        if _fits(stays + add, cy):
            return _id(kept) or flaw, _id(new) or flaw
    return None, None
