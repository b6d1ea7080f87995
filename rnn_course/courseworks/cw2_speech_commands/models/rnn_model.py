"""The question ``rnn_model``: a recurrent classifier of one direction."""

from functools import partial

from rnn_course.checks.coursework import Question
from rnn_course.checks.report import Criterion
from rnn_course.checks.withheld import RECURRENT
from rnn_course.courseworks.cw2_speech_commands.models.judging import SHARED, judge_model

RNN_MODEL = Question(
    "rnn_model",
    "From a cell to a model",
    (
        Criterion("rnn", "Modes RNN_TANH and RNN_RELU compute what torch's network does", 2),
        Criterion("lstm", "Mode LSTM computes what torch's network does", 2),
        Criterion("gru", "Mode GRU computes what torch's network does", 2),
        Criterion("whole", "The logits come from the last step, after the whole sequence", 2),
        Criterion("layers", "As many layers as asked for, each on top of the one below", 2),
        *SHARED,
    ),
    partial(judge_model, "RNNModel", 1),
    ("RNNModel",),
    ("lstm_cell", "gru_cell"),
    "From a cell to a model",
    without=frozenset({RECURRENT}),
)
