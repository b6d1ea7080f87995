"""Known wrong forms of a GRU's step; see `mistaken_lstm_cell` for the idea.

There are a hundred thousand of them, so all are held against one row, and those that fit it
against the others.

The form of 2014 is not among them: with equal weights it is the right one with other biases.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np

from rnn_course.courseworks.cw2_speech_commands.cells.probes import sigmoid

Array = np.ndarray
_TOLERANCE = 1e-9


class Sums(NamedTuple):
    """What the formulas are made of.

    Attributes:
        gate: weighted sum of the reset gate.
        update: of the update gate.
        x: the input's part of the candidate's sum.
        h: the state's part of it.
        state: the old state (B, H).
        batch: the update gate's share of its sum over the batch, for softmax over rows.
    """

    gate: Array
    update: Array
    x: Array
    h: Array
    state: Array
    batch: Array


def _sums(v: float, x: Array, h: Array) -> Iterator[tuple[tuple[str, str], Sums]]:
    """Yield the sums, with what is wrong in the reset gate's and in the update gate's."""
    total_x, total_h = x.sum(1, keepdims=True), h.sum(1, keepdims=True)
    for a, b, n in product((1, 2, 0), (1, 0, 2), (1, 0)):
        own = v * (total_x + b), v * (total_h + n), h
        gates = {
            "": v * (total_x + total_h + a),
            "no_recurrent_input": v * (total_x + min(a, 1)),
            "no_input": v * (total_h + min(a, 1)),
            "parts_multiplied": v * (total_x + a) * v * (total_h + a),
        }
        right = gates.pop("")
        yield ("", ""), _of(right, right, *own)
        kept = v * (total_x + (sigmoid(right) * h).sum(1, keepdims=True) + a)
        yield ("", "reset_in_update"), _of(right, kept, *own)
        for flaw, wrong in gates.items():
            if flaw != "parts_multiplied":
                yield (flaw, ""), _of(wrong, right, *own)
                yield ("", flaw), _of(right, wrong, *own)
            if a < 2:
                yield (flaw, flaw), _of(wrong, wrong, *own)


def _of(gate: Array, update: Array, x: Array, h: Array, state: Array) -> Sums:
    powers = np.exp(update)
    return Sums(gate, update, x, h, state, powers / powers.sum(0))


def _candidates(s: Sums) -> dict[str, Array]:
    r = sigmoid(s.gate)
    inner = s.x + r * s.h
    return {
        "": np.tanh(inner),
        "reset_on_input": np.tanh(r * s.x + s.h),
        "reset_on_everything": np.tanh(r * (s.x + s.h)),
        "reset_outside_tanh": r * np.tanh(s.x + s.h),
        "no_reset_gate": np.tanh(s.x + s.h),
        "complement": np.tanh(s.x + (1 - r) * s.h),
        "gate_without_sigmoid": np.tanh(s.x + s.gate * s.h),
        "gate_with_tanh": np.tanh(s.x + np.tanh(s.gate) * s.h),
        "gate_twice_squashed": np.tanh(s.x + sigmoid(r) * s.h),
        "gate_hard": np.tanh(s.x + np.clip(s.gate / 6 + 0.5, 0, 1) * s.h),
        "gate_relu": np.tanh(s.x + np.maximum(s.gate, 0) * s.h),
        "softmax_units": np.tanh(s.x + s.h / s.state.shape[-1]),
        "softmax_pair": np.tanh(s.x + s.h / 2),
        "gru_candidate_sigmoid": sigmoid(inner),
        "gru_candidate_not_tanh": inner,
        "candidate_relu": np.maximum(inner, 0),
        "candidate_without_state": np.tanh(s.x),
        "candidate_gated_state": np.tanh(s.x + r * s.state),
        "sum_for_product": np.tanh(s.x + r + s.h),
        "tanh_inside": np.tanh(s.x + r * np.tanh(s.h)),
        "tanh_twice": np.tanh(np.tanh(inner)),
    }


_ALIASES = {
    "complement": "gates_swapped_in_effect",
    "softmax_units": "softmax_for_sigmoid",
    "softmax_pair": "softmax_for_sigmoid",
    "softmax_batch": "softmax_for_sigmoid",
    "candidate_relu": "gru_candidate_not_tanh",
    "gate_relu": "gate_without_sigmoid",
    "candidate_gated_state": "candidate_without_state",
    "tanh_inside": "tanh_twice",
}


def _mixtures(s: Sums, n: Array) -> dict[str, Array]:
    z, h, units = sigmoid(s.update), s.state, s.state.shape[-1]
    forms = {
        "": (1 - z) * n + z * h,
        "other": z * n + (1 - z) * h,
        "update_not_complementary": z * n + z * h,
        "whole_state": z * n + h,
        "whole_candidate": n + z * h,
        "rest_candidate": (1 - z) * n + h,
        "rest_state": n + (1 - z) * h,
        "rest_both": (1 - z) * (n + h),
        "no_update_gate": n + 0 * h,
        "candidate_only": z * n,
        "candidate_rest_only": (1 - z) * n,
        "sum": n + h,
        "mean": (n + h) / 2,
        "state_only": z * h,
        "reset_on_old_state": (1 - z) * n + z * z * h,
        "reset_on_old_state_other": z * n + (1 - z) * z * h,
        "product": (1 - z) * n * z * h,
        "difference": (1 - z) * n - z * h,
        "difference_other": z * n - (1 - z) * h,
        "old_state_added": h + (1 - z) * n + z * h,
        "old_state_added_other": h + z * n + (1 - z) * h,
    }
    for name, gate in (
        ("gate_without_sigmoid", s.update),
        ("gate_with_tanh", np.tanh(s.update)),
        ("gate_twice_squashed", sigmoid(z)),
        ("gate_hard", np.clip(s.update / 6 + 0.5, 0, 1)),
        ("gate_relu", np.maximum(s.update, 0)),
        ("softmax_units", np.full_like(z, 1 / units)),
        ("softmax_batch", s.batch),
    ):
        forms[name] = (1 - gate) * n + gate * h
        forms[name + "_other"] = gate * n + (1 - gate) * h
    forms["state_squashed"] = np.tanh(forms[""])
    forms["state_squashed_other"] = np.tanh(forms["other"])
    return forms


_MIXED = ("whole_state", "whole_candidate", "rest_candidate", "rest_state", "rest_both")
_ALIASES |= {"old_state_added": "update_not_complementary"}
_ALIASES |= dict.fromkeys(
    (*_MIXED, "sum", "mean", "product", "difference"), "update_not_complementary"
)
_ALIASES |= dict.fromkeys(
    ("candidate_only", "candidate_rest_only", "state_only"), "update_not_complementary"
)


def gru(v: float, x: Array, h: Array, hy: Array) -> tuple[str, str] | None:
    """Name what is wrong in a GRU cell's equations.

    Args:
        v: the value of all parameters.
        x: inputs (B, D).
        h: states (B, H).
        hy: what came back.

    Returns:
        What is wrong in the candidate, and in the mixture with the old state, "" where nothing
        is; None if no formula fits.
    """
    flaws, sums = zip(*_sums(v, x, h), strict=True)
    row = Sums(*(np.stack([part[:1] for part in parts]) for parts in zip(*sums, strict=True)))
    candidates = _candidates(row)
    mixtures = _mixtures(row, np.stack(np.broadcast_arrays(hy[:1], *candidates.values())[1:]))
    gaps = [np.abs(form - hy[:1]).max((-1, -2)) for form in mixtures.values()]
    near = np.stack(np.broadcast_arrays(*gaps)) < _TOLERANCE  # (mixtures, candidates, sums)
    found = None
    for index, one, other in np.argwhere(near.T):
        name, mixed = list(candidates)[one], list(mixtures)[other]
        answer = _id(name) or flaws[index][0], _id(mixed) or flaws[index][1]
        if found and any(answer):
            continue
        s = sums[index]
        if np.abs(_mixtures(s, _candidates(s)[name])[mixed] - hy).max() < _TOLERANCE:
            found = answer
            if not any(answer):
                break
    return found


def _id(name: str) -> str:
    name = name.removesuffix("_other")
    return "" if name == "other" else _ALIASES.get(name, name)
