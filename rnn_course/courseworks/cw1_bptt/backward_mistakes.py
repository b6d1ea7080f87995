"""What goes wrong in a backward step: the right rule, and every mistake as a change of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from rnn_course.checks.mistakes import mistake
from rnn_course.checks.report import Misconception
from rnn_course.courseworks.cw1_bptt.problem import Model, Problem
from rnn_course.courseworks.cw1_bptt.rule import RIGHT, Rule, Step, softmax, step_of

BACKWARD = "One step backward"

NO_FUTURE = mistake(
    "dh_next_ignored",
    "The gradients do not depend on dh_next.",
    "The state of this step also acts on all later losses; dh_next carries what they say.",
    BACKWARD,
)
NO_SLOPE = mistake(
    "tanh_derivative_missing",
    "The gradient passed tanh as if it were not there.",
    "Going back through h' = tanh(a), the gradient is multiplied by the slope 1 − h'².",
    BACKWARD,
)
WRONG_SLOPE = mistake(
    "tanh_derivative_wrong",
    "The gradient was multiplied by something else than the slope of tanh.",
    "The slope is 1 − h'² with h' the new state of this step, which tanh returned.",
    BACKWARD,
)
NO_LABEL = mistake(
    "label_not_subtracted",
    "The gradient of the scores is the probabilities themselves.",
    "It is p − 1 at the right class: that minus one is what pulls the right score up.",
    BACKWARD,
)
SIGN = mistake(
    "gradient_sign",
    "The gradients have the opposite sign.",
    "The gradient of the scores is p minus the one-hot label, not the other way round.",
    BACKWARD,
)
NO_SOFTMAX = mistake(
    "scores_for_probabilities",
    "The gradient of the scores was made from scores, not from probabilities.",
    "y_pred holds scores (train=True); the derivative needs their softmax.",
    BACKWARD,
)
SOFTMAX_TWICE = mistake(
    "backward_softmax_twice",
    "The softmax was applied twice.",
    "One softmax turns scores into probabilities; a second one flattens them.",
    BACKWARD,
)
ERROR_AXIS = mistake(
    "backward_softmax_axis",
    "The softmax ran over the batch or over everything.",
    "Each row of the batch has its own probabilities, which add up to one over the classes.",
    BACKWARD,
)
NO_MEAN = mistake(
    "batch_not_averaged",
    "The gradients are as many times too large as the batch has rows.",
    "The loss of a step is the mean over the batch, so p − onehot is divided by B.",
    BACKWARD,
)
FUTURE_DIVIDED = mistake(
    "dh_next_divided",
    "dh_next was divided by the size of the batch.",
    "The division is in dh_next already: later steps averaged their own losses.",
    BACKWARD,
)
WHH_NEW_STATE = mistake(
    "recurrent_gradient_from_new_state",
    "The gradient of Whh uses the new state.",
    "Whh multiplied the old state h, so the old state stands in its gradient: hᵀ da.",
    BACKWARD,
)
WHY_OLD_STATE = mistake(
    "output_gradient_from_old_state",
    "The gradient of Why uses the old state.",
    "Why multiplied the new state h', so h' stands in its gradient.",
    BACKWARD,
)
WHH_TRANSPOSED = mistake(
    "recurrent_gradient_transposed",
    "The gradient of Whh is transposed.",
    "Entry [i, j] belongs to the way from old unit i to new unit j: hᵀ da, in this order.",
    BACKWARD,
)
BACK_TRANSPOSED = mistake(
    "flow_not_transposed",
    "The gradient of the old state went through Whh in the forward direction.",
    "Forward h Whh, backward da Whhᵀ: what unit j says returns to every unit i that fed it.",
    BACKWARD,
)
BACK_SKIPPED = mistake(
    "flow_not_through_weights",
    "The gradient that is handed back was not multiplied by Whhᵀ.",
    "The old state acted on this step through Whh only, so its gradient returns through Whh.",
    BACKWARD,
)
BACK_NO_SLOPE = mistake(
    "flow_without_slope",
    "The gradient that is handed back left out the slope of tanh.",
    "The way back to the old state leads through the same tanh as the way to the weights.",
    BACKWARD,
)
BACK_OWN_ONLY = mistake(
    "flow_without_future",
    "The gradient that is handed back holds this step's own loss only.",
    "What came as dh_next must go on too, or the flow ends after two steps.",
    BACKWARD,
)
LATE_FUTURE = mistake(
    "dh_next_after_tanh",
    "dh_next was added after the slope of tanh.",
    "dh_next is a gradient by the new state h', so it passes the tanh like everything else.",
    BACKWARD,
)
FUTURE_IN_BACK_ONLY = mistake(
    "dh_next_not_in_weights",
    "The gradients of the weights do not contain dh_next.",
    "The weights of this step shaped the state, on which all later losses depend.",
    BACKWARD,
)
NO_OUTPUT = mistake(
    "own_loss_missing",
    "This step's own loss does not reach the state.",
    "The state gets gradient from two sides: dy Whyᵀ from this step, dh_next from later ones.",
    BACKWARD,
)
FUTURE_PRODUCT = mistake(
    "dh_next_multiplied",
    "The two gradients of the state were multiplied or subtracted.",
    "Where one value is used twice, the gradients of both uses are added.",
    BACKWARD,
)
BIAS_NOT_SUMMED = mistake(
    "bias_gradient_not_summed",
    "The gradient of a bias was not summed over the batch.",
    "One bias acts on every row of the batch, so the gradients of all rows add up.",
    BACKWARD,
)
BIAS_SCALAR = mistake(
    "bias_gradient_axis",
    "The gradient of a bias was summed over the wrong axis.",
    "Sum over the rows (axis 0), so that each unit keeps its own number: shape (1, H).",
    BACKWARD,
)
BIAS_MEAN = mistake(
    "bias_gradient_averaged",
    "The gradient of a bias was averaged over the batch a second time.",
    "The mean is in p − onehot divided by B already; the bias takes the sum.",
    BACKWARD,
)
BIAS_SHAPE = mistake(
    "bias_gradient_shape",
    "The gradient of a bias has another shape than the bias.",
    "np.sum(…, axis=0, keepdims=True) keeps (1, H); then model − lr · grad works everywhere.",
    BACKWARD,
)
CLIPPED_EARLY = mistake(
    "clipped_in_step",
    "Large numbers were cut inside the step.",
    "Clipping belongs to the end of bptt; here it falsifies what earlier steps are told.",
    BACKWARD,
)
GRADIENT_MISSING = mistake(
    "gradient_missing",
    "A parameter has no gradient in the result.",
    "grad holds one array for every parameter, under the parameter's name.",
    BACKWARD,
)
SCALED = mistake(
    "gradient_scaled",
    "The gradient of the scores is right up to a factor.",
    "It is (p − onehot) / B, with no other factor.",
    BACKWARD,
)
SCORES_WRONG = mistake(
    "score_gradient_wrong",
    "All gradients are wrong, already those of Why and by, where the way back begins.",
    "So the mistake is in the gradient of the scores: (p − onehot) / B, with p the softmax of "
    "y_pred.",
    BACKWARD,
)
INNER_WRONG = mistake(
    "inner_gradient_wrong",
    "Why and by have right gradients; all that lies behind the state has not.",
    "So the mistake is in the gradient of the state, dy Whyᵀ + dh_next, or in the slope of tanh.",
    BACKWARD,
)
ONE_LINE = mistake(
    "one_gradient_wrong",
    "One gradient is wrong while those made from the same numbers are right.",
    "So what leads there is right, and the mistake is in the one line that makes this gradient.",
    BACKWARD,
)
ROWS_MIXED = mistake(
    "rows_mixed",
    "The gradients are right for one row and wrong for a batch.",
    "Each row goes backward on its own; only the products with Xᵀ, hᵀ and h'ᵀ add the rows up.",
    BACKWARD,
)
ZERO = mistake(
    "gradient_zero",
    "A gradient is zero everywhere.",
    "Zero says that the parameter does not matter; here it was never filled in.",
    BACKWARD,
)
INPUT_SUMMED = mistake(
    "input_gradient_wrong",
    "The gradient of Wxh was not made from this step's input.",
    "Wxh multiplied X, so its gradient is Xᵀ da.",
    BACKWARD,
)


def _own(s: Step, d: Any) -> Any:
    return d @ s.model["Why"].T


def _slope(s: Step) -> Any:
    return 1 - s.new**2


def _sum(s: Step) -> Any:
    return np.arctanh(s.new.clip(-1 + 1e-15, 1 - 1e-15))


_CHANGES: tuple[tuple[Misconception, dict[str, Callable]], ...] = (
    (NO_FUTURE, {"n": _own}),
    (NO_SLOPE, {"a": lambda s, n: n}),
    (WRONG_SLOPE, {"a": lambda s, n: n * (1 - s.new)}),
    (WRONG_SLOPE, {"a": lambda s, n: n * (1 - s.h**2)}),
    (WRONG_SLOPE, {"a": lambda s, n: n * (1 + s.new**2)}),
    (WRONG_SLOPE, {"a": lambda s, n: n * s.new * (1 - s.new)}),
    (WRONG_SLOPE, {"a": lambda s, n: n * (1 - np.tanh(s.new) ** 2)}),
    (WRONG_SLOPE, {"a": lambda s, n: n * (1 - np.tanh(s.h) ** 2)}),
    (WRONG_SLOPE, {"a": lambda s, n: n * (1 - _sum(s) ** 2)}),
    (WRONG_SLOPE, {"a": lambda s, n: n * (1 - s.new**2) ** 2}),
    (WRONG_SLOPE, {"a": lambda s, n: n * (s.new**2 - 1)}),
    (WRONG_SLOPE, {"a": lambda s, n: n * (1 - n**2)}),
    (WRONG_SLOPE, {"a": lambda s, n: n * (s.new > 0)}),
    (NO_LABEL, {"d": lambda s: softmax(s.scores) / len(s.x)}),
    (SIGN, {"d": lambda s: (s.onehot - softmax(s.scores)) / len(s.x)}),
    (NO_SOFTMAX, {"d": lambda s: (s.scores - s.onehot) / len(s.x)}),
    (SOFTMAX_TWICE, {"d": lambda s: (softmax(softmax(s.scores)) - s.onehot) / len(s.x)}),
    (ERROR_AXIS, {"d": lambda s: (softmax(s.scores, 0) - s.onehot) / len(s.x)}),
    (ERROR_AXIS, {"d": lambda s: (softmax(s.scores, None) - s.onehot) / len(s.x)}),
    (NO_MEAN, {"d": lambda s: softmax(s.scores) - s.onehot}),
    (SCALED, {"d": lambda s: (softmax(s.scores) - s.onehot) / s.onehot.size}),
    (FUTURE_DIVIDED, {"n": lambda s, d: _own(s, d) + s.dh / len(s.x)}),
    (WHH_NEW_STATE, {"whh": lambda s, a: s.new.T @ a}),
    (WHY_OLD_STATE, {"why": lambda s, d: s.h.T @ d}),
    (WHH_TRANSPOSED, {"whh": lambda s, a: a.T @ s.h}),
    (BACK_TRANSPOSED, {"back": lambda s, d, n, a: a @ s.model["Whh"]}),
    (BACK_SKIPPED, {"back": lambda s, d, n, a: a}),
    (BACK_SKIPPED, {"back": lambda s, d, n, a: n}),
    (BACK_NO_SLOPE, {"back": lambda s, d, n, a: n @ s.model["Whh"].T}),
    (BACK_OWN_ONLY, {"back": lambda s, d, n, a: (_own(s, d) * _slope(s)) @ s.model["Whh"].T}),
    (BACK_SKIPPED, {"back": lambda s, d, n, a: s.dh}),
    (BACK_SKIPPED, {"back": lambda s, d, n, a: np.zeros_like(s.dh)}),
    (NO_OUTPUT, {"back": lambda s, d, n, a: (s.dh * _slope(s)) @ s.model["Whh"].T}),
    (LATE_FUTURE, {"n": _own, "a": lambda s, n: n * _slope(s) + s.dh}),
    (
        LATE_FUTURE,
        {"n": _own, "back": lambda s, d, n, a: a @ s.model["Whh"].T + s.dh},
    ),
    (
        FUTURE_IN_BACK_ONLY,
        {"n": _own, "back": lambda s, d, n, a: (a + s.dh * _slope(s)) @ s.model["Whh"].T},
    ),
    (NO_OUTPUT, {"n": lambda s, d: s.dh}),
    (FUTURE_PRODUCT, {"n": lambda s, d: _own(s, d) * s.dh}),
    (FUTURE_PRODUCT, {"n": lambda s, d: _own(s, d) - s.dh}),
    (BIAS_NOT_SUMMED, {"bias": lambda g: g}),
    (BIAS_NOT_SUMMED, {"bias": lambda g: g[:1]}),
    (BIAS_NOT_SUMMED, {"bias": lambda g: g[-1:]}),
    (BIAS_SCALAR, {"bias": lambda g: g.sum(1, keepdims=True)}),
    (BIAS_SCALAR, {"bias": lambda g: np.asarray(g.sum())}),
    (BIAS_MEAN, {"bias": lambda g: g.mean(0, keepdims=True)}),
    (INPUT_SUMMED, {"wxh": lambda s, a: np.ones_like(s.x).T @ a}),
)
RULES: tuple[tuple[Misconception, Rule], ...] = tuple(
    (misconception, replace(RIGHT, **change)) for misconception, change in _CHANGES
)


def wrong_steps(p: Problem) -> Iterator[tuple[Misconception, tuple[Model, np.ndarray]]]:
    """Yield the gradients and the handed-back gradient of each known mistake."""
    step = step_of(p)
    for misconception, rule in RULES:
        yield misconception, rule.apply(step)


def wrong_twice(p: Problem) -> Iterator[tuple[Misconception, tuple[Model, np.ndarray]]]:
    """Yield what two mistakes together lead to, named after the first of them."""
    step = step_of(p)
    for (first, change), (_, other) in combinations(_CHANGES, 2):
        if not change.keys() & other.keys():
            yield first, replace(RIGHT, **change, **other).apply(step)
