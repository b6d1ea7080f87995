"""The question ``bidir_model``: a recurrent classifier of two directions."""

from functools import partial

from rnn_course.checks.coursework import Question
from rnn_course.checks.report import Criterion
from rnn_course.checks.withheld import RECURRENT
from rnn_course.courseworks.cw2_speech_commands.models.judging import SHARED, judge_model

BIDIR_MODEL = Question(
    "bidir_model",
    "Reading in both directions",
    (
        Criterion("rnn", "Modes RNN_TANH and RNN_RELU compute what torch's networks do", 1),
        Criterion("lstm", "Mode LSTM computes what torch's networks do", 1),
        Criterion("gru", "Mode GRU computes what torch's networks do", 1),
        Criterion("whole", "Each direction has read the whole sequence", 4),
        Criterion("stacks", "Two stacks of their own, joined in the readout", 2),
        Criterion("layers", "As many layers as asked for, each on top of the one below", 1),
        *SHARED,
    ),
    partial(judge_model, "BidirRecurrentModel", 2),
    ("BidirRecurrentModel",),
    ("lstm_cell", "gru_cell"),
    "Reading in both directions",
    without=frozenset({RECURRENT}),
)
