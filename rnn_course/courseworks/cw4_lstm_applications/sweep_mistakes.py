"""What goes wrong in a study of settings, and in reading its record."""

from functools import partial

from rnn_course.checks.mistakes import mistake as _mistake
from rnn_course.courseworks.cw4_lstm_applications.headings import SWEEP

mistake = partial(_mistake, read=SWEEP)

NO_RECORD = mistake(
    "no_record",
    "There is no record of a sweep.",
    'Call sweep(grid, run_setting, path="sweep.jsonl"), and hand the file in.',
)
RECORD_BROKEN = mistake(
    "record_broken",
    "The record of the sweep cannot be read.",
    "Leave the file as sweep wrote it: one JSON object a line.",
)
GRID_TOO_SMALL = mistake(
    "grid_too_small",
    "The settings do not cover what was asked for.",
    "At least two num_steps, two num_hiddens and three lr, each combined with each.",
)
GRID_INCOMPLETE = mistake(
    "grid_incomplete",
    "Some combinations of the settings are missing.",
    "Where two things change at once, nobody can tell which of them did it.",
)
RESULT_INCOMPLETE = mistake(
    "result_incomplete",
    "Some settings have no perplexity or no text.",
    'run_setting returns {"perplexity": …, "text": …}, measured on the validation text.',
)
NO_DIVERGENCE = mistake(
    "no_divergence",
    "No setting diverged.",
    "Raise the largest learning rate until training breaks: you want to see the edge.",
)
NOTHING_LEARNED = mistake(
    "nothing_learned",
    "No setting learned anything.",
    "A perplexity of 28 is what guessing among 28 signs costs; lower the learning rate.",
)
READS_WORST = mistake(
    "reads_worst",
    "The setting named best has the highest perplexity.",
    "Low perplexity is good: fewer choices are left open.",
)
BEST_MISREAD = mistake(
    "best_misread",
    "The setting named best is not the one with the lowest perplexity.",
    "Read it off the table, result.best('perplexity') finds it as well.",
)
SLOWEST_MISREAD = mistake(
    "slowest_misread",
    "The setting named slowest is not the one that took longest.",
    "Each record says how many seconds it took.",
)
READS_FASTEST = mistake(
    "reads_fastest",
    "The setting named slowest is the fastest.",
    "Many seconds are slow.",
)
DIVERGED_MISREAD = mistake(
    "diverged_misread",
    "The learning rates named are not those at which training diverged.",
    "Diverged is: failed, or a perplexity above that of guessing, 28.",
)
DIVERGED_TOO_FEW = mistake(
    "diverged_too_few",
    "A learning rate at which training diverged is missing.",
    "One setting is enough: it failed, or its perplexity is above that of guessing, 28.",
)
DIVERGED_FAILED_ONLY = mistake(
    "failures_only",
    "Only the learning rates at which training failed are named.",
    "A perplexity above 28 is divergence too: guessing is better.",
)
DIVERGED_INVERTED = mistake(
    "learned_for_diverged",
    "The learning rates named are those at which something was learned.",
    "Diverged is what broke: failed, or a perplexity above that of guessing, 28.",
)
DIVERGED_TOO_MANY = mistake(
    "slow_is_not_diverged",
    "A learning rate is named at which training did not diverge.",
    "Learning too little is not diverging: a perplexity under 28 is better than guessing.",
)
NOT_A_SETTING = mistake(
    "not_a_setting",
    "What is named is no setting of the sweep.",
    "A setting is a dict with num_steps, num_hiddens and lr.",
)
