"""The temporal order problem: two or three symbols far apart, whose order is the class.

A sequence reads ``E … X … Y … X … B``: it starts with E, ends with B, and in between holds
distractors a, b, c, d, except at two (variant 6a) or three (6b) places where X or Y stands. The
class is the word that these make, XXX = 0, XXY = 1, … YYY = 7: X is binary 0, Y is 1, and the
first symbol is the most significant.

References:
    Hochreiter and Schmidhuber, Long short-term memory, Neural Computation 9(8), 1997,
    experiments 6a and 6b.
"""

from itertools import product
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from rnn_course.errors import DataError
from rnn_course.seeding import numpy_generator

SYMBOLS = "EabcdXYB"
PADDING = len(SYMBOLS)
MIN_LENGTH, MAX_LENGTH = 100, 110
RANGES = MappingProxyType({"6a": ((10, 20), (50, 60)), "6b": ((10, 20), (33, 43), (66, 76))})
"""For each variant, the first and the last step at which each X or Y may stand, from 0."""

_X, _END = SYMBOLS.index("X"), SYMBOLS.index("B")
# A random byte is four distractors: looked up at once, viewed as one 32-bit number.
_FOUR = (np.arange(256)[:, None] >> np.array([0, 2, 4, 6]) & 3).astype(np.uint8) + 1
_FOUR_AT_ONCE = _FOUR.view(np.uint32).ravel()
_ONE_HOT = np.concatenate([np.eye(PADDING, dtype=np.float32), np.zeros((1, PADDING), np.float32)])
_ROWS = _ONE_HOT.view(f"V{_ONE_HOT.itemsize * PADDING}").ravel()
_CHUNK = 2048


class TemporalOrder(NamedTuple):
    """A set of sequences of the temporal order problem.

    Attributes:
        inputs: one-hot (B, T, D) float32 with T = 110, D = 8 in the order of `SYMBOLS`, and zeros
            after a sequence's end; or ids (B, T) uint8 with `PADDING` (8) after the end.
        lengths: number of steps of each sequence (B,) int64, E and B included.
        labels: classes (B,) int64.
    """

    inputs: np.ndarray
    lengths: np.ndarray
    labels: np.ndarray


def temporal_order(
    n: int, variant: str = "6b", seed: int | np.random.Generator = 0, as_ids: bool = False
) -> TemporalOrder:
    """Draw sequences of the temporal order problem, padded at the end.

    Lengths are uniform in 100…110, classes uniform, each X or Y uniform in its range of `RANGES`,
    distractors uniform in a, b, c, d.

    Args:
        n: how many sequences.
        variant: ``"6a"`` (two symbols, 4 classes) or ``"6b"`` (three symbols, 8 classes).
        seed: a number, or a generator to go on drawing from.
        as_ids: return symbol numbers instead of one-hot vectors.

    Raises:
        DataError: unknown variant, or n is negative.

    >>> batch = temporal_order(2, seed=1, as_ids=True)
    >>> spell(batch.inputs[0])[0], spell(batch.inputs[0])[-1], batch.inputs.shape
    ('E', 'B', (2, 110))
    """
    if variant not in RANGES:
        raise DataError(f"variant {' or '.join(RANGES)}", repr(variant), "Choose one of the two.")
    if n < 0:
        raise DataError("a number of sequences, 0 or more", str(n), "Pass how many to draw.")
    if isinstance(seed, np.random.Generator):
        rng = seed
    else:
        rng = numpy_generator(seed, "temporal_order", variant)
    ids, lengths, labels = _draw(n, RANGES[variant], rng)
    return TemporalOrder(ids if as_ids else one_hot(ids), lengths, labels)


def class_names(variant: str = "6b") -> tuple[str, ...]:
    """Return the words that the classes stand for, in order: ``("XXX", "XXY", …)``."""
    return tuple("".join(word) for word in product("XY", repeat=len(RANGES[variant])))


def spell(ids: np.ndarray) -> str:
    """Return one sequence of ids (T,) as text, without its padding."""
    return "".join(SYMBOLS[symbol] for symbol in ids if symbol != PADDING)


def one_hot(ids: np.ndarray) -> np.ndarray:
    """Return ids (B, T) as one-hot vectors (B, T, 8) float32; `PADDING` becomes zeros."""
    vectors = np.empty((*ids.shape, PADDING), np.float32)
    # A table of whole rows, copied a few thousand sequences at a time, stays in the cache.
    rows = vectors.view(_ROWS.dtype)[..., 0]
    for start in range(0, len(ids), _CHUNK):
        part = slice(start, start + _CHUNK)
        np.take(_ROWS, ids[part], out=rows[part], mode="clip")
    return vectors


def _draw(
    n: int, ranges: tuple[tuple[int, int], ...], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw ids (n, 110), lengths (n,) and labels (n,)."""
    width = -(-MAX_LENGTH // 4)
    random = np.frombuffer(rng.bytes(n * width), np.uint8).reshape(n, width)
    ids = _FOUR_AT_ONCE[random].view(np.uint8)[:, :MAX_LENGTH]
    ids[:, 0] = SYMBOLS.index("E")
    lengths = rng.integers(MIN_LENGTH, MAX_LENGTH + 1, n)
    labels = rng.integers(0, 2 ** len(ranges), n)
    sequence = np.arange(n)
    for place, (first, last) in enumerate(reversed(ranges)):
        ids[sequence, rng.integers(first, last + 1, n)] = _X + (labels >> place & 1)
    step = np.arange(MIN_LENGTH - 1, MAX_LENGTH)
    ids[:, MIN_LENGTH - 1 :][step >= lengths[:, None]] = PADDING
    ids[sequence, lengths - 1] = _END
    return ids, lengths, labels
