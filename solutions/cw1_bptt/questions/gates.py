"""Gated steps from their equations: a GRU and an LSTM."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import permutations

import numpy as np

from rnn_course.checks.cases import Case
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.requests import Call

GRU, LSTM = "zrh", "ifog"
GRU_GROUPS = (
    *("open", "gru without biases", "half updated", "gru idle", "gru without state"),
    *("gru without input", "updated"),
)
LSTM_GROUPS = (
    *("lstm", "lstm without biases", "half written", "half kept", "half shown", "half open"),
    *("lstm without cell", "lstm idle", "lstm without state", "lstm without input"),
)
OPEN = 60.0  # a bias that opens a gate, whatever else is in its sum: σ(60) is 1 in float64


def weights(rng: np.random.Generator, gates: str, D: int, H: int) -> dict:
    """Draw weights and biases of two decimals, none of them zero."""
    model = {}
    for gate in gates:
        for name, shape in ((f"Wx{gate}", (D, H)), (f"Wh{gate}", (H, H)), (f"b{gate}", (1, H))):
            drawn = np.round(rng.normal(size=shape), 2)
            model[name] = np.where(drawn == 0, 0.5, drawn)
    return model


def _inputs(rng: np.random.Generator, gates: str, B: int, D: int, H: int) -> dict:
    x, c = (np.round(rng.normal(size=size), 2) for size in ((B, D), (B, H)))
    h = np.round(rng.uniform(-0.9, 0.9, (B, H)), 2)
    return {"x": x, "h": h, "c": c, "model": weights(rng, gates, D, H)}


def _with(inputs: Mapping, **changed: np.ndarray | float) -> dict:
    """Return inputs with x, h, c, or parameters by name, set to a number or to an array."""
    new = dict(inputs, model=dict(inputs["model"]))
    for name, value in changed.items():
        of = new if name in new else new["model"]
        of[name] = np.full_like(of[name], value) if np.isscalar(value) else value
    return new


def _far(rng: np.random.Generator, inputs: Mapping, gates: str) -> dict:
    """Return inputs with some sums of these gates far from 0, where σ is nearly 0 or 1."""
    biases = np.array([[8.0, -8.0, 1.0, -1.0]])
    return _with(inputs, **{f"b{gate}": rng.permutation(biases, axis=1) for gate in gates})


def _off(inputs: Mapping, names: str) -> dict:
    """Return inputs with all parameters of some gates, or all biases ("b"), at zero."""
    model = inputs["model"]
    chosen = [n for n in model if (n[0] == "b" if names == "b" else n[-1] in names)]
    return _with(inputs, **dict.fromkeys(chosen, 0.0))


def _gru(group: str, said: str, **several: Mapping) -> Case:
    calls = {n: Call("gru_step", (s["x"], s["h"], s["model"])) for n, s in several.items()}
    return Case(f"GRU, {said}", calls, group)


def _lstm(group: str, said: str, inputs: Mapping) -> Case:
    args = tuple(inputs[name] for name in ("x", "h", "c", "model"))
    return Case(f"LSTM, {said}", {"lstm": Call("lstm_step", args)}, group)


def _grus(rng: np.random.Generator) -> Iterator[Case]:
    """The reset gate fully open, where its place is all the same; then as it comes."""
    first, second = _inputs(rng, GRU, 2, 2, 4), _far(rng, _inputs(rng, GRU, 3, 2, 4), "zr")
    for inputs in (first, second):
        yield _gru("open", "r = 1 everywhere", gru=_with(inputs, br=OPEN))
    wide = _with(first, br=OPEN)
    for group, said, easier in (
        ("gru without biases", "r = 1, all other biases 0", _with(wide, bz=0.0, bh=0.0)),
        ("half updated", "r = 1, z = 1/2 everywhere", _off(wide, "z")),
        ("gru idle", "r = 1, a candidate of 0", _off(wide, "h")),
        ("gru without state", "r = 1, h = 0", _with(wide, h=0.0)),
        ("gru without input", "r = 1, x = 0", _with(wide, x=0.0)),
        ("updated", "r = 1, z = 0 everywhere", _with(wide, bz=-OPEN)),
    ):
        yield _gru(group, said, gru=easier)
    for inputs in (first, second):
        yield _gru("gru", f"B = {len(inputs['x'])}", gru=inputs)
    yield _gru("reset half", "r = 1/2 everywhere", gru=_off(first, "r"))
    yield from _reset(rng)


def _reset(rng: np.random.Generator) -> Iterator[Case]:
    """One unit of the state alone is not zero, so only its own reset gate can count.

    Nothing else comes in, and the second row is the first one mirrored: results of both signs.
    """
    for _ in range(2):
        inputs = _with(_inputs(rng, GRU, 2, 2, 3), x=0.0, bh=0.0, bz=-0.5, br=0.0)
        inputs["h"] = np.round(rng.uniform(0.4, 0.9), 2) * np.array([[1.0, 0, 0], [-1.0, 0, 0]])
        br = inputs["model"]["br"]
        other = _with(inputs, br=br + np.array([[0.0, 2.0, -2.0]]))
        own = _with(inputs, br=br + np.array([[2.0, 0.0, 0.0]]))
        yield _gru("reset", "h of one unit alone", here=inputs, other=other, own=own)


def _lstms(rng: np.random.Generator) -> Iterator[Case]:
    first, second = _inputs(rng, LSTM, 2, 2, 4), _far(rng, _inputs(rng, LSTM, 3, 2, 4), "ifo")
    for inputs in (first, second):
        yield _lstm("lstm", f"B = {len(inputs['x'])}", inputs)
    for group, said, easier in (
        ("lstm without biases", "all biases 0", _off(first, "b")),
        ("half written", "i = 1/2 everywhere", _off(first, "i")),
        ("half kept", "f = 1/2 everywhere", _off(first, "f")),
        ("half shown", "o = 1/2 everywhere", _off(first, "o")),
        ("half open", "all gates 1/2", _off(first, "ifo")),
        ("lstm without cell", "c = 0", _with(first, c=0.0)),
        ("lstm idle", "a candidate of 0", _off(first, "g")),
        ("lstm without state", "h = 0", _with(first, h=0.0)),
        ("lstm without input", "x = 0", _with(first, x=0.0)),
    ):
        yield _lstm(group, said, easier)
    for B in (2, 3):
        # tanh of it is ±1, whatever the gates make of it
        full = 1e6 * rng.choice([-1.0, 1.0], (B, 4))
        saturated = _far(rng, _with(_inputs(rng, LSTM, B, 2, 4), c=full), "o")
        yield _lstm("saturated", "a cell of ±1000000", saturated)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Ordinary steps, steps with a part switched off, other sizes, sums of ±1000."""
    yield from _grus(rng)
    yield from _lstms(rng)
    for B, D, H in ((1, 2, 3), (2, 4, 2), (3, 1, 4)):
        said = f"B = {B}, D = {D}, H = {H}"
        yield _gru("gru sizes", said, gru=_with(_inputs(rng, GRU, B, D, H), br=OPEN))
        yield _lstm("lstm sizes", said, _inputs(rng, LSTM, B, D, H))
    for _ in range(2):
        yield _gru("large", "sums of ±1000", gru=_large(rng, GRU))
        yield _lstm("large", "sums of ±1000", _large(rng, LSTM))


def _large(rng: np.random.Generator, gates: str) -> dict:
    signs = np.array([[-1000.0, 1000.0, 1000.0, -1000.0]])
    inputs = _inputs(rng, gates, 2, 2, 4)
    return _with(inputs, **{f"b{gate}": rng.permutation(signs, axis=1) for gate in gates})


# Edits of the model answer: each gate and candidate is a line of it

CANDIDATE = 'x @ model["Wxh"] + (r * h) @ model["Whh"] + model["bh"]'
MIXTURE = "z * h + (1 - z) * candidate"
CELL, SHOWN = "c_new = f * c + i * g", "return o * np.tanh(c_new), c_new"
SIGMOID = "return 0.5 * (1 + np.tanh(a / 2))"
GATES = "zrifo"
INPUT, STATE, BIAS = (
    r'x @ model\["Wx."\] \+ ',
    r'\(?\b(r \* )?h\)? @ model\["Wh."\] \+ ',
    r' \+ model\["b."\]',
)
OTHERS = ("np.asarray", "(lambda a: np.maximum(0, a))", "np.sin", "np.arctan")


def _sum(gate: str, **other: str) -> str:
    """Return the sum of a gate, with x, h or b taken from another gate's weights."""
    x, h, b = (other.get(kind, gate) for kind in "xhb")
    return f'x @ model["Wx{x}"] + h @ model["Wh{h}"] + model["b{b}"]'


SUMS = {gate: _sum(gate) for gate in "zrifog"} | {"h": CANDIDATE}


def _line(gate: str, inner: str = "", squash: str = "") -> str:
    name = {"h": "candidate"}.get(gate, gate)
    usual = "sigmoid" if gate in GATES else "np.tanh"
    return f"    {name} = {squash or usual}({inner or SUMS[gate]})\n"


def _changed(gate: str, inner: str = "", squash: str = "") -> tuple[str, str]:
    return _line(gate), _line(gate, inner, squash)


def _instead(old: str, *others: str) -> tuple:
    return tuple((old, other) for other in others)


def _each(change: Callable[[str], tuple[str, str]], gates: str = "zrhifog") -> Iterator[tuple]:
    """Yield a change of each gate alone, of the gates of a step together, and of all."""
    yield from map(change, gates)
    for group in ("zr", "ifo", GRU, LSTM, "zrifo", gates):
        if set(group) <= set(gates):
            yield tuple(map(change, group))


def _without(pattern: str) -> Callable[[str], tuple[str, str]]:
    """Return a change that takes what a pattern matches out of a gate's sum."""
    return lambda gate: _changed(gate, re.sub(pattern, "", SUMS[gate]))


def _squashed(other: str) -> Callable[[str], tuple[str, str]]:
    return lambda gate: _changed(gate, squash=other)


def _changes(gate: str, *inner: str) -> tuple:
    return tuple(_changed(gate, other) for other in inner)


def _turned(gate: str) -> tuple[str, str]:
    return _changed(gate, SUMS[gate].replace(f'"Wh{gate}"]', f'"Wh{gate}"].T'))


def _shared() -> Iterator[tuple]:
    """Yield one gate's weights in another one, all of them or of one kind; and one for all."""
    for gate, other in (*permutations(GRU, 2), *permutations(LSTM, 2)):
        for kinds in ("xhb", "x", "h", "b"):
            inner = SUMS[gate]
            for kind in kinds:
                name = f"b{gate}" if kind == "b" else f"W{kind}{gate}"
                inner = inner.replace(f'"{name}"', f'"{name[:-1]}{other}"')
            yield _changed(gate, inner)
    for gates in ("zr", "ifo", LSTM):
        for one in gates:
            yield tuple(_changed(gate, _sum(one)) for gate in gates if gate != one)


def _exchanged(one: str, other: str) -> tuple:
    return _changed(one, SUMS[other]), _changed(other, SUMS[one])


MISTAKES = (
    Mistake(
        "reset_after_product",
        "The reset gate acts on h Whh, after the product.",
        "This is PyTorch's form. Here the gate acts on the state first: (r ⊙ h) Whh.",
        edits=(
            *_changes(
                "h",
                'x @ model["Wxh"] + r * (h @ model["Whh"]) + model["bh"]',
                'x @ model["Wxh"] + r * (h @ model["Whh"] + model["bh"])',
            ),
        ),
    ),
    Mistake(
        "reset_missing",
        "The candidate does not depend on the reset gate.",
        "The reset gate lets a unit forget its past while it makes a new candidate.",
        edits=(_changed("h", _sum("h")),),
    ),
    Mistake(
        "reset_gate_reversed",
        "The candidate looks at what the reset gate shuts out: (1 − r) ⊙ h.",
        "r says how much of the old state to look at, so r = 1 means all of it: (r ⊙ h) Whh.",
        edits=(_changed("h", CANDIDATE.replace("(r * h)", "((1 - r) * h)")),),
    ),
    Mistake(
        "reset_on_input",
        "The reset gate acts on the input as well, or instead of the state.",
        "Only the past is to be reset: (r ⊙ h) Whh, while x Wxh stays whole.",
        edits=(
            *_changes(
                "h",
                'r * (x @ model["Wxh"]) + h @ model["Whh"] + model["bh"]',
                'r * (x @ model["Wxh"]) + (r * h) @ model["Whh"] + model["bh"]',
                'r * (x @ model["Wxh"] + h @ model["Whh"] + model["bh"])',
                'r * (x @ model["Wxh"] + h @ model["Whh"]) + model["bh"]',
            ),
            (_line("h"), f"    candidate = r * np.tanh({_sum('h')})\n"),
        ),
    ),
    Mistake(
        "reset_on_carried_state",
        "The reset gate acts on the state that is carried over.",
        "What is kept, z ⊙ h, is the update gate's affair alone.",
        edits=(
            *_instead(MIXTURE, "z * (r * h) + (1 - z) * candidate"),
            ((MIXTURE, "z * (r * h) + (1 - z) * candidate"), _changed("h", _sum("h"))),
        ),
    ),
    Mistake(
        "update_gate_reversed",
        "z keeps the new state where it should keep the old one.",
        "Here z = 1 means: keep the old state. h' = z ⊙ h + (1 − z) ⊙ candidate.",
        edits=(*_instead(MIXTURE, "(1 - z) * h + z * candidate"),),
    ),
    Mistake(
        "update_gate_missing",
        "The new state does not mix old state and candidate by z.",
        "The mixture of old and new is what carries a memory over many steps.",
        edits=(
            *_instead(
                MIXTURE,
                "candidate",
                "h + candidate",
                "(h + candidate) / 2",
                "z * candidate + r * h",
            ),
        ),
    ),
    Mistake(
        "update_gate_one_side",
        "z acts on one part of the mixture only.",
        "Old state and candidate share the place: weights z and 1 − z add up to one.",
        edits=(
            *_instead(
                MIXTURE,
                "z * h + candidate",
                "h + z * candidate",
                "h + (1 - z) * candidate",
                "(1 - z) * candidate",
                "(1 - z) * h + candidate",
                "z * candidate",
                "z * h + z * candidate",
                "z * h + r * candidate",
                "(1 - z) * h + (1 - z) * candidate",
            ),
        ),
    ),
    Mistake(
        "candidate_sigmoid",
        "The candidate went through the sigmoid.",
        "A candidate is content and may be negative: tanh. Sigmoids are for gates, from 0 to 1.",
        edits=(
            *(_changed(gate, squash="sigmoid") for gate in "hg"),
            tuple(_changed(gate, squash="sigmoid") for gate in "hg"),
        ),
    ),
    Mistake(
        "candidate_other_activation",
        "The candidate went through another function than tanh.",
        "A candidate is content, between −1 and 1: tanh.",
        edits=(
            *(_changed(gate, squash=other) for gate in "hg" for other in OTHERS),
            *(tuple(_changed(gate, squash=other) for gate in "hg") for other in OTHERS),
        ),
    ),
    Mistake(
        "gate_tanh",
        "A gate went through tanh, or through nothing.",
        "A gate says how much to let through, from 0 to 1: that is the sigmoid.",
        edits=(
            *(
                way
                for other in ("np.tanh", "np.asarray", *OTHERS[1:2])
                for way in _each(_squashed(other), GATES)
            ),
        ),
    ),
    Mistake(
        "gates_share_weights",
        "Two gates were computed from the same weights.",
        "Each gate has weights of its own, or it could not decide on its own.",
        edits=(*_shared(),),
    ),
    Mistake(
        "gate_without_state",
        "A gate does not look at the old state.",
        "Every gate hears input and old state: x Wx + h Wh + b.",
        edits=(*_each(_without(STATE)),),
    ),
    Mistake(
        "gate_without_input",
        "A gate does not look at the input.",
        "Every gate hears input and old state: x Wx + h Wh + b.",
        edits=(*_each(_without(INPUT)),),
    ),
    Mistake(
        "gate_bias_missing",
        "A bias was left out.",
        "Every gate and the candidate have a bias of their own.",
        edits=(*_each(_without(BIAS)),),
    ),
    Mistake(
        "gate_weights_transposed",
        "A recurrent matrix was used transposed.",
        "Rows belong to the old state: h Wh. It is square, so the wrong way round raises no error.",
        edits=(*_each(_turned),),
    ),
    Mistake(
        "input_forget_swapped",
        "Input gate and forget gate are exchanged.",
        "f decides on the old cell state, i on the candidate: c' = f ⊙ c + i ⊙ g.",
        edits=(*_instead(CELL, "c_new = i * c + f * g"),),
    ),
    Mistake(
        "output_gate_swapped",
        "The output gate is exchanged with another gate.",
        "o decides what of the cell is shown: h' = o ⊙ tanh(c').",
        edits=(*(_exchanged("o", other) for other in "ifg"),),
    ),
    Mistake(
        "cell_tanh_missing",
        "The cell state was not put through tanh before the output gate.",
        "The cell can grow; tanh keeps what is shown between −1 and 1.",
        edits=(
            *_instead(
                SHOWN,
                "return o * c_new, c_new",
                "return np.tanh(o * c_new), c_new",
                "return o * sigmoid(c_new), c_new",
            ),
        ),
    ),
    Mistake(
        "hidden_from_old_cell",
        "The hidden state was computed from the old cell state.",
        "First the new cell, then what is shown of it.",
        edits=(*_instead(SHOWN, "return o * np.tanh(c), c_new"),),
    ),
    Mistake(
        "forget_gate_missing",
        "The old cell state is kept whole.",
        "That is the LSTM of 1997; the forget gate came in 2000, and the equations here have it.",
        edits=(*_instead(CELL, "c_new = c + i * g"),),
    ),
    Mistake(
        "output_gate_missing",
        "The hidden state does not depend on the output gate.",
        "h' = o ⊙ tanh(c'): the gate decides what the rest of the network sees.",
        edits=(*_instead(SHOWN, "return np.tanh(c_new), c_new", "return c_new * 1, c_new"),),
    ),
    Mistake(
        "input_gate_missing",
        "The candidate enters the cell whole.",
        "c' = f ⊙ c + i ⊙ g: the input gate decides how much of it is written.",
        edits=(*_instead(CELL, "c_new = f * c + g"),),
    ),
    Mistake(
        "gates_coupled",
        "The weight of the old cell is one minus the input gate.",
        "That is a GRU's idea. An LSTM has two independent gates.",
        edits=(*_instead(CELL, "c_new = (1 - i) * c + i * g", "c_new = f * c + (1 - f) * g"),),
    ),
    Mistake(
        "cell_squashed",
        "The cell state itself went through tanh.",
        "Only the copy that is shown is squashed; the cell must be able to carry on unchanged.",
        edits=(
            *_instead(CELL, "c_new = np.tanh(f * c + i * g)", "c_new = f * np.tanh(c) + i * g"),
            *_instead(SHOWN, "return o * np.tanh(c_new), np.tanh(c_new)"),
        ),
    ),
    Mistake(
        "cell_product",
        "Old cell and candidate were multiplied, not added.",
        "The sum is what lets a gradient pass many steps unharmed.",
        edits=(*_instead(CELL, "c_new = (f * c) * (i * g)", "c_new = i * g"),),
    ),
    Mistake(
        "update_reset_exchanged",
        "Update gate and reset gate are exchanged.",
        "z mixes old state and candidate, r acts inside the candidate; each has weights of its "
        "name.",
        edits=(_exchanged("z", "r"),),
    ),
    Mistake(
        "old_cell_returned",
        "The cell state that comes back is the one that was put in.",
        "The next step must start from the new cell.",
        edits=(*_instead(SHOWN, "return o * np.tanh(c_new), c"),),
    ),
    Mistake(
        "states_exchanged",
        "The two states come back in the wrong order.",
        "The caller takes them apart by position: h first, then c.",
        edits=(*_instead(SHOWN, "return c_new, o * np.tanh(c_new)"),),
    ),
    Mistake(
        "cell_not_returned",
        "Only one state came back.",
        "The next step needs both: return h, c.",
        edits=(*_instead(SHOWN, "return o * np.tanh(c_new)"),),
    ),
    Mistake(
        "sigmoid_overflows",
        "Large sums give NaN.",
        "exp(1000) is infinite, and inf/inf is NaN: write the sigmoid as 1 / (1 + exp(−a)).",
        edits=(*_instead(SIGMOID, "return np.exp(a) / (1 + np.exp(a))"),),
    ),
    Mistake(
        "sigmoid_wrong",
        "What turns sums into gates is not the sigmoid.",
        "A gate is σ(a) = 1 / (1 + exp(−a)): a half at zero, close to one for large sums, close to "
        "zero for small ones. Try your sigmoid at −2, 0 and 2.",
        edits=_instead(
            SIGMOID,
            "return 0.5 * (1 + np.tanh(a))",
            "return 1 / (1 + np.exp(np.clip(a, -700, 700)))",
            "return np.clip(0.2 * a + 0.5, 0, 1)",
            "return np.clip(a / 6 + 0.5, 0, 1)",
            "return np.clip(0.25 * a + 0.5, 0, 1)",
            "return 1 / (1 + np.exp(-np.clip(a, -5, 5)))",
            "return 1 / (1 - np.exp(-np.clip(a, -700, 700)))",
            "return np.exp(-np.logaddexp(0, a))",
        ),
    ),
)


def _places() -> Iterator[Mistake]:
    """Yield what is known by where it does not show, the surest first."""
    biases = "With all biases at zero the step is right, otherwise not."
    gate = "With one gate's own weights and bias at zero the step is right, otherwise not."
    kept = "With an empty memory the step is right, otherwise not."
    written = "With a candidate of zero the step is right, otherwise not."
    state = "With an old state of zero the step is right, otherwise not."
    read = "With an input of zero the step is right, otherwise not."
    sigmoid = "What turns sums into gates is not the sigmoid."
    told = (
        ("gate_bias_wrong", biases, "Every gate and the candidate add the bias of their own name, "
         "once.", ("gru without biases", "lstm without biases")),
        ("one_gate_wrong", gate, "So it is this gate: the letters of its weights, what it reads, "
         "and its bias.", ("half updated", "reset half", "half written", "half kept",
         "half shown")),
        ("kept_part_wrong", kept, "So it is about what is kept: f ⊙ c in an LSTM, z ⊙ h in a GRU.",
         ("lstm without cell",)),
        ("written_part_wrong", written, "So it is about what is written: i ⊙ g in an LSTM, "
         "(1 − z) ⊙ candidate in a GRU.", ("gru idle", "lstm idle")),
        ("recurrent_part_wrong", state, "Look at the products with Wh, and at what becomes of the "
         "old state.", ("gru without state", "lstm without state")),
        ("input_part_wrong", read, "Look at the products with Wx: each gate and the candidate have "
         "one of their own.", ("gru without input", "lstm without input")),
        ("sigmoid_wrong", sigmoid, "A gate is σ(a) = 1 / (1 + exp(−a)): a half at zero, close to "
         "one for large sums, close to zero for small ones. Try your sigmoid at −2, 0 and 2.",
         ("half open",)),
    )  # fmt: skip
    yield Mistake(
        "shown_part_wrong",
        "The new cell state is right, and the hidden state made of it is not.",
        "h' = o ⊙ tanh(c'): the output gate reads the same x and old h as the other gates.",
        spares=("lstm_cell",),
        where=("lstm_state",),
    )
    yield Mistake(
        "reset_gate_wrong",
        "With the reset gate fully open all is right, otherwise not.",
        "The gate belongs in one place only: (r ⊙ h) Whh.",
        spares=("gru",),
        where=("gru_reset",),
    )
    for id, seen, why, groups in told:
        yield from (Mistake(id, seen, why, spares=(group,)) for group in groups)
    yield Mistake(
        "other_gated_step",
        "The step is not that of the equations, whichever part is switched off.",
        "Take the equations line by line: gates, candidate, and how old and new are put together.",
        where=("gru", "lstm_cell"),
    )


QUESTION = compare(
    "gates",
    "Gates",
    cases=cases,
    signature={"gru_step": ("x", "h", "model"), "lstm_step": ("x", "h", "c", "model")},
    defines=(),
    parts=(
        Part("gru", "GRU: gates, candidate and their mixture", 2.5, "h=gru", groups=GRU_GROUPS),
        Part(
            "gru_reset",
            "GRU: the reset gate acts before the product",
            1.5,
            (
                "h=gru",
                "h with another unit's reset gate opened=here==other",
                "h with this unit's reset gate opened=here==own",
            ),
            groups=("gru", "reset half", "reset"),
            follows="gru",
            apart=("reset",),
        ),
        Part("lstm_cell", "LSTM: the new cell state", 2.5, "c=lstm.1", groups=LSTM_GROUPS),
        Part(
            "lstm_state",
            "LSTM: the new hidden state",
            1.5,
            "h=lstm.0",
            groups=(*LSTM_GROUPS, "saturated"),
            follows="lstm_cell",
            apart=("saturated",),
        ),
        *(
            Part("sizes", "Any batch and sizes; the inputs are left alone", points, **rest)
            for points, rest in (
                (0.2, {"looks": "h=gru", "groups": ("gru sizes",), "follows": "gru"}),
                (0.15, {"looks": "c=lstm.1", "groups": ("lstm sizes",), "follows": "lstm_cell"}),
                (
                    0.15,
                    {
                        "looks": "h=lstm.0",
                        "groups": ("lstm sizes",),
                        "follows": ("lstm_cell", "lstm_state"),
                    },
                ),
                (0.5, {"looks": ("gru@changed", "lstm@changed"), "groups": ("gru", "lstm")}),
            )
        ),
        Part(
            "large",
            "Finite states for sums of ±1000",
            0.5,
            "h=gru",
            equal="finite",
            groups=("large",),
        ),
        Part(
            "large",
            "Finite states for sums of ±1000",
            0.5,
            ("h=lstm.0", "c=lstm.1"),
            equal="finite",
            groups=("large",),
        ),
    ),
    mistakes=(*MISTAKES, *_places()),
    read="Gates",
)
