"""A recurrent classifier, right or wrong in a known way, where all parameters are one number.

Then all units of a layer are equal, in whatever layout the parameters are kept, and a layer is a
recurrence of single numbers. A student's model with all parameters set to that number must give
the same logits as one of these *plans*: the right one, or the one with the student's mistake.

Arrays have the shape (N, B): N dresses at once, B samples.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial, reduce

import numpy as np
from scipy.special import erf

from rnn_course.courseworks.cw2_speech_commands.models.roles import BIASES, Dress, Size

# What all parameters are set to: small enough that no gate saturates; with four hidden units a
# quarter would make a rectifier's recurrence forget nothing, so that order did not matter.
NUMBER = 0.23

Array = np.ndarray
Clip = list[Array]


@dataclass(frozen=True)
class Plan:
    """How a model goes about it. The defaults are right for one direction.

    Attributes:
        mode: what the cells compute.
        layers: how many there really are.
        cell: name of a mistake in the cell's equations, "" for none.
        paths: the order in which each direction sees the frames.
        feed: what a layer hands to the next: ``h``, ``c``, ``old`` (its state before this step),
            or ``x``, the input itself.
        carry: from step to step, ``own`` state, ``none``, ``shared`` by all layers, or ``below``:
            the state that the layer below has just reached.
        start: every state's first value.
        read: for each direction, what the readout sees: ``last``, ``first``, ``mean``, ``sum``,
            ``max``, ``cell`` (the last cell state), ``bottom`` (the last of the first layer),
            ``layers`` (the last of all layers), or ``""`` (nothing).
        states: of two directions ``own``, ``sequential`` (the second goes on where the first
            ended) or ``interleaved`` (both overwrite the same).
        scale: what the last states are multiplied with.
        joined: whether each layer reads both directions of the layer below.
        met: how the directions' last states meet: ``side`` by side, as their ``product`` or
            ``max``.
        before: function applied to the states that are read.
        after: function applied to the logits.
        gain: what the logits are multiplied with.
        clip: at which size they are cut off.
    """

    mode: str
    layers: int
    cell: str = ""
    paths: tuple[str, ...] = ("forward",)
    feed: str = "h"
    carry: str = "own"
    start: float = 0.0
    read: tuple[str, ...] = ("last",)
    states: str = "own"
    scale: float = 1.0
    joined: bool = False
    met: str = "side"
    before: str = ""
    after: str = ""
    gain: float = 1.0
    clip: float = np.inf


PATHS = {
    "forward": lambda x: x,
    "reversed": lambda x: x[:, ::-1],
    "batch_reversed": lambda x: x[::-1],
    "without_first": lambda x: x[:, 1:],
    "without_last": lambda x: x[:, :-1],
    "reversed_without_first": lambda x: x[:, :0:-1],
    "reversed_without_last": lambda x: x[:, -2::-1],
    "reshaped": lambda x: x.reshape(x.shape[1], x.shape[0], -1).swapaxes(0, 1),
    "last_only": lambda x: x[:, -1:],
    "first_only": lambda x: x[:, :1],
}


def _sigmoid(a: Array) -> Array:
    return 1 / (1 + np.exp(-a))


FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "relu": lambda h: np.maximum(h, 0),
    "sigmoid": _sigmoid,
    "leaky_relu": lambda h: np.where(h > 0, h, 0.01 * h),
    "elu": lambda h: np.where(h > 0, h, np.expm1(np.minimum(h, 0))),
    "gelu": lambda h: h * (1 + erf(h / np.sqrt(2))) / 2,
    "silu": lambda h: h * _sigmoid(h),
    "softplus": lambda h: np.log1p(np.exp(h)),
}


def _of_logits(function: Callable[[Array], Array], y: Array, _: int) -> Array:
    return function(y)


BEFORE: dict[str, Callable[[Array], Array]] = {
    "": lambda h: h,
    **FUNCTIONS,
    "normalised": lambda h: 0 * h,  # all units are equal, and so is their mean
}
MET = {"side": np.add, "product": np.multiply, "max": np.maximum}
AFTER: dict[str, Callable[[Array, int], Array]] = {  # of K equal logits
    "": lambda y, K: y,
    "softmax": lambda y, K: np.full_like(y, 1 / K),
    "log_softmax": lambda y, K: np.full_like(y, -np.log(K)),
    **{name: partial(_of_logits, function) for name, function in FUNCTIONS.items()},
}


class Simulator:
    """Runs plans on one input with every parameter equal to ``s``.

    Args:
        size: of the student's model.
        x: (B, T, D).
        s: the number.
        dresses: all of the plan's mode; the N of every result.
    """

    def __init__(self, size: Size, x: Array, s: float, dresses: Sequence[Dress]) -> None:
        self._size, self._x, self._s = size, x, s
        self._counts = np.array([d.biases for d in dresses], float).T[..., None] * s
        self._readout = np.array([d.readout for d in dresses], float)[:, None] * s
        self._signs = np.array([d.signs for d in dresses], float).T[..., None]
        self._offsets = np.array([d.offsets for d in dresses], float).T[..., None]

    def logits(self, plan: Plan) -> Array:
        """Return the logit that all classes share, (N, B)."""
        with np.errstate(all="ignore"):
            clips = [self._clip(path) for path in plan.paths]
            total = self._joined(plan, clips) if plan.joined else self._separate(plan, clips)
            logits = self._s * self._size.H * plan.scale * total + self._readout
            shown = plan.gain * AFTER[plan.after](logits, self._size.K)
            return shown.clip(-plan.clip, plan.clip)

    def _clip(self, path: str) -> Clip:
        """Return, for each frame on a path, what the first layer receives of it."""
        frames = PATHS[path](self._x)
        return [self._s * frames[:, t].sum(-1)[None] for t in range(frames.shape[1])]

    def _separate(self, plan: Plan, clips: list[Clip]) -> Array:
        if plan.states == "interleaved":
            merged = [frame for pair in zip(*clips, strict=False) for frame in pair]
            tops = self._stack(plan, merged)[0][-1]
            return tops[-2] + tops[-1]
        met: list[Array] = []
        start = None
        for clip, read in zip(clips, plan.read, strict=True):
            outputs, cells, final = self._stack(plan, clip, start)
            start = final if plan.states == "sequential" else None
            met.append(BEFORE[plan.before](_read(read, outputs, cells)))
        return reduce(MET[plan.met], met)

    def _stack(self, plan: Plan, clip: Clip, start: list | None = None) -> tuple[list, list, list]:
        """Run one direction; return outputs[layer][t], cells[layer][t] and the last states."""
        fresh = (np.full((1, 1), plan.start), np.full((1, 1), plan.start))
        state = list(start or [fresh] * plan.layers)
        outputs: list[Clip] = [[] for _ in state]
        cells: list[Clip] = [[] for _ in state]
        for frame in clip:
            below, shared = frame, state[-1]
            for layer in range(plan.layers):
                before = shared if plan.carry == "shared" else state[layer]
                before = state[layer - 1] if plan.carry == "below" and layer else before
                before = fresh if plan.carry == "none" else before
                state[layer] = shared = self._step(plan, below, before)
                outputs[layer].append(state[layer][0])
                cells[layer].append(state[layer][1])
                below = self._handed_on(plan, frame, before, state[layer])
        return outputs, cells, state

    def _handed_on(self, plan: Plan, frame: Array, old: tuple, new: tuple) -> Array:
        if plan.feed == "x":
            return frame
        given = {"h": new[0], "c": new[1], "old": old[0]}[plan.feed]
        return self._s * self._size.H * given

    def _joined(self, plan: Plan, clips: list[Clip]) -> Array:
        """Run layer by layer, each layer reading both directions of the one below."""
        for _ in range(plan.layers):
            single = Plan(plan.mode, 1, plan.cell)
            tops = [self._stack(single, clip)[0][0] for clip in clips]
            aligned = [f + r for f, r in zip(tops[0], tops[1][::-1], strict=False)]
            fed = [self._s * self._size.H * both for both in aligned]
            clips = [fed, fed[::-1]]
        return _sum(_read(read, [top], [top]) for read, top in zip(plan.read, tops, strict=True))

    def _step(self, plan: Plan, below: Array, state: tuple[Array, Array]) -> tuple[Array, Array]:
        h, c = state
        recurrent = self._s * self._size.H * h
        step = {"LSTM": self._lstm, "GRU": self._gru}.get(plan.mode)
        if step:
            return step(plan.cell, below, recurrent, (h, c))
        a = below + recurrent + self._counts[0]
        h = np.tanh(a) if plan.mode == "RNN_TANH" else np.maximum(a, 0)
        return h, h

    def _gate(self, index: int, a: Array) -> Array:
        """Add a gate's bias, apply its sign and its offset."""
        return self._signs[index] * (a + self._counts[index]) + self._offsets[index]

    def _lstm(self, cell: str, below: Array, recurrent: Array, state: tuple) -> tuple:
        _, c = state
        i, f, g, o = (self._gate(k, below + recurrent) for k in range(4))
        if cell == "no_recurrence_in_gates":
            i, f, o = (self._gate(k, below) for k in (0, 1, 3))
        candidate = _sigmoid(g) if cell == "sigmoid_candidate" else np.tanh(g)
        forget = 1.0 if cell == "no_forget_gate" else _sigmoid(f)
        if cell == "sum_for_product":
            new = forget * c + _sigmoid(i) + candidate
        else:
            new = forget * c + _sigmoid(i) * candidate
        shown = c if cell == "old_cell_shown" else new
        shown = shown if cell == "no_output_tanh" else np.tanh(shown)
        return (1.0 if cell == "no_output_gate" else _sigmoid(o)) * shown, new

    def _gru(self, cell: str, below: Array, recurrent: Array, state: tuple) -> tuple:
        h, _ = state
        r, z = (_sigmoid(self._gate(k, below + recurrent)) for k in range(2))
        inner = recurrent + self._counts[BIASES["GRU"].index("n_h")]
        outer = below + self._counts[2]
        if cell == "reset_before_product":
            a = outer + recurrent * r + self._counts[3]
        else:
            a = outer + (inner if cell == "no_reset_gate" else r * inner)
        if cell == "reset_on_input":
            a = r * outer + inner
        n = _sigmoid(a) if cell == "sigmoid_candidate" else np.tanh(a)
        new = n if cell == "no_update_gate" else (1 - z) * n + z * h
        return new, new


def _sum(parts: Iterable[Array]) -> Array:
    return reduce(np.add, parts)


def _read(read: str, outputs: list[Clip], cells: list[Clip]) -> Array:
    top = outputs[-1]
    match read:
        case "":
            return np.zeros((1, 1))
        case "first":
            return top[0]
        case "mean":
            return _sum(top) / len(top)
        case "sum":
            return _sum(top)
        case "max":
            return np.maximum.reduce(np.broadcast_arrays(*top))
        case "cell":
            return cells[-1][-1]
        case "bottom":
            return outputs[0][-1]
        case "layers":
            return _sum(layer[-1] for layer in outputs)
    return top[-1]
