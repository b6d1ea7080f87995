"""What goes wrong in measuring a language model, in writing with it, and in its weights."""

from functools import partial

from rnn_course.checks.mistakes import mistake as _mistake
from rnn_course.courseworks.cw4_lstm_applications.headings import GENERATE, PERPLEXITY, TRAINED

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
SETTINGS_ABSURD = _training(
    "settings_out_of_bounds",
    "The file names settings that the question does not allow.",
    "vocab_size is the number of characters known, len(characters); at most 1024 hidden units.",
)
OTHER_TOKENS = _training(
    "worse_than_guessing",
    "On held-back text the model is worse than guessing.",
    "It is sure of the wrong characters: it was trained on other numbers of tokens than those of "
    "Vocabulary.characters(), or on another text, or its training broke.",
)
SEES_FUTURE = _training(
    "sees_the_future",
    "Its predictions change with the characters that are to be predicted.",
    "A model that looks at the answer has a low perplexity and cannot write.",
)
