"""What goes wrong when a step is repeated over a sequence, with the numbers it leads to."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from rnn_course.checks.mistakes import mistake
from rnn_course.courseworks.cw1_bptt import oracle
from rnn_course.courseworks.cw1_bptt.ask import Suspect
from rnn_course.courseworks.cw1_bptt.forward_mistakes import SEQUENCE
from rnn_course.courseworks.cw1_bptt.problem import Problem
from rnn_course.courseworks.cw1_bptt.rule import softmax

STATE_NOT_CARRIED = mistake(
    "state_not_carried",
    "Every step started from the initial state.",
    "The state that one step returns is what the next step remembers; hand it on.",
    SEQUENCE,
)
INITIAL_STATE_IGNORED = mistake(
    "initial_state_ignored",
    "The sequence did not start from the initial state that was given.",
    "A long text is read in pieces; the state of one piece is where the next one starts.",
    SEQUENCE,
)
FIRST_STATE_RETURNED = mistake(
    "first_state_returned",
    "The state that comes back is not that of the last step.",
    "Whoever goes on reading needs the state after the whole sequence.",
    SEQUENCE,
)
STEPS_MISSING = mistake(
    "steps_missing",
    "Some steps of the sequence were left out.",
    "range(T) counts 0 to T − 1, which is every step; range(T − 1) and range(1, T) lose one.",
    SEQUENCE,
)
READ_BACKWARDS = mistake(
    "read_backwards",
    "The sequence was read from its end.",
    "Only the backward pass goes from the last step to the first.",
    SEQUENCE,
)
SAME_INPUT = mistake(
    "same_input",
    "Every step read the same input.",
    "Step t reads X_train[t].",
    SEQUENCE,
)
LOSS_AVERAGED = mistake(
    "loss_averaged_over_time",
    "The loss is the mean over the steps.",
    "This function returns the sum over the steps; bptt will take the mean.",
    SEQUENCE,
)
LOSS_SUMMED = mistake(
    "loss_summed_over_batch",
    "The loss is summed over the batch.",
    "Within a step it is the mean over the batch: then the size of the batch does not change "
    "how far a step of training goes.",
    SEQUENCE,
)
FIRST_STEP = mistake(
    "first_step_wrong",
    "Already after the first step the state is not the right one.",
    "The first step gets X_train[0] and initial_state, both as they are.",
    SEQUENCE,
)
LATER_STEPS = mistake(
    "later_steps_wrong",
    "After one step the state is right, after several it is not.",
    "Each step gets its own input and the state that the step before it returned, nothing else.",
    SEQUENCE,
)
OTHER_OUTPUTS = mistake(
    "other_outputs",
    "The states are right, and the scores that were kept are not those of each step.",
    "ys holds what cell_fn_forward returned at each step, in order and unchanged.",
    SEQUENCE,
)
LOSS_ROWS = mistake(
    "loss_mixes_rows",
    "The loss is right for one sequence and wrong for a batch of several.",
    "Each row has a label of its own: the score of row b is y[b, label of b], and the mean over "
    "the batch comes last.",
    SEQUENCE,
)
LOSS_STEPS = mistake(
    "loss_wrong_over_time",
    "The loss is right for one step and wrong for several.",
    "Each step compares its own scores with its own labels; the losses of all steps add up.",
    SEQUENCE,
)
LOSS_OTHER = mistake(
    "loss_not_cross_entropy",
    "The scores are right, and the loss of a single step of a single sequence is not.",
    "It is −log p of the right class: log Σ exp(y − m) − (y of that class − m).",
    SEQUENCE,
)
LOSS_LAST = mistake(
    "loss_of_one_step",
    "The loss is that of a single step.",
    "Every step has a label here, so every step's loss counts: add them up.",
    SEQUENCE,
)
LOSS_SIGN = mistake(
    "loss_negative",
    "The loss has the wrong sign.",
    "Cross-entropy is minus the logarithm of the probability of the right class, never negative.",
    SEQUENCE,
)
LOSS_WITHOUT_LOG = mistake(
    "loss_without_logarithm",
    "The loss is made of probabilities, not of their logarithms.",
    "Cross-entropy is −log p: a confident mistake must cost much more than an unsure one.",
    SEQUENCE,
)
LOSS_LOG_BASE = mistake(
    "loss_other_logarithm",
    "The loss was taken with another logarithm than the natural one.",
    "Only with the natural logarithm is the gradient p − 1 at the right class.",
    SEQUENCE,
)
LOSS_ALL_CLASSES = mistake(
    "loss_over_all_classes",
    "The loss adds the logarithms of all classes.",
    "Only the probability of the class that was right enters the cross-entropy.",
    SEQUENCE,
)
LOSS_SQUARED = mistake(
    "loss_squared_error",
    "The loss is a squared error.",
    "For classes the loss is the cross-entropy of the softmax.",
    SEQUENCE,
)
LOSS_NO_SOFTMAX = mistake(
    "loss_without_softmax",
    "The loss was computed from scores, not from probabilities.",
    "Take the softmax of the scores first.",
    SEQUENCE,
)
LOSS_SOFTMAX_TWICE = mistake(
    "loss_softmax_twice",
    "The softmax was applied twice before the logarithm.",
    "Probabilities are not scores: take the scores (train=True) and one softmax.",
    SEQUENCE,
)
LOSS_CLASS_MEAN = mistake(
    "loss_averaged_over_classes",
    "The loss was divided by the number of classes.",
    "np.mean over a (B, K) array also averages over K. Sum over the classes, mean over the batch.",
    SEQUENCE,
)
LOSS_OVERFLOWS = mistake(
    "loss_overflows",
    "Scores of a thousand make the loss NaN or infinite.",
    "log(exp(1000)) overflows and log(exp(−1000)) is log(0). Use y − max − log Σ exp(y − max).",
    SEQUENCE,
)
LABELS_SHIFTED = mistake(
    "labels_shifted",
    "The loss compares each step with the label of another step.",
    "The scores of step t belong to y_train[t].",
    SEQUENCE,
)
PROBABILITIES_KEPT = mistake(
    "probabilities_for_scores",
    "ys holds probabilities.",
    "Call cell_fn_forward with train=True; the backward step expects its scores.",
    SEQUENCE,
)
LAST_OUTPUT_ONLY = mistake(
    "results_not_collected",
    "ys or caches do not hold one entry for every step.",
    "The backward pass visits every step again and needs what each of them left behind.",
    SEQUENCE,
)
LABELS_ONE_SHAPE = mistake(
    "labels_one_shape",
    "Only one of the two shapes of labels works.",
    "y_train is (T,) for one sequence and (T, B) for a batch; y_train[t] is a number or a row.",
    SEQUENCE,
)


def wrong_runs(p: Problem) -> Iterator[tuple]:
    """Yield (mistake, forward pass) for known mistakes in going through time."""
    for start in (np.zeros_like(p.state), np.ones_like(p.state)):
        yield INITIAL_STATE_IGNORED, oracle.forward(replace(p, state=start))
    alone = [
        oracle.forward(replace(p, xs=[x], labels=y[None]))
        for x, y in zip(p.xs, p.labels, strict=True)
    ]
    states, logits = [run.states[0] for run in alone], [run.logits[0] for run in alone]
    yield STATE_NOT_CARRIED, oracle.Pass(states, logits, sum(run.loss for run in alone))
    yield READ_BACKWARDS, oracle.forward(replace(p, xs=p.xs[::-1], labels=p.labels[::-1]))
    yield READ_BACKWARDS, oracle.forward(replace(p, xs=p.xs[::-1]))
    for kept in (slice(None, -1), slice(1, None)):
        yield STEPS_MISSING, oracle.forward(replace(p, xs=p.xs[kept], labels=p.labels[kept]))
    for x in (p.xs[0], p.xs[-1]):
        yield SAME_INPUT, oracle.forward(replace(p, xs=[x] * len(p.xs)))


def wrong_losses(p: Problem, logits: list[np.ndarray]) -> Iterator[Suspect]:
    """Yield the loss of each known mistake, for logits T × (B, K)."""
    scores, rows = np.stack(logits), np.arange(p.labels.shape[1])
    T, B, K = scores.shape
    chances = np.stack([softmax(step) for step in logits])
    at = (np.arange(T)[:, None], rows, p.labels)
    picked, onehot = chances[at], np.eye(K)[p.labels]
    right = -np.log(picked).mean(1)
    yield LOSS_AVERAGED, right.mean()
    yield LOSS_SUMMED, B * right.sum()
    yield LOSS_SUMMED, B * right.mean()
    for t in range(T):
        yield LOSS_LAST, right[t]
    yield LOSS_SIGN, -right.sum()
    yield LOSS_SIGN, -right.mean()
    yield LOSS_WITHOUT_LOG, -picked.mean(1).sum()
    yield LOSS_WITHOUT_LOG, (1 - picked).mean(1).sum()
    yield LOSS_LOG_BASE, right.sum() / np.log(2)
    yield LOSS_LOG_BASE, right.sum() / np.log(10)
    yield LOSS_CLASS_MEAN, right.sum() / K
    yield LOSS_ALL_CLASSES, -np.log(chances).sum(2).mean(1).sum()
    yield LOSS_ALL_CLASSES, -np.log(chances).mean((1, 2)).sum()
    binary = onehot * np.log(chances) + (1 - onehot) * np.log(1 - chances)
    yield LOSS_ALL_CLASSES, -binary.sum(2).mean(1).sum()
    for found in (chances, scores):
        error = (found - onehot) ** 2
        for factor in (1, 0.5, 1 / K):
            yield LOSS_SQUARED, factor * error.sum(2).mean(1).sum()
    twice = np.stack([softmax(step) for step in chances])
    yield LOSS_SOFTMAX_TWICE, -np.log(twice[at]).mean(1).sum()
    yield LOSS_NO_SOFTMAX, -scores[at].mean(1).sum()
    yield LOSS_NO_SOFTMAX, (scores.max(2) - scores[at]).mean(1).sum()
    for shift in range(1, T):
        moved = np.roll(p.labels, shift, axis=0)
        yield LABELS_SHIFTED, -np.log(chances[at[0], rows, moved]).mean(1).sum()
    yield LABELS_SHIFTED, -np.log(chances[at[0], rows, p.labels[::-1]]).mean(1).sum()
    with np.errstate(all="ignore"):
        yield LOSS_NO_SOFTMAX, -np.log(np.abs(scores[at])).mean(1).sum()
