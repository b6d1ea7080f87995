from itertools import combinations

import numpy as np
import pytest
from scipy.stats import chisquare

from rnn_course.data import temporal_order as exported
from rnn_course.data.symbol_sequences import (
    MAX_LENGTH,
    MIN_LENGTH,
    PADDING,
    RANGES,
    SYMBOLS,
    class_names,
    one_hot,
    spell,
    temporal_order,
)
from rnn_course.errors import DataError

N = 20_000
VARIANTS = sorted(RANGES)


@pytest.fixture(scope="module", params=VARIANTS)
def drawn(request):
    return request.param, temporal_order(N, request.param, seed=7, as_ids=True)


def uniform(values, first, last):
    """All values in first…last, and none so rare or frequent that luck cannot explain it."""
    assert values.min() == first
    assert values.max() == last
    assert chisquare(np.bincount(values - first)).pvalue > 1e-6


def relevant(ids):
    """Steps of X and Y (n, symbols), and which of the two (0 or 1)."""
    where = (ids == SYMBOLS.index("X")) | (ids == SYMBOLS.index("Y"))
    steps = np.nonzero(where)[1].reshape(len(ids), -1)
    return steps, np.take_along_axis(ids, steps, 1) - SYMBOLS.index("X")


def test_a_sequence_reads_E_distractors_B_and_then_padding(drawn):
    variant, (ids, lengths, _) = drawn
    assert ids.shape == (N, MAX_LENGTH)
    assert (ids[:, 0] == SYMBOLS.index("E")).all()
    assert (ids[np.arange(N), lengths - 1] == SYMBOLS.index("B")).all()
    steps = np.arange(MAX_LENGTH)
    assert ((ids == PADDING) == (steps >= lengths[:, None])).all()
    inner = (steps > 0) & (steps < lengths[:, None] - 1)
    counts = np.bincount(ids[inner], minlength=9)
    assert counts[[0, 7, 8]].tolist() == [0, 0, 0]
    assert counts[[5, 6]].sum() == N * len(RANGES[variant])


def test_every_step_is_uniform_over_its_range_and_independent_of_the_others(drawn):
    variant, (ids, lengths, labels) = drawn
    steps, _ = relevant(ids)
    for column, (first, last) in zip(steps.T, RANGES[variant], strict=True):
        uniform(column, first, last)
    uniform(lengths, MIN_LENGTH, MAX_LENGTH)
    for a, b in combinations([*steps.T, lengths, labels], 2):
        assert abs(np.corrcoef(a, b)[0, 1]) < 6 / np.sqrt(N)


def test_classes_are_balanced_and_spell_the_order_of_the_symbols(drawn):
    variant, (ids, _, labels) = drawn
    uniform(labels, 0, len(class_names(variant)) - 1)
    words = np.array(list(class_names(variant)))[labels]
    spelled = np.array(["X", "Y"])[relevant(ids)[1]]
    assert ["".join(row) for row in spelled] == words.tolist()


def test_distractors_are_uniform_at_every_step(drawn):
    _, (ids, _, _) = drawn
    for step in range(1, MIN_LENGTH - 1):
        counts = np.bincount(ids[:, step], minlength=9)[1:5]
        assert chisquare(counts).pvalue > 1e-7, step
    following = np.bincount(4 * (ids[:, 1].astype(int) - 1) + ids[:, 2] - 1)
    assert chisquare(following).pvalue > 1e-6


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("n", [0, 1, 2500])
def test_one_hot_vectors_say_what_the_ids_say(variant, n):
    ids = temporal_order(n, variant, seed=3, as_ids=True)
    vectors = temporal_order(n, variant, seed=3)
    assert vectors.inputs.shape == (n, MAX_LENGTH, len(SYMBOLS))
    assert vectors.inputs.dtype == np.float32
    expected = np.concatenate([np.eye(8), np.zeros((1, 8))])[ids.inputs]
    assert np.array_equal(vectors.inputs, expected)
    assert np.array_equal(vectors.lengths, ids.lengths)
    assert np.array_equal(vectors.labels, ids.labels)


def test_the_seed_decides_and_a_generator_goes_on():
    first, again = temporal_order(5, seed=1), temporal_order(5, seed=1)
    assert np.array_equal(first.inputs, again.inputs)
    assert not np.array_equal(first.inputs, temporal_order(5, seed=2).inputs)
    rng = np.random.default_rng(0)
    assert not np.array_equal(
        temporal_order(5, seed=rng).inputs, temporal_order(5, seed=rng).inputs
    )


def test_a_sequence_can_be_spelled():
    ids = np.array([SYMBOLS.index(s) for s in "EaXbB"] + [PADDING] * 2)
    assert spell(ids) == "EaXbB"
    assert one_hot(ids[None])[0].sum(-1).tolist() == [1, 1, 1, 1, 1, 0, 0]
    assert class_names("6a") == ("XX", "XY", "YX", "YY")
    assert class_names()[5] == "YXY"


def test_errors_say_what_to_do():
    with pytest.raises(DataError, match=r"Expected variant 6a or 6b. Got .7.\. Choose one"):
        temporal_order(1, "7")
    with pytest.raises(
        DataError, match=r"a number of sequences, 0 or more\. Got -1\. Pass how many"
    ):
        temporal_order(-1)


def test_the_package_exports_it():
    assert exported is temporal_order
