"""The library of known mistakes in a recurrent classifier, each as a plan to compare with."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

from rnn_course.courseworks.cw2_speech_commands.models.roles import MODES, Size
from rnn_course.courseworks.cw2_speech_commands.models.simulate import (
    FUNCTIONS,
    NUMBER,
    Plan,
)

Change = Mapping[str, Any]
"""Attributes of a `Plan` that differ from the right one's."""

# id of the mistake -> what differs from the right plan, in one variant after the other
_Library = dict[str, tuple[Change, ...]]
_EVERY: _Library = {
    "first_step_read": ({"read": "first"},),
    "mean_over_time": ({"read": "mean"}, {"read": "sum"}, {"read": "max"}),
    "activation_before_readout": tuple({"before": f} for f in FUNCTIONS),
    "cell_state_read": ({"read": "cell"},),
    "all_layers_read": ({"read": "layers"},),
    "state_not_carried": ({"carry": "none"},),
    "layers_share_state": ({"carry": "shared"}, {"carry": "below"}),
    "cell_state_fed_on": ({"feed": "c"}, {"feed": "c", "read": "cell"}),
    "layers_see_old_state": ({"feed": "old"},),
    "start_not_zero": ({"start": 1.0}, {"start": NUMBER}),
    "softmax_in_logits": ({"after": "softmax"}, {"after": "log_softmax"}),
    "activation_on_logits": tuple({"after": f} for f in FUNCTIONS),
}
_ONE: _Library = {
    "frame_skipped": ({"paths": ("without_first",)}, {"paths": ("without_last",)}),
    "axes_confused": ({"paths": ("reshaped",)},),
    "sequence_reversed": ({"paths": ("reversed",)},),
}
_TWO: _Library = {
    "reverse_reads_last_frame": ({"read": ("last", "first")},),
    "forward_reads_first_frame": ({"read": ("first", "last")},),
    "one_direction_averaged": ({"read": ("last", "mean")}, {"read": ("mean", "last")}),
    "reverse_not_reversed": ({"paths": ("forward", "forward")},),
    "reversed_fed_to_both": ({"paths": ("reversed", "reversed")},),
    "one_direction_unused": ({"read": ("last", "")}, {"read": ("", "last")}),
    "directions_share_state": ({"states": "sequential"}, {"states": "interleaved"}),
    "directions_added": ({"scale": 0.5},),
    "directions_merged": ({"met": "product"}, {"met": "max"}),
    "stacks_joined": ({"joined": True},),
    "reverse_flips_wrong_axis": ({"paths": ("forward", "batch_reversed")},),
    "frame_skipped": (
        {"paths": ("forward", "reversed_without_first")},
        {"paths": ("forward", "reversed_without_last")},
        {"paths": ("without_first", "reversed_without_last")},
        {"paths": ("without_last", "reversed_without_last")},
        {"paths": ("without_last", "reversed_without_first")},
    ),
}
CELLS = {
    "LSTM": (
        "no_output_tanh",
        "sigmoid_candidate",
        "no_forget_gate",
        "no_output_gate",
        "old_cell_shown",
        "sum_for_product",
        "no_recurrence_in_gates",
    ),
    "GRU": (
        "reset_before_product",
        "reset_on_input",
        "sigmoid_candidate",
        "no_reset_gate",
        "no_update_gate",
    ),
}


def right_plan(size: Size) -> Plan:
    """Return the plan of a right model of this size."""
    if size.directions == 1:
        return Plan(size.mode, size.L)
    return Plan(size.mode, size.L, paths=("forward", "reversed"), read=("last", "last"))


def changes(size: Size) -> list[tuple[str, Change]]:
    """List known mistakes: the id and what it changes in the right plan, the likelier first."""
    library = {**(_TWO if size.directions == 2 else _ONE), **_EVERY}
    listed: list[tuple[str, Change]] = [
        (name, change) for name, variants in library.items() for change in variants
    ]
    depths = [depth for depth in (1, 2, 3, 4) if depth != size.L]
    listed += [("num_layers_ignored", {"layers": depth}) for depth in depths]
    listed += [(f"cell_{name}", {"cell": name}) for name in CELLS.get(size.mode, ())]
    return listed + [("mode_ignored", {"mode": mode}) for mode in MODES if mode != size.mode]


def pairs(size: Size) -> Iterator[tuple[tuple[str, str], Change]]:
    """List two mistakes at once, in the structure only, where they do not exclude each other."""
    listed = [entry for entry in changes(size) if not {"cell", "mode"} & set(entry[1])]
    for (first, one), (second, other) in combinations(listed, 2):
        if first != second and not set(one) & set(other):
            yield (first, second), {**one, **other}


def changed(size: Size, change: Change) -> Plan:
    """Apply a change to the right plan; a reading that is named once holds for each direction."""
    right, attributes = right_plan(size), dict(change)
    if isinstance(attributes.get("read"), str):
        attributes["read"] = (attributes["read"],) * len(right.read)
    return replace(right, **attributes)
