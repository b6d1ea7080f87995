"""Judges attention by what any kind of it must do: no particular score function is asked for."""

from typing import Any

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, close, difference, unsound, usable
from rnn_course.checks.mistakes import CONSTANT_SIZE, FIXED_DTYPE, NOT_FINITE
from rnn_course.checks.report import Misconception
from rnn_course.checks.requests import Build, Outcome, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.courseworks.cw3_temporal_order import attention_mistakes as known
from rnn_course.courseworks.cw3_temporal_order import mistakes as m
from rnn_course.courseworks.cw3_temporal_order.attention_candidate import (
    NAME,
    AttentionCandidate,
    B,
    D,
    H,
    K,
    T,
    are_logarithms,
)
from rnn_course.courseworks.cw3_temporal_order.attention_past import past_mistake, unpadded
from rnn_course.courseworks.cw3_temporal_order.attention_use import (
    Probed,
    scores_learn,
    spread_problem,
    use_problem,
)
from rnn_course.courseworks.cw3_temporal_order.sequence_models import (
    CONSTRUCTOR,
    judge_learning,
    logits_problem,
    reads_both_ways,
)
from rnn_course.data.symbol_sequences import MAX_LENGTH
from rnn_course.seeding import numpy_generator


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on ``AttnRecurrentNeuralNet``."""
    if not usable(subject, marking, NAME, CONSTRUCTOR):
        return
    rng = numpy_generator(seed, NAME)
    found = _opened(subject, "float64", rng)
    if isinstance(found, Finding):
        if found.misconception in (known.NOTHING_LEFT, known.INFINITY_TIMES_ZERO):
            _judge_plain(AttentionCandidate(subject, "float64", rng), marking)
        marking.fail_rest(*found)
        return
    candidate, logits, wrong = found
    _judge_plain(candidate, marking)
    _judge_shapes(candidate, marking, wrong)
    if _are_probabilities(logits):
        marking.failed("learns", m.SOFTMAX_LEFT.seen, m.SOFTMAX_LEFT)
    judge_learning(subject, NAME, marking, rng)
    if _repeatable(candidate, marking):
        _judge_attention(candidate, marking)


def _opened(
    subject: Subject, dtype: str, rng: np.random.Generator
) -> tuple[AttentionCandidate, np.ndarray, Finding | None] | Finding:
    """Run it once: in float64, or in float32 (and say so) where only that works."""
    candidate = AttentionCandidate(subject, dtype, rng)
    (outcome,) = candidate.ask((candidate.x, candidate.lengths), weights=False)
    wrong = logits_problem(outcome, (B, K), dtype)
    if wrong is None:
        return candidate, plain(outcome.value), None
    if wrong.misconception is NOT_FINITE:
        some = np.isfinite(plain(outcome.value)).all(1).any()
        return Finding(wrong.message, known.NOTHING_LEFT if some else known.INFINITY_TIMES_ZERO)
    if dtype == "float64" and wrong.misconception is FIXED_DTYPE:
        found = _opened(subject, "float32", rng)
        return wrong if isinstance(found, Finding) else (*found[:2], wrong)
    return wrong


def _repeatable(candidate: AttentionCandidate, marking: Marking) -> bool:
    """Tell whether the same batch gives the same logits again; if not, nothing can be compared."""
    batch = (candidate.x, candidate.lengths)
    once, again = candidate.ask(batch, batch, weights=False)
    alike = difference(once.value, again.value) <= candidate.tolerance
    if not alike:
        marking.failed("padding", m.NOT_REPEATABLE.seen, m.NOT_REPEATABLE)
        for criterion in ("distribution", "content", "use", "position"):
            marking.failed(criterion, "Not judged: the logits are not the same twice.")
    return alike


def _judge_attention(candidate: AttentionCandidate, marking: Marking) -> None:
    weights = _judge_weights(candidate, marking)
    if weights is None:
        _judge_gradient(candidate, marking, False)
        return
    hard = bool(np.isin(weights, (0, 1)).all())
    _judge_gradient(candidate, marking, _judge_content(candidate, marking), hard)
    mistake = reads_both_ways(candidate.anatomy) or past_mistake(
        candidate.ask, unpadded(candidate.rng, D), candidate.parameters(0.7)
    )
    if mistake:
        marking.failed("plain", mistake.seen, mistake)
    leaks = _judge_padding(candidate, marking, mistake)
    if hard:  # what a probe finds depends on which step happens to be the largest
        marking.passed("use", "Not judged: weights that are 0 or 1 do not tell.")
    else:
        _judge_use(candidate, marking, mistake or (known.PADDING_LEAKS if leaks else None))
    _judge_position(candidate, marking)


def _judge_shapes(candidate: AttentionCandidate, marking: Marking, wrong: Finding | None) -> None:
    if wrong:
        marking.failed("shapes", *wrong)
    dtype, x, lengths = candidate.build.dtype, candidate.x, candidate.lengths
    together, alone = candidate.ask((x, lengths), (x[:1], lengths[:1]))
    if {"0", "1"} & set(together.changed):
        marking.failed("shapes", m.LENGTHS_CHANGED.seen, m.LENGTHS_CHANGED)
    for outcome, count in ((together, B), (alone, 1)):
        wrong = _pair_problem(outcome, count, T, dtype)
        if wrong and wrong.misconception is not NOT_FINITE:
            marking.failed("shapes", *wrong)
    build = Build(NAME, (D + 2, H + 3, K - 3), dtype=dtype)
    x = candidate.rng.normal(size=(3, T + 4, D + 2))
    outcome = candidate.subject.ask(Run(build, (Pass((x, np.array([T + 4, 2, 4]))),)))[0]
    wrong = logits_problem(outcome, (3, K - 3), dtype)
    if wrong:
        finite = wrong.misconception is not NOT_FINITE
        mistake = CONSTANT_SIZE if finite else NOT_FINITE
        marking.failed("shapes", f"With other sizes: {wrong.message}", mistake)
    marking.passed("shapes", "Logits are (B, K), with weights (B, T) where asked for.")


def _pair_problem(outcome: Outcome, count: int, steps: int, dtype: str) -> Finding | None:
    if outcome.error:
        return unsound(outcome, None, "logits")
    if not isinstance(outcome.value, (tuple, list)) or len(outcome.value) != 2:
        return Finding("return_weights=True does not return a pair.", known.NO_WEIGHTS)
    logits = unsound(outcome, (count, K), "logits", dtype, (0,))
    return logits or unsound(outcome, (count, steps), "weights", dtype, (1,))


def _logits(outcome: Outcome) -> np.ndarray | None:
    """Return the logits (B, K) of a pair, or None where they are not an array of two axes."""
    value = outcome.value
    if outcome.error or not isinstance(value, (tuple, list)) or not value:
        return None
    logits = plain(value[0])
    return logits if isinstance(logits, np.ndarray) and logits.ndim == 2 else None


def _judge_weights(candidate: AttentionCandidate, marking: Marking) -> np.ndarray | None:
    """Decide ``distribution``; None where there are no weights to judge anything else by."""
    (outcome,) = candidate.ask(
        (candidate.x, candidate.lengths), parameters=candidate.parameters(1.5)
    )
    weights = candidate.weights(outcome)
    if weights is None or weights.shape != (B, T):
        wrong = _pair_problem(outcome, B, T, candidate.build.dtype)
        marking.fail_rest(*(wrong or Finding("The weights are not (B, T).", known.NO_WEIGHTS)))
        return None
    padded = np.abs(weights[~candidate.valid])
    totals = np.where(candidate.valid, weights, 0).sum(1)
    summed = "Over their own steps the weights of the sequences add up to "
    summed += f"{totals.min():.3g} … {totals.max():.3g}"
    came = plain(outcome.value[1])
    if are_logarithms(came):
        marking.failed(
            "distribution", "The exponentials of the weights add up to 1.", known.WEIGHTS_LOG
        )
    elif np.isneginf(came).any():
        said = "Where weights are asked for came numbers down to minus infinity."
        marking.failed("distribution", said, known.SCORES_RETURNED)
    elif weights.min() < 0:
        said = f"The smallest weight is {weights.min():.3g}."
        marking.failed("distribution", said, known.WEIGHTS_NEGATIVE)
    elif np.allclose(weights.sum(0), 1, atol=1e-4):
        marking.failed("distribution", summed + ".", known.SOFTMAX_WRONG_AXIS)
    elif padded.max() > 0:
        said = f"Padded steps get weights up to {padded.max():.3g}; exactly 0 is right."
        marking.failed("distribution", said, known.WEIGHTS_ON_PADDING)
    elif (
        not weights[np.arange(B), candidate.lengths - 1].any()
        and not np.isin(weights, (0, 1)).all()
    ):
        said = "At step lengths[i] - 1 no sequence has any weight."
        marking.failed("distribution", said, known.LAST_MASKED)
    elif not np.allclose(totals, 1, atol=max(1e-7, candidate.tolerance)):
        mistake = known.NO_SOFTMAX if totals.max() > 1.001 else known.WEIGHTS_NOT_NORMED
        marking.failed("distribution", summed + "; 1 is right.", mistake)
    elif np.all(np.isin(weights, (0, 1))):
        marking.failed("distribution", "All weights are 0 or 1.", known.HARD_ATTENTION)
    else:
        marking.passed("distribution", summed + ", and padding gets exactly 0.")
    return weights


def _judge_padding(
    candidate: AttentionCandidate, marking: Marking, mistake: Misconception | None
) -> bool:
    """Other contents, and another amount, of padding must change nothing.

    Returns:
        Whether what stands in the padding changes something.
    """
    x, lengths = candidate.x, candidate.lengths
    junk = np.where(candidate.valid[..., None], x, 3.0)
    longer = np.concatenate([x, np.zeros((B, 5, D))], 1)
    parameters = candidate.parameters(1.5)
    short = [(x[i : i + 1, :n], lengths[i : i + 1]) for i, n in enumerate(lengths)]
    outcomes = candidate.ask(
        (x, lengths), (junk, lengths), (longer, lengths), *short, parameters=parameters
    )
    found = [logits for outcome in outcomes if (logits := _logits(outcome)) is not None]
    if len(found) < len(outcomes):
        errors = [str(outcome.error) for outcome in outcomes if outcome.error]
        said = f"raised {errors[0]}" if errors else "changes the shape of the logits"
        marking.failed("padding", f"Another amount of padding {said}.", known.PADDING_LEAKS)
        return False
    logits, spoiled, long, *single = found
    alone = np.concatenate(single)
    leaks = difference(spoiled, logits)
    amount = max(difference(long, logits), difference(alone, logits))
    if leaks > candidate.tolerance:
        said = f"Other numbers after the end change the logits by up to {leaks:.2g}."
        marking.failed("padding", said, mistake or known.PADDING_LEAKS)
    elif amount > candidate.tolerance:
        by = f"changes the logits by up to {amount:.2g}" if np.isfinite(amount) else "gives NaN"
        said = f"More or less padding {by}."
        marking.failed("padding", said, mistake or _padding_mistake(candidate, parameters))
    else:
        marking.passed("padding", "Neither what stands after the end nor how much of it matters.")
    return leaks > candidate.tolerance


def _padding_mistake(candidate: AttentionCandidate, parameters: dict) -> Any:
    """Full sequences have no padding: if their result too depends on T, it is the position."""
    (outcome,) = candidate.ask((candidate.x, candidate.lengths), parameters=parameters)
    weights = candidate.weights(outcome)
    if weights is not None and np.allclose(weights.sum(0), 1, atol=1e-4):
        return known.SOFTMAX_WRONG_AXIS
    clean = weights is not None and np.all(weights[~candidate.valid] == 0)
    return known.POSITION_BROKEN if clean else known.PADDING_LEAKS


def _judge_content(candidate: AttentionCandidate, marking: Marking) -> bool:
    """Decide whether the weights depend on what was read, as they must."""
    other = np.where(candidate.valid[..., None], candidate.rng.normal(size=(B, T, D)), 0)
    a, b = candidate.ask(
        (candidate.x, candidate.lengths),
        (other, candidate.lengths),
        parameters=candidate.parameters(1.5),
    )
    before, after = candidate.weights(a), candidate.weights(b)
    change = 0.0 if before is None or after is None else np.abs(before - after).max()
    if change > 1e-6:
        marking.passed("content", f"Other inputs change the weights by up to {change:.2g}.")
    else:
        marking.failed("content", "Other inputs give the same weights.", known.WEIGHTS_CONSTANT)
    return change > 1e-6


def _judge_use(
    candidate: AttentionCandidate, marking: Marking, mistake: Misconception | None
) -> None:
    """Decide whether the logits come from the weighted sum of the states alone."""
    if candidate.gated:
        marking.passed("use", "Not judged: with gates a state is more than a function of inputs.")
        return
    probed = Probed(candidate.subject, candidate.build, candidate.weights)
    wrong = use_problem(probed, lambda: candidate.parameters(0.7), candidate.rng)
    if wrong:
        marking.failed("use", wrong.message, mistake or wrong.misconception)
        return
    marking.passed("use", "The logits depend on the weighted sum of the states, and on no more.")
    spread = spread_problem(candidate.subject, candidate.build, candidate.rng)
    if spread:
        marking.failed("plain", *spread)


def _judge_position(candidate: AttentionCandidate, marking: Marking) -> None:
    """On a constant input the state settles; only position can then tell two steps apart."""
    steps = MAX_LENGTH
    x = np.ones((B, steps, D)) * candidate.rng.normal(size=(B, 1, D))
    (outcome,) = candidate.ask((x, np.full(B, steps)), parameters=candidate.parameters(0.35))
    wrong = _pair_problem(outcome, B, steps, candidate.build.dtype)
    weights = candidate.weights(outcome)
    if (wrong and wrong.misconception is not NOT_FINITE) or weights is None:
        wrong = wrong or Finding("The weights are not (B, T).", known.NO_WEIGHTS)
        mistake = known.TOO_FEW_POSITIONS if outcome.error else wrong.misconception
        marking.failed("position", f"With {steps} steps: {wrong.message}", mistake)
        return
    late = weights[:, 50:-1]
    if np.isin(weights, (0, 1)).all():
        marking.passed("position", "Not judged: weights that are 0 or 1 do not tell.")
        return
    spread = float((late.max(1) / late.min(1) - 1).max()) if late.min() > 0 else 0.0
    said = f"After 50 equal steps the weights still differ by {100 * spread:.2g} %"
    if spread > 1e-5:
        marking.passed("position", said + ": the score knows where it is.")
    else:
        marking.failed("position", said + ".", known.POSITION_UNSEEN)


def _judge_plain(candidate: AttentionCandidate, marking: Marking) -> None:
    if candidate.gated:
        said = f"The model contains {', '.join(candidate.gated)}."
        marking.failed("plain", said, known.GATED_INSIDE)
    else:
        marking.passed("plain", "No gated part was found.")


def _judge_gradient(
    candidate: AttentionCandidate, marking: Marking, moved: bool, hard: bool = False
) -> None:
    """Whatever moves the weights must also feel the loss: else the scores never learn.

    Args:
        moved: whether other inputs move the weights.
        hard: whether all weights are 0 or 1.
    """
    keywords = {"return_weights": True}
    cotangents = candidate.rng.normal(size=(B, K)), candidate.rng.normal(size=(B, T))
    inputs, parameters = (candidate.x, candidate.lengths), candidate.parameters(1.0)
    cases = tuple(
        Pass(inputs, keywords, parameters=parameters, cotangents=weighed)
        for weighed in ((cotangents[0], None), (None, cotangents[1]))
    )
    outcomes = candidate.subject.ask(Run(candidate.build, cases))
    if candidate.scores or any(outcome.error or not outcome.gradients for outcome in outcomes):
        return
    of_logits, of_weights = (outcome.gradients["parameters"] for outcome in outcomes)
    deaf = [name for name, felt in of_logits.items() if _felt(of_weights[name]) and not _felt(felt)]
    cut = not any(map(_felt, of_weights.values()))
    if cut and moved and not hard:  # they may be detached: only a look at the logits tells
        probed = Probed(candidate.subject, candidate.build, candidate.weights)
        cut = not scores_learn(probed, parameters, candidate.rng)
        if not cut:
            return
    if deaf or cut:
        said = f"The loss has no gradient for {', '.join(deaf) or 'the scores'}."
        marking.failed("learns", said, known.HARD_ATTENTION if hard else known.SCORES_CUT)
    elif moved and not _felt(outcomes[1].gradients["inputs"][0]):
        said = "Inputs move the weights, and the weights have no gradient for them."
        marking.failed("learns", said, known.SCORES_SEE_CONSTANTS)
    without = [
        name for name, felt in of_logits.items() if felt is None and of_weights[name] is None
    ]
    if frozen := _in_use(candidate, parameters, without):
        said = f"The logits depend on {', '.join(frozen)}, and the loss has no gradient for that."
        marking.failed("learns", said, m.FROZEN)


def _in_use(candidate: AttentionCandidate, parameters: dict, names: list[str]) -> list[str]:
    """Return those of some parameters whose numbers the logits depend on."""
    if not names:
        return []
    inputs = candidate.x, candidate.lengths
    others = [{**parameters, name: 1 + 2 * parameters[name]} for name in names]
    cases = [Pass(inputs, parameters=given) for given in (parameters, *others)]
    first, *changed = candidate.subject.ask(Run(candidate.build, tuple(cases)))
    return [
        name
        for name, outcome in zip(names, changed, strict=True)
        if not outcome.error and not close(plain(outcome.value), plain(first.value))
    ]


def _are_probabilities(logits: np.ndarray) -> bool:
    """Tell whether the rows are shares of 1, or logarithms of such."""
    shares = logits if logits.min() >= 0 else np.exp(logits)
    return bool(np.allclose(shares.sum(1), 1, atol=1e-6))


def _felt(gradient: np.ndarray | None) -> bool:
    # A bias shared by all scores cancels in the softmax, but for rounding.
    return gradient is not None and bool(np.any(np.abs(gradient) > 1e-10))
