"""Who hands in code that is more alike than class and scaffold explain. Hints, never marks.

Each submission becomes a set of short pieces of its canonical lines (see `canonical_code`), so that
renamed, reordered and reformatted code has the same pieces. What was handed out is taken away. A
piece that many have says little, one that two have says much: it weighs ``log((n + 1) / df)``, with
``df`` of ``n`` submissions that hold it. Two submissions are as alike as the weight of what they
share is to the weight of the lighter of them.

A pair is listed that shares most of its weight, shares enough for chance to be out of the question,
and stands out of all pairs of the class. What this cannot see: prose, numbers alone, one answer
copied among many of one's own, and code that was written anew after reading another's.

References:
    S. Schleimer, D. S. Wilkerson, A. Aiken: Winnowing: Local Algorithms for Document
    Fingerprinting. SIGMOD 2003. K. Spärck Jones: A Statistical Interpretation of Term Specificity
    and its Application in Retrieval. J. Documentation 28, 1972.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from rnn_course.grading.reporting.canonical_code import canonical

Code = Mapping[str, str]
"""A submission's code: source by where it stands, a question's id as a rule."""

_PIECE = 14  # letters; about three names or operators of a canonical line
_LONGEST = 200_000  # letters of a submission that are looked at
_ALIKE = 0.75
"""Share of the lighter submission. Whole submissions of independent right answers to our four
courseworks: 0.1 as a rule, 0.57 at most; renamed, reordered, reformatted ones: above 0.9."""
_ALIKE_ALONE = 0.9
"""The same where a class is too small to say what is usual. Of 3805 pairs of right answers to one
question, taken as classes of two (2026-11-30), 3 are listed: texts that were made of each other."""
_ENOUGH = 100
"""Pieces that have to be shared and that few others have: some ten lines of one's own."""
_NOTHING = ""  # the one piece of a submission with nothing of its own
_OUTSIDE = 6.0
"""Robust standard deviations over the class's median pair, where there are enough pairs."""
_PAIRS = 10
_SAME = 0.98  # nothing is more alike, however alike the class is
_LINE = 0.6  # share of a line's weight from which on it is shown as shared
_SHOWN = 3  # questions of a pair
_SIDE_BY_SIDE = 20  # pairs, or the page grows without end


@dataclass(frozen=True)
class Text:
    """A cell with what it shares.

    Attributes:
        lines: each with whether it is shared.
    """

    lines: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Pair:
    """Two submissions that are alike.

    Attributes:
        share: of the lighter one's weight, from 0 to 1.
        typical: the same of the class's median pair.
        texts: where, and both texts, where most is shared first; of the first twenty pairs.
    """

    students: tuple[str, str]
    share: float
    typical: float
    texts: tuple[tuple[str, Text, Text], ...]


def similar_pairs(codes: Mapping[str, Code], scaffold: Sequence[str]) -> list[Pair]:
    """Return the pairs of a class that a person should look at, the most alike first.

    Args:
        codes: each student's code.
        scaffold: the cells that were handed out.
    """
    students = [student for student, code in codes.items() if any(code.values())]
    if len(students) < 2:
        return []
    given = set(itertools.chain.from_iterable(map(_pieces, scaffold)))
    weights = _Weights([[*codes[student].values()] for student in students], given)
    shares = weights.shares
    places = list(zip(*np.triu_indices(len(students), 1), strict=True))
    every = np.array([shares[i, j] for i, j in places])
    limit, typical = _limit(every), float(np.median(every))
    alike = [(i, j) for i, j in places if shares[i, j] >= limit and weights.rare[i, j] >= _ENOUGH]
    found: list[Pair] = []
    for i, j in sorted(alike, key=lambda place: -shares[place]):
        one, other = students[i], students[j]
        shown = _texts(codes[one], codes[other], weights) if len(found) < _SIDE_BY_SIDE else ()
        found.append(Pair((one, other), float(shares[i, j]), typical, tuple(shown)))
    return found


def _limit(shares: np.ndarray) -> float:
    """Return how alike a pair has to be, which a class of much the same answers raises."""
    if len(shares) < _PAIRS:
        return _ALIKE_ALONE
    median = float(np.median(shares))
    spread = 1.4826 * float(np.median(np.abs(shares - median)))
    return min(max(_ALIKE, median + _OUTSIDE * spread), _SAME)


def _pieces(source: str) -> Iterator[str]:
    for line in canonical(source[:_LONGEST]):
        yield from _of_line(line.text)


def _of_line(text: str) -> Iterator[str]:
    if len(text) <= _PIECE:
        yield text
    for start in range(len(text) - _PIECE + 1):
        yield text[start : start + _PIECE]


class _Weights:
    """What each piece says in this class, and what each pair shares.

    Args:
        documents: each submission's cells.
        given: pieces that were handed out.

    Attributes:
        shares: of each pair, as a share of the lighter one's weight.
        rare: how many pieces each pair shares that few others have.
    """

    def __init__(self, documents: Sequence[Sequence[str]], given: set[str]) -> None:
        def pieces(cells: Sequence[str]) -> list[str]:
            found = set(itertools.chain.from_iterable(map(_pieces, cells)))
            return sorted(found - given) or [_NOTHING]

        counted = CountVectorizer(analyzer=pieces, binary=True, dtype=np.float64)
        matrix = counted.fit_transform(documents)
        number, held = matrix.shape[0], np.asarray(matrix.sum(axis=0)).ravel()
        names = counted.get_feature_names_out()
        weights = np.log((number + 1) / held) * (names != _NOTHING)
        self._of = dict(zip(names, weights, strict=True))
        weighted = matrix.multiply(weights).tocsr()
        shared = (weighted @ matrix.T).toarray()
        whole = np.diag(shared)
        self.shares = shared / np.maximum(np.minimum.outer(whole, whole), 1e-9)
        few = matrix[:, (held <= max(2, number // 5)) & (names != _NOTHING)]
        self.rare = (few @ few.T).toarray()

    def line(self, text: str) -> dict[str, float]:
        """Return the pieces of a line that say something, with what they weigh."""
        return {piece: self._of[piece] for piece in _of_line(text) if self._of.get(piece)}


def _texts(one: Code, other: Code, weights: _Weights) -> Iterator[tuple[str, Text, Text]]:
    """Yield the places where most is shared, both texts with what of them the other has."""
    ours, theirs = (_all_pieces(code.values(), weights) for code in (one, other))
    both = {place: _common(one[place], other[place], weights) for place in one if place in other}
    for place in sorted(filter(both.get, both), key=lambda place: -both[place])[:_SHOWN]:
        yield place, _marked(one[place], theirs, weights), _marked(other[place], ours, weights)


def _common(one: str, other: str, weights: _Weights) -> float:
    here, there = (_all_pieces([source], weights) for source in (one, other))
    return sum(here[piece] for piece in here.keys() & there.keys())


def _all_pieces(sources: Iterable[str], weights: _Weights) -> dict[str, float]:
    found: dict[str, float] = {}
    for source in sources:
        for line in canonical(source[:_LONGEST]):
            found |= weights.line(line.text)
    return found


def _marked(source: str, others: Mapping[str, float], weights: _Weights) -> Text:
    lines = source.splitlines()
    shared = [False] * len(lines)
    for line in canonical(source[:_LONGEST]):
        said = weights.line(line.text)
        common = sum(weight for piece, weight in said.items() if piece in others)
        if said and common >= _LINE * sum(said.values()):
            for number in range(line.first - 1, line.last):
                shared[number] = bool(lines[number].strip())
    return Text(tuple(zip(lines, shared, strict=True)))
