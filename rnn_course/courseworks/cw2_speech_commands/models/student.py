"""A student's model of one size, asked through the seam."""

from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from rnn_course.checks.requests import Anatomy, Build, Inspect, Outcome, Parameters, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.together import Later, together
from rnn_course.checks.values import Raised, Tensor
from rnn_course.courseworks.cw2_speech_commands.models.recover import (
    Probe,
    Response,
    Stream,
    by_name,
)
from rnn_course.courseworks.cw2_speech_commands.models.roles import Size
from rnn_course.seeding import numpy_generator

_DEEPER = (1, -1), (3, 1)  # layers, and classes more than usual


class Unanswered(Exception):
    """The model gave something that cannot be compared.

    Attributes:
        outcome: what it did.
    """

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("no logits")
        self.outcome = outcome


@dataclass(eq=False)
class Student:
    """A model to be built with given arguments.

    Attributes:
        seed: decides what is drawn for it.
        dtype: of its parameters; float32 for a model that cannot do otherwise.
        axes: of its result; ``TK`` for a model that takes axis 0 for time, ``BTK`` or ``TBK`` for
            one that returns every step, whose last one is looked at then; ``2BK`` for one that puts
            the batches of two directions below each other, which are added then.
        length: the only number of frames that it takes, 0 for any.
        calm, adopt: see `Build`.
        outcomes: of all runs so far.
    """

    subject: Subject
    name: str
    size: Size
    seed: int
    bias: bool = True
    dtype: str = "float64"
    axes: str = "BK"
    length: int = 0
    calm: bool = False
    adopt: bool = False
    outcomes: list[Outcome] = field(default_factory=list)
    _kept: dict[Callable, Later] = field(default_factory=dict, init=False)

    def build(self, **how: Any) -> Build:
        """Return how to construct it."""
        usual = {"dtype": self.dtype, "calm": self.calm, "adopt": self.adopt}
        return Build(self.name, self.size.args(self.bias), **{**usual, **how})

    def frames(self, usual: int) -> int:
        """Return how many frames to hand to it."""
        return self.length or usual

    @property
    def exact(self) -> bool:
        """Whether gradients can be compared."""
        return self.dtype == "float64" and self.axes == "BK" and not self.length

    @property
    def tolerance(self) -> float:
        """How much two equal logits may differ."""
        return 1e-9 if self.dtype == "float64" else 1e-4

    def stream(self, *purpose: int | str) -> Stream:
        """Return the address of random numbers, the same for all students' models of this size."""
        return (self.seed, self.name, *astuple(self.size), *purpose)

    def rng(self, *purpose: int | str) -> np.random.Generator:
        """Return the generator at an address."""
        return numpy_generator(*self.stream(*purpose))

    def once(self, part: "Part") -> Any:
        """Return what a part of the judgement comes to, which is found out once."""
        if part not in self._kept:
            ask_ahead([(self, part)])
        return self._kept[part]()

    @cached_property
    def bare(self) -> "Student":
        """The same without biases."""
        return self.but(bias=False)

    @cached_property
    def deeper(self) -> "list[Student]":
        """The same with one layer, and with three; for fewer classes, and for more."""
        return [self.but(size=replace(self.size, L=L, K=self.size.K + more)) for L, more in _DEEPER]

    def but(self, **changes: Any) -> "Student":
        """Return the same with some attributes changed, and itself where nothing changes."""
        if all(getattr(self, name) == value for name, value in changes.items()):
            return self
        return replace(self, **changes)

    @cached_property
    def anatomy(self) -> Anatomy | Raised:
        """Its parts, or the exception of the constructor."""
        return self.subject.ask(Inspect(self.build()))

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

    def run(self, cases: Iterable[Pass], *, inspect: bool = False, **how: Any) -> list[Outcome]:
        """Build it and run cases on it; and see its `anatomy`, if it can be built."""
        outcomes = self.subject.ask(Run(self.build(**how), tuple(cases), inspect))
        self.outcomes += outcomes
        if outcomes[0].anatomy:
            self.anatomy = outcomes[0].anatomy
        return outcomes

    def logits(self, number: float, probe: Probe) -> Response:
        """Answer a probe without the gradients, all parameters being one number.

        Raises:
            Unanswered: as `respond` does.
        """
        case = Pass((self._sent(probe),), parameters=number)
        (outcome,) = self.run([case], inspect=True)
        return Response(self._logits(outcome, probe), np.zeros(0))

    def respond(self, parameters: np.ndarray | float, probe: Probe) -> Response:
        """Answer a probe with given parameters (P,), or one number for all.

        Raises:
            Unanswered: an exception, or a result that is not (B, K) finite numbers.
        """
        given: Parameters | float = (
            parameters if isinstance(parameters, float) else by_name(parameters, self.shapes)
        )
        cotangent = self._spread(probe.cotangent, probe.x.shape[1])
        case = Pass((self._sent(probe),), parameters=given, cotangents=cotangent)
        (outcome,) = self.run([case], inspect="anatomy" not in vars(self))
        if outcome.gradients is None:
            raise Unanswered(outcome)
        return Response(self._logits(outcome, probe), self.flat_gradients(outcome))

    def _sent(self, probe: Probe) -> np.ndarray:
        return probe.x.swapaxes(0, 1) if self.axes == "TK" else probe.x

    def _spread(self, cotangent: np.ndarray, T: int) -> np.ndarray:
        if self.axes in ("BK", "TK"):
            return cotangent
        if self.axes == "2BK":
            return np.concatenate([cotangent, cotangent])
        axis = self.axes.index("T")
        every = np.stack([np.zeros_like(cotangent)] * (T - 1) + [cotangent], axis)
        return np.ascontiguousarray(every)

    def _logits(self, outcome: Outcome, probe: Probe) -> np.ndarray:
        numbers = outcome.value.data if isinstance(outcome.value, Tensor) else None
        if numbers is not None and self.axes == "2BK" and len(numbers) % 2 == 0:
            numbers = numbers.reshape(2, -1, *numbers.shape[1:])
        if numbers is None or not np.isfinite(numbers).all() or numbers.ndim != len(self.axes):
            raise Unanswered(outcome)
        if self.axes == "2BK":
            return numbers.sum(0)
        last = numbers.take(-1, self.axes.index("T")) if len(self.axes) == 3 else numbers
        if last.shape != probe.cotangent.shape:
            raise Unanswered(outcome)
        return last

    def flat_gradients(self, outcome: Outcome) -> np.ndarray:
        """Return the gradients of all parameters, flattened in the order of their names."""
        found = outcome.gradients["parameters"]
        parts = [
            np.zeros(shape) if found.get(name) is None else found[name]
            for name, shape in self.shapes.items()
        ]
        return np.concatenate([np.ravel(part) for part in parts]) if parts else np.zeros(0)


Part = Callable[[Student], Any]


def ask_ahead(parts: Iterable[tuple[Student, Part]]) -> None:
    """Go through parts side by side; `Student.once` then knows them."""
    parts = list(parts)
    laters = together(*(partial(part, student) for student, part in parts))
    for (student, part), later in zip(parts, laters, strict=True):
        student._kept[part] = later
