import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnn_course.data import split_text, text_batches
from rnn_course.errors import DataError


@given(st.integers(4, 300), st.integers(1, 20), st.integers(1, 5), st.integers(0, 99))
def test_training_and_validation_windows_share_no_token(n, steps, batch, seed):
    train, valid = split_text(np.arange(n), 0.3)
    rng = np.random.default_rng(seed)
    seen = [
        set(
            torch.cat(
                [t.ravel() for pair in text_batches(part, steps, batch, r) for t in pair]
            ).tolist()
        )
        for part, r in ((train, rng), (valid, None))
        if len(part) > 2 * steps
    ]
    assert len(train) + len(valid) == n
    assert len(seen) < 2 or not seen[0] & seen[1]


@given(st.integers(2, 200), st.integers(1, 20), st.integers(1, 5))
def test_measuring_asks_for_every_token_but_the_first_exactly_once(n, steps, batch):
    if n <= steps:
        return
    batches = text_batches(np.arange(n), steps, batch)
    targets = torch.cat([t.ravel() for _, t in batches])
    assert targets.tolist() == list(range(1, n))
    assert all(torch.equal(x + 1, y) and len(x) <= batch for x, y in batches)


def test_training_windows_begin_at_every_place_and_are_shuffled():
    rng = np.random.default_rng(0)
    epochs = [text_batches(np.arange(101), 10, 4, rng) for _ in range(60)]
    firsts = [torch.cat([x[:, 0] for x, _ in batches]) for batches in epochs]
    assert {int(f.min()) for f in firsts} == set(range(10))
    assert any(not torch.equal(f, f.sort().values) for f in firsts)
    assert all(len(set(f.tolist())) == len(f) for f in firsts)
    assert all(bool((f % 10 == f[0] % 10).all()) for f in firsts)


def test_unusable_sizes_are_refused():
    with pytest.raises(DataError, match=r"at least 11 tokens for a window of 10.*Got 10\."):
        text_batches(np.arange(10), 10, 2)
    with pytest.raises(DataError, match=r"num_steps=0, batch_size=2"):
        text_batches(np.arange(10), 0, 2)
    with pytest.raises(DataError, match=r"3 tokens with valid=0\.01"):
        split_text("abc", 0.01)
