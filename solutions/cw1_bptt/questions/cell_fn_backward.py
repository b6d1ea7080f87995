"""One step backward, on the student's own cache."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from rnn_course.checks.cases import Case
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.requests import Call
from rnn_course.checks.values import Ref
from rnn_course.courseworks.cw1_bptt.problem import network, two_decimals

FUNCTION, FORWARD = "cell_fn_backward", "cell_fn_forward"
WEIGHTS = ("Wxh", "Whh", "Why", "bh", "by")


def _step(
    rng: np.random.Generator,
    group: str,
    said: str,
    sizes: tuple[int, int, int, int],
    *,
    back: str = "back",
    X: np.ndarray | None = None,
    future: float = 1.0,
    **changed: Any,
) -> Case:
    """Draw a step of sizes B, D, H, K, forward and back; parameters may be others than drawn."""
    B, D, H, K = sizes
    model = network(rng, D, H, K, **changed)
    X = two_decimals(rng.normal(size=(B, D))) if X is None else X
    h, dh = (two_decimals(rng.normal(size=(B, H)) / 2) for _ in range(2))
    labels = rng.integers(0, K, B)
    labels[-1] = (labels[0] + 1) % K
    steps = {
        "forward": Call(FORWARD, (X, h, model, True), keep=True),
        back: Call(FUNCTION, (Ref("forward", (0,)), labels, future * dh, Ref("forward", (2,)))),
    }
    if group == "batch":
        steps["again"] = steps[back]
    return Case(said, steps, group)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """One row; a batch; a loss that does not reach the state; a state that only moves."""
    yield _step(rng, "row", "B = 1", (1, 2, 3, 4))
    yield _step(rng, "row", "B = 1, H = 4, K = 2", (1, 3, 4, 2))
    yield _step(rng, "batch", "B = 2", (2, 3, 4, 3))
    yield _step(rng, "batch", "B = 3", (3, 2, 2, 4))
    yield _step(rng, "future", "Why = 0", (1, 2, 3, 4), Why=0)
    turned, X = np.roll(np.eye(3), 1, axis=1), np.ones((1, 1))
    said = "X = 1, and Whh only moves every unit by one place"
    yield _step(rng, "moved", said, (1, 1, 3, 2), back="moved", X=X, Whh=turned)
    yield _step(rng, "far", "a dh_next a hundred times larger", (1, 2, 3, 4), future=100.0)


P = "dy = softmax(y_pred)"
LABEL = "dy[np.arange(len(dy)), y_train] -= 1"
MEAN = "dy /= len(dy)"
OWN = 'dy @ model["Why"].T'
STATE = f"dh_new = {OWN} + dh_next"
SLOPE = "(1 - h_new**2)"
SUM = f"da = dh_new * {SLOPE}"
WXH, WHH, WHY = "X.T @ da", "h.T @ da", "h_new.T @ dy"
BH, BY = "da.sum(axis=0, keepdims=True)", "dy.sum(axis=0, keepdims=True)"
BACK = 'da @ model["Whh"].T'
FLOW = f"return grad, {BACK}"
MADE = {"Wxh": WXH, "Whh": WHH, "Why": WHY, "bh": BH, "by": BY}
ALL = "{name: %s for name, g in grad.items()}"


def _instead(old: str, *others: str) -> tuple[tuple[str, str], ...]:
    return tuple((old, other) for other in others)


def _each(change: str, names: tuple[str, ...] = WEIGHTS) -> tuple[tuple[str, str], ...]:
    """Change the line of one gradient, each in turn."""
    return tuple((MADE[name], change.format(MADE[name])) for name in names)


def _biases(change: str) -> tuple[Any, ...]:
    """Change the gradient of one bias, or of both."""
    one, other = ((BH, change.format("da")), (BY, change.format("dy")))
    return one, other, (one, other)


SCORES = (
    Mistake(
        "label_not_subtracted",
        "The gradient of the scores is the probabilities themselves.",
        "It is p − 1 at the right class: that minus one is what pulls the right score up.",
        _instead(LABEL, "pass"),
    ),
    Mistake(
        "gradient_sign",
        "The gradients have the opposite sign.",
        "The gradient of the scores is p minus the one-hot label, not the other way round.",
        (
            *_instead(MEAN, "dy /= -len(dy)"),
            *_instead("return grad, ", f"return {ALL % '-g'}, "),
            *_instead(FLOW, f"return {ALL % '-g'}, -{BACK}"),
        ),
    ),
    Mistake(
        "scores_for_probabilities",
        "The gradient of the scores was made from scores, not from probabilities.",
        "y_pred holds scores (train=True); the derivative needs their softmax.",
        _instead(P, "dy = y_pred.copy()"),
    ),
    Mistake(
        "backward_softmax_twice",
        "The softmax was applied twice.",
        "One softmax turns scores into probabilities; a second one flattens them.",
        _instead(P, "dy = softmax(softmax(y_pred))"),
    ),
    Mistake(
        "backward_softmax_axis",
        "The softmax ran over the batch or over everything.",
        "Each row of the batch has its own probabilities, which add up to one over the classes.",
        _instead(P, "dy = softmax(y_pred.T).T", "dy = np.exp(y_pred) / np.exp(y_pred).sum()"),
    ),
    Mistake(
        "softmax_derivative_again",
        "The slope of the softmax, p (1 − p), was multiplied in.",
        "p − onehot is the gradient of softmax and logarithm together; no factor is left to add.",
        (
            *_instead(
                MEAN,
                *(
                    f"{MEAN}\n    dy *= {f}"
                    for f in ("softmax(y_pred) * (1 - softmax(y_pred))", "softmax(y_pred)")
                ),
            ),
        ),
    ),
    Mistake(
        "batch_not_averaged",
        "The gradients are as many times too large as the batch has rows.",
        "The loss of a step is the mean over the batch, so p − onehot is divided by B.",
        _instead(MEAN, "pass"),
    ),
    Mistake(
        "batch_averaged_twice",
        "Gradients were divided by the size of the batch twice.",
        "The mean is in p − onehot divided by B already; what is made from it is only added up.",
        (
            *_instead(MEAN, "dy /= len(dy) ** 2"),
            *_each("{} / len(dy)", ("Wxh", "Whh", "Why")),
            _each("{} / len(dy)", ("Wxh", "Whh", "Why")),
            _each("{} / len(dy)", ("Wxh", "Whh")),
            *_instead("return grad, ", f"return {ALL % 'g / len(dy)'}, "),
            *_instead(FLOW, f"return {ALL % 'g / len(dy)'}, {BACK} / len(dy)"),
        ),
    ),
    Mistake(
        "gradient_scaled",
        "The gradient of the scores is right up to a factor.",
        "It is (p − onehot) / B, with no other factor.",
        _instead(
            MEAN, "dy /= dy.size", "dy /= dy.shape[1]", "dy /= 2 * len(dy)", "dy *= 2 / len(dy)"
        ),
    ),
)
STATES = (
    Mistake(
        "dh_next_ignored",
        "The gradients do not depend on dh_next.",
        "The state of this step also acts on all later losses; dh_next carries what they say.",
        _instead(STATE, f"dh_new = {OWN}"),
    ),
    Mistake(
        "dh_next_divided",
        "dh_next was divided by the size of the batch.",
        "The division is in dh_next already: later steps averaged their own losses.",
        _instead(STATE, f"{STATE} / len(dy)", f"dh_new = ({OWN} + dh_next) / len(dy)"),
    ),
    Mistake(
        "dh_next_after_tanh",
        "dh_next was added after the slope of tanh.",
        "dh_next is a gradient by the new state h', so it passes the tanh like everything else.",
        (
            *_instead(SUM, f"da = ({OWN}) * {SLOPE} + dh_next", f"{SUM} + dh_next"),
            ((STATE, f"dh_new = {OWN}"), (BACK, f"{BACK} + dh_next")),
        ),
    ),
    Mistake(
        "dh_next_not_in_weights",
        "The gradients of the weights do not contain dh_next.",
        "The weights of this step shaped the state, on which all later losses depend.",
        (
            ((STATE, f"dh_new = {OWN}"), (BACK, f'(da + dh_next * {SLOPE}) @ model["Whh"].T')),
            ((STATE, f"dh_new = {OWN}"), (BACK, '(da + dh_next) @ model["Whh"].T')),
        ),
    ),
    Mistake(
        "own_loss_missing",
        "This step's own loss does not reach the state.",
        "The state gets gradient from two sides: dy Whyᵀ from this step, dh_next from later ones.",
        (
            *_instead(STATE, "dh_new = dh_next"),
            *_instead(BACK, f'(dh_next * {SLOPE}) @ model["Whh"].T', 'dh_next @ model["Whh"].T'),
        ),
    ),
    Mistake(
        "dh_next_multiplied",
        "The two gradients of the state were multiplied, subtracted or averaged.",
        "Where one value is used twice, the gradients of both uses are added.",
        _instead(
            STATE,
            f"dh_new = ({OWN}) * dh_next",
            f"dh_new = {OWN} - dh_next",
            f"dh_new = dh_next - {OWN}",
            f"dh_new = ({OWN} + dh_next) / 2",
        ),
    ),
    Mistake(
        "output_weights_transposed",
        "The gradient of the scores went through Why in the wrong direction.",
        "Forward h' Why, backward dy Whyᵀ.",
        _instead(STATE, 'dh_new = dy @ model["Why"].reshape(dy.shape[1], -1) + dh_next'),
    ),
    Mistake(
        "tanh_derivative_missing",
        "The gradient passed tanh as if it were not there.",
        "Going back through h' = tanh(a), the gradient is multiplied by the slope 1 − h'².",
        (
            *_instead(SUM, "da = dh_new"),
            *((line, line.replace("da", "dh_new")) for line in (WXH, WHH, BH)),
            tuple((line, line.replace("da", "dh_new")) for line in (WXH, WHH, BH)),
            tuple((line, line.replace("da", "dh_new")) for line in (WXH, WHH)),
        ),
    ),
    Mistake(
        "tanh_derivative_wrong",
        "The gradient was multiplied by something else than the slope of tanh.",
        "The slope is 1 − h'² with h' the new state of this step, which tanh returned.",
        _instead(
            SLOPE,
            *("(1 - h_new)", "(1 - h**2)", "(1 + h_new**2)", "(h_new * (1 - h_new))", "h_new"),
            *("(1 - np.tanh(h_new) ** 2)", "(1 - np.tanh(h) ** 2)", "(1 - h_new**2) ** 2"),
            *("(h_new**2 - 1)", "(1 - dh_new**2)", "(h_new > 0)", "(1 - np.arctanh(h_new) ** 2)"),
            *("(1 - h_new) ** 2", "np.sqrt(1 - h_new**2)", "np.tanh(h_new)", "(1 + h_new)"),
            *(
                "(1 - np.tanh(dh_new) ** 2)",
                "h_new**2",
                "(1 - np.abs(h_new))",
                "1 / (1 - h_new**2)",
            ),
            *(
                "2 * (1 - h_new**2)",
                "(1 - h_new**2) / 2",
                "(1 - 2 * h_new**2)",
                "np.arctanh(h_new)",
            ),
        ),
    ),
)
WEIGHT = (
    Mistake(
        "recurrent_gradient_from_new_state",
        "The gradient of Whh uses the new state.",
        "Whh multiplied the old state h, so the old state stands in its gradient: hᵀ da.",
        _instead(WHH, "h_new.T @ da"),
    ),
    Mistake(
        "output_gradient_from_old_state",
        "The gradient of Why uses the old state.",
        "Why multiplied the new state h', so h' stands in its gradient.",
        _instead(WHY, "h.T @ dy"),
    ),
    Mistake(
        "recurrent_gradient_transposed",
        "The gradient of Whh is transposed.",
        "Entry [i, j] belongs to the way from old unit i to new unit j: hᵀ da, in this order.",
        _instead(WHH, "da.T @ h"),
    ),
    Mistake(
        "input_gradient_wrong",
        "The gradient of Wxh was not made from this step's input.",
        "Wxh multiplied X, so its gradient is Xᵀ da.",
        _instead(WXH, "np.ones_like(X).T @ da"),
    ),
    Mistake(
        "bias_gradient_not_summed",
        "The gradient of a bias was not summed over the batch.",
        "One bias acts on every row of the batch, so the gradients of all rows add up.",
        (*_biases("{}"), *_biases("{}[:1]"), *_biases("{}[-1:]"), *_biases("{}[0]")),
    ),
    Mistake(
        "bias_gradient_axis",
        "The gradient of a bias was summed over the wrong axis.",
        "Sum over the rows (axis 0), so that each unit keeps its own number: shape (1, H).",
        (
            *_biases("{}.sum(axis=1, keepdims=True)"),
            *_biases("{}.sum(axis=1)"),
            *_biases("{}.sum()"),
            *_biases("{}.sum(keepdims=True)"),
        ),
    ),
    Mistake(
        "bias_gradient_averaged",
        "The gradient of a bias was averaged over the batch a second time.",
        "The mean is in p − onehot divided by B already; the bias takes the sum.",
        (*_biases("{}.mean(axis=0, keepdims=True)"), *_biases("{}.mean(axis=0)")),
    ),
    Mistake(
        "bias_gradient_shape",
        "The gradient of a bias has another shape than the bias.",
        "np.sum(…, axis=0, keepdims=True) keeps (1, H); then model − lr · grad works everywhere.",
        (*_biases("{}.sum(axis=0)"), *_biases("{}.sum(axis=0)[:, None]")),
    ),
    Mistake(
        "gradient_missing",
        "A parameter has no gradient in the result.",
        "grad holds one array for every parameter, under the parameter's name.",
        (
            *((f'        "{name}": {line},\n', "") for name, line in MADE.items()),
            (f'        "bh": {BH},\n        "by": {BY},\n', ""),
            *_instead(
                "return grad, ",
                *(
                    f"return {{{name}: g for name, g in grad.items()}}, "
                    for name in (
                        *(
                            'f"d{name}"',
                            'f"grad_{name}"',
                            'f"d_{name}"',
                            "name[1:]",
                            "name.lower()",
                        ),
                    )
                ),
            ),
        ),
    ),
    Mistake(
        "gradient_zero",
        "A gradient is zero everywhere.",
        "Zero says that the parameter does not matter; here it was never filled in.",
        _each("0 * ({})"),
    ),
    Mistake(
        "rows_mixed",
        "The gradients are right for one row and wrong for a batch.",
        "Each row goes backward on its own, with its own label; only the products with Xᵀ, hᵀ and "
        "h'ᵀ add the rows up.",
        _instead(
            LABEL,
            "dy[:, y_train] -= 1",
            "dy[np.arange(len(dy)), y_train[0]] -= 1",
            "dy[0, y_train] -= 1",
            "dy[0, y_train[0]] -= 1",
        ),
    ),
    Mistake(
        "clipped_in_step",
        "Large numbers were cut inside the step.",
        "Clipping belongs to the end of bptt; here it falsifies what earlier steps are told.",
        tuple(
            way
            for c in (1, 5, 10)
            for cut in (f"np.clip(g, -{c}, {c})",)
            for way in (
                ("return grad, ", f"return {ALL % cut}, "),
                (FLOW, f"return {ALL % cut}, np.clip({BACK}, -{c}, {c})"),
                (BACK, f"np.clip({BACK}, -{c}, {c})"),
                (SUM, f"da = np.clip(dh_new, -{c}, {c}) * {SLOPE}"),
                (SUM, f"da = np.clip(dh_new * {SLOPE}, -{c}, {c})"),
            )
        ),
    ),
)
HANDED = (
    Mistake(
        "flow_not_transposed",
        "The gradient of the old state went through Whh in the forward direction.",
        "Forward h Whh, backward da Whhᵀ: what unit j says returns to every unit i that fed it.",
        _instead(BACK, 'da @ model["Whh"]'),
    ),
    Mistake(
        "flow_not_through_weights",
        "The gradient that is handed back was not multiplied by Whhᵀ.",
        "The old state acted on this step through Whh only, so its gradient returns through Whh.",
        _instead(BACK, "da", "dh_new", "dh_next", "0 * dh_next"),
    ),
    Mistake(
        "flow_without_slope",
        "The gradient that is handed back left out the slope of tanh.",
        "The way back to the old state leads through the same tanh as the way to the weights.",
        _instead(BACK, 'dh_new @ model["Whh"].T'),
    ),
    Mistake(
        "flow_without_future",
        "The gradient that is handed back holds this step's own loss only.",
        "What came as dh_next must go on too, or the flow ends after two steps.",
        _instead(BACK, f'(({OWN}) * {SLOPE}) @ model["Whh"].T', f'({OWN}) @ model["Whh"].T'),
    ),
    Mistake(
        "dh_next_added_again",
        "dh_next was added once more to what is handed back.",
        "The old state acts on later losses through this step only; da Whhᵀ holds all of that.",
        _instead(BACK, f"{BACK} + dh_next"),
    ),
)
PARTS = {"output": ("Why", "by"), "hidden": ("Wxh", "Whh", "bh"), "flow": ("dh_next",)}
ONE = tuple(
    Mistake(
        "one_gradient_wrong",
        "One gradient is wrong while those made from the same numbers are right.",
        "So what leads there is right, and the mistake is in the one line that makes this "
        "gradient.",
        where=(name,),
        spares=(
            *(other for other in names if other != name),
            *(other for other in PARTS if other != part),
        ),
    )
    for part, names in PARTS.items()
    for name in names
)
PLACES = (
    *ONE,
    Mistake(
        "clipped_in_step",
        "Small numbers go right, large ones do not.",
        "If something is cut off here: clipping belongs to the end of bptt.",
        where=("far",),
        spares=("row",),
    ),
    Mistake(
        "rows_mixed",
        "The gradients are right for one row and wrong for a batch.",
        "Each row goes backward on its own; only the products with Xᵀ, hᵀ and h'ᵀ add the rows up.",
        where=("batch",),
        spares=("row",),
    ),
    Mistake(
        "inner_gradient_wrong",
        "Why and by have right gradients; what lies behind the state has not.",
        "So the mistake is in the gradient of the state, dy Whyᵀ + dh_next, or in the slope of "
        "tanh.",
        where=("hidden",),
        spares=("output",),
    ),
    Mistake(
        "score_gradient_wrong",
        "All gradients are wrong, already those of Why and by, where the way back begins.",
        "So the mistake is in the gradient of the scores: (p − onehot) / B, with p the softmax of "
        "y_pred.",
        where=("output",),
    ),
)
BATCH = "A batch: mean loss, biases summed over rows"


def _of(names: tuple[str, ...], aspect: str = "") -> tuple[str, ...]:
    return tuple(f"{name}=back.0.{name}{aspect}" for name in names)


QUESTION = compare(
    FUNCTION,
    "One step backward",
    cases=cases,
    signature={FUNCTION: ("y_pred", "y_train", "dh_next", "cache")},
    needs=(FORWARD,),
    given=(f"{FORWARD}.:2", "softmax"),
    without="autograd",
    parts=(
        Part(
            *("output", "Gradients of Why and by", 3, _of(PARTS["output"])),
            shape="squeezed",
            groups=("row",),
        ),
        # where Why is zero, a wrong gradient of the scores cannot show behind the state
        Part(
            *("hidden", "Gradients of Wxh, Whh and bh", 4, _of(PARTS["hidden"])),
            shape="squeezed",
            groups=("row", "future", "far"),
            follows="output",
            apart=("future",),
        ),
        # where X is 1, da is the gradient of Wxh, and here Whhᵀ moves its numbers by one place
        Part(
            *("flow", "The gradient handed back to the old state", 4),
            (
                "dh_next=back.1",
                *(f"dh_next=moved.1.0.{i}==moved.0.Wxh.0.{(i + 1) % 3}" for i in range(3)),
            ),
            groups=("row", "future", "far", "moved"),
            follows="hidden",
            apart=("moved",),
        ),
        Part(
            *("shapes", "Each gradient has its parameter's name and shape", 1),
            _of(WEIGHTS, "@shape"),
            groups=("row", "batch"),
        ),
        Part(
            *("batch", BATCH, 0.75, _of(PARTS["output"])),
            shape="squeezed",
            groups=("batch",),
            follows="output",
        ),
        Part(
            *("batch", BATCH, 0.75, _of(PARTS["hidden"])),
            shape="squeezed",
            groups=("batch",),
            follows="hidden",
        ),
        Part(*("batch", BATCH, 0.5, "dh_next=back.1"), groups=("batch",), follows="flow"),
        Part(
            *("repeatable", "Inputs and cache are left alone", 1),
            ("dh_next=back.1@length", "back@changed", "what comes back=back==again"),
            groups=("batch",),
        ),
    ),
    mistakes=(*SCORES, *STATES, *WEIGHT, *HANDED, *PLACES),
    equivalent={"len(": "all of these arrays have B rows"},
    read="One step backward",
)
