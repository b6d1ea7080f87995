"""The book's table: training perplexity of three networks on the first 10 000 characters.

Protocol: The Time Machine, characters, batches of 32 windows of 35 steps that go on from batch to
batch with the state detached, one-hot inputs, 256 hidden units, SGD with lr 1, gradients clipped
at norm 1, 500 epochs. About 12 minutes on one core.

References:
    Zhang, Lipton, Li and Smola, Dive into Deep Learning, chapters 9 and 10 (the protocol, and the
    perplexities 1.3, 1.1 and 1.1).
"""

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, one_hot
from torch.nn.utils import clip_grad_norm_

from rnn_course.data import Vocabulary, time_machine
from rnn_course.errors import DataError
from rnn_course.seeding import numpy_generator

PUBLISHED = {"LSTM": 1.1, "GRU": 1.1, "RNN": 1.3}
_CHARACTERS, _BATCH, _STEPS, _HIDDEN, _EPOCHS = 10_000, 32, 35, 256, 500


def run() -> list[dict]:
    """Train each network once.

    Returns:
        Rows with what, value (training perplexity of the last epoch), unit, bar (the published
        value, rounded as there) and met. None where the text cannot be had; it says so.
    """
    try:
        text = time_machine(download=True)
    except DataError as problem:
        print(f"cw4_book_table was not measured. {problem}")
        return []
    ids = Vocabulary.characters().encode(text[:_CHARACTERS])
    return [_row(kind, _train(kind, ids)) for kind in PUBLISHED]


def _row(kind: str, perplexity: float) -> dict:
    bar = PUBLISHED[kind]
    return {
        "what": f"training perplexity of nn.{kind} after {_EPOCHS} epochs",
        "value": round(perplexity, 2),
        "unit": "choices a character",
        "bar": bar,
        "met": round(perplexity, 1) <= bar,
    }


def _train(kind: str, ids: np.ndarray) -> float:
    torch.manual_seed(0)
    size = len(Vocabulary.characters())
    layer, head = getattr(nn, kind)(size, _HIDDEN, batch_first=True), nn.Linear(_HIDDEN, size)
    weights = [*layer.parameters(), *head.parameters()]
    optimizer, rng = torch.optim.SGD(weights, lr=1.0), numpy_generator(0, "book_table", kind)
    perplexity = math.inf
    for _ in range(_EPOCHS):
        state, nats, tokens = None, 0.0, 0
        for inputs, targets in _consecutive(ids, rng):
            h, state = layer(one_hot(inputs, size).float(), state)
            state = tuple(s.detach() for s in state) if kind == "LSTM" else state.detach()
            loss = cross_entropy(head(h).flatten(0, 1), targets.flatten())
            optimizer.zero_grad()
            loss.backward()
            clip_grad_norm_(weights, 1.0)
            optimizer.step()
            nats, tokens = nats + loss.item() * targets.numel(), tokens + targets.numel()
        perplexity = math.exp(nats / tokens)
    return perplexity


def _consecutive(ids: np.ndarray, rng: np.random.Generator) -> list[tuple[Tensor, Tensor]]:
    """Cut into 32 strips, and these into windows: row i of a batch goes on in the next one."""
    offset = int(rng.integers(_STEPS))
    length = (len(ids) - offset - 1) // _BATCH
    strips = [
        torch.from_numpy(ids[start : start + length * _BATCH]).view(_BATCH, length)
        for start in (offset, offset + 1)
    ]
    whole = length // _STEPS * _STEPS
    return list(zip(*(s[:, :whole].split(_STEPS, 1) for s in strips), strict=True))
