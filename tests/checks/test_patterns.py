"""A wrong array is described by its relation to the right one, in words and numbers."""

import numpy as np
import pytest

from rnn_course.checks.generic import Finding
from rnn_course.checks.mistakes import WRONG_SHAPE
from rnn_course.checks.patterns import explained, related

RIGHT = np.random.default_rng(0).normal(size=(4, 4))
_MIXED = RIGHT.copy()
_MIXED[2:] += 1


@pytest.mark.parametrize(
    ("found", "id", "text"),
    [
        (0 * RIGHT, "result_all_zero", "0"),
        (RIGHT.astype("float32"), "single_precision", "seven digits"),
        (-RIGHT, "sign_reversed", "-1 times"),
        (3 * RIGHT, "one_factor_off", "It is 3 times the right one"),
        (RIGHT - 0.5, "one_amount_off", "0.5 too small"),
        (RIGHT.T, "result_transposed", "transposed"),
        (RIGHT[::-1], "numbers_in_other_places", "other places"),
        (_MIXED, "some_rows_wrong", "rows 0, 1 are right, rows 2, 3 are wrong"),
        (np.repeat(RIGHT[:1] + 1, 4, 0), "rows_all_alike", "same"),
        (RIGHT.clip(-0.5, 0.5), "numbers_cut_off", "[-0.5, 0.5]"),
        (RIGHT.round(2), "numbers_rounded", "2 digits"),
        (np.tanh(RIGHT), "function_on_top", "grows"),
    ],
)
def test_a_relation_is_named_in_words_and_numbers(found, id, text):
    message, misconception = related(found, RIGHT)
    assert misconception.id == id
    assert text in message


@pytest.mark.parametrize(
    "found",
    [np.random.default_rng(1).normal(size=(4, 4)), np.full((4, 4), np.nan), "text", np.ones(3)],
    ids=["unrelated", "nan", "text", "other size"],
)
def test_what_is_not_related_is_not_named(found):
    assert related(found, RIGHT) is None


def test_a_transposed_rectangle_is_seen():
    assert related(np.ones((2, 3)) * [1, 2, 3], (np.ones((2, 3)) * [1, 2, 3]).T)


def test_a_finding_with_a_name_keeps_it():
    finding = Finding("so", WRONG_SHAPE)
    assert explained(finding, -RIGHT, RIGHT) is finding
    assert explained(Finding("so"), -RIGHT, RIGHT).message.startswith("so It is -1 times")
