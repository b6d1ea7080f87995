"""A student's attention model, and the batch that it is tried on."""

from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import softmax

from rnn_course.checks.requests import Anatomy, Build, Inspect, Outcome, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.courseworks.cw3_temporal_order.sequence_models import LSTM

NAME = "AttnRecurrentNeuralNet"
SIZES = D, H, K = 4, 6, 5
B, T = 6, 12
_TOLERANCE = {"float64": 1e-9, "float32": 1e-4}
_GATED = tuple(name for name in (*LSTM.foreign, "LSTM", "LSTMCell") if "RNN" not in name)


class AttentionCandidate:
    """A student's attention model and a batch that it is tried on."""

    def __init__(self, subject: Subject, dtype: str, rng: np.random.Generator) -> None:
        self.subject, self.rng = subject, rng
        self.build = Build(NAME, SIZES, dtype=dtype)
        self.tolerance = _TOLERANCE[dtype]
        self.scores = False
        self.x = rng.normal(size=(B, T, D))
        self.lengths = np.array([7, T, 4, 9, 3, 10])
        for x, n in zip(self.x, self.lengths, strict=True):
            x[n:] = 0

    @cached_property
    def anatomy(self) -> Anatomy:
        """What the module is made of; it has been built before without an exception."""
        return self.subject.ask(Inspect(self.build))

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
        cases = (Pass(batch, keywords, parameters=parameters) for batch in batches)
        return self.subject.ask(Run(self.build, tuple(cases)))

    @property
    def gated(self) -> list[str]:
        """Name the modules with gates."""
        return [n for n in self.anatomy.modules if n.rpartition(".")[2] in _GATED]

    def weights(self, outcome: Outcome) -> np.ndarray | None:
        """Return the weights (B, T), or None; a third axis of size 1 is forgiven here.

        Whoever returns masked scores, or logarithms of weights, has said the weights otherwise.
        """
        value = outcome.value
        if outcome.error or not isinstance(value, (tuple, list)) or len(value) != 2:
            return None
        weights = plain(value[1])
        if not isinstance(weights, np.ndarray) or not np.all(weights < np.inf):  # nor NaN
            return None
        if weights.ndim == 3 and 1 in weights.shape[1:]:
            weights = weights.reshape(weights.shape[0], -1)
        if weights.ndim != 2:
            return None
        self.scores |= bool(np.isneginf(weights).any()) or are_logarithms(weights)
        return softmax(weights, axis=1) if self.scores else weights

    @property
    def valid(self) -> np.ndarray:
        """Which steps belong to a sequence (B, T)."""
        return np.arange(T) < self.lengths[:, None]


def are_logarithms(weights: np.ndarray) -> bool:
    """Tell whether the exponentials of weights (B, T) add up to 1."""
    return bool(np.allclose(np.exp(weights).sum(1), 1, atol=1e-3))
