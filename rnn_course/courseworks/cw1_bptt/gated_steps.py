"""What gated steps should return, and what known mistakes make of them.

A step is computed from named parts, so that a mistake is a change of one part.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rnn_course.checks.mistakes import mistake
from rnn_course.checks.report import Misconception

GATES = "Gates"
Model = dict[str, np.ndarray]

RESET_AFTER = mistake(
    "reset_after_product",
    "The reset gate acts on h Whh, after the product.",
    "This is PyTorch's form. Here the gate acts on the state first: (r ⊙ h) Whh.",
    GATES,
)
NO_RESET = mistake(
    "reset_missing",
    "The candidate does not depend on the reset gate.",
    "The reset gate lets a unit forget its past while it makes a new candidate.",
    GATES,
)
RESET_ON_INPUT = mistake(
    "reset_on_input",
    "The reset gate acts on the input as well, or instead of the state.",
    "Only the past is to be reset: (r ⊙ h) Whh, while x Wxh stays whole.",
    GATES,
)
RESET_ON_OLD = mistake(
    "reset_on_carried_state",
    "The reset gate acts on the state that is carried over.",
    "What is kept, z ⊙ h, is the update gate's affair alone.",
    GATES,
)
UPDATE_REVERSED = mistake(
    "update_gate_reversed",
    "z keeps the new state where it should keep the old one.",
    "Here z = 1 means: keep the old state. h' = z ⊙ h + (1 − z) ⊙ candidate.",
    GATES,
)
NO_UPDATE = mistake(
    "update_gate_missing",
    "The new state does not mix old state and candidate by z.",
    "The mixture of old and new is what carries a memory over many steps.",
    GATES,
)
UPDATE_ONE_SIDE = mistake(
    "update_gate_one_side",
    "z acts on one part of the mixture only.",
    "Old state and candidate share the place: weights z and 1 − z add up to one.",
    GATES,
)
CANDIDATE_SIGMOID = mistake(
    "candidate_sigmoid",
    "The candidate went through the sigmoid.",
    "A candidate is content and may be negative: tanh. Sigmoids are for gates, from 0 to 1.",
    GATES,
)
CANDIDATE_OTHER = mistake(
    "candidate_other_activation",
    "The candidate went through another function than tanh.",
    "A candidate is content, between −1 and 1: tanh.",
    GATES,
)
RESET_WRONG = mistake(
    "reset_gate_wrong",
    "With the reset gate fully open all is right, otherwise not.",
    "The gate belongs in one place only: (r ⊙ h) Whh.",
    GATES,
)
GATE_TANH = mistake(
    "gate_tanh",
    "A gate went through tanh, or through nothing.",
    "A gate says how much to let through, from 0 to 1: that is the sigmoid.",
    GATES,
)
SHARED = mistake(
    "gates_share_weights",
    "Two gates were computed from the same weights.",
    "Each gate has weights of its own, or it could not decide on its own.",
    GATES,
)
GATE_BLIND = mistake(
    "gate_without_state",
    "A gate does not look at the old state.",
    "Every gate hears input and old state: x Wx + h Wh + b.",
    GATES,
)
GATE_NO_INPUT = mistake(
    "gate_without_input",
    "A gate does not look at the input.",
    "Every gate hears input and old state: x Wx + h Wh + b.",
    GATES,
)
NO_BIAS = mistake(
    "gate_bias_missing",
    "A bias was left out.",
    "Every gate and the candidate have a bias of their own.",
    GATES,
)
GATE_TRANSPOSED = mistake(
    "gate_weights_transposed",
    "A recurrent matrix was used transposed.",
    "Rows belong to the old state: h Wh. It is square, so the wrong way round raises no error.",
    GATES,
)
SWAPPED = mistake(
    "input_forget_swapped",
    "Input gate and forget gate are exchanged.",
    "f decides on the old cell state, i on the candidate: c' = f ⊙ c + i ⊙ g.",
    GATES,
)
OUTPUT_SWAPPED = mistake(
    "output_gate_swapped",
    "The output gate is exchanged with another gate.",
    "o decides what of the cell is shown: h' = o ⊙ tanh(c').",
    GATES,
)
NO_CELL_TANH = mistake(
    "cell_tanh_missing",
    "The cell state was not put through tanh before the output gate.",
    "The cell can grow; tanh keeps what is shown between −1 and 1.",
    GATES,
)
OLD_CELL = mistake(
    "hidden_from_old_cell",
    "The hidden state was computed from the old cell state.",
    "First the new cell, then what is shown of it.",
    GATES,
)
NO_FORGET = mistake(
    "forget_gate_missing",
    "The old cell state is kept whole.",
    "That is the LSTM of 1997; the forget gate came in 2000, and the equations here have it.",
    GATES,
)
NO_OUTPUT_GATE = mistake(
    "output_gate_missing",
    "The hidden state does not depend on the output gate.",
    "h' = o ⊙ tanh(c'): the gate decides what the rest of the network sees.",
    GATES,
)
NO_INPUT_GATE = mistake(
    "input_gate_missing",
    "The candidate enters the cell whole.",
    "c' = f ⊙ c + i ⊙ g: the input gate decides how much of it is written.",
    GATES,
)
COUPLED = mistake(
    "gates_coupled",
    "The weight of the old cell is one minus the input gate.",
    "That is a GRU's idea. An LSTM has two independent gates.",
    GATES,
)
CELL_SQUASHED = mistake(
    "cell_squashed",
    "The cell state itself went through tanh.",
    "Only the copy that is shown is squashed; the cell must be able to carry on unchanged.",
    GATES,
)
CELL_PRODUCT = mistake(
    "cell_product",
    "Old cell and candidate were multiplied, not added.",
    "The sum is what lets a gradient pass many steps unharmed.",
    GATES,
)
UPDATE_RESET_SWAPPED = mistake(
    "update_reset_exchanged",
    "Update gate and reset gate are exchanged.",
    "z mixes old state and candidate, r acts inside the candidate; each has weights of its name.",
    GATES,
)
CELL_RETURNED_OLD = mistake(
    "old_cell_returned",
    "The cell state that comes back is the one that was put in.",
    "The next step must start from the new cell.",
    GATES,
)
CELL_ORDER = mistake(
    "states_exchanged",
    "The two states come back in the wrong order.",
    "The caller takes them apart by position: h first, then c.",
    GATES,
)
ONE_STATE = mistake(
    "cell_not_returned",
    "Only one state came back.",
    "The next step needs both: return h, c.",
    GATES,
)
GATE_OVERFLOW = mistake(
    "sigmoid_overflows",
    "Large sums give NaN.",
    "exp(1000) is infinite, and inf/inf is NaN: write the sigmoid as 1 / (1 + exp(−a)).",
    GATES,
)


def sigmoid(a: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-a)) for any a."""
    return 0.5 * (1 + np.tanh(a / 2))


@dataclass(frozen=True, eq=False)
class Inputs:
    """One step's input and states, and weights ``Wx?``, ``Wh?``, ``b?`` by gate."""

    x: np.ndarray
    h: np.ndarray
    c: np.ndarray
    model: Model

    def sum(self, gate: str, x: Any = None, h: Any = None) -> np.ndarray:
        """Return x Wx + h Wh + b of a gate."""
        m = self.model
        x, h = self.x if x is None else x, self.h if h is None else h
        return x @ m[f"Wx{gate}"] + h @ m[f"Wh{gate}"] + m[f"b{gate}"]


@dataclass(frozen=True)
class Gru:
    """A GRU step in parts."""

    z: Callable[[Inputs], Any] = lambda s: sigmoid(s.sum("z"))
    r: Callable[[Inputs], Any] = lambda s: sigmoid(s.sum("r"))
    n: Callable[[Inputs, Any], Any] = lambda s, r: np.tanh(s.sum("h", h=r * s.h))
    mix: Callable[[Inputs, Any, Any, Any], Any] = lambda s, z, r, n: z * s.h + (1 - z) * n

    def apply(self, s: Inputs) -> np.ndarray:
        """Return the new state (B, H)."""
        z, r = self.z(s), self.r(s)
        return self.mix(s, z, r, self.n(s, r))


@dataclass(frozen=True)
class Lstm:
    """An LSTM step in parts."""

    i: Callable[[Inputs], Any] = lambda s: sigmoid(s.sum("i"))
    f: Callable[[Inputs], Any] = lambda s: sigmoid(s.sum("f"))
    o: Callable[[Inputs], Any] = lambda s: sigmoid(s.sum("o"))
    g: Callable[[Inputs], Any] = lambda s: np.tanh(s.sum("g"))
    cell: Callable[[Inputs, Any, Any, Any], Any] = lambda s, i, f, g: f * s.c + i * g
    show: Callable[[Inputs, Any, Any], Any] = lambda s, o, c: o * np.tanh(c)

    def apply(self, s: Inputs) -> tuple[np.ndarray, np.ndarray]:
        """Return the new hidden and cell state, both (B, H)."""
        i, f, o, g = self.i(s), self.f(s), self.o(s), self.g(s)
        c = self.cell(s, i, f, g)
        return self.show(s, o, c), c


_Change = tuple[Misconception, dict[str, Callable]]


def _gate_changes(names: dict[str, str], squash: Callable, candidate: str) -> Iterator[_Change]:
    """Yield what can go wrong in any one gate; ``names`` maps a part to its weights' letter."""
    for part, key in names.items():

        def variant(of: Callable, key: str = key) -> Callable:
            return lambda s, *_: of(s, key)

        yield NO_BIAS, {part: variant(lambda s, k: squash(s.sum(k) - s.model[f"b{k}"]))}
        yield GATE_BLIND, {part: variant(lambda s, k: squash(s.sum(k, h=0 * s.h)))}
        yield GATE_NO_INPUT, {part: variant(lambda s, k: squash(s.sum(k, x=0 * s.x)))}
        turned = variant(
            lambda s, k: squash(s.sum(k) + s.h @ (s.model[f"Wh{k}"].T - s.model[f"Wh{k}"]))
        )
        yield GATE_TRANSPOSED, {part: turned}
        yield GATE_TANH, {part: variant(lambda s, k: np.tanh(s.sum(k)))}
        yield GATE_TANH, {part: variant(lambda s, k: s.sum(k))}
        for other in [key_ for key_ in (*names.values(), candidate) if key_ != key]:
            yield SHARED, {part: lambda s, other=other: squash(s.sum(other))}


_GRU: tuple[_Change, ...] = (
    (RESET_AFTER, {"n": lambda s, r: np.tanh(
        s.x @ s.model["Wxh"] + r * (s.h @ s.model["Whh"]) + s.model["bh"])}),
    (RESET_AFTER, {"n": lambda s, r: np.tanh(
        s.x @ s.model["Wxh"] + r * (s.h @ s.model["Whh"] + s.model["bh"]))}),
    (NO_RESET, {"n": lambda s, r: np.tanh(s.sum("h"))}),
    (NO_RESET, {"r": lambda s: 1 - sigmoid(s.sum("r"))}),
    (RESET_ON_INPUT, {"n": lambda s, r: np.tanh(r * (s.x @ s.model["Wxh"])
        + s.h @ s.model["Whh"] + s.model["bh"])}),
    (RESET_ON_INPUT, {"n": lambda s, r: np.tanh(r * s.sum("h"))}),
    (RESET_ON_INPUT, {"n": lambda s, r: r * np.tanh(s.sum("h"))}),
    (RESET_ON_OLD, {"mix": lambda s, z, r, n: z * r * s.h + (1 - z) * n}),
    (UPDATE_REVERSED, {"mix": lambda s, z, r, n: (1 - z) * s.h + z * n}),
    (NO_UPDATE, {"mix": lambda s, z, r, n: n}),
    (NO_UPDATE, {"mix": lambda s, z, r, n: s.h + n}),
    (NO_UPDATE, {"mix": lambda s, z, r, n: (s.h + n) / 2}),
    (UPDATE_ONE_SIDE, {"mix": lambda s, z, r, n: z * s.h + n}),
    (UPDATE_ONE_SIDE, {"mix": lambda s, z, r, n: s.h + z * n}),
    (UPDATE_ONE_SIDE, {"mix": lambda s, z, r, n: s.h + (1 - z) * n}),
    (UPDATE_ONE_SIDE, {"mix": lambda s, z, r, n: (1 - z) * n}),
    (UPDATE_ONE_SIDE, {"mix": lambda s, z, r, n: z * s.h + z * n}),
    (UPDATE_ONE_SIDE, {"mix": lambda s, z, r, n: z * s.h + r * n}),
    (CANDIDATE_SIGMOID, {"n": lambda s, r: sigmoid(s.sum("h", h=r * s.h))}),
    (NO_BIAS, {"n": lambda s, r: np.tanh(s.sum("h", h=r * s.h) - s.model["bh"])}),
    (GATE_TRANSPOSED, {"n": lambda s, r: np.tanh(
        s.x @ s.model["Wxh"] + (r * s.h) @ s.model["Whh"].T + s.model["bh"])}),
    (GATE_BLIND, {"n": lambda s, r: np.tanh(s.sum("h", h=0 * s.h))}),
    (GATE_NO_INPUT, {"n": lambda s, r: np.tanh(s.sum("h", x=0 * s.x, h=r * s.h))}),
    (UPDATE_RESET_SWAPPED, {
        "z": lambda s: sigmoid(s.sum("r")), "r": lambda s: sigmoid(s.sum("z"))}),
    *_gate_changes({"z": "z", "r": "r"}, sigmoid, "h"),
)  # fmt: skip
_LSTM: tuple[_Change, ...] = (
    (SWAPPED, {"cell": lambda s, i, f, g: i * s.c + f * g}),
    (NO_FORGET, {"cell": lambda s, i, f, g: s.c + i * g}),
    (NO_INPUT_GATE, {"cell": lambda s, i, f, g: f * s.c + g}),
    (COUPLED, {"cell": lambda s, i, f, g: (1 - i) * s.c + i * g}),
    (COUPLED, {"cell": lambda s, i, f, g: f * s.c + (1 - f) * g}),
    (CELL_SQUASHED, {"cell": lambda s, i, f, g: np.tanh(f * s.c + i * g)}),
    (CELL_SQUASHED, {"cell": lambda s, i, f, g: f * np.tanh(s.c) + i * g}),
    (CELL_PRODUCT, {"cell": lambda s, i, f, g: (f * s.c) * (i * g)}),
    (CELL_PRODUCT, {"cell": lambda s, i, f, g: i * g}),
    (OLD_CELL, {"show": lambda s, o, c: o * np.tanh(s.c)}),
    (NO_CELL_TANH, {"show": lambda s, o, c: o * c}),
    (NO_OUTPUT_GATE, {"show": lambda s, o, c: np.tanh(c)}),
    (NO_CELL_TANH, {"show": lambda s, o, c: np.tanh(o * c)}),
    (NO_CELL_TANH, {"show": lambda s, o, c: o * sigmoid(c)}),
    (CANDIDATE_SIGMOID, {"g": lambda s: sigmoid(s.sum("g"))}),
    (OUTPUT_SWAPPED, {"o": lambda s: sigmoid(s.sum("f")), "f": lambda s: sigmoid(s.sum("o"))}),
    (OUTPUT_SWAPPED, {"o": lambda s: sigmoid(s.sum("i")), "i": lambda s: sigmoid(s.sum("o"))}),
    (OUTPUT_SWAPPED, {"o": lambda s: np.tanh(s.sum("g")), "g": lambda s: sigmoid(s.sum("o"))}),
    (OUTPUT_SWAPPED, {"o": lambda s: sigmoid(s.sum("g")), "g": lambda s: np.tanh(s.sum("o"))}),
    *_gate_changes({"i": "i", "f": "f", "o": "o"}, sigmoid, "g"),
    *((m, c) for m, c in _gate_changes({"g": "g"}, np.tanh, "i") if m not in (GATE_TANH, SHARED)),
)


def wrong_grus(s: Inputs) -> Iterator[tuple[Misconception, np.ndarray]]:
    """Yield the new state of each known mistake."""
    for misconception, change in _GRU:
        yield misconception, replace(Gru(), **change).apply(s)


def wrong_lstms(s: Inputs) -> Iterator[tuple[Misconception, tuple[np.ndarray, np.ndarray]]]:
    """Yield the new hidden and cell state of each known mistake."""
    for misconception, change in _LSTM:
        yield misconception, replace(Lstm(), **change).apply(s)
    everything_unbiased = replace(
        s, model={n: 0 * v if n[0] == "b" else v for n, v in s.model.items()}
    )
    yield NO_BIAS, Lstm().apply(everything_unbiased)


def other_candidate(sums: np.ndarray, candidate: np.ndarray) -> bool:
    """Tell whether a candidate is some growing function, other than tanh, of the right sums."""
    order = sums.ravel().argsort()
    growth = np.diff(candidate.ravel()[order])
    finite = np.isfinite(candidate).all()
    return bool(finite and (growth > -1e-9).all() and growth.max() > 1e-6)
