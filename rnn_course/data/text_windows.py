"""Cuts a long sequence of token numbers into windows to learn from.

A window's targets are its inputs one step later: at each step the next token is asked for.
"""

from typing import Protocol, Self, TypeVar

import numpy as np
import torch
from torch import Tensor

from rnn_course.errors import DataError


class _Sliced(Protocol):
    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> Self: ...


Text = TypeVar("Text", bound=_Sliced)


def split_text(tokens: Text, valid: float = 0.1) -> tuple[Text, Text]:
    """Cut a sequence in two: the beginning for training, the end for validation.

    The two share no token, so nothing that is measured on the second has been learned by heart.

    Args:
        tokens: a text, tokens, or their numbers.
        valid: share of the end.

    Raises:
        DataError: one part would be empty.
    """
    cut = len(tokens) - round(valid * len(tokens))
    if not 0 < cut < len(tokens):
        raise DataError(
            "a text that leaves tokens on both sides of the cut",
            f"{len(tokens)} tokens with valid={valid}",
            "Take a longer text, and a share between 0 and 1.",
        )
    return tokens[:cut], tokens[cut:]


def text_batches(
    ids: np.ndarray,
    num_steps: int,
    batch_size: int,
    rng: np.random.Generator | None = None,
) -> list[tuple[Tensor, Tensor]]:
    """Cut token numbers into windows that do not overlap, and put them into batches.

    Args:
        ids: numbers (N,) of the tokens.
        num_steps: T, the length of a window.
        batch_size: windows in a batch; the last batch may hold fewer.
        rng: for training: begins at a random place among the first T, so that windows differ
            from epoch to epoch, and shuffles them. None, for measuring: begins at the first
            token, keeps the order, and adds what is left at the end as a shorter window.

    Returns:
        Pairs of inputs (B, T) and targets (B, T), int64.

    Raises:
        DataError: the text is shorter than a window, or a size is not positive.
    """
    if num_steps < 1 or batch_size < 1:
        raise DataError(
            "num_steps and batch_size of at least 1",
            f"num_steps={num_steps}, batch_size={batch_size}",
            "Pass positive sizes.",
        )
    offset = 0 if rng is None else int(rng.integers(num_steps))
    count = (len(ids) - 1 - offset) // num_steps
    if count < 1:
        raise DataError(
            f"at least {num_steps + offset + 1} tokens for a window of {num_steps} and its targets",
            f"{len(ids)}",
            "Take a longer text or fewer steps.",
        )
    numbers = torch.as_tensor(np.asarray(ids, dtype=np.int64))
    end = offset + count * num_steps
    inputs = numbers[offset:end].view(count, num_steps)
    targets = numbers[offset + 1 : end + 1].view(count, num_steps)
    if rng is not None:
        order = torch.from_numpy(rng.permutation(count))
        inputs, targets = inputs[order], targets[order]
    batches = list(zip(inputs.split(batch_size), targets.split(batch_size), strict=True))
    if rng is None and end < len(ids) - 1:
        batches.append((numbers[None, end:-1], numbers[None, end + 1 :]))
    return batches
