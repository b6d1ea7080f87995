"""Judges how a text is cut into tokens, numbered, and what a token costs in bits a character."""

import math
from collections import Counter
from typing import Any

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, explain_error, shown, unsound, usable
from rnn_course.checks.mistakes import PRINTS, RETURNS_NOTHING, WRONG_TYPE
from rnn_course.checks.requests import Call, Outcome, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Tensor, plain
from rnn_course.courseworks.cw4_lstm_applications import words_mistakes as m
from rnn_course.seeding import numpy_generator

FUNCTIONS = {
    "tokenize": ("text", "unit"),
    "build_vocabulary": ("tokens", "min_freq"),
    "encode": ("tokens", "vocabulary"),
    "bits_per_character": ("perplexity", "n_tokens", "n_characters"),
}
_CRITERIA = dict(zip(FUNCTIONS, ("tokens", "vocabulary", "numbers", "bits"), strict=True))
_UNKNOWN = "<unk>"


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on the four functions, each by itself."""
    rng = numpy_generator(seed, "word_tokens")
    for judge_one, name in (
        (_judge_tokens, "tokenize"),
        (_judge_vocabulary, "build_vocabulary"),
        (_judge_numbers, "encode"),
        (_judge_bits, "bits_per_character"),
    ):
        only = _Only(marking, _CRITERIA[name])
        if usable(subject, only, name, FUNCTIONS[name], "function"):
            judge_one(subject, rng, marking)


class _Only(Marking):
    """Passes a failure on to one criterion: the other functions may be right."""

    def __init__(self, marking: Marking, criterion: str) -> None:
        self._whole, self._criterion = marking, criterion
        self.notes, self.incidents = marking.notes, marking.incidents

    def fail_rest(self, message: str, misconception: Any = None) -> None:
        """Fail the one criterion."""
        self._whole.failed(self._criterion, message, misconception)


def _asked(subject: Subject, name: str, *args: Any) -> Outcome:
    return subject.ask(Program((Call(name, args),)))[-1]


def _listed(outcome: Outcome, what: str) -> tuple[list, Finding | None]:
    """Return a result as a list, or what keeps it from being one."""
    if outcome.error:
        return [], explain_error(outcome.error)
    value = outcome.value
    if value is None:
        mistake = PRINTS if outcome.printed.strip() else RETURNS_NOTHING
        return [], Finding(f"{what} returned None.", mistake)
    if isinstance(value, (Tensor, np.ndarray)) and np.ndim(plain(value)) == 1:
        return plain(value).tolist(), None
    if not isinstance(value, (list, tuple)):
        return [], Finding(f"{what} returned {shown(value)}.", WRONG_TYPE)
    return [plain(part) for part in value], None


def _words(rng: np.random.Generator, count: int) -> list[str]:
    """Draw words of small letters that all differ."""
    letters = list("abcdefghijklmnopqrstuvwxyz")
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        drawn["".join(rng.choice(letters, rng.integers(1, 6) if drawn else 1))] = None
    return list(drawn)


def _judge_tokens(subject: Subject, rng: np.random.Generator, marking: Marking) -> None:
    words = _words(rng, 5)
    words = [*words, words[1], words[0], words[1]]
    text = " ".join(words)
    rights = {"char": list(text), "word": words}
    results = {unit: _asked(subject, "tokenize", text, unit) for unit in rights}
    for unit, outcome in results.items():
        came, wrong = _listed(outcome, f'tokenize(text, "{unit}")')
        if wrong:
            marking.failed("tokens", *wrong)
        elif came != rights[unit]:
            said = f'tokenize({text[:12]!r}…, "{unit}") begins with {came[:6]!r}'
            said += f"; {rights[unit][:6]!r} is right."
            other = rights["word" if unit == "char" else "char"]
            marking.failed("tokens", said, _token_mistake(came, rights[unit], other))
    # A line break and a run of spaces are what a cleaned text never holds: either cut is right.
    spaced = _listed(_asked(subject, "tokenize", "  ab  cd ", "word"), "")[0]
    if [token for token in spaced if not str(token).strip()]:
        said = f'tokenize("  ab  cd ", "word") is {spaced!r}.'
        marking.failed("tokens", said, m.SPACES_KEPT)
    odd = _asked(subject, "tokenize", text, "sentence")
    if not odd.error or odd.error.type != "ValueError":
        came = f"raised {odd.error.type}" if odd.error else f"returned {shown(odd.value)}"
        marking.failed("tokens", f'unit="sentence" {came}; ValueError is right.', m.UNIT_ACCEPTED)
    marking.passed("tokens", "Characters and words are as they stand in the text.")


def _token_mistake(came: list, right: list, other: list) -> Any:
    if came == other:
        return m.UNIT_IGNORED
    if [t for t in came if str(t).strip()] == right:
        return m.SPACES_KEPT
    if came == [t for t in right if t != " "]:
        return m.SPACES_LOST
    texts = all(isinstance(t, str) for t in came)
    rest = iter(right)
    in_order = texts and all(token in rest for token in came)
    once = len(came) == len(set(map(str, came)))
    if texts and set(came) - {_UNKNOWN} == set(right) and (once or not in_order):
        return m.TOKENS_DEDUPED
    if in_order and len(came) < len(right):
        return m.TOKENS_LOST
    return m.TOKENS_CHANGED


def _judge_vocabulary(subject: Subject, rng: np.random.Generator, marking: Marking) -> None:
    words = _words(rng, 60)
    counts = (7, 5, 3, 3, 3, 2, 2, *[1] * 53)
    tokens = [w for w, n in zip(words, counts, strict=True) for _ in range(n)]
    tokens = [str(w) for w in rng.permutation(tokens)]
    for min_freq in (1, 2, 3):
        came, wrong = _listed(
            _asked(subject, "build_vocabulary", list(tokens), min_freq), "build_vocabulary"
        )
        if wrong:
            marking.failed("vocabulary", *wrong)
            return
        right = _vocabulary(tokens, min_freq)
        if came != right:
            said = f"With min_freq={min_freq} it begins with {came[:5]!r} and has {len(came)}"
            said += f" tokens; {right[:5]!r} and {len(right)} are right."
            marking.failed("vocabulary", said, _vocabulary_mistake(came, tokens, min_freq))
            return
    default, _ = _listed(_asked(subject, "build_vocabulary", list(tokens)), "build_vocabulary")
    if default != _vocabulary(tokens, 1):
        said = "Without min_freq some tokens are missing, or it fails; the default is 1."
        marking.failed("vocabulary", said, m.OTHER_DEFAULT)
    marking.passed("vocabulary", "<unk> first, then by frequency, ties in alphabetical order.")


def _vocabulary(tokens: list[str], min_freq: int) -> list[str]:
    counts = Counter(tokens)
    kept = [token for token in counts if counts[token] >= min_freq]
    return [_UNKNOWN, *sorted(kept, key=lambda token: (-counts[token], token))]


def _vocabulary_mistake(came: list, tokens: list[str], min_freq: int) -> Any:
    counts = Counter(tokens)
    if not all(isinstance(t, str) for t in came):
        return WRONG_TYPE
    if came[:1] != [_UNKNOWN]:
        return m.NO_UNKNOWN
    kept = came[1:]
    right = _vocabulary(tokens, min_freq)[1:]
    if set(kept) != set(right):
        if set(kept) == set(_vocabulary(tokens, min_freq + 1)[1:]):
            return m.MIN_FREQ_OFF
        if set(right) < set(kept):
            return m.RARE_KEPT if min_freq > 1 else m.NOT_THE_TOKENS
        return m.TOKENS_MISSING if set(kept) < set(right) else m.NOT_THE_TOKENS
    if len(kept) != len(set(kept)):
        return m.TOKENS_DEDUPED
    frequencies = [counts[t] for t in kept]
    in_order = frequencies == sorted(frequencies, reverse=True)
    return m.TIES_OPEN if in_order else m.NOT_BY_FREQUENCY


def _judge_numbers(subject: Subject, rng: np.random.Generator, marking: Marking) -> None:
    known, new = np.split(np.array(_words(rng, 9)), [6])
    vocabulary = [_UNKNOWN, *map(str, known)]
    tokens = [str(t) for t in rng.permutation([*known, *new, *known[:3]])]
    right = [vocabulary.index(t) if t in vocabulary else 0 for t in tokens]
    outcome = _asked(subject, "encode", tokens, vocabulary)
    if outcome.error and outcome.error.type in ("KeyError", "ValueError"):
        said = f"encode raised {outcome.error}."
        marking.failed("numbers", said, m.UNKNOWN_RAISES)
        return
    came, wrong = _listed(outcome, "encode")
    if wrong:
        marking.failed("numbers", *wrong)
    elif came == right:
        marking.passed("numbers", "Each token is its place in the vocabulary, a new one is 0.")
    else:
        said = f"{tokens[:5]!r} became {came[:5]!r}; {right[:5]!r} is right."
        dropped = came == [number for number in right if number]
        marking.failed("numbers", said, m.UNKNOWN_DROPPED if dropped else m.WRONG_NUMBERS)


def _judge_bits(subject: Subject, rng: np.random.Generator, marking: Marking) -> None:
    for _ in range(3):
        perplexity = float(rng.uniform(5, 400))
        tokens, characters = int(rng.integers(50, 90)), int(rng.integers(300, 500))
        outcome = _asked(subject, "bits_per_character", perplexity, tokens, characters)
        wrong = unsound(outcome, (), "bits_per_character")
        if wrong:
            marking.failed("bits", *wrong)
            return
        came = float(plain(outcome.value))
        right = tokens * math.log2(perplexity) / characters
        if not math.isclose(came, right, rel_tol=1e-6):
            said = f"bits_per_character({perplexity:.4g}, {tokens}, {characters}) is {came:.6g}"
            said += f"; {right:.6g} is right."
            marking.failed("bits", said, _bits_mistake(came, perplexity, tokens, characters))
            return
    marking.passed("bits", "n_tokens · log2 P bits, spread over all characters.")


def _bits_mistake(came: float, p: float, tokens: int, characters: int) -> Any:
    known = (
        (tokens * math.log(p) / characters, m.NATS_NOT_BITS),
        (tokens * math.log10(p) / characters, m.DIGITS_NOT_BITS),
        (math.log2(p), m.PER_TOKEN),
        (math.log(p), m.PER_TOKEN),
        (tokens * math.log2(p), m.WHOLE_TEXT),
        (tokens * math.log(p), m.WHOLE_TEXT),
        (characters * math.log2(p) / tokens, m.RATIO_INVERTED),
        (math.log2(p) / tokens, m.TOKENS_NOT_COUNTED),
        (math.log2(p) / characters, m.TOKENS_NOT_COUNTED),
        (characters * math.log(p) / tokens, m.RATIO_INVERTED),
        (p * tokens / characters, m.PERPLEXITY_SCALED),
        (p * characters / tokens, m.PERPLEXITY_SCALED),
        (math.log2(p * tokens / characters), m.PERPLEXITY_SCALED),
        (math.log2(p * characters / tokens), m.PERPLEXITY_SCALED),
        (p ** (tokens / characters), m.PERPLEXITY_SCALED),
        (2**p * tokens / characters if p < 300 else math.nan, m.PERPLEXITY_SCALED),
    )
    named = next((m for value, m in known if math.isclose(came, value, rel_tol=1e-6)), None)
    return named or _bits_place(came, p, tokens, characters)


def _bits_place(came: float, p: float, tokens: int, characters: int) -> Any:
    """Find out which of the three numbers enters wrongly."""
    bits = math.log2(p)
    for power in (-2, -1, 0, 2):
        if math.isclose(came, tokens**power * bits / characters, rel_tol=1e-6):
            return m.TOKENS_NOT_COUNTED
        if math.isclose(came, tokens * bits * float(characters) ** power, rel_tol=1e-6):
            return m.WHOLE_TEXT
    return m.BITS_OTHER
