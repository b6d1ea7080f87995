"""Mistakes in a handed-in file of weights."""

from rnn_course.checks.report import Misconception

_READ = "A trained model"

NO_FILE = Misconception(
    "weights_missing",
    "The file with the weights is not beside the notebook.",
    "The training is not repeated when your work is marked: only the file counts.",
    _READ,
)
BROKEN = Misconception(
    "weights_unreadable",
    "The file is not one that save_weights wrote.",
    "Other formats, such as torch.save's, can carry code, and are not opened.",
    _READ,
)
NO_NOTE = Misconception(
    "note_missing",
    "The file does not say which arguments the model was built with.",
    "save_weights(model, path, **settings) keeps all six of them beside the weights.",
    _READ,
)
TOO_LARGE = Misconception(
    "model_too_large",
    "The model is not for this task, or larger than allowed.",
    "The clips have 20 features and 3 classes; 512 hidden units and 6 layers are the most.",
    _READ,
)
NO_CLASS = Misconception(
    "class_missing",
    "The weights belong to a class that the notebook does not define.",
    "The weights are loaded into your own class; its cell must be run before.",
    _READ,
)
MISFIT = Misconception(
    "weights_do_not_fit",
    "The weights are not those of the class as it stands in the notebook.",
    "The class was changed after training: train again, or undo the change.",
    _READ,
)
UNTRAINED = Misconception(
    "guesses",
    "The model recognises little more than guessing would.",
    "Three words: guessing is right for a third. Look at the loss while it trains.",
    _READ,
)
EXCHANGED = Misconception(
    "classes_exchanged",
    "The model tells the words apart, but calls them by other numbers.",
    "The labels are 0 for one, 1 for two, 2 for three: the order of SpeechCommands' classes.",
    _READ,
)
SCALED = Misconception(
    "features_scaled_outside",
    "The model needs features that were scaled before they reach it.",
    "It is given the features as SpeechCommands gives them; scale them inside forward.",
    _READ,
)
