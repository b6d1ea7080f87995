"""One step forward."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from rnn_course.checks.cases import Case
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.requests import Call
from rnn_course.courseworks.cw1_bptt.problem import network, two_decimals

FUNCTION = "cell_fn_forward"


def _step(
    rng: np.random.Generator,
    group: str,
    said: str,
    sizes: tuple[int, int, int, int],
    inputs: dict[str, np.ndarray] | None = None,
    **changed: Any,
) -> Case:
    """Draw a step of sizes B, D, H, K; inputs and parameters may be others than drawn."""
    B, D, H, K = sizes
    model = network(rng, D, H, K, **changed)
    drawn = {"X": rng.normal(size=(B, D)), "h": rng.normal(size=(B, H)) / 2}
    given = {name: two_decimals(value) for name, value in drawn.items()} | (inputs or {})
    args = (given["X"], given["h"], model)
    steps = {"train": Call(FUNCTION, args), "test": Call(FUNCTION, (*args, False))}
    return Case(said, steps, group)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Ordinary steps; other sizes; a term that is zero; scores that are all alike, or large."""
    yield _step(rng, "small", "B = 2, D = 3, H = 4, K = 3", (2, 3, 4, 3))
    yield _step(rng, "small", "B = 3, D = 2, H = 3, K = 4", (3, 2, 3, 4))
    yield _step(rng, "row", "B = 1", (1, 3, 4, 3))
    yield _step(rng, "sizes", "D = H = K = 2", (2, 2, 2, 2))
    yield _step(rng, "sizes", "B = 4, D = 1, H = 6, K = 5", (4, 1, 6, 5))
    yield _step(rng, "no_bias", "bh = 0", (2, 3, 4, 3), bh=0)
    yield _step(rng, "no_state", "h = 0", (2, 3, 4, 3), {"h": np.zeros((2, 4))})
    yield _step(rng, "no_input", "X = 0", (2, 3, 4, 3), {"X": np.zeros((2, 3))})
    yield _step(rng, "only_by", "Why = 0", (2, 3, 4, 3), Why=0)
    yield _step(rng, "alike", "Why = 0 and by = 0", (2, 3, 4, 3), Why=0, by=0)
    yield from _large(rng)


def _large(rng: np.random.Generator) -> Iterator[Case]:
    """Scores from 30 to some thousands, and rows of which one lies far below the other."""
    sizes = (2, 3, 4, 3)
    far = np.array([[1000.0, -1000.0, 999.0]])
    yield _step(rng, "large", "scores of ±1000", sizes, by=far)
    yield _step(rng, "large", "scores of about ±50", sizes, Why=60)
    yield _step(rng, "large", "scores of some thousands", (3, 3, 4, 3), Why=3000)
    apart = {"Wxh": np.ones((3, 4)), "Why": np.full((4, 3), 500.0)}
    X = np.array([[3.0] * 3, [-3.0] * 3])
    yield _step(rng, "large", "rows of scores that are far apart", sizes, {"X": X}, **apart)


SUM = 'h @ model["Whh"] + X @ model["Wxh"] + model["bh"]'
KEPT, SEEN, BIAS = 'h @ model["Whh"]', 'X @ model["Wxh"]', 'model["bh"]'
TANH = f"np.tanh({SUM})"
SCORES = 'h_new @ model["Why"] + model["by"]'
GIVEN = "(y if train else softmax(y))"
RETURNED = f"return {GIVEN}, h_new, cache"
EXP = "np.exp(scores - scores.max(axis=1, keepdims=True))"
NORMALISED = "powers / powers.sum(axis=1, keepdims=True)"


def _instead(old: str, *others: str) -> tuple[tuple[str, str], ...]:
    return tuple((old, other) for other in others)


STATE = (
    Mistake(
        "hidden_bias_missing",
        "The new state is what it would be without bh.",
        "The bias moves the point at which a unit switches; without it every unit switches at "
        "zero.",
        _instead(SUM, f"{KEPT} + {SEEN}"),
    ),
    Mistake(
        "bias_outside_tanh",
        "bh is added after the tanh.",
        "The bias belongs to the sum inside; outside, the state can leave the range of tanh.",
        _instead(TANH, f"np.tanh({KEPT} + {SEEN}) + {BIAS}"),
    ),
    Mistake(
        "tanh_missing",
        "The new state is the plain sum, without tanh.",
        "Without a nonlinearity all steps together are one linear map, and the state can grow "
        "forever.",
        (
            *_instead(TANH, SUM),
            ((RETURNED, f"return {GIVEN}, {SUM}, cache"),),
        ),
    ),
    Mistake(
        "other_activation",
        "The new state went through another function than tanh.",
        "The equation, and with it the derivative 1 − h'², belongs to tanh.",
        tuple(
            (("h_new = ", f"a = {SUM}\n    h_new = {other}\n    unused = "),)
            for other in (
                *("1 / (1 + np.exp(-a))", "np.maximum(a, 0)", "np.clip(a, -1, 1)", "np.sin(a)"),
                *("np.arctan(a)", "a / (1 + np.abs(a))", "np.where(a > 0, a, np.expm1(a))"),
                *("np.where(a > 0, a, 0.01 * a)", "np.log1p(np.exp(a))", "np.sign(a)"),
                *("a / (1 + np.exp(-a))", "np.tan(a)", "np.tanh(a / 2)", "np.tanh(a) ** 2"),
                *("np.sinh(a)", "np.cosh(a)", "np.cos(a)", "1 / np.cosh(a)", "np.exp(a)"),
                *("1 - np.tanh(a) ** 2", "softmax(a)", "2 / (1 + np.exp(-a)) - 1"),
            )
        ),
    ),
    Mistake(
        "tanh_twice",
        "tanh was applied twice.",
        "The state that comes in has been through tanh already.",
        _instead(TANH, f"np.tanh({TANH})", TANH.replace("(h @", "(np.tanh(h) @")),
    ),
    Mistake(
        "separate_tanh",
        "Input and state went through a tanh each, and were added afterwards.",
        "A unit decides on the sum of all that it hears, so the sum comes first.",
        _instead(
            TANH,
            f"np.tanh({KEPT} + {BIAS}) + np.tanh({SEEN})",
            f"np.tanh({KEPT}) + np.tanh({SEEN} + {BIAS})",
            f"np.tanh({KEPT}) + np.tanh({SEEN}) + {BIAS}",
            f"np.tanh({KEPT}) + np.tanh({SEEN}) + np.tanh({BIAS})",
            f"np.tanh({KEPT}) + np.tanh({SEEN})",
            f"np.tanh({KEPT} + {BIAS}) + np.tanh({SEEN} + {BIAS})",
            f"np.tanh({SEEN} + {BIAS}) + {KEPT}",
            f"np.tanh({KEPT} + {BIAS}) + {SEEN}",
        ),
    ),
    Mistake(
        "recurrent_transposed",
        "The new state is what Whh transposed would give.",
        "Rows of Whh belong to the old state, columns to the new: h Whh. It is square, so the "
        "wrong way round raises no error.",
        _instead('model["Whh"]', 'model["Whh"].T'),
    ),
    Mistake(
        "state_ignored",
        "The new state does not depend on the old one.",
        "Without h Whh the network has no memory: it sees the current step only.",
        _instead(SUM, f"{SEEN} + {BIAS}", SEEN),
    ),
    Mistake(
        "input_ignored",
        "The new state does not depend on the input.",
        "X Wxh is the only way in which the sequence gets into the network.",
        _instead(SUM, f"{KEPT} + {BIAS}", KEPT),
    ),
    Mistake(
        "product_for_sum",
        "Input and state were multiplied where they should be added.",
        "The equation has one sum of three terms inside tanh.",
        _instead(SUM, f"({KEPT}) * ({SEEN}) + {BIAS}", f"({KEPT} + {SEEN}) * {BIAS}"),
    ),
    Mistake(
        "old_state_added",
        "The old state was added to the new one.",
        "In this network the new state replaces the old one; only h Whh carries it over.",
        (
            *_instead(TANH, f"{TANH} + h", f"np.tanh({SUM} + h)", f"({TANH} + h) / 2"),
            *_instead(RETURNED, *(RETURNED.replace("h_new", f"{s}") for s in ("h + h_new",))),
            *_instead(RETURNED, RETURNED.replace("h_new", "(h + h_new) / 2")),
        ),
    ),
    Mistake(
        "old_state_returned",
        "The state that comes back is the one that was put in.",
        "The next step must start from the new state.",
        _instead(RETURNED, f"return {GIVEN}, h, cache"),
    ),
    Mistake(
        "batch_mixed",
        "Rows of the batch influence each other.",
        "Each row is a sequence of its own; sums run over features, never over the batch.",
        _instead(
            SUM,
            f"({KEPT} + {SEEN}).mean(axis=0, keepdims=True) + {BIAS} + 0 * h",
            f"({KEPT} + {SEEN}).sum(axis=0, keepdims=True) + {BIAS} + 0 * h",
            f"{SUM} - ({SUM}).mean(axis=0)",
            f"{KEPT} + ({SEEN}).mean(axis=0) + {BIAS}",
            f"{KEPT} + ({SEEN}).sum(axis=0) + {BIAS}",
            f"({KEPT}).mean(axis=0) + {SEEN} + {BIAS}",
            f"({KEPT}).sum(axis=0) + {SEEN} + {BIAS}",
            f"({KEPT})[:1] + {SEEN} + {BIAS}",
            f"{KEPT} + ({SEEN})[:1] + {BIAS}",
        ),
    ),
    Mistake(
        "term_scaled",
        "One of the three terms inside tanh is too large, too small or has the wrong sign.",
        "Input, old state and bias enter the sum once each, as they are.",
        (
            *_instead(SUM, f"{KEPT} + {SEEN} - {BIAS}", f"{KEPT} - {SEEN} + {BIAS}"),
            *_instead(
                SUM, f"{SEEN} - {KEPT} + {BIAS}", f"-({SUM})", f"({KEPT} + {SEEN}) / 2 + {BIAS}"
            ),
            *_instead(SUM, f"({SUM}) / 3", f"2 * ({SUM})"),
            *(
                (SUM, SUM.replace(term, f"{factor} * ({term})"))
                for term in (KEPT, SEEN, BIAS)
                for factor in ("2", "0.5")
            ),
        ),
    ),
)
OUTPUT = (
    Mistake(
        "softmax_in_training",
        "With train=True probabilities come back instead of scores.",
        "The loss takes the logarithm of the softmax itself; two in a row give another function.",
        _instead(GIVEN, "softmax(y)"),
    ),
    Mistake(
        "train_flag_reversed",
        "Scores and probabilities are exchanged: train is read the wrong way round.",
        "train=True asks for scores, which the loss needs; train=False for probabilities.",
        (
            *_instead(GIVEN, "(softmax(y) if train else y)"),
            ("model, train=True)", "model, train=False)"),
        ),
    ),
    Mistake(
        "output_from_old_state",
        "The scores were computed from the old state.",
        "The output of a step must know the input of that step: y = h' Why + by.",
        _instead(SCORES, SCORES.replace("h_new", "h")),
    ),
    Mistake(
        "output_before_tanh",
        "The scores were computed from the sum before tanh.",
        "The output reads the state itself, which is what tanh returned.",
        _instead(SCORES, SCORES.replace("h_new", f"({SUM})")),
    ),
    Mistake(
        "output_bias_missing",
        "The scores are what they would be without by.",
        "by lets a class be likely before anything has been read.",
        _instead(' + model["by"]', ""),
    ),
    Mistake(
        "output_bias_scaled",
        "by enters the scores with a wrong sign or factor.",
        "The bias is added once, as it is.",
        _instead(' + model["by"]', *(f' {how} model["by"]' for how in ("-", "+ 2 *", "+ 0.5 *"))),
    ),
    Mistake(
        "output_squashed",
        "The scores went through tanh.",
        "Scores are free numbers; a squashed score can never make a class certain.",
        _instead(SCORES, f"np.tanh({SCORES})", 'np.tanh(h_new @ model["Why"]) + model["by"]'),
    ),
    Mistake(
        "softmax_missing",
        "With train=False scores come back instead of probabilities.",
        "A user wants probabilities: positive numbers that add up to one in each row.",
        _instead(GIVEN, "y"),
    ),
    Mistake(
        "softmax_wrong_axis",
        "The probabilities do not add up to one in each row.",
        "The sum runs over the classes (the last axis), for each row of the batch on its own.",
        (
            *_instead(NORMALISED, "powers / powers.sum(axis=0)", "powers / powers.sum()"),
            *_instead(NORMALISED, "powers / powers.sum(axis=1).mean()"),
            (
                (EXP, "np.exp(scores - scores.max(axis=0))"),
                (NORMALISED, "powers / powers.sum(axis=0)"),
            ),
            ((EXP, "np.exp(scores - scores.max())"), (NORMALISED, "powers / powers.sum()")),
            ((EXP, "np.exp(scores)"), (NORMALISED, "powers / powers.sum(axis=0)")),
            ((EXP, "np.exp(scores)"), (NORMALISED, "powers / powers.sum()")),
        ),
    ),
    Mistake(
        "other_than_softmax",
        "With train=False something else than the softmax of the scores comes back.",
        "Softmax is exp(y) divided by the sum of exp(y) over the classes.",
        (
            *(
                (GIVEN, f"(y if train else {other})")
                for other in (
                    *("np.log(softmax(y))", "1 / (1 + np.exp(-y))", "softmax(softmax(y))"),
                    *(
                        "np.exp(y)",
                        "softmax(-y)",
                        "softmax(y / 2)",
                        "softmax(2 * y)",
                        "-softmax(y)",
                    ),
                    *("y / y.sum(axis=1, keepdims=True)", "np.eye(y.shape[1])[y.argmax(axis=1)]"),
                    *(
                        "abs(y) / abs(y).sum(axis=1, keepdims=True)",
                        "y - np.log(np.exp(y).sum(axis=1, keepdims=True))",
                    ),
                    *("1 - softmax(y)", "softmax(y) ** 2", "np.tanh(y)"),
                    "np.exp(y - y.max(axis=1, keepdims=True))",
                    "(y - y.min(1, keepdims=True)) / np.ptp(y, axis=1, keepdims=True)",
                )
            ),
        ),
    ),
    Mistake(
        "softmax_overflows",
        "Large scores give NaN.",
        "exp(1000) is infinite, and 0/0 is no number. Subtract the largest score of each row "
        "first: softmax stays the same.",
        _instead(
            EXP,
            "np.exp(scores)",
            "np.exp(scores - scores.max())",
            "np.exp(scores - scores.mean(axis=1, keepdims=True))",
        ),
    ),
    Mistake(
        "large_scores_falsified",
        "Ordinary scores give the right probabilities, large ones do not.",
        "Softmax looks at differences of scores. Cutting large ones off changes them; subtracting "
        "the largest of each row does not.",
        _instead(
            EXP, *(f"np.exp(np.clip(scores, -{c}, {c}))" for c in (10, 20, 50, 100, 500, 700))
        ),
    ),
)
FORM = (
    Mistake(
        "result_left_out",
        "Not all of the results came back.",
        "The caller takes three apart: y, h and cache, in this order.",
        _instead(RETURNED, f"return {GIVEN}, h_new", f"return {GIVEN}", f"return {GIVEN}, cache"),
    ),
    Mistake(
        "results_reordered",
        "The results are right but in another order.",
        "The caller takes them apart by position: y, then h, then cache.",
        _instead(RETURNED, f"return h_new, {GIVEN}, cache", f"return cache, {GIVEN}, h_new"),
    ),
)
PLACES = (
    Mistake(
        "batch_mixed",
        "One row alone goes right, several do not: rows of the batch influence each other.",
        "Each row is a sequence of its own; sums run over features, never over the batch.",
        where=("state",),
        spares=("row",),
    ),
    *(
        Mistake(
            "term_wrong",
            f"The new state is right where {name} is zero, and wrong elsewhere.",
            "Inside tanh stand h Whh, X Wxh and bh, added up and nothing else.",
            where=("state",),
            spares=(group,),
        )
        for name, group in (("bh", "no_bias"), ("h", "no_state"), ("X", "no_input"))
    ),
    Mistake(
        "other_scores",
        "The scores are not those of the state that came back with them.",
        "They are one product and one sum: y = h' Why + by, with the new state as it is.",
        where=("logits",),
        spares=("state",),
    ),
    Mistake(
        "large_scores_falsified",
        "Ordinary scores give the right probabilities, large ones do not.",
        "Softmax looks at differences of scores; subtracting the largest of each row leaves it as "
        "it is.",
        where=("large",),
        spares=("small",),
    ),
    Mistake(
        "other_than_softmax",
        "With train=False something else than the softmax of the scores comes back.",
        "Softmax is exp(y) divided by the sum of exp(y) over the classes.",
        where=("softmax",),
    ),
    Mistake(
        "other_state",
        "The new state is not that of the equation, with whichever term left out.",
        "It is tanh of one sum of three terms: h' = tanh(h Whh + X Wxh + bh).",
        where=("state",),
    ),
)
ORDINARY = ("small", "row", "no_bias", "no_state", "no_input")
SOFTMAX = "Probabilities with train=False, even for scores of 1000"
GENERAL = "Any batch and any sizes; the inputs are left alone"

QUESTION = compare(
    FUNCTION,
    "One step forward",
    cases=cases,
    signature={FUNCTION: ("X", "h", "model")},
    parts=(
        Part(
            "state",
            "The new state h",
            4,
            ("train@length", "h=train.1", "h=test.1"),
            groups=ORDINARY,
        ),
        # a wrong state cannot show in the scores where Why is zero, nor wrong scores in
        # probabilities that are all alike
        Part(
            *("logits", "The scores y", 2, "y=train.0"),
            groups=(*ORDINARY, "only_by"),
            follows="state",
            apart=("only_by",),
        ),
        Part(
            *("softmax", SOFTMAX, 1, "probabilities=test.0"),
            groups=(*ORDINARY, "only_by", "alike"),
            follows="logits",
            apart=("alike",),
        ),
        Part(*("softmax", SOFTMAX, 1, "probabilities=test.0"), groups=("large",), follows="logits"),
        Part(*("general", GENERAL, 0.5, "h=train.1"), groups=("sizes",), follows="state"),
        Part(*("general", GENERAL, 0.25, "y=train.0"), groups=("sizes",), follows="logits"),
        Part(
            *("general", GENERAL, 1, ("h=train.1@length", "train@changed", "test@changed")),
            groups=("small",),
        ),
        Part(
            *("general", GENERAL, 0.25, ("h=train.1@length", "train@again")),
            groups=("small",),
            follows="state",
        ),
    ),
    mistakes=(*STATE, *OUTPUT, *FORM, *PLACES),
    equivalent={
        "cache": "the cache is the student's own affair; the way back will tell",
        "powers": "a common factor cancels, and the last axis of (B, K) is axis 1",
    },
    read="One step forward",
)
