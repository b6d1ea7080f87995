"""Judges `cell_fn_backward`: one step back, on the student's own cache."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from rnn_course.checks.coursework import Marking, Question
from rnn_course.checks.forbidden import differentiated
from rnn_course.checks.generic import Finding, close, differs, explain_error, shown, usable
from rnn_course.checks.mistakes import NOT_FINITE, WRONG_SHAPE, WRONG_TYPE
from rnn_course.checks.patterns import explained
from rnn_course.checks.report import Criterion, Misconception
from rnn_course.checks.requests import Call, Outcome, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Ref, plain
from rnn_course.courseworks.cw1_bptt import backward_mistakes as known
from rnn_course.courseworks.cw1_bptt import oracle
from rnn_course.courseworks.cw1_bptt.ask import altered, call, flat
from rnn_course.courseworks.cw1_bptt.forward_mistakes import INPUTS_CHANGED
from rnn_course.courseworks.cw1_bptt.problem import Model, Problem, draw
from rnn_course.seeding import numpy_generator

NAME, FORWARD = "cell_fn_backward", "cell_fn_forward"
_PARTS = {"output": ("Why", "by"), "hidden": ("Wxh", "Whh", "bh"), "flow": ("dh_next",)}


class Found(NamedTuple):
    """What a backward step returned: gradients by name, ``dh_next`` among them.

    Attributes:
        finding: why there are no gradients, if there are none.
        altered: which of its inputs the step overwrote, if it did.
        outcomes: of the two calls.
    """

    parts: dict[str, Any]
    finding: Finding | None = None
    altered: Finding | None = None
    outcomes: tuple[Outcome, ...] = ()


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide every criterion of the question.

    One row alone comes first, where the batch plays no part; then a batch.
    """
    arguments = ("y_pred", "y_train", "dh_next", "cache")
    if not usable(subject, marking, NAME, arguments, "function"):
        return
    rng = numpy_generator(seed, NAME)
    single, batch = (draw(rng, B=b, T=1, D=5, H=4, K=3) for b in (1, 4))
    if _forward_is_wrong(subject, single, marking):
        return
    one, many = backward(subject, single), backward(subject, batch)
    if differentiated(subject, marking, NAME, (*one.outcomes, *many.outcomes)):
        return
    if one.finding:
        marking.fail_rest(*one.finding)
        return
    wrong = _compare(one.parts, single, marking)
    if not wrong:
        _large(subject, single, marking)
    _shapes(one, many, single, marking)
    _batch(many, batch, wrong, marking)
    if wrong < len(_PARTS):
        _twice(subject, batch, marking)


def _forward_is_wrong(subject: Subject, problem: Problem, marking: Marking) -> bool:
    """Without a right forward step there is nothing that a backward step could be right for."""
    outcome = call(subject, FORWARD, problem.x, problem.state, problem.model, True)
    right = oracle.forward(problem)
    if outcome.error:
        marking.fail_rest(f"{FORWARD} comes first: {explain_error(outcome.error).message}")
        return True
    parts = outcome.value if isinstance(outcome.value, (tuple, list)) else ()
    expected = (right.logits[0], right.states[0])
    if len(parts) == 3 and all(close(a, b, 1e-6) for a, b in zip(parts, expected, strict=False)):
        return False
    marking.fail_rest(f"{FORWARD} comes first: its scores or its state are not right yet.")
    return True


def backward(subject: Subject, problem: Problem, times: int = 1) -> Found:
    """Run the student's forward step, and backward from its own cache, that many times."""
    there = Call(FORWARD, (problem.x, problem.state, problem.model, True), keep=True)
    back = Call(NAME, (Ref(0, (0,)), problem.labels[0], problem.dh, Ref(0, (2,))))
    outcomes = subject.ask(Program((there, *[back] * times)))
    outcome: Outcome = outcomes[-1]
    if outcome.error:
        return Found({}, explain_error(outcome.error), outcomes=tuple(outcomes))
    changed = altered(outcome, ("y_pred", "y_train", "dh_next", "cache"), INPUTS_CHANGED)
    value = outcome.value
    pair = isinstance(value, (tuple, list)) and len(value) == 2
    if not pair or not isinstance(value[0], Mapping):
        return Found({}, Finding(f"{shown(value)} came back; a dict and dh are right.", WRONG_TYPE))
    return Found(plain({**value[0], "dh_next": value[1]}), None, changed, tuple(outcomes))


def _compare(parts: dict[str, Any], problem: Problem, marking: Marking) -> int:
    """Decide the three parts on one row; return how many are wrong."""
    expected, dh = oracle.step_gradients(problem)
    expected["dh_next"] = dh
    named = recognise(parts, problem)
    wrong = 0
    for criterion, names in _PARTS.items():
        finding = None
        for name in names:
            finding = finding or gradient_differs(parts, expected, name)
        if finding:
            wrong += 1
            name = next(n for n in names if gradient_differs(parts, expected, n))
            finding = explained(finding, parts.get(name), expected[name])
            marking.failed(criterion, finding.message, named or finding.misconception)
        else:
            marking.passed(criterion, "Agrees with automatic differentiation.")
    return wrong


def _large(subject: Subject, problem: Problem, marking: Marking) -> None:
    """A future that matters a hundred times more: nothing may be cut off here."""
    problem = replace(problem, dh=100 * problem.dh)
    found = backward(subject, problem)
    expected, dh = oracle.step_gradients(problem)
    expected["dh_next"] = dh
    if found.finding:
        marking.failed("flow", *found.finding)
        return
    for criterion, names in _PARTS.items():
        if any(gradient_differs(found.parts, expected, name) for name in names):
            message = "A dh_next a hundred times larger does not give gradients that fit."
            marking.failed(criterion, message, known.CLIPPED_EARLY)


def gradient_differs(parts: Mapping[str, Any], expected: Model, name: str) -> Finding | None:
    """Compare one gradient by its numbers alone, whatever its shape."""
    if parts.get(name) is None:
        return Finding(f"There is no gradient {name!r}.", known.GRADIENT_MISSING)
    found = flat(parts[name])
    if found.size and not np.isfinite(found).all():
        return Finding(f"The gradient {name} is not finite.", NOT_FINITE)
    if found.size != expected[name].size:
        size = f"The gradient {name} is {shown(parts[name])}; {expected[name].shape} is right."
        return Finding(size, WRONG_SHAPE)
    return differs(found.reshape(expected[name].shape), expected[name], f"the gradient {name}")


def recognise(
    parts: Mapping[str, Any], problem: Problem, by_property: bool = True
) -> Misconception | None:
    """Return the mistake, or the first of two, that explains the wrong gradients.

    Args:
        parts: the gradients by name, ``dh_next`` among them.
        problem: for which they are.
        by_property: whether to guess where no known mistake fits; if not, only a single wrong
            gradient is named as such.
    """
    expected, dh = oracle.step_gradients(problem)
    expected["dh_next"] = dh
    wrong = [n for n in expected if gradient_differs(parts, expected, n)]
    if all(n in parts and _alike(parts[n], -expected[n]) for n in expected if n != "dh_next"):
        return known.SIGN
    partly, loosely = None, None
    for misconception, (grads, back) in known.wrong_steps(problem):
        suspect = {**grads, "dh_next": back}
        told = [n for n in expected if not _alike(suspect[n], expected[n])]
        fits = [n for n in wrong if n in parts and _alike(parts[n], suspect[n])]
        if told and fits == wrong and set(told) <= set(wrong):
            return misconception
        if partly is None and told and set(told) <= set(fits):
            partly = misconception
        if loosely is None and fits == wrong and fits:
            loosely = misconception
    named = partly or loosely or _both(parts, wrong, problem)
    if named or not by_property:
        return named or (known.ONE_LINE if len(wrong) == 1 else None)
    return _property(parts, expected, wrong)


def _both(parts: Mapping[str, Any], wrong: list[str], problem: Problem) -> Misconception | None:
    for misconception, (grads, back) in known.wrong_twice(problem):
        suspect = {**grads, "dh_next": back}
        if all(n in parts and _alike(parts[n], suspect[n]) for n in wrong):
            return misconception
    return None


def _property(parts: Mapping[str, Any], expected: Model, wrong: list[str]) -> Misconception | None:
    """Name a mistake that is in no list by what its gradients have in common."""
    found = {name: flat(parts.get(name)) for name in expected}
    if any(name in parts and found[name].size and not found[name].any() for name in wrong):
        return known.ZERO
    by, right = found["by"], flat(expected["by"])
    if (
        by.shape == right.shape
        and "by" in wrong
        and close(by, (by @ right) / (right @ right) * right)
    ):
        return known.SCALED
    inner, truth = found["bh"], flat(expected["bh"])
    same_signs = inner.shape == truth.shape and (np.sign(inner) == np.sign(truth)).all()
    if same_signs and {"Wxh", "Whh", "bh"} <= set(wrong) and "Why" not in wrong:
        return known.WRONG_SLOPE
    return _place(wrong)


def _place(wrong: list[str]) -> Misconception | None:
    """Tell from which gradients are wrong where on the way back the mistake is."""
    if {"Why", "by"} <= set(wrong):
        return known.SCORES_WRONG
    if {"Wxh", "Whh", "bh"} <= set(wrong):
        return None if {"Why", "by"} & set(wrong) else known.INNER_WRONG
    return known.ONE_LINE if len(wrong) == 1 else None


def _alike(a: Any, b: Any) -> bool:
    return close(flat(a), flat(b), 1e-7)


def _shapes(one: Found, many: Found, problem: Problem, marking: Marking) -> None:
    for found in (many, one):
        for name, value in problem.model.items():
            shape = np.shape(found.parts.get(name))
            if not found.finding and name in found.parts and shape != value.shape:
                named = known.BIAS_SHAPE if name in ("bh", "by") else WRONG_SHAPE
                message = f"The gradient {name} has shape {shape}; {value.shape} is right."
                marking.failed("shapes", message, named)
                return
    if set(one.parts) >= set(problem.model):
        marking.passed("shapes", "Every parameter has a gradient of its own shape.")
    else:
        missing = ", ".join(sorted(set(problem.model) - set(one.parts)))
        marking.failed("shapes", f"There is no gradient for {missing}.", known.GRADIENT_MISSING)


def _batch(many: Found, problem: Problem, wrong: int, marking: Marking) -> None:
    if many.finding:
        marking.failed("batch", *many.finding)
        return
    expected, dh = oracle.step_gradients(problem)
    expected["dh_next"] = dh
    for name in expected:
        finding = gradient_differs(many.parts, expected, name)
        if finding:
            named = recognise(many.parts, problem, by_property=bool(wrong))
            named = named or finding.misconception or (None if wrong else known.ROWS_MIXED)
            finding = explained(finding, many.parts.get(name), expected[name])
            marking.failed("batch", f"With B = 4, {finding.message}", named)
            return
    if not wrong:
        marking.passed("batch", "A batch gives the gradient of the mean loss.")


def _twice(subject: Subject, problem: Problem, marking: Marking) -> None:
    """The same step backward again must give the same: nothing was overwritten or accumulated."""
    first, again = backward(subject, problem), backward(subject, problem, times=2)
    finding = first.finding or first.altered or again.finding
    if finding:
        marking.failed("repeatable", *finding)
        return
    for name, value in first.parts.items():
        if not close(flat(again.parts.get(name)), flat(value)):
            message = f"A second call on the same cache gives another gradient {name}."
            marking.failed("repeatable", message, INPUTS_CHANGED)
            return
    marking.passed("repeatable", "A second call gives the same; the inputs are as before.")


QUESTION = Question(
    NAME,
    "One step backward",
    (
        Criterion("output", "Gradients of Why and by", 3),
        Criterion("hidden", "Gradients of Wxh, Whh and bh", 4),
        Criterion("flow", "The gradient handed back to the old state", 4),
        Criterion("shapes", "Each gradient has its parameter's name and shape", 1),
        Criterion("batch", "A batch: mean loss, biases summed over rows", 2),
        Criterion("repeatable", "Inputs and cache are left alone", 1),
    ),
    judge,
    defines=(NAME,),
    needs=(FORWARD,),
    read=known.BACKWARD,
)
