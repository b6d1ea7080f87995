"""A student's model of one size, asked through the seam."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rnn_course.checks.models.recover import Probe, Response, by_name
from rnn_course.checks.models.roles import Size
from rnn_course.checks.requests import Anatomy, Build, Case, Inspect, Outcome, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Raised, Tensor


class Unanswered(Exception):
    """The model gave something that cannot be compared.

    Attributes:
        outcome: what it did.
    """

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("no logits")
        self.outcome = outcome


@dataclass
class Student:
    """A model to be built with given arguments.

    Attributes:
        dtype: of its parameters; float32 for a model that cannot do otherwise.
        axes: of its result; ``TK`` for a model that takes axis 0 for time, ``BTK`` or ``TBK`` for
            one that returns every step, whose last one is looked at then.
        outcomes: of all runs so far.
    """

    subject: Subject
    name: str
    size: Size
    bias: bool = True
    dtype: str = "float64"
    axes: str = "BK"
    outcomes: list[Outcome] = field(default_factory=list)
    _anatomy: Anatomy | Raised | None = field(default=None, init=False)

    def build(self, **how: Any) -> Build:
        """Return how to construct it."""
        return Build(self.name, self.size.args(self.bias), **{"dtype": self.dtype, **how})

    @property
    def exact(self) -> bool:
        """Whether gradients can be compared."""
        return self.dtype == "float64" and self.axes == "BK"

    @property
    def tolerance(self) -> float:
        """How much two equal logits may differ."""
        return 1e-9 if self.dtype == "float64" else 1e-4

    @property
    def anatomy(self) -> Anatomy | Raised:
        """Its parts, or the exception of the constructor."""
        if self._anatomy is None:
            self._anatomy = self.subject.ask(Inspect(self.build()))
        return self._anatomy

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of its parameters; none if it cannot be built."""
        if isinstance(self.anatomy, Raised):
            return {}
        return {name: tuple(shape) for name, shape, _ in self.anatomy.parameters}

    @property
    def count(self) -> int:
        """How many numbers it can learn."""
        return sum(int(np.prod(shape)) for shape in self.shapes.values())

    def run(self, cases: Iterable[Case], **how: Any) -> list[Outcome]:
        """Build it and run cases on it."""
        outcomes = self.subject.ask(Run(self.build(**how), tuple(cases)))
        self.outcomes += outcomes
        return outcomes

    def respond(self, parameters: np.ndarray | float, probe: Probe) -> Response:
        """Answer a probe with given parameters (P,), or one number for all.

        Raises:
            Unanswered: an exception, or a result that is not (B, K) finite numbers.
        """
        given = parameters
        if not isinstance(parameters, float):
            given = by_name(parameters, self.shapes)
        sent = probe.x.swapaxes(0, 1) if self.axes == "TK" else probe.x
        cotangent = self._spread(probe.cotangent, probe.x.shape[1])
        (outcome,) = self.run([Case((sent,), parameters=given, cotangents=cotangent)])
        logits = self._logits(outcome)
        if logits is None or logits.shape != probe.cotangent.shape:
            raise Unanswered(outcome)
        return Response(logits, self._flat(outcome))

    def _spread(self, cotangent: np.ndarray, T: int) -> np.ndarray:
        if self.axes in ("BK", "TK"):
            return cotangent
        axis = self.axes.index("T")
        every = np.stack([np.zeros_like(cotangent)] * (T - 1) + [cotangent], axis)
        return np.ascontiguousarray(every)

    def _logits(self, outcome: Outcome) -> np.ndarray | None:
        if outcome.error or outcome.gradients is None or not isinstance(outcome.value, Tensor):
            return None
        numbers = outcome.value.data
        if numbers is None or not np.isfinite(numbers).all() or numbers.ndim != len(self.axes):
            return None
        return numbers.take(-1, self.axes.index("T")) if len(self.axes) == 3 else numbers

    def _flat(self, outcome: Outcome) -> np.ndarray:
        found = outcome.gradients["parameters"]
        parts = [
            np.zeros(shape) if found.get(name) is None else found[name]
            for name, shape in self.shapes.items()
        ]
        return np.concatenate([np.ravel(part) for part in parts]) if parts else np.zeros(0)
