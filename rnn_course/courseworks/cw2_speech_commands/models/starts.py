"""Initial states as the question has them handed to a model."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

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


@lru_cache(maxsize=64)
def drawn_starts(size: Size, stream: Stream) -> tuple[Any, Starts]:
    """Draw hx, (L, B, H), of two directions (2L, B, H), for an LSTM a pair; and what it means."""
    count = 2 if size.mode == "LSTM" else 1
    shape = (count, size.directions * size.L, B, size.H)
    parts = numpy_generator(*stream).normal(0, 1, shape)
    halves = [torch.from_numpy(part).chunk(size.directions) for part in parts]
    starts = Starts({d: tuple(h[d] for h in halves) for d in range(size.directions)})
    return (tuple(parts) if count == 2 else parts[0]), starts


def hx_moves_logits(student: Student) -> bool:
    """Tell whether initial states make a difference to a model's logits."""
    x = student.rng("hx").normal(0, 1, (B, student.frames(T), student.size.D))
    hx, _ = drawn_starts(student.size, student.stream("forms"))
    zero, moved = student.run([Pass((x,)), Pass((x, hx))])
    return not moved.error and not close(plain(moved.value), plain(zero.value))
