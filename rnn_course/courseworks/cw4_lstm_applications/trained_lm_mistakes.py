"""What goes wrong with a trained language model: the file, its note, and what it has learned."""

from functools import partial

from rnn_course.checks.mistakes import mistake as _mistake
from rnn_course.courseworks.cw4_lstm_applications.headings import TRAINED

mistake = partial(_mistake, read=TRAINED)

NO_FILE = mistake(
    "no_weights",
    "There is no file of weights.",
    "The training cell writes it beside the notebook; hand in both.",
)
FILE_BROKEN = mistake(
    "weights_not_readable",
    "The file of weights cannot be read.",
    "Write it with save_weights; a pickle is not accepted, because it can run code.",
)
NOTE_MISSING = mistake(
    "settings_not_saved",
    "The file does not say with which settings the model was built.",
    "save_weights(model, file, vocab_size=…, hidden_size=…, cell=…, embedding=…).",
)
NOT_FITTING = mistake(
    "weights_do_not_fit",
    "The weights do not fit the class CharLM.",
    "Train and save again after the class was changed.",
)
LEARNED_LITTLE = mistake(
    "learned_little",
    "The perplexity on held-back text is higher than it could be.",
    "More epochs, another learning rate, more hidden units; look at the validation perplexity.",
)
SETTINGS_ABSURD = mistake(
    "settings_out_of_bounds",
    "The file names settings that the question does not allow.",
    "vocab_size is the number of characters known, len(characters); at most 1024 hidden units, "
    "and an embedding of at most 1024 numbers.",
)
OTHER_TOKENS = mistake(
    "worse_than_guessing",
    "On held-back text the model is worse than guessing.",
    "It is sure of the wrong characters: it was trained on other numbers of tokens than those of "
    "Vocabulary.characters(), or on another text, or its training broke.",
)
SEES_FUTURE = mistake(
    "sees_the_future",
    "Its predictions change with the characters that are to be predicted.",
    "A model that looks at the answer has a low perplexity and cannot write.",
)
