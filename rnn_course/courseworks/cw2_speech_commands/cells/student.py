"""A student's cell as a judge sees it: built at one size, asked with arrays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from rnn_course.checks.requests import Anatomy, Build, Inspect, Outcome, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Raised, Tensor, plain

Arrays = tuple[np.ndarray, ...]


class Refused(Exception):
    """The cell did not answer, or not with its states."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(str(outcome.error))
        self.outcome = outcome


@dataclass(frozen=True)
class Cell:
    """A cell of a given size.

    Attributes:
        subject: who answers.
        name: of the class.
        inputs: D.
        hidden: H.
        states: how many states it carries: 2 for an LSTM, 1 for a GRU.
        bias: third argument of its constructor; None leaves it out.
        log: outcomes of everything that was asked, shared by copies.
        alone: ask row by row, for a cell that treats batches wrongly.
        swapped: the cell returns its two states in the wrong order.
        calm, adopt: see `Build`.
    """

    subject: Subject
    name: str
    inputs: int
    hidden: int
    states: int
    bias: bool | None = True
    log: list[Outcome] = field(default_factory=list)
    alone: bool = False
    swapped: bool = False
    calm: bool = False
    adopt: bool = False

    @property
    def size(self) -> int:
        """D + H."""
        return self.inputs + self.hidden

    def but(self, **changes: Any) -> "Cell":
        """Return a copy with some attributes changed."""
        return replace(self, **changes)

    def build(self, dtype: str = "float64", device: str = "cpu") -> Build:
        """Say how to build it."""
        flag = () if self.bias is None else (self.bias,)
        arguments = (self.inputs, self.hidden, *flag)
        plain = Build(self.name, arguments, dtype=dtype, device=device)
        return replace(plain, calm=self.calm, adopt=self.adopt)

    def anatomy(self) -> Anatomy | Raised:
        """Ask what it is made of."""
        return self.subject.ask(Inspect(self.build()))

    def ask(
        self, cases: Iterable[Pass], dtype: str = "float64", device: str = "cpu"
    ) -> list[Outcome]:
        """Run cases on one instance; if building raised, that outcome stands for each of them."""
        cases = tuple(cases)
        outcomes = self.subject.ask(Run(self.build(dtype, device), cases))
        self.log.extend(outcomes)
        if len(outcomes) < len(cases):
            return [outcomes[0]] * len(cases)
        return outcomes

    def given(self, *arrays: np.ndarray) -> tuple[Any, ...]:
        """Arrange x and states as the cell takes them: x, h or x, (h, c)."""
        x, *states = arrays
        return (x, tuple(states) if self.states == 2 else states[0])

    def read(self, value: Any) -> Arrays | None:
        """Return the states a cell returned, h first, in whatever they lie; None without them."""
        if isinstance(value, dict):
            value = tuple(value.values())
        if isinstance(value, (list, tuple)) and value and isinstance(value[-1], (list, tuple)):
            value = value[-1]  # (hy, (hy, cy))
        parts = list(value) if isinstance(value, (list, tuple)) else [value]
        if not all(isinstance(part, Tensor) for part in parts):
            return None
        arrays = [plain(part) for part in parts]
        if len(arrays) < self.states:
            (whole,) = arrays or [np.zeros(0)]
            stacked = whole.ndim == 3 and len(whole) == 2
            joined = whole.ndim == 2 and whole.shape[1] == 2 * self.hidden
            arrays = list(whole) if stacked else np.split(whole, 2, 1) if joined else []
        if len(arrays) < self.states:
            return None
        return tuple(arrays[: self.states][:: -1 if self.swapped else 1])

    def respond(self, parameters: Mapping[str, Any] | float, *arrays: np.ndarray) -> Arrays:
        """Return the new states for rows of x and states, at given values of the parameters.

        Raises:
            Refused: an exception, or something else than states of the right shape.
        """
        (answer,) = self.respond_each([parameters], *arrays)
        return answer

    def respond_each(
        self, settings: Sequence[Mapping[str, Any] | float | None], *arrays: np.ndarray
    ) -> list[Arrays]:
        """Respond to the same rows at several values of the parameters; see `respond`."""
        count = len(arrays[0])
        pieces = [slice(k, k + 1) for k in range(count)] if self.alone else [slice(None)]
        cases = [
            Pass(self.given(*(array[piece] for array in arrays)), parameters=setting)
            for setting in settings
            for piece in pieces
        ]
        outcomes = self.ask(cases)
        answers = []
        for start in range(0, len(outcomes), len(pieces)):
            parts = [self.states_of(outcome) for outcome in outcomes[start : start + len(pieces)]]
            answers.append(tuple(np.concatenate(part) for part in zip(*parts, strict=True)))
            if len(answers[-1][0]) != count:
                raise Refused(outcomes[start])
        return answers

    def states_of(self, outcome: Outcome, count: int | None = None) -> Arrays:
        """Return the states, (count, H) each, that came of a case; see `respond`."""
        states = None if outcome.error else self.read(outcome.value)
        if states is None or any(s.ndim != 2 or s.shape[1] != self.hidden for s in states):
            raise Refused(outcome)
        if count is not None and len(states[0]) != count:
            raise Refused(outcome)
        return states


def drawn(anatomy: Anatomy, rng: np.random.Generator, scale: float = 0.6) -> dict[str, np.ndarray]:
    """Draw a value for every parameter."""
    return {name: scale * rng.normal(size=shape) for name, shape, _ in anatomy.parameters}
