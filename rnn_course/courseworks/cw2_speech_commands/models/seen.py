"""A model's logits while all its parameters are one number, to be compared with plans."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from rnn_course.courseworks.cw2_speech_commands.models.plans import (
    Change,
    changed,
    right_plan,
)
from rnn_course.courseworks.cw2_speech_commands.models.recover import (
    Probe,
    Response,
    Stream,
    draw_probe,
)
from rnn_course.courseworks.cw2_speech_commands.models.roles import (
    Dress,
    Size,
    dresses,
    roles_of,
)
from rnn_course.courseworks.cw2_speech_commands.models.simulate import NUMBER, Plan, Simulator
from rnn_course.courseworks.cw2_speech_commands.models.student import Student, Unanswered


def number_probe(student: Student) -> Probe:
    """Return the probe of a model whose parameters are all `NUMBER`."""
    return _number_probe(student.size, student.stream("number"), student.frames(5))


@lru_cache(maxsize=256)
def _number_probe(size: Size, stream: Stream, T: int) -> Probe:
    """Draw it; for two directions half of the clips are the others read backwards.

    So no direction is the larger one, or the one that matters, in all of them by chance.
    """
    roles = roles_of(size, next(dresses(size.mode)))
    probe = draw_probe(roles, stream, roles.copies() * NUMBER, B=4 * size.directions, T=T)
    if size.directions == 1:
        return probe
    ahead = probe.x[: len(probe.x) // 2]
    return Probe(np.concatenate([ahead, ahead[:, ::-1]]), probe.cotangent)


def first_response(student: Student) -> Response:
    """Have a model answer while all its parameters are `NUMBER`; see `Student.respond`."""
    return student.respond(NUMBER, number_probe(student))


def first_logits(student: Student) -> Response:
    """Have a model answer without gradients while all its parameters are `NUMBER`."""
    return student.logits(NUMBER, number_probe(student))


@dataclass(frozen=True)
class Seen:
    """The logits of a model whose parameters are all `NUMBER`, to be compared with plans."""

    size: Size
    probe: Probe
    response: Response
    tolerance: float
    number: float = NUMBER

    @classmethod
    def of(cls, student: Student, response: Response) -> "Seen":
        """See what a student's model answered to its `number_probe`."""
        return cls(student.size, number_probe(student), response, student.tolerance)

    def dress(self, plan: Plan, *, plain: bool = False) -> Dress | None:
        """Return the first dress of the plan's mode in which it gives these logits."""
        logits = self.response.logits
        chosen, planned = planned_logits(self.size, self.probe, self.number, plan, plain)
        gap = np.abs(planned[:, :, None] - logits).max(axis=(1, 2))
        fits = gap <= self.tolerance * max(1.0, np.abs(logits).max())
        if not fits.any():
            return None
        return chosen[int(fits.argmax())]

    def gain(self) -> float:
        """Return by what factor the logits are those of a right network, 0.0 for none."""
        planned = planned_logits(self.size, self.probe, self.number, right_plan(self.size), True)[1]
        with np.errstate(all="ignore"):
            factors = (self.response.logits / planned[:, :, None]).reshape(len(planned), -1)
            alike = np.ptp(factors, axis=1) <= self.tolerance * np.abs(factors[:, 0])
        usual = alike & np.isfinite(factors).all(1)
        return float(factors[usual][0, 0]) if usual.any() else 0.0

    @property
    def constant(self) -> bool:
        """Whether the samples' logits are alike, and not by a softmax of equal numbers."""
        logits, K = self.response.logits, self.size.K
        alike = np.ptp(logits, axis=0).max() <= self.tolerance
        return bool(alike and np.abs(logits[0, 0] - (1 / K, -np.log(K))).min() > self.tolerance)

    def equals(self, logits: np.ndarray) -> bool:
        """Compare with the logit that all classes share, (B,)."""
        gap = np.abs(self.response.logits - logits[:, None]).max()
        return gap <= self.tolerance * max(1.0, np.abs(self.response.logits).max())


@lru_cache(maxsize=4096)
def planned_logits(
    size: Size, probe: Probe, number: float, plan: Plan, plain: bool
) -> tuple[Sequence[Dress], np.ndarray]:
    """Return the dresses of a plan's mode and the logits (dresses, B) in each of them."""
    chosen = choice(plan.mode, plain)
    planned = Simulator(size, probe.x, number, chosen).logits(plan)
    return chosen, np.broadcast_to(planned, (len(chosen), len(probe.x)))


@cache
def choice(mode: str, plain: bool) -> tuple[Dress, ...]:
    """List the dresses of a mode once; see `dresses`."""
    return tuple(dresses(mode, plain=plain))


def shows_at(student: Student, probe: Probe, number: float, change: Change) -> Change | None:
    """Return a change that explains the logits at another number, if the right plan does not."""
    size = student.size
    try:
        response = student.respond(number, probe)
    except Unanswered:
        return None
    seen = Seen(size, probe, response, student.tolerance, number)
    if "clip" in change:
        change = {"clip": float(np.abs(response.logits).max())}
    right = seen.dress(right_plan(size), plain=True)
    wrong = seen.dress(changed(size, change), plain=True)
    return change if wrong and not right else None
