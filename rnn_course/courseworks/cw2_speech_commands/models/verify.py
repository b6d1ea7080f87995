"""The last word on a model whose roles are known: torch's network with the same random weights."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch

from rnn_course.checks.generic import Finding, differs, unsound
from rnn_course.checks.requests import Outcome, Pass
from rnn_course.courseworks.cw2_speech_commands.models.recover import Cast, Stream, by_name
from rnn_course.courseworks.cw2_speech_commands.models.roles import Roles
from rnn_course.courseworks.cw2_speech_commands.models.starts import Starts
from rnn_course.courseworks.cw2_speech_commands.models.student import Student
from rnn_course.seeding import numpy_generator

_USUAL = (4, 6)  # (B, T); other checks have T = 4 and T = 5
_EXTREME = ((1, 2), (2, 1))
_FAR = (4, 2)
_LARGE = 20.0


@dataclass(frozen=True, eq=False)
class Trial:
    """One input and random weights; see `draw_trial`.

    Attributes:
        roles: whose values these are.
        values: the roles' values.
        x: (B, T, D).
        cotangent: (B, K).
    """

    roles: Roles
    values: np.ndarray
    x: np.ndarray
    cotangent: np.ndarray


@lru_cache(maxsize=256)
def draw_trial(roles: Roles, stream: Stream, shape: tuple[int, int]) -> Trial:
    """Draw weights and an input of ``shape`` = (B, T)."""
    rng = numpy_generator(*stream, *shape)
    values = rng.uniform(-0.6, 0.6, len(roles))
    if roles.size.mode == "RNN_RELU":
        read = next(b.start for b in roles.blocks if b.kind == "out")
        values[:read] += 0.2  # mostly open rectifiers, and logits of either sign
    x = rng.normal(0, 1, (*shape, roles.size.D))
    return Trial(roles, values, x, rng.normal(0, 1, (shape[0], roles.size.K)))


class Right(NamedTuple):
    """Logits (B, K), and their gradient by the input (B, T, D) and by the values of the roles."""

    logits: np.ndarray
    by_input: np.ndarray
    by_role: np.ndarray


@lru_cache(maxsize=256)
def oracle(trial: Trial, starts: Starts | None = None) -> Right:
    """Return what torch's network makes of a trial."""
    x, values = (torch.tensor(part, requires_grad=True) for part in (trial.x, trial.values))
    logits = trial.roles.logits(values, x, starts.states if starts else None)
    total = (logits * torch.from_numpy(trial.cotangent)).sum()
    gradients = torch.autograd.grad(total, [x, values])
    return Right(logits.detach().numpy(), *(gradient.numpy() for gradient in gradients))


class Verdict(NamedTuple):
    """What is wrong with a usual batch, with the smallest ones, and where numbers are large."""

    usual: Finding | None
    extreme: Finding | None = None
    large: Finding | None = None


def verify(student: Student, cast: Cast, *, guessed: bool = False) -> Verdict:
    """Compare logits and, for a usual batch, gradients.

    Args:
        student: the model.
        cast: the roles of its parameters.
        guessed: nothing is known of the cast, so that each parameter's own gradient is compared
            too.
    """
    shapes = (_USUAL, *_EXTREME, _FAR)
    trials = [draw_trial(cast.roles, student.stream("verify"), shape) for shape in shapes]
    trials[-1] = _large(trials[-1])
    usual, *extreme, large = student.run(
        Pass(
            (trial.x,),
            parameters=by_name(cast.parameters(trial.values), student.shapes),
            cotangents=trial.cotangent if trial is trials[0] else None,
        )
        for trial in trials
    )
    right = oracle(trials[0])
    wrong = _wrong(usual, right.logits, _said(_USUAL)) or _wrong_gradient(usual, right.by_input)
    if guessed:
        wrong = wrong or _wrong_roles(student, usual, cast, right.by_role)
    if wrong:
        return Verdict(wrong)
    far = _wrong(
        large, oracle(trials[-1]).logits, f"With an input {_LARGE:g} times as large, a logit"
    )
    found = (
        _wrong(outcome, oracle(trial).logits, _said(shape))
        for shape, trial, outcome in zip(_EXTREME, trials[1:-1], extreme, strict=False)
    )
    return Verdict(None, next(filter(None, found), None), far)


@lru_cache(maxsize=256)
def _large(trial: Trial) -> Trial:
    """Enlarge the input and the readout's weights: whatever is cut off shows there."""
    values = trial.values.copy()
    for block in trial.roles.blocks:
        if block.kind == "out":
            values[block.start : block.stop] *= _LARGE
    return Trial(trial.roles, values, _LARGE * trial.x, trial.cotangent)


def _said(shape: tuple[int, int]) -> str:
    return "With B = {} and T = {}, logits".format(*shape)


def _wrong(outcome: Outcome, logits: np.ndarray, what: str) -> Finding | None:
    return unsound(outcome, logits.shape, what, "float64") or differs(outcome.value, logits, what)


def _wrong_roles(
    student: Student, outcome: Outcome, cast: Cast, by_role: np.ndarray
) -> Finding | None:
    found, read = student.flat_gradients(outcome), cast.role >= 0
    return differs(found[read], by_role[cast.role[read]], "The parameters' gradients", 1e-8)


def _wrong_gradient(outcome: Outcome, gradient: np.ndarray) -> Finding | None:
    reached = (outcome.gradients or {}).get("inputs", (None,))[0]
    if reached is None:
        return Finding("The logits have no gradient with respect to the input.")
    return differs(reached, gradient, "The input's gradient", 1e-8)
