"""How a text is cut into tokens, numbered, and what a token costs in bits a character."""

from collections.abc import Iterator, Sequence

import numpy as np

from rnn_course.checks.cases import Case
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.requests import Call

_LETTERS = list("abcdefghijklmnopqrstuvwxyz")


def _words(rng: np.random.Generator, count: int, longest: int = 5) -> list[str]:
    """Draw words of small letters that all differ; the first has one letter."""
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        length = rng.integers(2, longest + 1) if drawn else 1
        drawn["".join(rng.choice(_LETTERS, length))] = None
    return list(drawn)


def _text(group: str, said: str, text: str) -> Case:
    steps = {
        "characters": Call("tokenize", (text, "char")),
        "words": Call("tokenize", (text, "word")),
    }
    return Case(said, steps, group)


def _texts(rng: np.random.Generator) -> Iterator[Case]:
    one, two, three, four = _words(rng, 4)
    yield _text("plain", "words of small letters", f"{two} {one} {three}")
    yield _text("plain", "words that come again", f"{four} {two} {four} {one} {two} {four}")
    signs = f"{two.title()}, don't {three}-4! {four.upper()} 12 (é) Ä. {one}'s «ü»"
    yield _text("signs", "capitals, digits and signs", signs)
    gap = {"words": Call("tokenize", (f"  {two}  {three} ", "word"))}
    yield Case("several spaces", gap, "blanks")
    for unit in ("sentence", "words", ""):
        odd = {"another unit": Call("tokenize", (f"{two} {three}", unit))}
        yield Case(f"unit={unit!r}", odd, "unit")


def _vocabulary(
    rng: np.random.Generator, group: str, said: str, counts: Sequence[int], *least: int
) -> Case:
    """Ask for the vocabulary of tokens that occur so many times, in any order."""
    words = _words(rng, len(counts))
    tokens = [word for word, count in zip(words, counts, strict=True) for _ in range(count)]
    tokens = [str(token) for token in rng.permutation(tokens)]
    return Case(said, {"vocabulary": Call("build_vocabulary", (tokens, *least))}, group)


def _vocabularies(rng: np.random.Generator) -> Iterator[Case]:
    yield _vocabulary(rng, "counts", "tokens of different counts", (4, 2, 1), 1)
    yield _vocabulary(rng, "counts", "more tokens of different counts", (2, 5, 1, 3), 1)
    yield _vocabulary(rng, "ties", "equal counts", (1, 1, 1, 1, 1), 1)
    yield _vocabulary(rng, "ties", "some equal counts", (1, 3, 2, 2, 1, 3, 1), 1)
    yield _vocabulary(rng, "rare", "min_freq=2", (1, 3, 2, 2, 1), 2)
    yield _vocabulary(rng, "rare", "min_freq=3", (4, 3, 3, 2, 1, 5, 2), 3)
    yield _vocabulary(rng, "default", "without min_freq", (2, 1, 3, 1), *())
    many = (7, 5, 3, 3, *[2] * 10, *[1] * 40)
    yield _vocabulary(rng, "many", "many tokens", many, 1)


def _numbers(rng: np.random.Generator) -> Iterator[Case]:
    for known, new in ((4, 0), (3, 1), (5, 3)):
        words = _words(rng, known + new)
        vocabulary = ["<unk>", *words[:known]]
        tokens = [str(token) for token in rng.permutation([*words, *words[:2]])]
        said = f"words of which {new} are new" if new else "words of the vocabulary"
        step = {"numbers": Call("encode", (tokens, vocabulary))}
        yield Case(said, step, "new" if new else "known")


def _bits(rng: np.random.Generator) -> Iterator[Case]:
    for _ in range(2):
        perplexity = round(float(rng.uniform(5, 400)), 2)
        counts = (int(rng.integers(50, 90)), int(rng.integers(300, 500)))
        step = {"bits": Call("bits_per_character", (perplexity, *counts))}
        yield Case("a perplexity by word", step, "bits")
    count = int(rng.integers(20, 90))
    step = {"bits": Call("bits_per_character", (round(float(rng.uniform(2, 9)), 2), count, count))}
    yield Case("a perplexity by character", step, "bits")


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Each function by itself: texts, tokens to count, tokens to number, costs."""
    yield from _texts(rng)
    yield from _vocabularies(rng)
    yield from _numbers(rng)
    yield from _bits(rng)


CHARS, WORDS = "return list(text)", "return text.split()"
RAISE = "raise ValueError(f\"unit is 'char' or 'word', not {unit!r}\")"
KEPT = "if count >= min_freq]"
ORDER = "sorted(kept, key=lambda token: (-counts[token], token))"
VOCABULARY = f'return ["<unk>", *{ORDER}]'
PLACES = "enumerate(vocabulary)}"
NUMBERS = "return [numbers.get(token, 0) for token in tokens]"
BITS = "return n_tokens * math.log2(perplexity) / n_characters"


def _instead(old: str, *others: str) -> tuple:
    return tuple((old, other) for other in others)


def _bits_of(*others: str) -> tuple:
    return _instead(BITS, *(f"return {other}" for other in others))


MISTAKES = (
    # tokenize
    Mistake(
        "unit_ignored",
        "Both units give the same tokens.",
        '"char" cuts a text into characters, "word" into words.',
        ((CHARS, "return text.split()"), (WORDS, "return list(text)"),
         ((WORDS, "return [*text]"), (CHARS, "return text.split()"))),
    ),
    Mistake(
        "unknown_unit_accepted",
        "A unit that does not exist is taken without complaint.",
        "A spelling mistake should be found at once: raise ValueError.",
        _instead(RAISE, "return None", "return []", "return text.split()", "return list(text)",
                 "return [text]", "return text", 'return ""'),
    ),
    Mistake(
        "other_exception",
        "A unit that does not exist raises another exception than ValueError.",
        "Callers catch the kind of exception that was agreed on: raise ValueError.",
        _instead(RAISE, *(f"raise {error}(unit)" for error in
                          ("KeyError", "TypeError", "Exception", "NameError",
                           "NotImplementedError", "AssertionError", "RuntimeError",
                           "UnboundLocalError"))),
    ),
    Mistake(
        "spaces_lost",
        "The spaces are missing among the characters.",
        "A space is a character like any other: without it words cannot be told apart.",
        _instead(CHARS, 'return list(text.replace(" ", ""))'),
    ),
    Mistake(
        "spaces_in_words",
        "There are spaces or empty texts among the words.",
        "str.split() without an argument takes any run of white space as one border.",
        (*_instead(WORDS, 'return text.split(" ")',
                   r'return __import__("re").split(r"(\s+)", text)',
                   'return __import__("re").split(r"( )", text)'),),
    ),
    Mistake(
        "spaces_in_words",
        "There are spaces or empty texts among the words.",
        "str.split() without an argument takes any run of white space as one border.",
        where=("blanks",),
        spares=("plain", "signs"),
    ),
    Mistake(
        "tokens_deduplicated",
        "Tokens that occur twice are there once, or in another order.",
        "A text is a sequence: tokens stay as they stand in it.",
        (*_instead(WORDS, "return sorted(set(text.split()))",
                   "return list(dict.fromkeys(text.split()))", "return sorted(text.split())"),
         *_instead(CHARS, "return sorted(set(text))", "return list(dict.fromkeys(text))",
                   "return sorted(text)"),
         ((CHARS, "return sorted(set(text))"), (WORDS, "return sorted(set(text.split()))"))),
    ),
    Mistake(
        "tokens_lost",
        "Some tokens of the text are missing.",
        "Every character, and every word however short, is a token; nothing is sorted out here.",
        (*_instead(WORDS, "return [w for w in text.split() if len(w) > 1]",
                   "return [w for w in text.split() if text.split().count(w) < 3]",
                   "return text.split()[:-1]", "return text.split()[1:]",
                   "return [w for w in text.split() if w.isalpha()]"),
         *_instead(CHARS, "return list(text)[:-1]", "return list(text)[1:]",
                   'return [c for c in text if c.isalnum() or c == " "]',
                   'return [c for c in text if c.isalpha() or c == " "]')),
    ),
    Mistake(
        "tokens_changed",
        "The tokens are not pieces of the text as it stands.",
        "Cut the text and leave the pieces as they are: no other case, no signs taken off.",
        (*_instead(WORDS, "return text.lower().split()", "return text.title().split()",
                   "return text.upper().split()",
                   r'return __import__("re").findall(r"\w+", text)',
                   r'return __import__("re").findall(r"[a-z]+", text)',
                   r'return __import__("re").findall(r"[A-Za-z]+", text)',
                   r'return __import__("re").findall(r"\w+", text.lower())',
                   r'return __import__("re").findall(r"\w+|[^\w\s]", text)'),
         *_instead(CHARS, "return list(text.lower())"),
         ((CHARS, "return list(text.lower())"), (WORDS, "return text.lower().split()"))),
    ),
    Mistake(
        "tokens_changed",
        "The tokens are not pieces of the text as it stands.",
        "Cut the text and leave the pieces as they are: no other case, no signs taken off.",
        where=("signs",),
        spares=("plain",),
    ),
    # build_vocabulary
    Mistake(
        "no_unknown_token",
        '"<unk>" is not number 0 of the vocabulary.',
        "Rare and new words need a number, or the text cannot be encoded.",
        _instead(VOCABULARY, f"return {ORDER}", f'return [*{ORDER}, "<unk>"]'),
    ),
    Mistake(
        "rare_tokens_kept",
        "min_freq makes no difference.",
        "A word seen once cannot be learned, and costs a row in both the first and the last layer.",
        (*_instead(KEPT, "]"),),
    ),
    Mistake(
        "min_freq_off_by_one",
        "Tokens that occur exactly min_freq times are left out.",
        "min_freq is the least count that is kept.",
        (*_instead(KEPT, "if count > min_freq]"),),
    ),
    Mistake(
        "length_for_count",
        "min_freq is compared with something else than how often a token occurs.",
        "A token is kept for its count, not for its length or its place.",
        ((KEPT, "if len(token) >= min_freq]"), (KEPT, "if count <= min_freq]"),
         (KEPT, "if count == min_freq]")),
    ),
    Mistake(
        "length_for_count",
        "min_freq is compared with something else than how often a token occurs.",
        "A token is kept for its count, not for its length or its place.",
        where=("rare",),
        spares=("counts", "ties"),
    ),
    Mistake(
        "not_by_frequency",
        "The vocabulary is not in the order of frequency.",
        "Most frequent first, ties in alphabetical order: then the numbers mean the same to "
        "everyone.",
        (*_instead(ORDER, "sorted(kept)", "kept", "sorted(kept, reverse=True)",
                   "sorted(kept, key=lambda token: (counts[token], token))",
                   "sorted(kept, key=lambda token: counts[token])",
                   "sorted(sorted(set(kept)), key=len)",
                   "sorted(kept, key=lambda token: (-len(token), token))"),),
    ),
    Mistake(
        "ties_not_alphabetical",
        "Tokens that are equally frequent do not stand in alphabetical order.",
        "Sort by (-count, token), or the numbers depend on the order of the text.",
        (*_instead(ORDER, "sorted(kept, key=lambda token: -counts[token])",
                   "sorted(kept, key=lambda token: (counts[token], token), reverse=True)",
                   "sorted(kept, key=lambda token: (-counts[token], len(token), token))"),),
    ),
    Mistake(
        "ties_not_alphabetical",
        "Tokens that are equally frequent do not stand in alphabetical order.",
        "Sort by (-count, token), or the numbers depend on the order of the text.",
        where=("ties",),
        spares=("counts",),
    ),
    Mistake(
        "vocabulary_too_small",
        "The vocabulary lacks tokens that are frequent enough.",
        "Every token that occurs min_freq times or more belongs to it, however many these are.",
        (*_instead(VOCABULARY, *(f'return ["<unk>", *{ORDER}[:{n}]]' for n in (10, 20, 50, -1)),
                   f'return ["<unk>", *{ORDER}[1:]]'),),
    ),
    Mistake(
        "vocabulary_too_small",
        "The vocabulary lacks tokens that are frequent enough.",
        "Every token that occurs min_freq times or more belongs to it, however many these are.",
        where=("many",),
        spares=("counts", "ties", "rare", "default"),
    ),
    Mistake(
        "vocabulary_of_other_tokens",
        "The vocabulary holds entries that are no tokens of the text.",
        'After "<unk>" come the tokens themselves, as they stand in the list.',
        (*_instead(VOCABULARY, f'return ["<unk>", "<unk>", *{ORDER}]',
                   f'return ["<pad>", "<unk>", *{ORDER}]', f'return ["<unk>", "<pad>", *{ORDER}]',
                   f'return ["<unk>", "<pad>", "<bos>", "<eos>", *{ORDER}]',
                   f'return ["<unk>", *{ORDER}, "<pad>"]', f'return ["<unk>", "", *{ORDER}]'),),
    ),
    Mistake(
        "other_default",
        "Without min_freq the vocabulary is not that of min_freq=1.",
        "A default stands in the first line of the function: min_freq=1.",
        _instead("min_freq=1)", *(f"min_freq={n})" for n in (2, 3, 5))),
    ),
    Mistake(
        "other_default",
        "Without min_freq the vocabulary is not that of min_freq=1.",
        "A default stands in the first line of the function: min_freq=1.",
        where=("default",),
        spares=("counts", "ties", "rare"),
    ),
    # encode
    Mistake(
        "unknown_raises",
        "A token that is not in the vocabulary cannot be encoded.",
        "It gets number 0, the number of <unk>.",
        _instead(NUMBERS, "return [numbers[token] for token in tokens]",
                 "return [vocabulary.index(token) for token in tokens]"),
    ),
    Mistake(
        "unknown_dropped",
        "Tokens that are not in the vocabulary are left out.",
        "They get number 0; leaving them out would join words that did not stand together.",
        _instead(NUMBERS, "return [numbers[token] for token in tokens if token in numbers]"),
    ),
    Mistake(
        "wrong_numbers",
        "Tokens are encoded with other numbers than their places in the vocabulary.",
        "The number of a token is its index, <unk> is 0.",
        ((PLACES, "enumerate(vocabulary, 1)}"), (PLACES, "enumerate(sorted(vocabulary))}"),
         (PLACES, "enumerate(vocabulary[1:])}"),
         *_instead(NUMBERS, "return [numbers.get(token, -1) for token in tokens]",
                   "return [numbers.get(token) for token in tokens]",
                   "return [numbers.get(token, len(vocabulary)) for token in tokens]",
                   'return [numbers.get(token, "<unk>") for token in tokens]',
                   "return [numbers.get(token, 1) for token in tokens]")),
    ),
    Mistake(
        "wrong_numbers",
        "Tokens are encoded with other numbers than their places in the vocabulary.",
        "The number of a token is its index, <unk> is 0.",
        where=("known",),
        spares=(),
    ),
    Mistake(
        "wrong_numbers",
        "Tokens are encoded with other numbers than their places in the vocabulary.",
        "The number of a token is its index, <unk> is 0.",
        where=("new",),
        spares=("known",),
    ),
    # bits_per_character
    Mistake(
        "nats_not_bits",
        "The result is in nats.",
        "A bit is a choice between two: take the logarithm with base 2.",
        _bits_of("n_tokens * math.log(perplexity) / n_characters"),
    ),
    Mistake(
        "digits_not_bits",
        "The result is in decimal digits.",
        "A bit is a choice between two: take the logarithm with base 2, not 10.",
        _bits_of("n_tokens * math.log10(perplexity) / n_characters"),
    ),
    Mistake(
        "bits_per_token",
        "The result is per token, not per character.",
        "Both models are charged for the same text: multiply by the tokens, divide by the "
        "characters.",
        _bits_of("math.log2(perplexity)", "math.log(perplexity)"),
    ),
    Mistake(
        "ratio_inverted",
        "Tokens and characters are exchanged.",
        "All tokens together cost n_tokens · log2 P bits; spread these over the characters.",
        _bits_of("n_characters * math.log2(perplexity) / n_tokens",
                 "n_characters * math.log(perplexity) / n_tokens"),
    ),
    Mistake(
        "tokens_not_counted",
        "The number of tokens does not enter as it should.",
        "Each token costs log2 P bits; multiply once by their number.",
        _bits_of("math.log2(perplexity) / n_characters", "math.log2(perplexity) / n_tokens",
                 "math.log2(perplexity) / n_tokens / n_characters",
                 "n_tokens ** 2 * math.log2(perplexity) / n_characters"),
    ),
    Mistake(
        "bits_of_the_whole_text",
        "The number of characters does not enter as it should.",
        "All tokens together cost n_tokens · log2 P bits; divide once by the characters.",
        _bits_of("n_tokens * math.log2(perplexity)", "n_tokens * math.log(perplexity)",
                 "n_tokens * math.log2(perplexity) * n_characters",
                 "n_tokens * math.log2(perplexity) / n_characters ** 2"),
    ),
    Mistake(
        "perplexity_scaled",
        "The perplexity itself is scaled.",
        "Only logarithms of probabilities add up along a text; perplexities do not.",
        _bits_of("n_tokens * perplexity / n_characters", "n_characters * perplexity / n_tokens",
                 "math.log2(perplexity * n_tokens / n_characters)",
                 "math.log2(perplexity * n_characters / n_tokens)",
                 "perplexity ** (n_tokens / n_characters)",
                 "perplexity / n_characters", "2 ** (n_tokens * perplexity / n_characters)",
                 "math.log2(perplexity / n_characters)", "math.log2(n_tokens * perplexity)"),
    ),
    Mistake(
        "other_formula",
        "The number does not come from n_tokens · log2 P / n_characters.",
        "log2 P is the cost of a token in bits; tokens multiply it, characters divide it.",
        where=("bits",),
        spares=(),
    ),
)  # fmt: skip

QUESTION = compare(
    "word_tokens",
    "From characters to words",
    cases=cases,
    signature={
        "tokenize": ("text", "unit"),
        "build_vocabulary": ("tokens", "min_freq"),
        "encode": ("tokens", "vocabulary"),
        "bits_per_character": ("perplexity", "n_tokens", "n_characters"),
    },
    parts=(
        Part(
            "tokens",
            "tokenize cuts a text into characters or words",
            2,
            ("characters", "words", "another unit@raised"),
            groups=("plain", "signs", "blanks", "unit"),
        ),
        Part(
            "vocabulary",
            "build_vocabulary: <unk>, then by frequency",
            3,
            "vocabulary",
            groups=("counts", "ties", "rare", "default", "many"),
        ),
        Part(
            "numbers",
            "encode: places in the vocabulary, 0 for the unknown",
            2,
            ("numbers", "numbers@raised"),
            groups=("known", "new"),
        ),
        Part(
            "bits",
            "bits_per_character makes both comparable",
            3,
            "bits",
            within=1e-6,
            groups=("bits",),
        ),
    ),
    mistakes=MISTAKES,
    read="From characters to words",
)
