"""How every reference is made: the inputs, what torch makes of them, what the model answer does.

Attributes:
    RECIPES: of all references.
    WITHOUT: the questions with code that have none, and why.
"""

from rnn_course.courseworks.recipes import counts, modules, steps, uses

RECIPES = sorted(
    (*steps.RECIPES, *modules.RECIPES, *uses.RECIPES, *counts.RECIPES), key=lambda r: r.coursework
)

_FILE = "a trained network is handed in, and graded on data that were held back"
_DRAWS = "every correct answer draws its sequences in an order of its own"
WITHOUT = {
    "cw1_bptt/rnn_gradient_check": "the answer is yes or no; it is judged on gradients with faults",
    "cw1_bptt/trained_classifier": _FILE,
    "cw2_speech_commands/trained_model": _FILE,
    "cw2_speech_commands/curves": "the answer is a choice among curves, not a computation",
    "cw3_temporal_order/generate": _DRAWS,
    "cw3_temporal_order/train_until_solved": "how long training takes depends on the draws",
    "cw3_temporal_order/weights": _FILE,
    "cw3_temporal_order/evaluation": _DRAWS,
    "cw4_lstm_applications/sweep": "the answer is read from the student's own records",
    "cw4_lstm_applications/trained_lm": _FILE,
}
