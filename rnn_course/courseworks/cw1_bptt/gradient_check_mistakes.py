"""What goes wrong in a gradient check, and the faulty gradients that bring it to light."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from rnn_course.checks.mistakes import mistake
from rnn_course.checks.report import Misconception
from rnn_course.courseworks.cw1_bptt.problem import Model

TRUST = "Trusting a gradient"
LIMIT = 0.01  # the error_threshold of the question

FAULTS = {
    "no_flow": "gradients without the flow through time",
    "no_slope": "gradients without the slope of tanh",
    "last_step": "gradients of the last step alone",
    "sign": "gradients of the opposite sign",
    "scaled": "gradients that are 2 % too large",
    "shrunk": "gradients that are 2 % too small",
    "slightly": "gradients that are 0.5 % too large",
    "zero_entry": "a single number that is wrongly zero",
    "transposed": "a transposed gradient of Whh",
    "first_row": "bias gradients of one row of the batch",
    "raised": "a small number that is 4 % too large",
    "lowered": "a small number that is 4 % too small",
    "one_entry": "a single number that is half of what it should be",
}

ALWAYS_TRUE = mistake(
    "accepts_everything",
    "The check passes wrong gradients of every kind.",
    "A check that cannot fail proves nothing. Try it on gradients that you spoil on purpose.",
    TRUST,
)
BACKWARD_IGNORED = mistake(
    "backward_not_used",
    "The check looks at bptt, whatever function it is given.",
    "Call backward(model, x, y, init_state): then the check can be tried on wrong gradients, too.",
    TRUST,
)
MISMEASURED = mistake(
    "error_mismeasured",
    "error_threshold matters, but an error is not measured as the question asks.",
    "The relative error of a number is |a − n| / max(|a|, |n|), neither squared nor rounded.",
    TRUST,
)
NUMERIC_ZERO_SKIPPED = mistake(
    "numeric_zero_skipped",
    "A gradient that should be zero and is not passes.",
    "If only one of the two is zero, that is an error; only 0/0 is none.",
    TRUST,
)
INVERTED = mistake(
    "verdict_inverted",
    "Right gradients fail and wrong ones pass.",
    "True stands for: no number is wrong. Look at the comparison, and at what is returned.",
    TRUST,
)
DROWNED = mistake(
    "small_errors_drowned",
    "An error in a small gradient passes.",
    "Divide by max(|a|, |n|) as it is. A constant that is added to it to avoid 0/0 makes the "
    "errors of all small gradients look small; treat zero on its own.",
    TRUST,
)
ALWAYS_FALSE = mistake(
    "refuses_right_gradients",
    "The check fails right gradients.",
    "Compare its numerical gradient of one number with the one that bptt returns, by eye.",
    TRUST,
)
SUMMED_LOSS = mistake(
    "numeric_of_summed_loss",
    "The numerical gradient belongs to the sum of the loss over time.",
    "rnn_forward returns the sum, backward the gradient of the mean: divide by T.",
    TRUST,
)
NUMERIC_HALVED = mistake(
    "numeric_gradient_halved",
    "The numerical gradient is half of what it should be.",
    "From −h to +h is a way of 2h; from 0 to +h it is h. Divide by the way you went.",
    TRUST,
)
NUMERIC_DOUBLED = mistake(
    "numeric_gradient_doubled",
    "The numerical gradient is twice what it should be.",
    "From w − h to w + h it is a way of 2h, so divide by 2h.",
    TRUST,
)
NOT_CENTRAL = mistake(
    "difference_not_central",
    "The numerical gradient is not exact enough.",
    "(L(w + h) − L(w)) / h is wrong by about h; (L(w + h) − L(w − h)) / 2h by about h².",
    TRUST,
)
ONLY_SOME = mistake(
    "entries_not_all_checked",
    "Only some numbers of each parameter are looked at.",
    "A wrong number hides among many right ones; go through all of them.",
    TRUST,
)
PARAMETERS_MISSING = mistake(
    "parameters_not_all_checked",
    "An error in one of the parameters is not noticed.",
    "Go through every parameter, and let one bad parameter decide the result.",
    TRUST,
)
NO_ABSOLUTE = mistake(
    "signed_error",
    "Errors of one sign pass.",
    "Take the absolute value of the difference: an error below zero is an error.",
    TRUST,
)
AVERAGED_ERROR = mistake(
    "errors_averaged",
    "Few wrong numbers pass because errors are averaged.",
    "The mean, or a norm, hides a single wrong number. The largest error must decide.",
    TRUST,
)
SUM_BELOW = mistake(
    "error_divided_by_sum",
    "An error of 2 % passes a threshold of 1 %.",
    "Divided by |a| + |n| an error of 2 % counts as 1 %. Divide by the larger of the two.",
    TRUST,
)
ABSOLUTE_ERROR = mistake(
    "absolute_error",
    "Errors are measured in absolute terms, so errors of small gradients pass.",
    "What counts is the error compared with the gradient: divide by its size.",
    TRUST,
)
MAGNITUDES_ONLY = mistake(
    "sign_not_compared",
    "Gradients of the opposite sign pass.",
    "Compare the numbers themselves, not their squares or absolute values.",
    TRUST,
)
ZERO_BY_ZERO = mistake(
    "zero_by_zero",
    "Where both gradients are zero the check fails.",
    "0/0 is NaN. Two equal numbers have no error; treat that case before dividing.",
    TRUST,
)
ZERO_SKIPPED = mistake(
    "zeros_skipped",
    "A gradient that is wrongly zero passes.",
    "Skip a number only if both gradients are zero; one zero alone is an error of 100 %.",
    TRUST,
)
NOT_RESTORED = mistake(
    "model_not_restored",
    "After the check the model is not what it was before.",
    "w + h − 2h + h is not w in floating point. Keep the old number and put it back.",
    TRUST,
)
THRESHOLD_IGNORED = mistake(
    "threshold_ignored",
    "error_threshold makes no difference.",
    "Compare the error with the argument, not with a fixed number.",
    TRUST,
)
STEP_IGNORED = mistake(
    "step_ignored",
    "h makes no difference.",
    "Use the argument as the distance of the difference quotient.",
    TRUST,
)
SILENT = mistake(
    "nothing_printed",
    "The check does not report on every parameter.",
    "When it fails, the first question is which parameter is wrong: print a line for each.",
    TRUST,
)


_Errors = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _relative(a: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Return the errors of gradients a, given numerical ones n; 0/0 is no error."""
    size = np.maximum(np.abs(a), np.abs(n))
    return np.divide(np.abs(a - n), size, out=np.zeros_like(size), where=size > 0)


def _below_sum(a: np.ndarray, n: np.ndarray) -> np.ndarray:
    size = np.abs(a) + np.abs(n)
    return np.divide(np.abs(a - n), size, out=np.zeros_like(size), where=size > 0)


def _each(errors: _Errors) -> Callable[[Model, Model], bool]:
    """Make a check that passes if every error is small."""
    return lambda a, n: all((errors(a[p], n[p]) < LIMIT).all() for p in n)


def _only(names: Iterable[str]) -> Callable[[Model, Model], bool]:
    return lambda a, n: all((_relative(a[p], n[p]) < LIMIT).all() for p in names)


def _skipping(a: np.ndarray, n: np.ndarray) -> np.ndarray:
    return np.where((a == 0) | (n == 0), 0.0, _relative(a, n))


def _norms(a: np.ndarray, n: np.ndarray) -> np.ndarray:
    return np.array(np.linalg.norm(a - n) / np.linalg.norm(n))


def _norms_sum(a: np.ndarray, n: np.ndarray) -> np.ndarray:
    return np.array(np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n)))


def _all_in_one(errors: _Errors) -> Callable[[Model, Model], bool]:
    def check(a: Model, n: Model) -> bool:
        parts = [np.concatenate([model[p].ravel() for p in n]) for model in (a, n)]
        return bool((errors(*parts) < LIMIT).all())

    return check


def _ratio(of: Callable, below: Callable) -> _Errors:
    def errors(a: np.ndarray, n: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            return np.nan_to_num(of(a, n) / below(a, n))

    return errors


_SIGNED = tuple(
    _ratio(of, below)
    for of in (lambda a, n: a - n, lambda a, n: n - a)
    for below in (
        lambda a, n: np.abs(a) + np.abs(n),
        lambda a, n: np.maximum(np.abs(a), np.abs(n)),
        lambda a, n: np.abs(n),
        lambda a, n: np.abs(a),
        lambda a, n: n,
        lambda a, n: a,
        lambda a, n: a + n,
    )
)
_UNSIGNED_BELOW = tuple(
    _ratio(lambda a, n: np.abs(a - n), below)
    for below in (lambda a, n: n, lambda a, n: a, lambda a, n: a + n)
)
_ORDER = ("Wxh", "Whh", "Why", "bh", "by")
_SUBSETS = (
    *((p,) for p in _ORDER),
    *(tuple(p for p in _ORDER if p != gone) for gone in _ORDER),
    *(("Wxh", "Whh", "Why"), ("Wxh", "Whh"), ("Wxh", "Whh", "bh"), ("bh", "by"), ("Why", "by")),
)
CHECKS: tuple[tuple[Misconception, Callable[[Model, Model], bool]], ...] = (
    (SUM_BELOW, _each(_below_sum)),
    (ABSOLUTE_ERROR, _each(lambda a, n: np.abs(a - n))),
    (ABSOLUTE_ERROR, _each(lambda a, n: (a - n) ** 2)),
    (MAGNITUDES_ONLY, _each(lambda a, n: _relative(np.abs(a), np.abs(n)))),
    (MAGNITUDES_ONLY, _each(lambda a, n: _below_sum(np.abs(a), np.abs(n)))),
    *((NO_ABSOLUTE, _each(errors)) for errors in (*_SIGNED, *_UNSIGNED_BELOW)),
    (ZERO_SKIPPED, _each(_skipping)),
    (ZERO_SKIPPED, _each(lambda a, n: np.where((a == 0) | (n == 0), 0.0, _below_sum(a, n)))),
    *((PARAMETERS_MISSING, _only(names)) for names in _SUBSETS),
    (PARAMETERS_MISSING, lambda a, n: any((_relative(a[p], n[p]) < LIMIT).all() for p in n)),
    (AVERAGED_ERROR, _each(lambda a, n: _relative(a, n).mean())),
    (AVERAGED_ERROR, _each(lambda a, n: _below_sum(a, n).mean())),
    (AVERAGED_ERROR, _each(_norms)),
    (AVERAGED_ERROR, _each(_norms_sum)),
    (AVERAGED_ERROR, _all_in_one(_norms)),
    (AVERAGED_ERROR, _all_in_one(_norms_sum)),
    (AVERAGED_ERROR, _all_in_one(lambda a, n: _relative(a, n).mean())),
    (AVERAGED_ERROR, _each(lambda a, n: np.median(_relative(a, n)))),
    (AVERAGED_ERROR, _all_in_one(lambda a, n: np.median(_relative(a, n)))),
    (AVERAGED_ERROR, _each(lambda a, n: np.abs(a - n).mean() / np.abs(n).mean())),
    (AVERAGED_ERROR, _each(lambda a, n: _relative(a.mean(), n.mean()))),
    (AVERAGED_ERROR, _each(lambda a, n: _relative(a.sum(), n.sum()))),
    (AVERAGED_ERROR, _each(lambda a, n: _relative(a, n).min())),
    (AVERAGED_ERROR, _each(lambda a, n: np.abs(a - n).max() / np.abs(n).max())),
)


def missed(
    caught: Mapping[str, bool], spoiled: Mapping[str, Model], right: Model
) -> Misconception | None:
    """Name the mistaken check that would notice and miss exactly the same faults.

    Args:
        caught: by fault, whether the student's check noticed it.
        spoiled: the gradients with each fault.
        right: the gradients without.
    """
    for misconception, check in CHECKS:
        if all(check(grads, right) != caught[fault] for fault, grads in spoiled.items()):
            return misconception
    return None
