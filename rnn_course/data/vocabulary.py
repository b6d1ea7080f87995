"""From tokens to numbers and back. A token is a character or a word."""

from collections import Counter
from collections.abc import Iterable
from string import ascii_lowercase

import numpy as np

from rnn_course.errors import DataError

UNKNOWN = "<unk>"


class Vocabulary:
    """The tokens that are known, each with its number. Number 0 is ``<unk>``: all others.

    Args:
        tokens: a text as tokens; the most frequent gets number 1, ties in alphabetical order.
        min_freq: tokens that occur less often are unknown.

    Attributes:
        tokens: token of each number, ``<unk>`` first.

    >>> vocab = Vocabulary("banana")
    >>> vocab.tokens, vocab.encode("bax").tolist(), vocab.decode([2, 1])
    (('<unk>', 'a', 'n', 'b'), [3, 1, 0], ['n', 'a'])
    """

    def __init__(self, tokens: Iterable[str], min_freq: int = 1) -> None:
        counts = Counter(tokens)
        counts.pop(UNKNOWN, None)
        kept = sorted((-count, token) for token, count in counts.items() if count >= min_freq)
        self._number(token for _, token in kept)

    @classmethod
    def characters(cls) -> "Vocabulary":
        """Return the one vocabulary of cleaned text: unknown, space, a to z; 28 in all.

        Its numbers never change, so that weights learned on one text can be used on another.
        """
        vocab = cls.__new__(cls)
        vocab._number((" ", *ascii_lowercase))
        return vocab

    def _number(self, tokens: Iterable[str]) -> None:
        self.tokens = (UNKNOWN, *tokens)
        self._ids = {token: number for number, token in enumerate(self.tokens)}

    def __len__(self) -> int:
        return len(self.tokens)

    def __repr__(self) -> str:
        return f"Vocabulary of {len(self)} tokens"

    def encode(self, tokens: Iterable[str]) -> np.ndarray:
        """Return the numbers (T,) int64 of tokens; a text is a sequence of characters."""
        return np.array([self._ids.get(token, 0) for token in tokens], dtype=np.int64)

    def decode(self, ids: Iterable[int]) -> list[str]:
        """Return the tokens of numbers.

        Raises:
            DataError: a number that is not of this vocabulary.
        """
        numbers = [int(number) for number in ids]
        wrong = [number for number in numbers if not 0 <= number < len(self)]
        if wrong:
            raise DataError(
                f"numbers from 0 to {len(self) - 1}",
                f"{wrong[0]}",
                "Decode with the vocabulary that the numbers were made with.",
            )
        return [self.tokens[number] for number in numbers]
