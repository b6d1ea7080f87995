"""Coursework 4: LSTMs at work, on texts and series.

A question bears the heading under which the notebook asks it.
"""

from rnn_course.checks.coursework import Coursework, Question
from rnn_course.checks.report import Criterion
from rnn_course.courseworks.cw4_lstm_applications import (
    char_lm,
    sweep,
    trained_lm,
)
from rnn_course.courseworks.cw4_lstm_applications import headings as at


def _essay(number: int, title: str, points: float) -> Question:
    heading = f"Theory {number}: {title}"
    criterion = Criterion("essay", title, points)
    return Question(f"theory_{number}", heading, (criterion,), read=heading)


COURSEWORK = Coursework(
    "cw4_lstm_applications",
    "LSTMs at work",
    "lstm_applications.ipynb",
    (
        Question(
            "char_lm",
            at.CHAR_LM,
            (
                Criterion("shapes", "Logits (B, T, V) for any B, T, V and H", 2),
                Criterion("causal", "A prediction depends on the past and on nothing else", 2),
                Criterion("state", "The state is taken in, carried on and returned", 2),
                Criterion("equations", "Logits and gradients are those of the equations", 2),
                Criterion("cells", "cell chooses RNN, GRU or LSTM; others are refused", 1),
                Criterion("embedding", "One-hot vectors, or an embedding of the width given", 1),
            ),
            char_lm.judge,
            ("CharLM",),
            read=at.CHAR_LM,
        ),
        Question(
            "sweep",
            at.SWEEP,
            (
                Criterion("grid", "Every combination of enough settings was tried", 2),
                Criterion("results", "Each has a perplexity and a text; something was learned", 2),
                Criterion("best", "best is the setting with the lowest perplexity", 2),
                Criterion("slowest", "slowest is the setting that took longest", 2),
                Criterion("diverged", "diverged lists the learning rates that broke training", 2),
            ),
            sweep.judge,
            ("best", "slowest", "diverged"),
            read=at.SWEEP,
        ),
        Question(
            "trained_lm",
            at.TRAINED,
            (Criterion("held_back", "Perplexity on text it has not read", 10),),
            trained_lm.judge,
            needs=("char_lm",),
            read=at.TRAINED,
        ),
        _essay(1, "Why tanh again", 4),
        _essay(2, "What perplexity counts", 4),
        _essay(3, "Cost against accuracy", 4),
        _essay(4, "Teacher forcing", 3),
    ),
)
