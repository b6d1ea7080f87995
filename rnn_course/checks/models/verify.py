"""The last word on a model whose roles are known: torch's network with the same random weights."""

from dataclasses import dataclass

import numpy as np
import torch

from rnn_course.checks.generic import Finding, differs, unsound
from rnn_course.checks.models.recover import Cast, by_name
from rnn_course.checks.models.student import Student
from rnn_course.checks.requests import Case, Outcome

USUAL = ((4, 4),)  # (B, T)
EXTREME = ((1, 6), (2, 1), (3, 7))


@dataclass(frozen=True)
class Trial:
    """One input with random weights, and what torch makes of it.

    Attributes:
        parameters: the student's, by name.
        values: the roles' values.
        x: (B, T, D).
        cotangent: (B, K).
    """

    parameters: dict[str, np.ndarray]
    values: np.ndarray
    x: np.ndarray
    cotangent: np.ndarray


def draw_trial(
    student: Student, cast: Cast, rng: np.random.Generator, shape: tuple[int, int]
) -> Trial:
    """Draw weights and an input of ``shape`` = (B, T)."""
    values = rng.uniform(-0.6, 0.6, len(cast.roles))
    if student.size.mode == "RNN_RELU":
        values = values + 0.2  # mostly open rectifiers
    x = rng.normal(0, 1, (*shape, student.size.D))
    cotangent = rng.normal(0, 1, (shape[0], student.size.K))
    return Trial(by_name(cast.parameters(values), student.shapes), values, x, cotangent)


def oracle(cast: Cast, trial: Trial, starts: dict | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return torch's logits (B, K) and their gradient with respect to the input (B, T, D)."""
    x = torch.tensor(trial.x, requires_grad=True)
    logits = cast.roles.logits(torch.from_numpy(trial.values), x, starts)
    (gradient,) = torch.autograd.grad((logits * torch.from_numpy(trial.cotangent)).sum(), x)
    return logits.detach().numpy(), gradient.numpy()


def verify(
    student: Student,
    cast: Cast,
    rng: np.random.Generator,
    shapes: tuple[tuple[int, int], ...] = USUAL,
) -> Finding | None:
    """Compare logits and gradients on batches (B, T) of several shapes."""
    trials = [draw_trial(student, cast, rng, shape) for shape in shapes]
    outcomes = student.run(
        Case((trial.x,), parameters=trial.parameters, cotangents=trial.cotangent)
        for trial in trials
    )
    for (B, T), trial, outcome in zip(shapes, trials, outcomes, strict=False):
        wrong = _wrong(outcome, *oracle(cast, trial), f"With B = {B} and T = {T}, logits")
        if wrong:
            return wrong
    return None


def _wrong(outcome: Outcome, logits: np.ndarray, gradient: np.ndarray, what: str) -> Finding | None:
    wrong = unsound(outcome, logits.shape, what, "float64") or differs(outcome.value, logits, what)
    if wrong:
        return wrong
    reached = (outcome.gradients or {}).get("inputs", (None,))[0]
    if reached is None:
        return Finding("The logits have no gradient with respect to the input.")
    return differs(reached, gradient, "The input's gradient", 1e-8)
