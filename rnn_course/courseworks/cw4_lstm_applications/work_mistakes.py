"""What goes wrong in a study of settings, and in a model that forecasts."""

from functools import partial

from rnn_course.checks.mistakes import mistake as _mistake
from rnn_course.courseworks.cw4_lstm_applications.headings import FORECASTER, SWEEP

# sweep

_study = partial(_mistake, read=SWEEP)

NO_RECORD = _study(
    "no_record",
    "There is no record of a sweep.",
    'Call sweep(grid, run_setting, path="sweep.jsonl"), and hand the file in.',
)
RECORD_BROKEN = _study(
    "record_broken",
    "The record of the sweep cannot be read.",
    "Leave the file as sweep wrote it: one JSON object a line.",
)
GRID_TOO_SMALL = _study(
    "grid_too_small",
    "The settings do not cover what was asked for.",
    "At least two num_steps, two num_hiddens and three lr, each combined with each.",
)
GRID_INCOMPLETE = _study(
    "grid_incomplete",
    "Some combinations of the settings are missing.",
    "Where two things change at once, nobody can tell which of them did it.",
)
RESULT_INCOMPLETE = _study(
    "result_incomplete",
    "Some settings have no perplexity or no text.",
    'run_setting returns {"perplexity": …, "text": …}, measured on the validation text.',
)
NO_DIVERGENCE = _study(
    "no_divergence",
    "No setting diverged.",
    "Raise the largest learning rate until training breaks: you want to see the edge.",
)
NOTHING_LEARNED = _study(
    "nothing_learned",
    "No setting learned anything.",
    "A perplexity of 28 is what guessing among 28 signs costs; lower the learning rate.",
)
READS_WORST = _study(
    "reads_worst",
    "The setting named best has the highest perplexity.",
    "Low perplexity is good: fewer choices are left open.",
)
BEST_MISREAD = _study(
    "best_misread",
    "The setting named best is not the one with the lowest perplexity.",
    "Read it off the table, result.best('perplexity') finds it as well.",
)
SLOWEST_MISREAD = _study(
    "slowest_misread",
    "The setting named slowest is not the one that took longest.",
    "Each record says how many seconds it took.",
)
READS_FASTEST = _study(
    "reads_fastest",
    "The setting named slowest is the fastest.",
    "Many seconds are slow.",
)
DIVERGED_MISREAD = _study(
    "diverged_misread",
    "The learning rates named are not those at which training diverged.",
    "Diverged is: failed, or a perplexity above that of guessing, 28.",
)
DIVERGED_TOO_MANY = _study(
    "slow_is_not_diverged",
    "A learning rate is named at which training did not diverge.",
    "Learning too little is not diverging: a perplexity under 28 is better than guessing.",
)
NOT_A_SETTING = _study(
    "not_a_setting",
    "What is named is no setting of the sweep.",
    "A setting is a dict with num_steps, num_hiddens and lr.",
)

# forecast

_model = partial(_mistake, read=FORECASTER)

EXTRA_AXIS = _model(
    "extra_axis",
    "The forecasts keep an axis of length one.",
    "Each step has one number: take [..., 0] or squeeze(-1) at the end.",
)
