"""What goes wrong in cutting up a text, in numbering its tokens, and in reckoning its bits."""

from functools import partial

from rnn_course.checks.mistakes import mistake as _mistake
from rnn_course.courseworks.cw4_lstm_applications.headings import WORDS

mistake = partial(_mistake, read=WORDS)

UNIT_IGNORED = mistake(
    "unit_ignored",
    "Both units give the same tokens.",
    '"char" cuts a text into characters, "word" into words.',
)
UNIT_ACCEPTED = mistake(
    "unknown_unit_accepted",
    "A unit that does not exist is taken without complaint.",
    "A spelling mistake should be found at once: raise ValueError.",
)
SPACES_LOST = mistake(
    "spaces_lost",
    "The spaces are missing among the characters.",
    "A space is a character like any other: without it words cannot be told apart.",
)
SPACES_KEPT = mistake(
    "spaces_in_words",
    "There are spaces or empty texts among the words.",
    "str.split() without an argument takes any run of white space as one border.",
)
TOKENS_DEDUPED = mistake(
    "tokens_deduplicated",
    "Tokens that occur twice are there once, or in another order.",
    "A text is a sequence: tokens stay as they stand in it.",
)
NO_UNKNOWN = mistake(
    "no_unknown_token",
    '"<unk>" is not number 0 of the vocabulary.',
    "Rare and new words need a number, or the text cannot be encoded.",
)
RARE_KEPT = mistake(
    "rare_tokens_kept",
    "min_freq makes no difference.",
    "A word seen once cannot be learned, and costs a row in both the first and the last layer.",
)
MIN_FREQ_OFF = mistake(
    "min_freq_off_by_one",
    "Tokens that occur exactly min_freq times are left out.",
    "min_freq is the least count that is kept.",
)
NOT_BY_FREQUENCY = mistake(
    "not_by_frequency",
    "The vocabulary is not in the order of frequency.",
    "Most frequent first, ties in alphabetical order: then the numbers mean the same to everyone.",
)
TIES_OPEN = mistake(
    "ties_not_alphabetical",
    "Tokens that are equally frequent do not stand in alphabetical order.",
    "Sort by (-count, token), or the numbers depend on the order of the text.",
)
UNKNOWN_RAISES = mistake(
    "unknown_raises",
    "A token that is not in the vocabulary cannot be encoded.",
    "It gets number 0, the number of <unk>.",
)
UNKNOWN_DROPPED = mistake(
    "unknown_dropped",
    "Tokens that are not in the vocabulary are left out.",
    "They get number 0; leaving them out would join words that did not stand together.",
)
WRONG_NUMBERS = mistake(
    "wrong_numbers",
    "Tokens are encoded with other numbers than their places in the vocabulary.",
    "The number of a token is its index, <unk> is 0.",
)
TOKENS_LOST = mistake(
    "tokens_lost",
    "Some tokens of the text are missing.",
    "Every character, and every word however short, is a token; nothing is sorted out here.",
)
TOKENS_CHANGED = mistake(
    "tokens_changed",
    "The tokens are not pieces of the text as it stands.",
    "Cut the text and leave the pieces as they are: no other case, no signs taken off.",
)
TOKENS_MISSING = mistake(
    "vocabulary_too_small",
    "The vocabulary lacks tokens that are frequent enough.",
    "Every token that occurs min_freq times or more belongs to it, however many these are.",
)
NOT_THE_TOKENS = mistake(
    "vocabulary_of_other_tokens",
    "The vocabulary holds entries that are no tokens of the text.",
    'After "<unk>" come the tokens themselves, as they stand in the list.',
)
OTHER_DEFAULT = mistake(
    "other_default",
    "Without min_freq the vocabulary is not that of min_freq=1.",
    "A default stands in the first line of the function: min_freq=1.",
)
DIGITS_NOT_BITS = mistake(
    "digits_not_bits",
    "The result is in decimal digits.",
    "A bit is a choice between two: take the logarithm with base 2, not 10.",
)
WHOLE_TEXT = mistake(
    "bits_of_the_whole_text",
    "The number of characters does not enter as it should.",
    "All tokens together cost n_tokens · log2 P bits; divide once by the characters.",
)
TOKENS_NOT_COUNTED = mistake(
    "tokens_not_counted",
    "The number of tokens does not enter as it should.",
    "Each token costs log2 P bits; multiply once by their number.",
)
BITS_OTHER = mistake(
    "other_formula",
    "The number does not come from n_tokens · log2 P / n_characters.",
    "log2 P is the cost of a token in bits; tokens multiply it, characters divide it.",
)
NATS_NOT_BITS = mistake(
    "nats_not_bits",
    "The result is in nats.",
    "A bit is a choice between two: take the logarithm with base 2.",
)
PER_TOKEN = mistake(
    "bits_per_token",
    "The result is per token, not per character.",
    "Both models are charged for the same text: multiply by the tokens, divide by the characters.",
)
RATIO_INVERTED = mistake(
    "ratio_inverted",
    "Tokens and characters are exchanged.",
    "All tokens together cost n_tokens · log2 P bits; spread these over the characters.",
)
PERPLEXITY_SCALED = mistake(
    "perplexity_scaled",
    "The perplexity itself is scaled.",
    "Only logarithms of probabilities add up along a text; perplexities do not.",
)
