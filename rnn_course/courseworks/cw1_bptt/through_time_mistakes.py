"""What goes wrong on the way back through time, each mistake with the gradients it leads to."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from rnn_course.checks.mistakes import mistake
from rnn_course.checks.report import Misconception
from rnn_course.courseworks.cw1_bptt.problem import Model, Problem
from rnn_course.courseworks.cw1_bptt.rule import RIGHT, Rule, Step, steps_of, total, walk

TIME = "Back through time"

NO_FLOW = mistake(
    "flow_not_carried",
    "Every step went backward on its own: no gradient flowed from later steps to earlier ones.",
    "Hand the dh_next that one step returns to the step before it. Without it the network "
    "cannot learn that something early matters later.",
    TIME,
)
FORWARD_ORDER = mistake(
    "walked_forwards",
    "The steps were visited from the first to the last.",
    "The gradient comes from the future: start at the last step and go to the first.",
    TIME,
)
ONE_STEP_ONLY = mistake(
    "one_step_only",
    "The gradients are those of a single step.",
    "The parameters are shared by all steps, so the gradients of all steps add up: use +=.",
    TIME,
)
LAST_LOSS_ONLY = mistake(
    "last_loss_only",
    "Only the loss of the last step was followed back.",
    "Every step has a loss of its own, and each sends its gradient back.",
    TIME,
)
SUM_OVER_TIME = mistake(
    "not_averaged_over_time",
    "The gradients are as many times too large as there are steps.",
    "They are asked for the mean loss over time: divide the sum by T.",
    TIME,
)
AVERAGED_TWICE = mistake(
    "averaged_twice",
    "The gradients are too small: an average was taken twice.",
    "cell_fn_backward averages over the batch already; here only the division by T is left.",
    TIME,
)
STEP_LEFT_OUT = mistake(
    "backward_step_left_out",
    "A step was left out on the way back.",
    "range(T − 1, −1, −1), or reversed(range(T)), visits every step including number 0.",
    TIME,
)
NOT_CLIPPED = mistake(
    "not_clipped",
    "Gradients beyond ±5 came back as they were.",
    "Gradients can explode; cutting each number to [−5, 5] keeps a single bad step harmless.",
    TIME,
)
CLIPPED_BEFORE_MEAN = mistake(
    "clipped_too_early",
    "The numbers were cut before the gradient was complete.",
    "Add up all steps and divide by T first; clip once, at the very end.",
    TIME,
)
CLIPPED_ELSEWHERE = mistake(
    "clipped_to_other_bounds",
    "The numbers were cut at other bounds than ±5.",
    "The question asks for [−5, 5], below and above.",
    TIME,
)
CLIPPED_NORM = mistake(
    "clipped_by_norm",
    "The gradients were scaled to a length instead of being cut number by number.",
    "Both ways are in use. Here each number is cut to [−5, 5] on its own.",
    TIME,
)
BATCH_WRONG = mistake(
    "batch_wrong",
    "The gradients are right for one sequence and wrong for a batch.",
    "The flow has one row for each sequence, (B, H); rows never meet before the sums at the end.",
    TIME,
)
LOSS_NOT_MEAN = mistake(
    "loss_not_mean_over_time",
    "The loss is the sum over the steps.",
    "The gradients belong to the mean loss over time, so that is the loss to return.",
    TIME,
)
LOSS_OTHER = mistake(
    "other_loss",
    "The gradients are one thing, the loss that comes with them another.",
    "Return the loss of rnn_forward divided by T, as it is.",
    TIME,
)
LOSS_OF_BATCH = mistake(
    "loss_of_batch_wrong",
    "The loss is right for one sequence and wrong for another batch or number of steps.",
    "rnn_forward averages over the batch already; here only the division by T is left.",
    TIME,
)
INITIAL_STATE_RETURNED = mistake(
    "wrong_last_state",
    "The state that comes back is not the state after the last step.",
    "The next piece of the sequence starts from the state that rnn_forward returned.",
    TIME,
)
TRUNCATION = mistake(
    "truncation_wrong",
    "With truncate=k the gradients are not those of a flow that stops after k steps.",
    "Set the flow to zero after every k steps back; each step still adds its own gradient.",
    TIME,
)
TRUNCATE_IGNORED = mistake(
    "truncate_ignored",
    "truncate=k makes no difference.",
    "With truncate=1 no gradient may pass from one step to the step before it.",
    TIME,
)
TRUNCATE_SHORTENS = mistake(
    "truncation_drops_steps",
    "With truncate=k only the last k steps were visited at all.",
    "Truncation stops the flow between steps. Every step's own loss still counts.",
    TIME,
)
FLOW_WRONG = mistake(
    "flow_wrong",
    "Why and by, which need no flow through time, have right gradients; the others do not.",
    "Hand each step's dh_next to the step before it, unchanged and to the right neighbour.",
    TIME,
)
STEPS_MIXED = mistake(
    "steps_mixed_up",
    "One step alone is right, a sequence of several is not.",
    "Step t goes backward with ys[t], y_train[t] and caches[t]; arrays of different steps must not "
    "meet. The gradients of all steps are added up, each as it is.",
    TIME,
)
SOME_PARAMETERS = mistake(
    "some_parameters_wrong",
    "Over several steps the gradients of some parameters are right, those of others are not.",
    "All parameters are treated alike: the gradients of all steps, added up and divided by T.",
    TIME,
)
STATE_IGNORED = mistake(
    "initial_state_not_used",
    "All is right for an initial state of zero, and wrong for any other.",
    "Hand initial_state on to rnn_forward: a sequence may go on where another one ended.",
    TIME,
)
STEP_WRONG = mistake(
    "single_step_wrong",
    "Already a sequence of one step has wrong gradients.",
    "So it is not the walk through time: look at what cell_fn_backward is given, and at the "
    "dh_next that the last step starts from, which is zero.",
    TIME,
)
ONE_STEP_FAILS = mistake(
    "one_step_sequence_wrong",
    "Sequences of several steps are right, and one of a single step is not.",
    "With T = 1 the first step is the last one as well. Treat no step in a way of its own.",
    TIME,
)
CLIPPING_WRONG = mistake(
    "clipping_wrong",
    "Small gradients are right; where some are beyond ±5 they are not.",
    "Add up all steps, divide by T, and only then cut each number at −5 and 5.",
    TIME,
)
FACTOR = mistake(
    "wrong_factor",
    "All gradients are wrong by one factor.",
    "They are asked for the mean loss over time: the sum over the steps, divided by T.",
    TIME,
)
CLIP = 5.0


def wrong_walks(p: Problem) -> Iterator[tuple[Misconception, Model]]:
    """Yield the gradients of known mistakes, with and without the mean over time."""
    steps = steps_of(p)
    T, B = len(steps), len(p.x)
    back, forth = list(range(T))[::-1], list(range(T))
    right = walk(steps, back)
    for factor in (1 / T, 1.0):
        yield NO_FLOW, total(walk(steps, back, carry=False), factor)
        yield FORWARD_ORDER, total(walk(steps, forth), factor)
        for each in right:
            yield ONE_STEP_ONLY, total([each], factor)
        yield ONE_STEP_ONLY, total(walk(steps, [0]), factor)
        if T > 1:
            yield STEP_LEFT_OUT, total(right[:-1], factor)
            yield STEP_LEFT_OUT, total(walk(steps, back[1:]), factor)
        yield LAST_LOSS_ONLY, total(_last_loss(steps), factor)
    yield SUM_OVER_TIME, total(right, 1.0)
    yield AVERAGED_TWICE, total(right, 1 / T**2)
    if B > 1:
        yield AVERAGED_TWICE, total(right, 1 / (T * B))


def _last_loss(steps: list[Step]) -> list[Model]:
    """Follow the last step's loss back alone: other steps have no error of their own."""
    found, flow = [], np.zeros_like(steps[0].h)
    for t in reversed(range(len(steps))):
        at = steps[t]
        rule = RIGHT if t == len(steps) - 1 else _SILENT
        grads, flow = rule.apply(Step(at.x, at.h, at.new, at.scores, at.onehot, flow, at.model))
        found.append(grads)
    return found


_SILENT = Rule(d=lambda s: np.zeros_like(s.scores))


def wrong_clips(p: Problem) -> Iterator[tuple[Misconception, Model]]:
    """Yield the gradients of known mistakes in clipping, where some numbers are beyond ±5."""
    steps, back = steps_of(p), list(range(len(p.xs)))[::-1]
    T = len(steps)
    whole = total(walk(steps, back), 1 / T)
    yield NOT_CLIPPED, whole
    summed = total(walk(steps, back), 1.0)
    yield CLIPPED_BEFORE_MEAN, {n: g.clip(-CLIP, CLIP) / T for n, g in summed.items()}
    for factor in (1 / T, 1.0):
        each = total(walk(steps, back, change=lambda g: g.clip(-CLIP, CLIP)), factor)
        yield CLIPPED_BEFORE_MEAN, each
        yield CLIPPED_BEFORE_MEAN, {n: g.clip(-CLIP, CLIP) for n, g in each.items()}
    parts = [{n: g.clip(-CLIP, CLIP) for n, g in found.items()} for found in walk(steps, back)]
    for factor in (1 / T, 1.0):
        yield CLIPPED_BEFORE_MEAN, total(parts, factor)
        yield CLIPPED_BEFORE_MEAN, {n: g.clip(-CLIP, CLIP) for n, g in total(parts, factor).items()}
    for low, high in (
        (-1, 1),
        (-10, 10),
        (0, 5),
        (-np.inf, 5),
        (-5, np.inf),
        (-0.5, 0.5),
        (-50, 50),
    ):
        yield CLIPPED_ELSEWHERE, {n: g.clip(low, high) for n, g in whole.items()}
    norms = {n: np.linalg.norm(g) for n, g in whole.items()}
    yield CLIPPED_NORM, {n: g * min(1, CLIP / norms[n]) for n, g in whole.items()}
    everything = np.sqrt(sum(norm**2 for norm in norms.values()))
    yield CLIPPED_NORM, {n: g * min(1, CLIP / everything) for n, g in whole.items()}
    tops = {n: np.abs(g).max() for n, g in whole.items()}
    yield CLIPPED_NORM, {n: g * min(1, CLIP / tops[n]) for n, g in whole.items()}


def other_bounds(p: Problem, grads: Mapping[str, Any]) -> bool:
    """Tell whether the gradients are the right ones, cut at some bounds other than ±5."""
    whole = total(walk(steps_of(p), list(range(len(p.xs)))[::-1]), 1 / len(p.xs))
    found = np.concatenate([np.ravel(grads[name]) for name in whole])
    right = np.concatenate([np.ravel(g) for g in whole.values()])
    return found.shape == right.shape and bool(
        np.allclose(found, right.clip(found.min(), found.max()), atol=1e-9)
    )
