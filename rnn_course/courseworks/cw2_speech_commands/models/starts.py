"""The forms in which initial states may be handed to a model.

The question says: shaped (L, B, H), for two directions (2L, B, H) with the forward layers first; a
pair of these for an LSTM. Lists of states, torch's order of directions, a pair of directions and
the like are as good.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch

from rnn_course.checks.generic import close
from rnn_course.checks.requests import Pass
from rnn_course.checks.values import plain
from rnn_course.courseworks.cw2_speech_commands.models.recover import Stream
from rnn_course.courseworks.cw2_speech_commands.models.roles import Size
from rnn_course.courseworks.cw2_speech_commands.models.student import Student
from rnn_course.seeding import numpy_generator

B, T = 3, 4


@dataclass(frozen=True, eq=False)
class Starts:
    """By direction, the initial states (L, B, H), as torch takes them."""

    states: dict[int, tuple]


Form = tuple[Any, list[Starts]]  # hx, and what it may mean


@lru_cache(maxsize=64)
def forms(size: Size, stream: Stream) -> tuple[Form, ...]:
    """List forms of hx, the question's first, with the starts that each may mean."""
    return tuple(_forms(size, numpy_generator(*stream)))


def _forms(size: Size, rng: np.random.Generator) -> Iterator[Form]:
    if size.directions == 1:
        yield from _one_stack(size, rng)
        return
    L = size.L
    for hx, states in _packed(size, 2 * L, rng):
        halves = {d: tuple(s[d * L : (d + 1) * L] for s in states) for d in (0, 1)}
        crossed = {d: tuple(s[d::2] for s in states) for d in (0, 1)}
        yield hx, [_tensors(halves), _tensors(crossed)]
    forward, reverse = (list(_packed(size, L, rng)) for _ in (0, 1))
    for (f, starts), (r, others) in zip(forward, reverse, strict=True):
        both = [_tensors({0: starts, 1: others}), _tensors({0: others, 1: starts})]
        yield (f, r), both
        yield [f, r], both
    for hx, states in forward:
        yield hx, [_tensors({0: states, 1: states}), _tensors({0: states})]


def _one_stack(size: Size, rng: np.random.Generator) -> Iterator[Form]:
    for hx, states in _packed(size, size.L, rng):
        yield hx, [_tensors({0: states})]
    if size.mode == "LSTM":
        h = rng.normal(0, 1, (size.L, B, size.H))
        meanings = [_tensors({0: (h, c)}) for c in (h, np.zeros_like(h))]
        yield h, meanings
        yield list(h), meanings


def _packed(
    size: Size, layers: int, rng: np.random.Generator
) -> Iterator[tuple[Any, tuple[np.ndarray, ...]]]:
    """List ways to hand over the states of some layers, and the states (layers, B, H)."""
    h, c = rng.normal(0, 1, (2, layers, B, size.H))
    if size.mode != "LSTM":
        yield h, (h,)
        yield list(h), (h,)
        return
    yield (h, c), (h, c)
    yield list(zip(h, c, strict=True)), (h, c)
    yield (list(h), list(c)), (h, c)
    yield h, (h, h)
    yield np.stack([h, c], axis=1), (h, c)


def _tensors(starts: dict[int, tuple[np.ndarray, ...]]) -> Starts:
    return Starts(
        {
            d: tuple(torch.from_numpy(np.ascontiguousarray(s)) for s in states)
            for d, states in starts.items()
        }
    )


def hx_moves_logits(student: Student) -> bool:
    """Tell whether any form of initial states makes a difference to a model's logits."""
    x = student.rng("hx").normal(0, 1, (B, T, student.size.D))
    (zero,) = student.run([Pass((x,))])
    for hx, _ in forms(student.size, student.stream("forms")):
        (outcome,) = student.run([Pass((x, hx))])
        if not outcome.error and not close(plain(outcome.value), plain(zero.value)):
            return True
    return False
