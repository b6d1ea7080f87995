"""Judges `bptt`: the gradients of a whole sequence."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from rnn_course.checks.coursework import Marking, Question
from rnn_course.checks.forbidden import differentiated
from rnn_course.checks.generic import (
    Finding,
    close,
    differs,
    explain_error,
    shown,
    unsound,
    usable,
)  # fmt: skip
from rnn_course.checks.mistakes import WRONG_SHAPE, WRONG_TYPE
from rnn_course.checks.patterns import related
from rnn_course.checks.report import Criterion, Misconception
from rnn_course.checks.requests import Describe, Outcome
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.courseworks.cw1_bptt import oracle
from rnn_course.courseworks.cw1_bptt import through_time_mistakes as known
from rnn_course.courseworks.cw1_bptt.ask import altered, call, flat
from rnn_course.courseworks.cw1_bptt.backward_mistakes import GRADIENT_MISSING, ZERO
from rnn_course.courseworks.cw1_bptt.backward_step import gradient_differs
from rnn_course.courseworks.cw1_bptt.forward_mistakes import INPUTS_CHANGED
from rnn_course.courseworks.cw1_bptt.problem import Model, Problem, draw
from rnn_course.courseworks.cw1_bptt.rule import steps_of, total, walk
from rnn_course.seeding import numpy_generator

NAME = "bptt"
_ARGUMENTS = ("model", "X_train", "y_train", "initial_state")


class Found(NamedTuple):
    """What `bptt` returned, or why it cannot be compared."""

    grads: Mapping[str, Any]
    outcome: Outcome
    finding: Finding | None = None


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide every criterion of the question."""
    if not usable(subject, marking, NAME, _ARGUMENTS, "function"):
        return
    rng = numpy_generator(seed, NAME)
    problem = draw(rng, B=1, T=6, D=3, H=4, K=3)
    found = _run(subject, problem)
    if differentiated(subject, marking, NAME, (found.outcome,)):
        return
    if found.finding:
        marking.fail_rest(*found.finding)
        return
    flows = _flow(subject, found, problem, marking)
    loss_is_right = _loss(found, problem, marking)
    _clip(subject, problem, flows, marking)
    _sizes(subject, rng, flows, loss_is_right, marking)
    _truncate(subject, problem, flows, marking)


def _run(subject: Subject, p: Problem, **kwargs: Any) -> Found:
    outcome = call(subject, NAME, *p.arguments, **kwargs)
    if outcome.error:
        return Found({}, outcome, explain_error(outcome.error))
    value = outcome.value
    triple = isinstance(value, (tuple, list)) and len(value) == 3
    if not triple or not isinstance(value[0], Mapping):
        message = f"{shown(value)} came back; grads (a dict), loss, last_state are right."
        return Found({}, outcome, Finding(message, WRONG_TYPE))
    missing = ", ".join(sorted(set(p.model) - set(value[0])))
    finding = Finding(f"There is no gradient for {missing}.", GRADIENT_MISSING) if missing else None
    return Found(plain(value[0]), outcome, finding)


def _different(grads: Mapping[str, Any], expected: Model) -> Finding | None:
    findings = (gradient_differs(grads, expected, name) for name in expected)
    return next((finding for finding in findings if finding), None)


def _same(grads: Mapping[str, Any], expected: Model) -> bool:
    return all(close(flat(grads[name]), flat(expected[name]), 1e-7) for name in expected)


def _named(grads: Mapping[str, Any], suspects: Any) -> Misconception | None:
    return next((m for m, expected in suspects if _same(grads, expected)), None)


def _flow(subject: Subject, found: Found, problem: Problem, marking: Marking) -> float:
    """Decide flow and mean; return the factor by which all gradients are too large, or 0."""
    expected = oracle.gradients(problem)
    finding = _different(found.grads, expected)
    if finding is None:
        marking.passed("flow", "All gradients agree with automatic differentiation.")
        marking.passed("mean", "They belong to the mean loss over time.")
        return 1.0
    named = _named(found.grads, known.wrong_walks(problem))
    factor = _factor(found.grads, expected)
    if factor:
        marking.passed("flow", "All gradients agree, up to one factor.")
        message = f"All gradients are {factor:.4g} times those of the mean loss over time."
        marking.failed("mean", message, named or known.FACTOR)
        return factor
    if named is None and finding.misconception is None:
        finding = _where(subject, finding, found.grads, problem)
    marking.failed("flow", finding.message, named or finding.misconception)
    marking.failed("mean", finding.message, named or finding.misconception)
    return 0.0


def _where(
    subject: Subject, finding: Finding, grads: Mapping[str, Any], problem: Problem
) -> Finding:
    """Name a mistake that is in no list by which gradients are wrong, and for which sequences."""
    expected = oracle.gradients(problem)
    together = [np.concatenate([flat(g[n]) for n in expected]) for g in (grads, expected)]
    relation = related(*together)
    if relation:
        return Finding(f"All gradients: {relation.message}", relation.misconception)
    right = [n for n in expected if gradient_differs(grads, expected, n) is None]
    wrong = [name for name in expected if name not in right]
    if {"Why", "by"} <= set(right) and {"Wxh", "Whh", "bh"} <= set(wrong):
        return Finding(finding.message, known.FLOW_WRONG)
    still = replace(problem, state=np.zeros_like(problem.state))
    if right and right != ["by"]:  # which needs no cache: one of another step leaves it right
        zero = [name for name in wrong if not flat(grads[name]).any()]
        said = f"Right: {', '.join(right)}; wrong: {', '.join(wrong)}. "
        return Finding(said + finding.message, ZERO if zero else known.SOME_PARAMETERS)
    single = replace(problem, xs=problem.xs[:1], labels=problem.labels[:1])
    if _is_right(subject, still):
        return Finding(finding.message, known.STATE_IGNORED)
    if _is_right(subject, single):
        return Finding(finding.message, known.STEPS_MIXED)
    return Finding(finding.message, known.STEP_WRONG)


def _is_right(subject: Subject, problem: Problem) -> bool:
    found = _run(subject, problem)
    return found.finding is None and bool(_factor(found.grads, oracle.gradients(problem)))


def _factor(grads: Mapping[str, Any], expected: Model) -> float | None:
    """Return the one factor between all gradients and the right ones, if there is one."""
    a = np.concatenate([flat(grads[name]) for name in expected])
    b = np.concatenate([flat(value) for value in expected.values()])
    if a.shape != b.shape or not np.isfinite(a).all():
        return None
    factor = float(a @ b / (b @ b))
    return factor if factor > 1e-3 and close(a, factor * b, 1e-9) else None


def _fits(found: Found, expected: Model, flows: float) -> bool:
    """Tell whether gradients are right; a wrong mean over time has cost its points already."""
    factor = _factor(found.grads, expected)
    return factor is not None and (flows != 1.0 or close(factor, 1.0))


def _loss(found: Found, problem: Problem, marking: Marking) -> bool:
    right, T = oracle.forward(problem), len(problem.xs)
    _, loss, state = found.outcome.value
    names = _ARGUMENTS
    finding = altered(found.outcome, names, INPUTS_CHANGED)
    finding = finding or unsound(found.outcome, None, "loss", path=(1,))
    finding = finding or unsound(found.outcome, None, "last_state", path=(2,))
    if finding is None and not close(flat(loss), [right.loss / T], 1e-6):
        value = ", ".join(f"{number:.6g}" for number in flat(loss)[:3])
        summed = close(flat(loss), [right.loss], 1e-6)
        message = f"The loss is {value} where {right.loss / T:.6g} is right."
        finding = Finding(message, known.LOSS_NOT_MEAN if summed else known.LOSS_OTHER)
    if finding is None:
        finding = differs(flat(state), flat(right.states[-1]), "last_state")
        finding = finding and Finding(finding.message, known.INITIAL_STATE_RETURNED)
    if finding:
        marking.failed("loss", *finding)
    else:
        marking.passed("loss", "The mean loss and the last state are right.")
    return finding is None


def _clip(subject: Subject, problem: Problem, flows: float, marking: Marking) -> None:
    """Inputs so large that some gradients leave [-5, 5]; only the cutting is looked at."""
    large = replace(problem.scaled(Wxh=0.02, Why=6.0), xs=[50 * x for x in problem.xs])
    expected = {n: g.clip(-known.CLIP, known.CLIP) for n, g in oracle.gradients(large).items()}
    found = _run(subject, large)
    finding = found.finding or _different(found.grads, expected)
    if finding is None:
        marking.passed("clip", "Gradients beyond ±5 are cut to ±5.")
        return
    named = (
        finding.misconception if found.finding else _named(found.grads, known.wrong_clips(large))
    )
    unaveraged = {n: g * len(large.xs) for n, g in oracle.gradients(large).items()}
    cut = {n: g.clip(-known.CLIP, known.CLIP) for n, g in unaveraged.items()}
    if not found.finding and flows and _same(found.grads, cut):
        marking.passed("clip", "Gradients beyond ±5 are cut to ±5.")
        return
    if named is None and not found.finding and _same(found.grads, unaveraged):
        named = known.NOT_CLIPPED
    if named is None and not found.finding and known.other_bounds(large, found.grads):
        named = known.CLIPPED_ELSEWHERE
    named = named or (known.CLIPPING_WRONG if flows and not found.finding else None)
    marking.failed("clip", finding.message, named)


def _sizes(
    subject: Subject,
    rng: np.random.Generator,
    flows: float,
    loss_is_right: bool,
    marking: Marking,
) -> None:
    """A batch; a single step; labels (T,)."""
    finding = None
    for b, steps, labels in ((3, 4, 2), (2, 1, 2), (1, 3, 1)):
        problem = draw(rng, B=b, T=steps, D=4, H=3, K=2)
        sent = replace(problem, labels=problem.labels[:, 0]) if labels == 1 else problem
        found = _run(subject, sent)
        finding = found.finding or _shape(found.grads, problem.model)
        if finding is None and loss_is_right:
            finding = _other_loss(found, problem)
        if finding is None and flows:
            expected = oracle.gradients(problem)
            finding = None if _fits(found, expected, flows) else _different(found.grads, expected)
        if finding:
            said = f"With B = {b}, T = {steps} and y_train {sent.labels.shape}"
            named = finding.misconception
            if named is None and not found.finding:
                named = _named(found.grads, known.wrong_walks(problem))
                named = named or (known.ONE_STEP_FAILS if steps == 1 else known.BATCH_WRONG)
            marking.failed("sizes", f"{said}: {finding.message}", named)
            return
    if flows:
        marking.passed("sizes", "Batches, a single step and labels (T,) work.")


def _other_loss(found: Found, problem: Problem) -> Finding | None:
    """Find a loss or a last state that is wrong for these sizes."""
    right, (_, loss, state) = oracle.forward(problem), found.outcome.value
    if np.shape(plain(state)) != right.states[-1].shape or not close(state, right.states[-1]):
        return Finding("The last state is another.", known.INITIAL_STATE_RETURNED)
    mean = right.loss / len(problem.xs)
    if close(flat(loss), [mean], 1e-6):
        return None
    return Finding(f"The loss is {flat(loss)[:1]}; {mean:.6g} is right.", known.LOSS_OF_BATCH)


def _shape(grads: Mapping[str, Any], model: Model) -> Finding | None:
    for name, value in model.items():
        if np.shape(grads[name]) != value.shape:
            came = np.shape(grads[name])
            return Finding(f"{name} has shape {came}; {value.shape} is right.", WRONG_SHAPE)
    return None


def _truncate(subject: Subject, problem: Problem, flows: float, marking: Marking) -> None:
    """Accepts every usual meaning: blocks counted from either end, or a window that slides."""
    if not flows:
        return
    signature = subject.ask(Describe(NAME)).signature or ()
    if not any(name == "truncate" or name.startswith("**") for name, _ in signature):
        marking.passed("truncate", "There is no truncate, which is allowed.")
        return
    T = len(problem.xs)
    for k in (2, 4, 1, T):
        found = _run(subject, problem, truncate=k)
        forms = _forms(problem, k)
        if found.finding:
            marking.failed("truncate", *found.finding)
            return
        if not any(_fits(found, form, flows) for form in forms):
            marking.failed("truncate", *_truncation(found.grads, problem, k))
            return
    marking.passed("truncate", "With truncate=k the flow stops after k steps.")


def _forms(p: Problem, k: int) -> list[Model]:
    T = len(p.xs)
    from_end = [t for t in range(T) if (T - t) % k == 0]
    from_start = [t for t in range(T) if t % k == 0]
    blocks = [oracle.gradients(p, cuts) for cuts in (from_end, from_start)]
    return [*blocks, oracle.windowed_gradients(p, k), oracle.windowed_gradients(p, k + 1)]


def _truncation(grads: Mapping[str, Any], p: Problem, k: int) -> Finding:
    message = f"truncate={k} gives gradients of another kind."
    if _factor(grads, oracle.gradients(p)):
        return Finding(f"truncate={k} gives the full gradients.", known.TRUNCATE_IGNORED)
    steps = steps_of(p)
    last = walk(steps, list(range(len(steps)))[::-1][:k])
    if _factor(grads, total(last, 1.0)):
        return Finding(message, known.TRUNCATE_SHORTENS)
    return Finding(message, known.TRUNCATION)


QUESTION = Question(
    NAME,
    "Back through time",
    (
        Criterion("flow", "The gradient flows from the last step to the first", 5),
        Criterion("mean", "Gradients of the mean loss over time", 2),
        Criterion("clip", "Each number is cut to [−5, 5]", 2),
        Criterion("sizes", "Any batch, any number of steps, both shapes of labels", 3),
        Criterion("loss", "The mean loss and the last state", 2),
        Criterion("truncate", "truncate=k stops the flow (where it is offered)", 1),
    ),
    judge,
    defines=(NAME,),
    needs=("cell_fn_forward", "rnn_forward", "cell_fn_backward"),
    read=known.TIME,
)
