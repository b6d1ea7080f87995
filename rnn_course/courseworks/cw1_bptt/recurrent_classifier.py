"""Judges `RecurrentClassifier`: torch's recurrent layers on sequences of rows."""

from typing import Any

import numpy as np
import torch

from rnn_course.checks.coursework import Marking, Question
from rnn_course.checks.generic import Finding, close, differs, explain_error, unsound, usable
from rnn_course.checks.mistakes import WRONG_SHAPE
from rnn_course.checks.patterns import explained, related
from rnn_course.checks.report import Criterion
from rnn_course.checks.requests import Build, Inspect, Outcome, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Raised, plain
from rnn_course.courseworks.cw1_bptt import recurrent_classifier_mistakes as known
from rnn_course.courseworks.cw1_bptt.recurrent_classifier_parts import (
    Sizes,
    find_parts,
    reference_of,
)
from rnn_course.seeding import numpy_generator

NAME = "RecurrentClassifier"
ARGUMENTS = ("cell", "input_size", "memory_units", "num_layers", "output_size")
_PLANS = (Sizes("RNN", 5, 4, 1, 3), Sizes("GRU", 4, 6, 2, 3), Sizes("LSTM", 3, 4, 2, 5))


def flat(value: Any) -> np.ndarray:
    """Return all numbers of an array, or of a list of arrays, in one row; none of anything else."""
    value = plain(value)
    try:
        if isinstance(value, (list, tuple)):
            return np.concatenate([flat(part) for part in value])
        return np.asarray(value, dtype=float).reshape(-1)
    except (TypeError, ValueError):
        return np.empty(0)


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide every criterion of the question."""
    if not usable(subject, marking, NAME, ARGUMENTS):
        return
    rng = numpy_generator(seed, "recurrent_classifier")
    tries = [Trial(subject, sizes, rng) for sizes in _PLANS]
    first = tries[0].finding
    if first and all(trial.finding for trial in tries):
        marking.fail_rest(*first)
        return
    unbiased = next((t for t in tries if not t.finding and not t.parts.complete), None)
    for criterion, trial in zip(("rnn", "gru", "lstm"), tries, strict=True):
        finding = trial.finding or trial.wrong_logits()
        if finding is None and trial is unbiased:  # costs once
            finding = Finding(known.BIAS_MISSING.seen, known.BIAS_MISSING)
        if finding:
            marking.failed(criterion, *finding)
        else:
            marking.passed(
                criterion, f"Agrees with nn.{trial.sizes.cell} in {trial.sizes.L} layers."
            )
    good = [trial for trial in tries if not trial.finding]
    _inputs(good, marking)
    _lengths(good, marking)
    _gradient(good, marking)
    lower = any(known.LOWER_LAYER in (t.finding or t.wrong_logits() or ()) for t in tries)
    steps = good[0].x.shape[1]
    x = rng.normal(size=(4, steps, 3))
    if any(trial.only_flat for trial in good):
        x = x.reshape(4, -1)
    _dropout(subject, x, lower, marking)


class Trial:
    """One instance of the student's class, its numbers, and torch's layers with the same ones.

    Attributes:
        finding: why the two cannot be compared, or None.
        only_flat: whether it takes flat images and no sequences; it is then shown those.
    """

    def __init__(self, subject: Subject, sizes: Sizes, rng: np.random.Generator) -> None:
        self.sizes, self._subject, self._rng = sizes, subject, rng
        self._build = Build(NAME, tuple(sizes))
        for steps in (6, 8, 28, 6):  # whoever fixes their number is shown it, and loses "lengths"
            self.x = rng.normal(size=(3, steps, sizes.D))
            self.only_flat = self.raised = False
            self.finding = self._prepare()
            if not self.raised:
                break

    def _prepare(self) -> Finding | None:
        anatomy = self._subject.ask(Inspect(self._build))
        if isinstance(anatomy, Raised):
            return explain_error(anatomy)
        self.values = {n: self._rng.normal(size=shape) for n, shape, _ in anatomy.parameters}
        narrow = [s for n, s, _ in anatomy.parameters if n.endswith("weight_ih_l0")]
        if narrow and narrow[0][1] != self.sizes.D:
            said = f"The recurrent layer reads {narrow[0][1]} numbers; {self.sizes.D} is right."
            return Finding(said, known.SIZES_IGNORED)
        plain_run = self.run(self.x)
        if plain_run.error and not self.run(self.x.reshape(len(self.x), -1)).error:
            self.only_flat = True
            plain_run = self.run(self.x)
        self.raised = bool(plain_run.error)
        matrices = sum(len(shape) > 1 for _, shape, _ in anatomy.parameters)
        if plain_run.error and matrices < 3:
            found = f"Only {matrices} weight matrices are known to PyTorch."
            return Finding(found, known.NOT_REGISTERED)
        finding = unsound(plain_run, None, "The output") or self._misshapen(plain_run)
        if finding:
            return finding
        self.cotangent = self._rng.normal(size=(3, self.sizes.K))
        self.outcome = self.run(self.x, cotangents=self.cotangent)
        if self.outcome.error:
            return explain_error(self.outcome.error)
        gradients = (self.outcome.gradients or {}).get("parameters", {})
        used = {name for name, gradient in gradients.items() if gradient is not None}
        parts = find_parts(anatomy, used, self.sizes)
        if isinstance(parts, Finding):
            return parts
        self.parts = parts
        self.reference = reference_of(parts, self.values, self.sizes)
        return None

    def _misshapen(self, outcome: Outcome) -> Finding | None:
        came, right = np.shape(plain(outcome.value)), (3, self.sizes.K)
        if came == right:
            return None
        steps = self.x.shape[1]
        named = {(3, steps, right[1]): known.EVERY_STEP, (steps, right[1]): known.LAST_IMAGE}.get(
            came, known.SIZES_IGNORED if len(came) == 2 and came[0] == 3 else WRONG_SHAPE
        )
        return Finding(f"The output has shape {came}; {right} is right.", named)

    def run(self, images: np.ndarray, *before: np.ndarray, **how: Any) -> Any:
        """Run the student's module on images, after others that came before."""
        shown = [self._as_taken(each) for each in (*before, images)]
        cases = [Pass((earlier,), parameters=self.values) for earlier in shown[:-1]]
        cases.append(Pass((shown[-1],), parameters=self.values, **how))
        return self._subject.ask(Run(self._build, tuple(cases)))[-1]

    def _as_taken(self, images: np.ndarray) -> np.ndarray:
        return images.reshape(len(images), -1) if self.only_flat else images

    def right(self, x: np.ndarray) -> np.ndarray:
        """Return torch's scores (B, K) for sequences (B, T, D)."""
        with torch.no_grad():
            return self.reference.logits(torch.tensor(x)).numpy()

    def wrong_logits(self) -> Finding | None:
        """Compare the scores; name the mistake if they differ."""
        expected = self.right(self.x)
        finding = unsound(self.outcome, expected.shape, "The output")
        finding = finding or differs(self.outcome.value, expected, "logits")
        return finding and self.named(finding, self.outcome.value, self.x)

    def named(self, finding: Finding, value: Any, x: np.ndarray) -> Finding:
        """Add the mistake that leads to this value."""
        with torch.no_grad():
            for misconception, expected in known.wrong_logits(self.reference, torch.tensor(x)):
                if close(flat(value), flat(expected.double().numpy()), 1e-7):
                    return Finding(finding.message, misconception)
            if np.shape(plain(value)) == (len(x), self.sizes.K):
                scores = torch.as_tensor(np.asarray(plain(value), dtype=float))
                pooled = known.mixed_steps(self.reference, torch.tensor(x), scores)
                if pooled:
                    return Finding(finding.message, pooled)
        again = self.run(x)
        if again.error is None and not close(again.value, value, 1e-7):
            return Finding("The same images get other scores each time.", known.DROPOUT_STAYS)
        return self._place(finding, value, x)

    def _place(self, finding: Finding, value: Any, x: np.ndarray) -> Finding:
        """Name what no list knows: by the rows that matter, and by images that come out right."""
        if finding.misconception is not None:
            return finding
        slopes = (self.outcome.gradients or {}).get("inputs", [None])[0]
        if slopes is not None:
            rows = np.reshape(plain(slopes), x.shape)
            unread = [t for t in range(x.shape[1]) if not rows[:, t].any()]
            if unread:
                said = f"No score depends on row {', '.join(map(str, unread))}."
                return Finding(f"{finding.message} {said}", known.ROWS_UNREAD)
        relation = related(value, self.right(x))
        if relation:
            return explained(finding, value, self.right(x))
        for easier, misconception in ((x[:, :1], known.STEPS_WRONG), (0 * x, known.PIXELS_CHANGED)):
            outcome = self.run(easier)
            if outcome.error is None and close(outcome.value, self.right(easier), 1e-7):
                return Finding(finding.message, misconception)
        return finding


def _inputs(good: list[Trial], marking: Marking) -> None:
    """Flat images (B, T·D) must be cut into rows."""
    for trial in good:
        B, T, D = trial.x.shape
        if trial.only_flat:
            said = "Flat images (B, T·D) work; sequences (B, T, D) raise an exception."
            marking.failed("forms", said, known.FLAT_ONLY)
            return
        outcome = trial.run(trial.x.reshape(B, T * D))
        expected = trial.right(trial.x)
        if trial.wrong_logits() is not None and outcome.error is None:
            expected = trial.outcome.value  # consistent with itself: that mistake cost already
        finding = unsound(outcome, None, "The output for flat images")
        if finding:
            marking.failed("forms", finding.message, known.FLAT_ONLY)
            return
        finding = differs(outcome.value, expected, "logits of flat images")
        if finding:
            with torch.no_grad():
                suspects = list(known.turned_images(trial.reference, torch.tensor(trial.x)))
            named = [m for m, v in suspects if close(outcome.value, v.numpy(), 1e-7)]
            marking.failed("forms", finding.message, named[0] if named else known.TURNED)
            return
    if good:
        marking.passed("forms", "Flat images and sequences give the same scores.")


def _lengths(good: list[Trial], marking: Marking) -> None:
    """One image; one step; more steps; and no memory of the batch before."""
    for trial in good:
        wrong = trial.wrong_logits() is not None
        _, T, D = trial.x.shape
        for (B, steps), misconception in (((1, T), known.ONE_ROW), ((2, 1), known.FIXED_STEPS),
                                          ((4, 70), known.FIXED_STEPS)):  # fmt: skip
            x = trial._rng.normal(size=(B, steps, D))
            outcome, expected = trial.run(x), trial.right(x)
            finding = unsound(outcome, expected.shape, "The output")
            if not wrong:  # that other logits are wrong has cost already
                finding = finding or differs(outcome.value, expected, "logits")
            if finding:
                said = f"With B = {B}, T = {steps}: {finding.message}"
                marking.failed("lengths", said, misconception)
                return
        after = trial.run(trial.x, trial._rng.normal(size=trial.x.shape))
        if after.error or not close(after.value, trial.outcome.value):
            marking.failed("lengths", "A batch before changes the scores.", known.STATE_KEPT)
            return
    if good:
        marking.passed("lengths", "One image, one step and longer sequences work.")


def _gradient(good: list[Trial], marking: Marking) -> None:
    for trial in good:
        found = trial.outcome.gradients["inputs"][0]
        if trial.wrong_logits() is not None:
            if found is None or not np.any(flat(found)):
                marking.failed("gradient", "No gradient reaches the images.", known.DETACHED)
                return
            continue
        x = torch.tensor(trial.x, requires_grad=True)
        score = (trial.reference.logits(x) * torch.tensor(trial.cotangent)).sum()
        (expected,) = torch.autograd.grad(score, x)
        if found is None or not close(flat(found), flat(expected.numpy()), 1e-8):
            marking.failed("gradient", "The gradient by the images differs.", known.DETACHED)
            return
    if good:
        marking.passed("gradient", "Gradients reach the images.")


def _dropout(subject: Subject, x: np.ndarray, lower: bool, marking: Marking) -> None:
    """In training two runs must differ with dropout, and must not without; never in evaluation.

    Every run has a module of its own: what one keeps from an earlier call is judged elsewhere.
    """
    rng = np.random.default_rng(0)
    drawn: dict[int, dict[str, np.ndarray]] = {}

    def run(layers: int, rate: float | None, training: bool, seed: int) -> Outcome:
        given = {} if rate is None else {"dropout": rate}
        build = Build(NAME, ("GRU", 3, 16, layers, 4), given, seed=seed)
        if layers not in drawn:
            anatomy = subject.ask(Inspect(build))
            named = () if isinstance(anatomy, Raised) else anatomy.parameters
            drawn[layers] = {name: rng.normal(size=shape) / 2 for name, shape, _ in named}
        case = Pass((x,), parameters=drawn[layers], training=training)
        return subject.ask(Run(build, (case,)))[0]

    plans = {name: [run(*plan, seed) for seed in (1, 2)] for name, plan in _DROPPING.items()}
    for outcomes in plans.values():
        problem = next((unsound(o, (4, 4), "The output") for o in outcomes if o.error), None)
        if problem:
            marking.failed("dropout", *problem)
            return
    alike = {name: close(flat(a.value), flat(b.value)) for name, (a, b) in plans.items()}
    still = close(flat(plans["evaluated"][0].value), flat(plans["without"][0].value))
    if not (alike["without"] and alike["evaluated"] and still):
        said = "Without training, or without dropout, scores vary."
        marking.failed("dropout", said, known.DROPOUT_STAYS)
    elif not alike["by default"]:
        marking.failed("dropout", known.DROPOUT_BY_DEFAULT.seen, known.DROPOUT_BY_DEFAULT)
    elif not alike["one layer"]:
        marking.failed("dropout", known.DROPOUT_AT_END.seen, known.DROPOUT_AT_END)
    elif lower:
        marking.passed("dropout", "Not judged: the scores come from a layer without dropout.")
    elif alike["trained"]:
        said = "With dropout=0.5 two runs in training agree."
        marking.failed("dropout", said, known.NO_DROPOUT)
    else:
        marking.passed("dropout", "Dropout acts in training, between layers, and only there.")


# Layers, dropout (None: nothing is said of it), and whether it is in training.
_DROPPING = {
    "without": (2, 0.0, True),
    "by default": (2, None, True),
    "evaluated": (2, 0.5, False),
    "one layer": (1, 0.5, True),
    "trained": (2, 0.5, True),
}


QUESTION = Question(
    "recurrent_classifier",
    "Reading images row by row",
    (
        Criterion("rnn", "cell='RNN' gives the scores of torch's RNN", 1.5),
        Criterion("gru", "cell='GRU', in two layers", 1.5),
        Criterion("lstm", "cell='LSTM', in two layers", 1.5),
        Criterion("forms", "Flat images and sequences", 1.5),
        Criterion("lengths", "One image, and any number of steps", 1.5),
        Criterion("gradient", "Gradients reach the input", 1),
        Criterion("dropout", "dropout acts in training only", 1.5),
    ),
    judge,
    defines=(NAME,),
    read=known.IMAGES,
)
