import pytest

from rnn_course.data import Vocabulary
from rnn_course.errors import DataError


def test_frequent_tokens_come_first_and_ties_in_alphabetical_order():
    words = ["b", "a", "c", "a", "b", "d", "a"]
    assert Vocabulary(words).tokens == ("<unk>", "a", "b", "c", "d")
    assert Vocabulary(reversed(words)).tokens == Vocabulary(words).tokens


def test_rare_and_new_tokens_are_unknown():
    vocab = Vocabulary(["a", "a", "b", "<unk>", "<unk>"], min_freq=2)
    assert vocab.tokens == ("<unk>", "a")
    assert vocab.encode(["a", "b", "zebra", "<unk>"]).tolist() == [1, 0, 0, 0]


def test_characters_are_the_same_whatever_the_text():
    vocab = Vocabulary.characters()
    assert len(vocab) == 28
    assert "".join(vocab.decode(vocab.encode("a zebra"))) == "a zebra"
    assert vocab.encode(" a").tolist() == [1, 2]


@pytest.mark.parametrize("number", [-1, 28])
def test_a_number_of_another_vocabulary_is_refused(number):
    with pytest.raises(DataError, match=rf"numbers from 0 to 27\. Got {number}\. Decode with"):
        Vocabulary.characters().decode([1, number])
