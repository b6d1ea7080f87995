"""Judges attention by what any kind of it must do: no particular score function is asked for."""

from typing import Any

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, close, unsound, usable
from rnn_course.checks.mistakes import CONSTANT_SIZE, FIXED_DTYPE
from rnn_course.checks.requests import Anatomy, Build, Case, Inspect, Outcome, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.temporal import mistakes as m
from rnn_course.checks.temporal.sequence_models import (
    CONSTRUCTOR,
    LSTM,
    judge_learning,
    logits_problem,
)
from rnn_course.checks.values import plain
from rnn_course.seeding import numpy_generator

NAME = "AttnRecurrentNeuralNet"
SIZES = D, H, K = 4, 6, 5
B, T = 6, 12
_TOLERANCE = {"float64": 1e-9, "float32": 1e-4}
_GATED = tuple(name for name in (*LSTM.foreign, "LSTM", "LSTMCell") if "RNN" not in name)


class Candidate:
    """A student's attention model and a batch that it is tried on."""

    def __init__(self, subject: Subject, dtype: str, rng: np.random.Generator) -> None:
        self.subject, self.rng = subject, rng
        self.build = Build(NAME, SIZES, dtype=dtype)
        self.tolerance = _TOLERANCE[dtype]
        self.x = rng.normal(size=(B, T, D))
        self.lengths = np.array([7, T, 4, 9, 3, 10])
        for x, n in zip(self.x, self.lengths, strict=True):
            x[n:] = 0
        anatomy = subject.ask(Inspect(self.build))
        self.anatomy = anatomy if isinstance(anatomy, Anatomy) else None

    def parameters(self, scale: float) -> dict[str, np.ndarray]:
        """Draw values for all parameters: normal, of this spread over the root of the fan-in."""
        return {
            name: self.rng.normal(size=shape) * scale / np.sqrt(max(shape[-1], 1) if shape else 1)
            for name, shape, _ in self.anatomy.parameters
        }

    def ask(
        self, *batches: tuple[np.ndarray, np.ndarray], parameters: Any = None, weights: bool = True
    ) -> list[Outcome]:
        """Run batches of (inputs, lengths) on one freshly built module."""
        keywords = {"return_weights": True} if weights else {}
        cases = (Case(batch, keywords, parameters=parameters) for batch in batches)
        return self.subject.ask(Run(self.build, tuple(cases)))

    @property
    def valid(self) -> np.ndarray:
        """Which steps belong to a sequence (B, T)."""
        return np.arange(T) < self.lengths[:, None]


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on ``AttnRecurrentNeuralNet``."""
    if not usable(subject, marking, NAME, CONSTRUCTOR):
        return
    rng = numpy_generator(seed, NAME)
    first, candidate = None, None
    for dtype in ("float64", "float32"):
        candidate = Candidate(subject, dtype, rng)
        (outcome,) = candidate.ask((candidate.x, candidate.lengths), weights=False)
        wrong = logits_problem(outcome, (B, K), dtype)
        first = first or wrong
        if wrong is None or wrong.misconception is not FIXED_DTYPE:
            break
    if wrong or candidate.anatomy is None:
        marking.fail_rest(*first)
        return
    _judge_shapes(candidate, marking, first)
    _judge_plain(candidate, marking)
    judge_learning(subject, NAME, marking, rng)
    if _judge_weights(candidate, marking):
        _judge_padding(candidate, marking)
        _judge_content(candidate, marking)
        _judge_use(candidate, marking)
        _judge_position(candidate, marking)


def _judge_shapes(candidate: Candidate, marking: Marking, wrong: Finding | None) -> None:
    if wrong:
        marking.failed("shapes", *wrong)
    dtype, x, lengths = candidate.build.dtype, candidate.x, candidate.lengths
    together, alone = candidate.ask((x, lengths), (x[:1], lengths[:1]))
    if {"0", "1"} & set(together.changed):
        marking.failed("shapes", m.LENGTHS_CHANGED.seen, m.LENGTHS_CHANGED)
    for outcome, count in ((together, B), (alone, 1)):
        wrong = _pair_problem(outcome, count, T, dtype)
        if wrong:
            marking.failed("shapes", *wrong)
    build = Build(NAME, (D + 2, H + 3, K - 3), dtype=dtype)
    x = candidate.rng.normal(size=(3, T + 4, D + 2))
    outcome = candidate.subject.ask(Run(build, (Case((x, np.array([T + 4, 1, 4]))),)))[0]
    wrong = logits_problem(outcome, (3, K - 3), dtype)
    if wrong:
        marking.failed("shapes", f"With other sizes: {wrong.message}", CONSTANT_SIZE)
    marking.passed("shapes", "Logits are (B, K), with weights (B, T) where asked for.")


def _pair_problem(outcome: Outcome, count: int, steps: int, dtype: str) -> Finding | None:
    if outcome.error:
        return unsound(outcome, None, "logits")
    if not isinstance(outcome.value, (tuple, list)) or len(outcome.value) != 2:
        return Finding("return_weights=True does not return a pair.", m.NO_WEIGHTS)
    logits = unsound(outcome, (count, K), "logits", dtype, (0,))
    return logits or unsound(outcome, (count, steps), "weights", dtype, (1,))


def _weights(outcome: Outcome) -> np.ndarray | None:
    """Return the weights (B, T), or None; a third axis of size 1 is forgiven here."""
    value = outcome.value
    if outcome.error or not isinstance(value, (tuple, list)) or len(value) != 2:
        return None
    weights = plain(value[1])
    if not isinstance(weights, np.ndarray) or not np.all(np.isfinite(weights)):
        return None
    if weights.ndim == 3 and 1 in weights.shape[1:]:
        weights = weights.reshape(weights.shape[0], -1)
    return weights if weights.shape == (B, T) else None


def _judge_weights(candidate: Candidate, marking: Marking) -> bool:
    """Decide ``distribution``; False where there are no weights to judge anything else by."""
    (outcome,) = candidate.ask(
        (candidate.x, candidate.lengths), parameters=candidate.parameters(1.5)
    )
    weights = _weights(outcome)
    if weights is None:
        wrong = _pair_problem(outcome, B, T, candidate.build.dtype)
        marking.fail_rest(*(wrong or Finding("The weights are not (B, T).", m.NO_WEIGHTS)))
        return False
    padded = np.abs(weights[~candidate.valid])
    totals = np.where(candidate.valid, weights, 0).sum(1)
    summed = "Over their own steps the weights of the sequences add up to "
    summed += f"{totals.min():.3g} … {totals.max():.3g}"
    if weights.min() < 0 and np.allclose(np.exp(weights).sum(1), 1, atol=1e-3):
        marking.failed("distribution", summed + ".", m.WEIGHTS_LOG)
    elif weights.min() < 0:
        marking.failed(
            "distribution", f"The smallest weight is {weights.min():.3g}.", _negative(weights)
        )
    elif np.allclose(weights.sum(0), 1, atol=1e-4):
        marking.failed("distribution", summed + ".", m.SOFTMAX_WRONG_AXIS)
    elif padded.max() > 0:
        said = f"Padded steps get weights up to {padded.max():.3g}; exactly 0 is right."
        marking.failed("distribution", said, m.WEIGHTS_ON_PADDING)
    elif not np.allclose(totals, 1, atol=max(1e-7, candidate.tolerance)):
        marking.failed("distribution", summed + "; 1 is right.", m.WEIGHTS_NOT_NORMED)
    elif np.all(np.isin(weights, (0, 1))):
        marking.failed("distribution", "All weights are 0 or 1.", m.HARD_ATTENTION)
    else:
        marking.passed("distribution", summed + ", and padding gets exactly 0.")
    return True


def _negative(weights: np.ndarray) -> Any:
    return m.WEIGHTS_LOG if np.abs(weights.sum(1) - 1).max() > 0.2 else m.WEIGHTS_NEGATIVE


def _judge_padding(candidate: Candidate, marking: Marking) -> None:
    """Other contents, and another amount, of padding must change nothing."""
    x, lengths = candidate.x, candidate.lengths
    junk = np.where(candidate.valid[..., None], x, 3.0)
    longer = np.concatenate([x, np.zeros((B, 5, D))], 1)
    parameters = candidate.parameters(1.5)
    short = [(x[i : i + 1, :n], lengths[i : i + 1]) for i, n in enumerate(lengths)]
    whole, spoiled, long, *single = candidate.ask(
        (x, lengths), (junk, lengths), (longer, lengths), *short, parameters=parameters
    )
    for outcome in (spoiled, long, *single):
        if outcome.error:
            marking.failed(
                "padding", f"Another amount of padding raised {outcome.error}.", m.PADDING_LEAKS
            )
            return
    alone = np.concatenate([plain(outcome.value)[0] for outcome in single])
    logits = plain(whole.value)[0]
    if not close(plain(spoiled.value)[0], logits, candidate.tolerance):
        change = np.abs(plain(spoiled.value)[0] - logits).max()
        said = f"Other numbers after the end change the logits by up to {change:.2g}."
        marking.failed("padding", said, m.PADDING_LEAKS)
    elif not close(plain(long.value)[0], logits, candidate.tolerance) or not close(
        alone, logits, candidate.tolerance
    ):
        change = max(np.abs(plain(long.value)[0] - logits).max(), np.abs(alone - logits).max())
        said = f"More or less padding changes the logits by up to {change:.2g}."
        marking.failed("padding", said, _padding_mistake(candidate, parameters))
    else:
        marking.passed("padding", "Neither what stands after the end nor how much of it matters.")


def _padding_mistake(candidate: Candidate, parameters: dict) -> Any:
    """Full sequences have no padding: if their result too depends on T, it is the position."""
    (outcome,) = candidate.ask((candidate.x, candidate.lengths), parameters=parameters)
    weights = _weights(outcome)
    clean = weights is not None and np.all(weights[~candidate.valid] == 0)
    return m.POSITION_BROKEN if clean else m.PADDING_LEAKS


def _judge_content(candidate: Candidate, marking: Marking) -> None:
    """The weights must depend on what was read."""
    other = np.where(candidate.valid[..., None], candidate.rng.normal(size=(B, T, D)), 0)
    a, b = candidate.ask(
        (candidate.x, candidate.lengths),
        (other, candidate.lengths),
        parameters=candidate.parameters(1.5),
    )
    change = np.abs(_weights(a) - _weights(b)).max()
    if change > 1e-6:
        marking.passed("content", f"Other inputs change the weights by up to {change:.2g}.")
    else:
        marking.failed("content", "Other inputs give the same weights.", m.WEIGHTS_CONSTANT)


def _judge_use(candidate: Candidate, marking: Marking) -> None:
    """Where all weight is on one step, the logits must not see what comes after it."""
    tried = 0
    for _ in range(12):
        found = _blind_steps(candidate, candidate.parameters(25.0))
        tried += len(found)
        seen = [change for change in found if change > 1e-6]
        if seen:
            said = "All weight is on one step, and a later input changes the logits"
            marking.failed("use", f"{said} by {max(seen):.2g}.", m.WEIGHTS_UNUSED)
            return
        if tried >= 6:
            break
    if tried:
        marking.passed("use", "The logits depend on the steps that get weight, and on no others.")
    else:
        marking.failed(
            "use",
            "The weights never single out a step, whatever the parameters.",
            m.WEIGHTS_CONSTANT,
        )


def _blind_steps(candidate: Candidate, parameters: dict) -> list[float]:
    """Change the last valid step; return how far the logits move where it gets no weight."""
    rows = np.arange(B)
    last = candidate.lengths - 1
    other = candidate.x.copy()
    other[rows, last] = candidate.rng.normal(size=(B, D))
    a, b = candidate.ask(
        (candidate.x, candidate.lengths), (other, candidate.lengths), parameters=parameters
    )
    before, after = _weights(a), _weights(b)
    if before is None or after is None:
        return []
    blind = (np.abs(before[rows, last]) < 1e-9) & (np.abs(after[rows, last]) < 1e-9)
    moved = np.abs(plain(a.value)[0] - plain(b.value)[0]).max(1)
    return [float(change) for change in moved[blind]]


def _judge_position(candidate: Candidate, marking: Marking) -> None:
    """On a constant input the state settles; only position can then tell two steps apart."""
    steps = 80
    x = np.ones((B, steps, D)) * candidate.rng.normal(size=(B, 1, D))
    (outcome,) = candidate.ask((x, np.full(B, steps)), parameters=candidate.parameters(0.35))
    wrong = _pair_problem(outcome, B, steps, candidate.build.dtype)
    if wrong:
        marking.failed(
            "position", f"With {steps} equal steps: {wrong.message}", wrong.misconception
        )
        return
    late = plain(outcome.value)[1][:, 50:]
    spread = float((late.max(1) / late.min(1) - 1).max()) if late.min() > 0 else 0.0
    said = f"After 50 equal steps the weights still differ by {100 * spread:.2g} %"
    if spread > 1e-5:
        marking.passed("position", said + ": the score knows where it is.")
    else:
        marking.failed("position", said + ".", m.POSITION_UNSEEN)


def _judge_plain(candidate: Candidate, marking: Marking) -> None:
    gated = [n for n in candidate.anatomy.modules if n.rpartition(".")[2] in _GATED]
    if gated:
        marking.failed("plain", f"The model contains {', '.join(gated)}.", m.GATED_INSIDE)
    else:
        marking.passed("plain", "No gated part was found.")
