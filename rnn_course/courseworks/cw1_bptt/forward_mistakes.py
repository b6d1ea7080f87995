"""What goes wrong in a forward step, each mistake with the numbers it leads to."""

from collections.abc import Iterator

import numpy as np

from rnn_course.checks.mistakes import mistake
from rnn_course.checks.report import Misconception
from rnn_course.courseworks.cw1_bptt.ask import Suspect
from rnn_course.courseworks.cw1_bptt.problem import Problem
from rnn_course.courseworks.cw1_bptt.rule import softmax

CELL = "One step forward"
SEQUENCE = "The whole sequence forward"

NO_HIDDEN_BIAS = mistake(
    "hidden_bias_missing",
    "The new state is what it would be without bh.",
    "The bias moves the point at which a unit switches; without it every unit switches at zero.",
    CELL,
)
BIAS_OUTSIDE = mistake(
    "bias_outside_tanh",
    "bh is added after the tanh.",
    "The bias belongs to the sum inside; outside, the state can leave the range of tanh.",
    CELL,
)
NO_TANH = mistake(
    "tanh_missing",
    "The new state is the plain sum, without tanh.",
    "Without a nonlinearity all steps together are one linear map, and the state can grow forever.",
    CELL,
)
OTHER_ACTIVATION = mistake(
    "other_activation",
    "The new state went through another function than tanh.",
    "The equation, and with it the derivative 1 − h'², belongs to tanh.",
    CELL,
)
TANH_TWICE = mistake(
    "tanh_twice",
    "tanh was applied twice.",
    "The state that comes in has been through tanh already.",
    CELL,
)
SEPARATE_TANH = mistake(
    "separate_tanh",
    "Input and state went through a tanh each, and were added afterwards.",
    "A unit decides on the sum of all that it hears, so the sum comes first.",
    CELL,
)
TRANSPOSED = mistake(
    "recurrent_transposed",
    "The new state is what Whh transposed would give.",
    "Rows of Whh belong to the old state, columns to the new: h Whh. It is square, so the wrong "
    "way round raises no error.",
    CELL,
)
NO_STATE = mistake(
    "state_ignored",
    "The new state does not depend on the old one.",
    "Without h Whh the network has no memory: it sees the current step only.",
    CELL,
)
NO_INPUT = mistake(
    "input_ignored",
    "The new state does not depend on the input.",
    "X Wxh is the only way in which the sequence gets into the network.",
    CELL,
)
PRODUCT = mistake(
    "product_for_sum",
    "Input and state were multiplied where they should be added.",
    "The equation has one sum of three terms inside tanh.",
    CELL,
)
STATE_ADDED = mistake(
    "old_state_added",
    "The old state was added to the new one.",
    "In this network the new state replaces the old one; only h Whh carries it over.",
    CELL,
)
OLD_STATE_RETURNED = mistake(
    "old_state_returned",
    "The state that comes back is the one that was put in.",
    "The next step must start from the new state.",
    CELL,
)
SHARED_ACROSS_BATCH = mistake(
    "batch_mixed",
    "Rows of the batch influence each other.",
    "Each row is a sequence of its own; sums run over features, never over the batch.",
    CELL,
)
LOGITS_OLD_STATE = mistake(
    "output_from_old_state",
    "The scores were computed from the old state.",
    "The output of a step must know the input of that step: y = h' Why + by.",
    CELL,
)
LOGITS_PREACTIVATION = mistake(
    "output_before_tanh",
    "The scores were computed from the sum before tanh.",
    "The output reads the state itself, which is what tanh returned.",
    CELL,
)
NO_OUTPUT_BIAS = mistake(
    "output_bias_missing",
    "The scores are what they would be without by.",
    "by lets a class be likely before anything has been read.",
    CELL,
)
BIAS_SIGN = mistake(
    "output_bias_scaled",
    "by enters the scores with a wrong sign or factor.",
    "The bias is added once, as it is.",
    CELL,
)
OUTPUT_TANH = mistake(
    "output_squashed",
    "The scores went through tanh.",
    "Scores are free numbers; a squashed score can never make a class certain.",
    CELL,
)
ALWAYS_SOFTMAX = mistake(
    "softmax_in_training",
    "With train=True probabilities come back instead of scores.",
    "The loss takes the logarithm of the softmax itself; two in a row give another function.",
    CELL,
)
NEVER_SOFTMAX = mistake(
    "softmax_missing",
    "With train=False scores come back instead of probabilities.",
    "A user wants probabilities: positive numbers that add up to one in each row.",
    CELL,
)
SOFTMAX_FLAG = mistake(
    "train_flag_reversed",
    "Scores and probabilities are exchanged: train is read the wrong way round.",
    "train=True asks for scores, which the loss needs; train=False for probabilities.",
    CELL,
)
SOFTMAX_AXIS = mistake(
    "softmax_wrong_axis",
    "The probabilities do not add up to one in each row.",
    "The sum runs over the classes (the last axis), for each row of the batch on its own.",
    CELL,
)
NOT_SOFTMAX = mistake(
    "other_than_softmax",
    "With train=False something else than the softmax of the scores comes back.",
    "Softmax is exp(y) divided by the sum of exp(y) over the classes.",
    CELL,
)
OVERFLOW = mistake(
    "softmax_overflows",
    "Scores of a thousand give NaN.",
    "exp(1000) is infinite. Subtract the largest score of each row first: softmax stays the same.",
    CELL,
)
TERM_SCALED = mistake(
    "term_scaled",
    "One of the three terms inside tanh is too large, too small or has the wrong sign.",
    "Input, old state and bias enter the sum once each, as they are.",
    CELL,
)
LARGE_SCORES = mistake(
    "large_scores_falsified",
    "Ordinary scores give the right probabilities, large ones do not.",
    "Softmax looks at differences of scores. Cutting large ones off changes them; subtracting the "
    "largest of each row does not.",
    CELL,
)
TERM_WRONG = mistake(
    "term_wrong",
    "One of the three terms inside tanh is not what it should be.",
    "Inside tanh stand h Whh, X Wxh and bh, added up and nothing else.",
    CELL,
)
OTHER_STATE = mistake(
    "other_state",
    "The new state is not that of the equation, with whichever term left out.",
    "It is tanh of one sum of three terms: h' = tanh(h Whh + X Wxh + bh).",
    CELL,
)
OTHER_SCORES = mistake(
    "other_scores",
    "The scores are not those of the state that came back with them.",
    "They are one product and one sum: y = h' Why + by, with the new state as it is.",
    CELL,
)
INPUTS_CHANGED = mistake(
    "inputs_changed",
    "The function writes into the arrays that it was given.",
    "The caller goes on using them. Write h = h + a instead of h += a.",
    CELL,
)
TOO_FEW = mistake(
    "result_left_out",
    "Not all of the results came back.",
    "The caller takes three apart: y, h and cache, in this order.",
    CELL,
)
ORDER = mistake(
    "results_reordered",
    "The results are right but in another order.",
    "The caller takes them apart by position: y, then h, then cache.",
    CELL,
)


def wrong_states(p: Problem) -> Iterator[Suspect]:
    """Yield the new state (B, H) of each known mistake."""
    m, seen, kept = p.model, p.x @ p.model["Wxh"], p.state @ p.model["Whh"]
    total = seen + kept + m["bh"]
    right = np.tanh(total)
    yield NO_HIDDEN_BIAS, np.tanh(seen + kept)
    yield BIAS_OUTSIDE, np.tanh(seen + kept) + m["bh"]
    yield NO_TANH, total
    for other in (_sigmoid(total), np.maximum(total, 0), np.sin(total), total.clip(-1, 1)):
        yield OTHER_ACTIVATION, other
    yield OTHER_ACTIVATION, np.where(total > 0, total, np.expm1(total))
    yield TANH_TWICE, np.tanh(right)
    yield TANH_TWICE, np.tanh(seen + np.tanh(p.state) @ m["Whh"] + m["bh"])
    for bias_a, bias_b in ((m["bh"], 0), (0, m["bh"]), (0, 0), (m["bh"], m["bh"])):
        yield SEPARATE_TANH, np.tanh(seen + bias_a) + np.tanh(kept + bias_b)
    yield SEPARATE_TANH, np.tanh(seen) + np.tanh(kept) + m["bh"]
    yield TRANSPOSED, np.tanh(seen + p.state @ m["Whh"].T + m["bh"])
    yield NO_STATE, np.tanh(seen + m["bh"])
    yield NO_STATE, np.tanh(seen)
    yield NO_INPUT, np.tanh(kept + m["bh"])
    yield PRODUCT, np.tanh(seen * kept + m["bh"])
    yield STATE_ADDED, right + p.state
    yield STATE_ADDED, np.tanh(total + p.state)
    yield STATE_ADDED, (right + p.state) / 2
    yield OLD_STATE_RETURNED, p.state
    for mixed in (lambda a: a.sum(0, keepdims=True), lambda a: a.mean(0, keepdims=True)):
        yield SHARED_ACROSS_BATCH, np.tanh(mixed(seen) + kept + m["bh"])
        yield SHARED_ACROSS_BATCH, np.tanh(seen + mixed(kept) + m["bh"])
        yield (
            SHARED_ACROSS_BATCH,
            np.broadcast_to(np.tanh(mixed(seen + kept) + m["bh"]), right.shape),
        )
    for a in (seen, kept, total):
        yield SHARED_ACROSS_BATCH, np.tanh(total - a + a[:1])


def by_property(p: Problem, state: np.ndarray) -> Misconception | None:
    """Name a wrong state (B, H) that is in no list by how it depends on the three terms."""
    seen, kept = p.x @ p.model["Wxh"], p.state @ p.model["Whh"]
    terms = [seen, kept, np.broadcast_to(p.model["bh"], seen.shape)]
    if (np.abs(state) < 1).all():
        columns = np.stack([term.ravel() for term in terms], axis=1)
        wanted = np.arctanh(state).ravel()
        parts, *_ = np.linalg.lstsq(columns, wanted, rcond=None)
        if np.abs(columns @ parts - wanted).max() < 1e-7:
            missing = [abs(part) < 1e-7 for part in parts]
            named = [
                m
                for m, gone in zip((NO_INPUT, NO_STATE, NO_HIDDEN_BIAS), missing, strict=True)
                if gone
            ]
            return named[0] if named else TERM_SCALED
    order = sum(terms).ravel().argsort()
    steps = np.diff(state.ravel()[order])
    return OTHER_ACTIVATION if (steps >= -1e-12).all() and steps.max() > 1e-6 else None


def wrong_logits(p: Problem, state: np.ndarray) -> Iterator[Suspect]:
    """Yield the scores (B, K) of each known mistake, for the state (B, H) that came with them."""
    m = p.model
    right = state @ m["Why"] + m["by"]
    total = p.x @ m["Wxh"] + p.state @ m["Whh"] + m["bh"]
    yield ALWAYS_SOFTMAX, softmax(right)
    yield LOGITS_OLD_STATE, p.state @ m["Why"] + m["by"]
    yield LOGITS_PREACTIVATION, total @ m["Why"] + m["by"]
    yield NO_OUTPUT_BIAS, state @ m["Why"]
    yield BIAS_SIGN, state @ m["Why"] - m["by"]
    yield BIAS_SIGN, state @ m["Why"] + 2 * m["by"]
    yield OUTPUT_TANH, np.tanh(right)
    yield OUTPUT_TANH, np.tanh(state @ m["Why"]) + m["by"]


def wrong_probabilities(scores: np.ndarray) -> Iterator[Suspect]:
    """Yield what each known mistake returns for scores (B, K) in place of their softmax."""
    yield NEVER_SOFTMAX, scores
    yield SOFTMAX_AXIS, softmax(scores, 0)
    yield SOFTMAX_AXIS, softmax(scores, None)
    yield NOT_SOFTMAX, np.log(softmax(scores))
    yield NOT_SOFTMAX, _sigmoid(scores)
    yield NOT_SOFTMAX, softmax(softmax(scores))
    yield NOT_SOFTMAX, np.exp(scores)
    yield NOT_SOFTMAX, np.eye(scores.shape[1])[scores.argmax(1)]
    with np.errstate(all="ignore"):
        yield NOT_SOFTMAX, scores / scores.sum(1, keepdims=True)
        powers = np.abs(scores)
        yield NOT_SOFTMAX, powers / powers.sum(1, keepdims=True)
    yield NOT_SOFTMAX, softmax(-scores)


def _sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))
