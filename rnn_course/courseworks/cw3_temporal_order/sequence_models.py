"""Judges the plain RNN and the LSTM that classify sequences of different lengths."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch

from rnn_course.checks import identify
from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, close, difference, explain_error, unsound
from rnn_course.checks.mistakes import CONSTANT_SIZE, FIXED_DTYPE
from rnn_course.checks.report import Misconception
from rnn_course.checks.requests import Anatomy, Build, Inspect, Outcome, Pass, Run, Train
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.courseworks.cw3_temporal_order import mistakes as m
from rnn_course.courseworks.cw3_temporal_order.recurrent import (
    LSTM_CELLS,
    RNN_CELLS,
    Part,
    Variant,
    final_loss,
    variants,
)
from rnn_course.seeding import numpy_generator

CONSTRUCTOR = ("input_size", "hidden_size", "n_classes")
SIZES = D, H, K = 3, 4, 5
B, T = 6, 9
_CONSTANTS = (0.3, -0.2)
_GROWS = 30  # steps
_LEARNED = 0.35  # nats, on the small task; chance is 1.1
_TOLERANCE = {"float64": 1e-9, "float32": 1e-4}


@dataclass(frozen=True)
class Kind:
    """A kind of recurrent network.

    Attributes:
        name: the student's class.
        gates: products of W with the input that a step needs.
        cells: the right one first.
        foreign: modules that belong to other kinds.
    """

    name: str
    gates: int
    cells: tuple[Part, ...]
    foreign: tuple[str, ...]


_FOREIGN = ("GRU", "GRUCell", "MultiheadAttention", "Transformer")
RNN = Kind("RecurrentNeuralNet", 1, RNN_CELLS, ("LSTM", "LSTMCell", *_FOREIGN))
LSTM = Kind("LSTMNeuralNet", 4, LSTM_CELLS, ("RNN", "RNNCell", *_FOREIGN))


class SequenceCandidate:
    """A student's sequence classifier, looked at.

    Args:
        build: how to make it; its dtype is the one to judge it in.
    """

    def __init__(
        self, subject: Subject, kind: Kind, build: Build, rng: np.random.Generator
    ) -> None:
        self.subject, self.kind, self.build, self.rng = subject, kind, build, rng
        self.x = rng.normal(size=(B, T, D))
        # The first and the last sequence are neither the longest nor the shortest.
        self.lengths = np.array([5, T, 3, 7, 2, 6])
        for x, n in zip(self.x, self.lengths, strict=True):
            x[n:] = 0
        self.cotangents = rng.normal(size=(B, K))
        self.tolerance = _TOLERANCE[build.dtype]
        self._orders: dict[Variant, np.ndarray | None] = {}

    def run(self, *cases: Pass) -> list[Outcome]:
        """Run cases on one freshly built module."""
        return self.subject.ask(Run(self.build, cases))

    @cached_property
    def anatomy(self) -> Anatomy:
        """What the module is made of; it has been built before without an exception."""
        return self.subject.ask(Inspect(self.build))

    @cached_property
    def constant_responses(self) -> list[tuple[Any, float]]:
        """Outputs, and summed gradients, with all parameters equal: no layout enters these."""
        inputs = (self.x, self.lengths)
        return [
            (plain(o.value), _summed(o))
            for o in self.run(
                *(Pass(inputs, parameters=a, cotangents=self.cotangents) for a in _CONSTANTS)
            )
        ]

    @cached_property
    def frozen(self) -> tuple[str, ...]:
        """Names of parameters without a gradient; none where it reaches the linear layer alone."""
        case = Pass((self.x, self.lengths), cotangents=self.cotangents)
        found = (self.run(case)[0].gradients or {}).get("parameters", {})
        names = tuple(name for name, gradient in found.items() if gradient is None)
        return names if len(found) - len(names) > 2 else ()

    def recognised(self) -> tuple[Variant | None, bool]:
        """Return the network of the family that responds alike, and whether gradients do too."""
        alike = None
        for variant in variants(self.kind.cells):
            outputs, gradients = self._compare(variant)
            if outputs and gradients:
                return variant, True
            if outputs:
                alike = alike or variant
        return alike, False

    def _compare(self, variant: Variant) -> tuple[bool, bool]:
        network = self.oracle(variant)
        gradients = True
        for a, (output, summed) in zip(_CONSTANTS, self.constant_responses, strict=True):
            expected, gradient = network.respond(np.full(network.size, a))
            if output is None or not close(output, expected, self.tolerance):
                return False, False
            gradients &= bool(np.isclose(summed, gradient.sum(), rtol=1e3 * self.tolerance))
        return True, gradients

    def oracle(self, variant: Variant) -> identify.Network:
        """Make the oracle for this candidate's inputs."""
        x, lengths = torch.from_numpy(self.x), torch.from_numpy(self.lengths)
        return identify.oracle(
            variant.shapes(self.kind.gates, SIZES),
            lambda p: variant.logits(p, x, lengths),
            self.cotangents,
        )

    def corresponds(self, variant: Variant) -> np.ndarray | None:
        """Find the student's parameter for each of the oracle's; None if there is none."""
        if variant not in self._orders:
            self._orders[variant] = self._corresponds(variant)
        return self._orders[variant]

    def _corresponds(self, variant: Variant) -> np.ndarray | None:
        given = identify.student(
            self.subject,
            self.build,
            self.anatomy,
            (self.x, self.lengths),
            self.cotangents,
        )
        return identify.correspondence(given, self.oracle(variant), self.rng)


def _summed(outcome: Outcome) -> float:
    if outcome.error or not outcome.gradients:
        return float("nan")
    found = outcome.gradients["parameters"].values()
    return float(sum(g.sum() for g in found if g is not None))


def judge_kind(
    subject: Subject, seed: int, marking: Marking, kind: Kind, keywords: dict
) -> tuple[SequenceCandidate, Variant | None] | None:
    """Decide shapes, own_end, equations and learns.

    Returns:
        What was looked at and what it was recognised as; None if it does not run at all.
    """
    rng = numpy_generator(seed, kind.name)
    found = _opened(subject, kind, rng, keywords)
    if isinstance(found, Finding):
        marking.fail_rest(*found)
        return None
    candidate, wrong = found
    _judge_shapes(candidate, marking, wrong)
    variant, gradients = candidate.recognised()
    _judge_end(candidate, marking, variant)
    _judge_equations(candidate, marking, variant, gradients)
    judge_learning(subject, kind.name, marking, rng)
    return candidate, variant


def _opened(
    subject: Subject, kind: Kind, rng: np.random.Generator, keywords: dict, dtype: str = "float64"
) -> tuple[SequenceCandidate, Finding | None] | Finding:
    """Build and run it once: in float64, or in float32 (and say so) where only that works."""
    build = Build(kind.name, SIZES, keywords, dtype=dtype)
    candidate = SequenceCandidate(subject, kind, build, rng)
    (outcome,) = candidate.run(Pass((candidate.x, candidate.lengths)))
    wrong = logits_problem(outcome, (B, K), dtype)
    if wrong is None:
        return candidate, None
    if dtype == "float64" and wrong.misconception is FIXED_DTYPE:
        found = _opened(subject, kind, rng, keywords, "float32")
        return wrong if isinstance(found, Finding) else (found[0], wrong)
    return wrong


def logits_problem(outcome: Outcome, shape: tuple[int, int], dtype: str) -> Finding | None:
    """Find what is wrong with the shape or type of logits."""
    wrong = unsound(outcome, shape, "logits", dtype)
    came = getattr(outcome.value, "shape", ())
    if wrong and len(came) == 3:
        return Finding(wrong.message, m.ONE_OUTPUT_PER_STEP)
    return wrong


def _judge_shapes(candidate: SequenceCandidate, marking: Marking, wrong: Finding | None) -> None:
    if wrong:
        marking.failed("shapes", *wrong)
    x, lengths = candidate.x, candidate.lengths
    dtype = candidate.build.dtype
    together, alone, moved = candidate.run(
        Pass((x, lengths)),
        Pass((x[:1], lengths[:1])),
        Pass((x, lengths), parameters=_CONSTANTS[0]),
    )
    if {"0", "1"} & set(together.changed):
        marking.failed("shapes", m.LENGTHS_CHANGED.seen, m.LENGTHS_CHANGED)
    overwritten = {*together.changed, *moved.changed} - {"0", "1"}
    if overwritten:
        said = f"The forward pass changed {', '.join(sorted(overwritten))}."
        marking.failed("equations", said, m.WEIGHTS_OVERWRITTEN)
    wrong = logits_problem(alone, (1, K), dtype)
    if wrong:
        marking.failed("shapes", f"With B = 1: {wrong.message}", wrong.misconception)
    build = Build(candidate.kind.name, (D + 2, H + 3, K - 3), dtype=dtype)
    x = candidate.rng.normal(size=(3, T + 4, D + 2))
    outcome = candidate.subject.ask(Run(build, (Pass((x, np.array([T + 4, 1, 4]))),)))[0]
    wrong = logits_problem(outcome, (3, K - 3), dtype)
    if wrong:
        marking.failed("shapes", f"With other sizes: {wrong.message}", CONSTANT_SIZE)
    marking.passed("shapes", "Logits are (B, K) for several B, T, D, H and K, and for B = 1.")


def _judge_end(candidate: SequenceCandidate, marking: Marking, variant: Variant | None) -> None:
    mistake = variant.readout.mistake if variant else None
    seen = end_problem(candidate.run, candidate.x, candidate.lengths, candidate.tolerance)
    if mistake:
        marking.failed("own_end", seen or "The logits follow from another state.", mistake)
    elif seen:
        mistake = _end_mistake(candidate)
        marking.failed("own_end", seen, mistake)
        if mistake is m.NOT_REPEATABLE:
            marking.failed("equations", "Not judged: the logits are not the same twice.", mistake)
    else:
        marking.passed(
            "own_end",
            "Each sequence alone, cut at its end, gives the logits it gives in the batch.",
        )


def _end_mistake(candidate: SequenceCandidate) -> Misconception | None:
    """Tell what keeps the logits from being those of each sequence's own end."""
    other = np.where(candidate.lengths > 2, candidate.lengths - 1, candidate.lengths)
    inputs = (candidate.x, candidate.lengths)
    found = candidate.run(Pass(inputs), Pass(inputs), Pass((candidate.x, other)))
    made_of = structural(candidate.anatomy, candidate.kind)
    if made_of is m.NO_PARAMETERS or any(outcome.error for outcome in found):
        return made_of
    if not close(found[1].value, found[0].value, candidate.tolerance):
        return m.NOT_REPEATABLE
    if close(found[2].value, found[0].value, candidate.tolerance):
        return m.LENGTHS_UNUSED
    return reads_both_ways(candidate.anatomy)


def reads_both_ways(anatomy: Anatomy) -> Misconception | None:
    """Name it where torch's own bidirectional layers are used."""
    backwards = any(name.endswith("_reverse") for name, _, _ in anatomy.parameters)
    return m.BOTH_DIRECTIONS if backwards else None


def end_problem(run: Any, x: np.ndarray, lengths: np.ndarray, tolerance: float) -> str:
    """Say in numbers how a sequence's logits depend on what stands after its end, "" if not."""
    junk = x.copy()
    for i, n in enumerate(lengths):
        junk[i, n:] = 3.0
    cases = [Pass((x, lengths)), Pass((junk, lengths))]
    cases += [Pass((x[i : i + 1, :n], lengths[i : i + 1])) for i, n in enumerate(lengths)]
    whole, spoiled, *single = run(*cases)
    expected = plain(whole.value)
    if np.shape(expected) != (len(x), K):
        return f"A second call gave logits of shape {np.shape(expected)}."
    for i, (n, alone) in enumerate(zip(lengths, single, strict=True)):
        if alone.error:
            return f"Sequence {i} alone, cut at its length {n}, raised {alone.error}."
        if not close(alone.value, expected[i : i + 1], tolerance):
            return f"Sequence {i} of length {n} gives other logits alone than in the padded batch."
    change = difference(spoiled.value, whole.value)
    if change > tolerance:
        return f"Other numbers after the end change the logits by up to {change:.2g}."
    return ""


def _judge_equations(
    candidate: SequenceCandidate, marking: Marking, variant: Variant | None, gradients: bool
) -> None:
    if variant is None:
        mistake = structural(candidate.anatomy, candidate.kind) or m.OTHER_EQUATIONS
        said = mistake.seen
        marking.failed("equations", said, mistake)
    elif variant.cell_mistakes:
        mistake = variant.cell_mistakes[0]
        marking.failed("equations", f"With all parameters equal: {mistake.seen}", mistake)
    elif not gradients:
        mistake = m.FROZEN if candidate.frozen else m.STATE_CUT
        frozen = ", ".join(candidate.frozen)
        said = f"{frozen} get no gradient" if frozen else "the gradients are not"
        marking.failed("equations", f"The outputs are right; {said}.", mistake)
    elif candidate.build.dtype == "float64" and candidate.corresponds(variant) is None:
        marking.failed("equations", "No assignment of your parameters to W, U, b, V, c fits.")
    elif wrong := extremes_problem(candidate, variant):
        marking.failed("equations", *wrong)
    else:
        marking.passed("equations", "Logits and gradients agree with the equations to 1e-9.")


def extremes_problem(candidate: SequenceCandidate, variant: Variant) -> Finding | None:
    """Compare with the equations where numbers are large: inputs, and the memory of an LSTM."""
    order = candidate.corresponds(variant) if candidate.build.dtype == "float64" else None
    if order is None:
        return None
    shapes = variant.shapes(candidate.kind.gates, SIZES)
    drawn = {name: candidate.rng.uniform(-1, 1, shape) for name, shape in shapes.items()}
    x, n = 1000 * candidate.x, candidate.lengths
    if _gap(candidate, variant, order, drawn, x, n) > _TOLERANCE["float64"]:
        said = "With inputs of about 1000 the logits are not those of the equations."
        return Finding(said, m.LARGE_INPUTS)
    if candidate.kind.gates == 1:
        return None
    # All gates open: the candidate, 1 and later -1, is added to the memory at every step.
    grown = {name: 0 * value for name, value in drawn.items()} | {"V": drawn["V"], "c": drawn["c"]}
    grown["b0"] = grown["b0"] + np.array([20.0, 20, 0, 20])[:, None]
    grown["W"][2, :, 0] = 20
    x = np.zeros((B, 2 * _GROWS, D))
    x[..., 0] = np.where(np.arange(2 * _GROWS) < _GROWS, 1, -1)
    if _gap(candidate, variant, order, grown, x, np.full(B, 2 * _GROWS)) > 1e-6:
        said = f"After {_GROWS} steps up and {_GROWS} down the memory is 0 again, and the logits "
        return Finding(said + "are not those of that.", m.MEMORY_CLIPPED)
    return None


def _gap(
    candidate: SequenceCandidate,
    variant: Variant,
    order: np.ndarray,
    oracles: dict[str, np.ndarray],
    x: np.ndarray,
    lengths: np.ndarray,
) -> float:
    """Return how far the logits are from an oracle's with these parameters."""
    layout = [(name, shape) for name, shape, _ in candidate.anatomy.parameters]
    parameters = identify.arranged(order, oracles.values(), layout)
    (outcome,) = candidate.run(Pass((x, lengths), parameters=parameters))
    tensors = {name: torch.from_numpy(value) for name, value in oracles.items()}
    expected = variant.logits(tensors, torch.from_numpy(x), torch.from_numpy(lengths))
    return difference(outcome.value, expected.numpy())


def structural(anatomy: Anatomy, kind: Kind) -> Misconception | None:
    """Name a mistake that shows in what a module is made of."""
    numbers = sum(int(np.prod(shape)) for _, shape, _ in anatomy.parameters)
    least = kind.gates * H * (D + H) + K * H
    if any(name.rpartition(".")[2] in kind.foreign for name in anatomy.modules[1:]):
        return m.OTHER_CELL
    if numbers < least:
        return m.NO_PARAMETERS
    if numbers < least + kind.gates * H + K:
        return m.BIAS_MISSING
    most = least + 2 * kind.gates * H + K
    return reads_both_ways(anatomy) or (m.MORE_LAYERS if numbers > most else None)


def judge_learning(subject: Subject, name: str, marking: Marking, rng: np.random.Generator) -> None:
    """Train on one batch in which the first step tells the class."""
    count, steps, classes = 24, 6, 3
    labels = rng.integers(0, classes, count)
    x = rng.normal(size=(count, steps, 4)) * 0.3
    x[np.arange(count), 0, labels] += 2
    lengths = rng.integers(steps - 2, steps + 1, count)
    for long in (60, 90):  # a start may be unlucky: then another one, and longer
        build = Build(name, (4, 12, classes), dtype="float32", seed=int(rng.integers(2**31)))
        outcome = subject.ask(Train(build, (x, lengths), labels, steps=long, lr=0.03))
        if outcome.error:
            marking.failed("learns", *explain_error(outcome.error))
            return
        first, last = outcome.value["losses"][0], final_loss(outcome.value, labels)
        said = f"{long} steps on one small batch: the loss went from {first:.2f} to {last:.2f}"
        if last < _LEARNED:
            marking.passed("learns", said + ".")
            return
    marking.failed("learns", f"{said}; under {_LEARNED} is right.")
