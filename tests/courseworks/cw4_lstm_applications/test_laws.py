"""By which law characters were drawn is told alike at every seed."""

import numpy as np
import pytest

from rnn_course.courseworks.cw4_lstm_applications.stand_ins import fed, law, one_a_call

TOKENS = ("<unk>", *"abcdefgh")
LOGITS = np.append(-40.0, np.linspace(-6, 6, 8))
DRAWS = 320


def written(scores, seed):
    weights = np.exp(scores - scores.max())
    rng = np.random.default_rng(seed)
    return "ab" + "".join(rng.choice(TOKENS, DRAWS, p=weights / weights.sum()))


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    ("scores", "said"),
    [
        (LOGITS / 3, "softmax(logits / temperature)"),
        (LOGITS, "softmax(logits)"),
        (0 * LOGITS, "all alike"),
        (np.append(-40.0, np.zeros(8)), "all alike"),
        (LOGITS / 6, "wilder than asked for"),
        (np.append(-40.0, -LOGITS[1:] / 3), "the unlikely more often"),
    ],
)
def test_a_law_is_told_by_its_draws(scores, said, seed):
    assert law(written(scores, seed), "ab", TOKENS, LOGITS, 3.0, DRAWS) == said


def test_what_is_no_text_of_characters_is_said():
    assert law("abh" + "h" * DRAWS, "ab", TOKENS, LOGITS, 3.0, DRAWS) == "always the likeliest"
    assert law("ab12", "ab", TOKENS, LOGITS, 3.0, DRAWS) == "numbers in place of characters"
    assert law("abh", "ab", TOKENS, LOGITS, 3.0, DRAWS) == "too few characters"


def test_the_last_character_may_be_read_or_not_and_every_other_must():
    read = {"read": [1, 2, 3], "lengths": [2, 1]}
    assert fed("abc", "ab", read, TOKENS) == fed("abcd", "ab", read, TOKENS) == "what was written"
    assert fed("abdd", "ab", read, TOKENS) == "something else"
    assert one_a_call(read, "ab", 2)
    assert not one_a_call({"lengths": [2, 3, 4]}, "ab", 3)
