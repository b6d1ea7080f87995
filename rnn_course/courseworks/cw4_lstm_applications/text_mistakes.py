"""What goes wrong in writing with a language model, and in its weights."""

from functools import partial

from rnn_course.checks.mistakes import mistake as _mistake
from rnn_course.courseworks.cw4_lstm_applications.headings import GENERATE, PERPLEXITY, TRAINED

mistake = partial(_mistake, read=PERPLEXITY)

WITH_GRADIENTS = mistake(
    "with_gradients",
    "The model is used with gradients on.",
    "Nothing is learned here: torch.no_grad() saves time and memory.",
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
