"""What goes wrong in measuring a language model, in writing with it, and in cutting up its text."""

from functools import partial

from rnn_course.checks.applications.headings import GENERATE, PERPLEXITY, TRAINED, WORDS
from rnn_course.checks.mistakes import mistake as _mistake

mistake = partial(_mistake, read=PERPLEXITY)

BATCH_MEAN = mistake(
    "mean_over_batches",
    "Every batch counts the same, however many tokens it holds.",
    "The mean is over tokens: add up losses times tokens, and divide by all tokens.",
)
SEQUENCE_MEAN = mistake(
    "mean_over_sequences",
    "Every sequence counts the same, however long it is.",
    "The mean is over tokens: a short sequence has fewer.",
)
MEAN_OF_EXPONENTIALS = mistake(
    "mean_of_exponentials",
    "The mean is taken of exponentials.",
    "First the mean of the losses over all tokens, then one exponential: "
    "the order matters, because the exponential is curved.",
)
NO_EXPONENTIAL = mistake(
    "no_exponential",
    "The mean loss is returned as it is.",
    "Perplexity is its exponential: a number of equally likely choices.",
)
WRONG_BASE = mistake(
    "wrong_base",
    "The base of the power is not that of the logarithm.",
    "cross_entropy is in nats, so the power is of e; 2 goes with bits.",
)
SUM_NOT_MEAN = mistake(
    "sum_instead_of_mean",
    "The loss is summed and not averaged over the tokens.",
    "Then the number grows with the length of the text.",
)
PART_OF_DATA = mistake(
    "part_of_the_data",
    "Only one batch, or a part of the tokens, is measured.",
    "Go through all batches, and count every step of every sequence.",
)
SOFTMAX_TWICE = mistake(
    "softmax_before_loss",
    "The logits go through a softmax before the cross-entropy.",
    "cross_entropy has its own softmax; with two, all predictions look alike.",
)
STATE_CARRIED = mistake(
    "state_carried_over",
    "The state of one batch is carried into the next.",
    "The windows of a batch do not go on in the next one: each batch starts without a state.",
)
TRAINING_MODE = mistake(
    "training_mode",
    "The model is used in training mode.",
    "Dropout and the like would be on: call model.eval() first.",
)
MODE_NOT_RESTORED = mistake(
    "mode_not_restored",
    "The model is left in another mode than it came in.",
    "A training loop that measures in between would go on in evaluation mode.",
)
WITH_GRADIENTS = mistake(
    "with_gradients",
    "The model is used with gradients on.",
    "Nothing is learned here: torch.no_grad() saves time and memory.",
)
NOT_A_FLOAT = mistake(
    "not_a_float",
    "The result is no Python float.",
    "A tensor may drag a graph along and cannot be written to a file; use .item() or float().",
)
NOT_ITERATED_ONCE = mistake(
    "not_iterated_once",
    "Batches that can be gone through only once are not enough.",
    "A generator has no length and no second round; do all in one loop.",
)
INVERTED = mistake(
    "perplexity_inverted",
    "The result is one over the perplexity.",
    "The loss is minus the mean of ln p; without the minus the power is turned over.",
)
ROUNDED = mistake(
    "rounded_result",
    "The perplexity is rounded.",
    "Round where you print. Others go on computing with this number.",
)
OTHER_TARGETS = mistake(
    "other_targets",
    "The predictions are compared with other tokens than those that follow.",
    "targets is shifted already: logits[b, t] predicts targets[b, t].",
)
PAIRS_MIXED = mistake(
    "predictions_and_targets_mixed",
    "For one sequence it is right, for several in a batch it is not.",
    "Logits and targets must be flattened in the same order, or they meet at other places.",
)
TOKEN_WRONG = mistake(
    "token_loss_wrong",
    "Already for a text of one token it is not 1 / p.",
    "The loss of a token is −ln of the probability that the softmax gives to its target.",
)
TOKENS_UNEQUAL = mistake(
    "tokens_not_alike",
    "For a text of one token it is right, for a sequence of several it is not.",
    "Every token counts once, whichever it is and wherever it stands.",
)
BATCHES_UNEQUAL = mistake(
    "batches_weighted_wrongly",
    "Each batch alone gives the right number, several together do not.",
    "Add up the losses of all tokens of all batches, and divide once by the number of tokens.",
)
INVERSE_PROBABILITY = mistake(
    "other_mean",
    "The mean is of probabilities, not of their logarithms.",
    "Perplexity is the geometric mean of 1/p: the mean is taken of log p.",
)

# generate_text

_writing = partial(_mistake, read=GENERATE)

PREFIX_LOST = _writing(
    "prefix_not_returned",
    "The result does not begin with the prefix.",
    "Return the prefix followed by what was written.",
)
WRONG_COUNT = _writing(
    "wrong_count",
    "The number of new characters is not n.",
    "n counts new characters only; the prefix comes on top.",
)
NOT_TEXT = _writing(
    "not_text",
    "The result is not a str.",
    "Join the tokens that vocab.decode returns.",
)
NOT_WARMED = _writing(
    "not_warmed_up",
    "The model has not read the whole prefix.",
    "Feed the whole prefix before the first prediction, so that the state knows it.",
)
FED_TWICE = _writing(
    "last_character_twice",
    "The last character of the prefix is fed twice.",
    "After the whole prefix the logits of its last step already predict the next character.",
)
STATE_DROPPED = _writing(
    "state_dropped",
    "The state is not carried from step to step.",
    "Each call must get the state that the last one returned, or the model forgets the text.",
)
WRONG_STEP = _writing(
    "wrong_step_read",
    "The next character is chosen from the logits of another step.",
    "The last step of the prefix predicts what follows it: logits[:, -1].",
)
WHOLE_TEXT_AGAIN = _writing(
    "whole_text_again",
    "The whole text is fed again for each new character.",
    "The state already holds it: one new character a call, or the work grows with n squared.",
)
NOT_FED_BACK = _writing(
    "not_fed_back",
    "What was written is not fed back.",
    "The next input is the character that was just chosen.",
)
NOT_GREEDY = _writing(
    "not_greedy_at_zero",
    "At temperature 0 the most likely character is not always taken.",
    "Division by zero must be avoided: take the argmax instead.",
)
NOT_DECODED = _writing(
    "numbers_not_decoded",
    "Numbers of characters were written in place of the characters.",
    "vocab.decode(numbers) gives the characters; join those.",
)
FIRST_WRONG = _writing(
    "first_character_wrong",
    "Already the first new character is not the one the model predicts.",
    "It comes from the logits at the last step of the prefix, when all of it has been read once "
    "and in order.",
)
LATER_WRONG = _writing(
    "later_characters_wrong",
    "The first new character is right, and further on the text is another.",
    "Each call gets the character just chosen and the state of the call before; its logits "
    "choose the next one.",
)
UNLIKELY = _writing(
    "unlikely_preferred",
    "Unlikely characters are drawn more often than likely ones.",
    "Somewhere a sign is wrong: the larger its logit, the likelier a character.",
)
ALWAYS_GREEDY = _writing(
    "always_greedy",
    "The most likely character is taken at every temperature.",
    "Above 0 the character is drawn from the softmax of logits / temperature.",
)
TEMPERATURE_IGNORED = _writing(
    "temperature_ignored",
    "The temperature makes no difference.",
    "Divide the logits by it, before the softmax: dividing probabilities by a number "
    "changes nothing once they are normalised.",
)
TEMPERATURE_INVERTED = _writing(
    "temperature_inverted",
    "A high temperature makes the text surer instead of wilder.",
    "Divide the logits by the temperature; do not multiply.",
)
DRAWS_UNIFORMLY = _writing(
    "draws_uniformly",
    "Characters are drawn without regard to their probability.",
    "Draw from the softmax of logits / temperature, e.g. with torch.multinomial.",
)
WRONG_DISTRIBUTION = _writing(
    "wrong_distribution",
    "Characters are drawn with other probabilities than softmax(logits / temperature).",
    "multinomial takes probabilities, or numbers in their proportion: no logits, no logarithms.",
)
GLOBAL_RANDOMNESS = _writing(
    "global_randomness",
    "The draws do not come from rng.",
    "Pass it on, torch.multinomial(p, 1, generator=rng): then a text can be written again.",
)
RESEEDED = _writing(
    "reseeded",
    "Every rng gives the same text.",
    "Do not seed inside the function, and draw from rng each time.",
)

# word_tokens

_cutting = partial(_mistake, read=WORDS)

UNIT_IGNORED = _cutting(
    "unit_ignored",
    "Both units give the same tokens.",
    '"char" cuts a text into characters, "word" into words.',
)
UNIT_ACCEPTED = _cutting(
    "unknown_unit_accepted",
    "A unit that does not exist is taken without complaint.",
    "A spelling mistake should be found at once: raise ValueError.",
)
SPACES_LOST = _cutting(
    "spaces_lost",
    "The spaces are missing among the characters.",
    "A space is a character like any other: without it words cannot be told apart.",
)
SPACES_KEPT = _cutting(
    "spaces_in_words",
    "There are spaces or empty texts among the words.",
    "str.split() without an argument takes any run of white space as one border.",
)
TOKENS_DEDUPED = _cutting(
    "tokens_deduplicated",
    "Tokens that occur twice are there once, or in another order.",
    "A text is a sequence: tokens stay as they stand in it.",
)
NO_UNKNOWN = _cutting(
    "no_unknown_token",
    '"<unk>" is not number 0 of the vocabulary.',
    "Rare and new words need a number, or the text cannot be encoded.",
)
RARE_KEPT = _cutting(
    "rare_tokens_kept",
    "min_freq makes no difference.",
    "A word seen once cannot be learned, and costs a row in both the first and the last layer.",
)
MIN_FREQ_OFF = _cutting(
    "min_freq_off_by_one",
    "Tokens that occur exactly min_freq times are left out.",
    "min_freq is the least count that is kept.",
)
NOT_BY_FREQUENCY = _cutting(
    "not_by_frequency",
    "The vocabulary is not in the order of frequency.",
    "Most frequent first, ties in alphabetical order: then the numbers mean the same to everyone.",
)
TIES_OPEN = _cutting(
    "ties_not_alphabetical",
    "Tokens that are equally frequent do not stand in alphabetical order.",
    "Sort by (-count, token), or the numbers depend on the order of the text.",
)
UNKNOWN_RAISES = _cutting(
    "unknown_raises",
    "A token that is not in the vocabulary cannot be encoded.",
    "It gets number 0, the number of <unk>.",
)
UNKNOWN_DROPPED = _cutting(
    "unknown_dropped",
    "Tokens that are not in the vocabulary are left out.",
    "They get number 0; leaving them out would join words that did not stand together.",
)
WRONG_NUMBERS = _cutting(
    "wrong_numbers",
    "Tokens are encoded with other numbers than their places in the vocabulary.",
    "The number of a token is its index, <unk> is 0.",
)
TOKENS_LOST = _cutting(
    "tokens_lost",
    "Some tokens of the text are missing.",
    "Every character, and every word however short, is a token; nothing is sorted out here.",
)
TOKENS_CHANGED = _cutting(
    "tokens_changed",
    "The tokens are not pieces of the text as it stands.",
    "Cut the text and leave the pieces as they are: no other case, no signs taken off.",
)
TOKENS_MISSING = _cutting(
    "vocabulary_too_small",
    "The vocabulary lacks tokens that are frequent enough.",
    "Every token that occurs min_freq times or more belongs to it, however many these are.",
)
NOT_THE_TOKENS = _cutting(
    "vocabulary_of_other_tokens",
    "The vocabulary holds entries that are no tokens of the text.",
    'After "<unk>" come the tokens themselves, as they stand in the list.',
)
OTHER_DEFAULT = _cutting(
    "other_default",
    "Without min_freq the vocabulary is not that of min_freq=1.",
    "A default stands in the first line of the function: min_freq=1.",
)
DIGITS_NOT_BITS = _cutting(
    "digits_not_bits",
    "The result is in decimal digits.",
    "A bit is a choice between two: take the logarithm with base 2, not 10.",
)
WHOLE_TEXT = _cutting(
    "bits_of_the_whole_text",
    "The number of characters does not enter as it should.",
    "All tokens together cost n_tokens · log2 P bits; divide once by the characters.",
)
TOKENS_NOT_COUNTED = _cutting(
    "tokens_not_counted",
    "The number of tokens does not enter as it should.",
    "Each token costs log2 P bits; multiply once by their number.",
)
BITS_OTHER = _cutting(
    "other_formula",
    "The number does not come from n_tokens · log2 P / n_characters.",
    "log2 P is the cost of a token in bits; tokens multiply it, characters divide it.",
)
NATS_NOT_BITS = _cutting(
    "nats_not_bits",
    "The result is in nats.",
    "A bit is a choice between two: take the logarithm with base 2.",
)
PER_TOKEN = _cutting(
    "bits_per_token",
    "The result is per token, not per character.",
    "Both models are charged for the same text: multiply by the tokens, divide by the characters.",
)
RATIO_INVERTED = _cutting(
    "ratio_inverted",
    "Tokens and characters are exchanged.",
    "All tokens together cost n_tokens · log2 P bits; spread these over the characters.",
)
PERPLEXITY_SCALED = _cutting(
    "perplexity_scaled",
    "The perplexity itself is scaled.",
    "Only logarithms of probabilities add up along a text; perplexities do not.",
)

# trained_lm

_training = partial(_mistake, read=TRAINED)

NO_FILE = _training(
    "no_weights",
    "There is no file of weights.",
    "The training cell writes it beside the notebook; hand in both.",
)
FILE_BROKEN = _training(
    "weights_not_readable",
    "The file of weights cannot be read.",
    "Write it with save_weights; a pickle is not accepted, because it can run code.",
)
NOTE_MISSING = _training(
    "settings_not_saved",
    "The file does not say with which settings the model was built.",
    "save_weights(model, file, vocab_size=…, hidden_size=…, cell=…, embedding=…).",
)
NOT_FITTING = _training(
    "weights_do_not_fit",
    "The weights do not fit the class CharLM.",
    "Train and save again after the class was changed.",
)
LEARNED_LITTLE = _training(
    "learned_little",
    "The perplexity on held-back text is higher than it could be.",
    "More epochs, another learning rate, more hidden units; look at the validation perplexity.",
)
