"""Judges of the two models that students build from cells, in whatever way they build them.

A model is recognised by what it computes while all its parameters are equal (`simulate`, with the
library of known mistakes in `plans`); which parameter does what is then found from gradients
(`recover`); and torch's own network with the same weights has the last word (`verify`).
"""

from rnn_course.checks.coursework import Question
from rnn_course.checks.report import Criterion
from rnn_course.courseworks.cw2_speech_commands.models.judge import (
    judge_one_direction,
    judge_two_directions,
)

_SHARED = (
    Criterion("logits", "Raw logits of shape (B, K)", 1),
    Criterion("bias", "bias=False means no biases in the cells, True means some", 1),
    Criterion("batch", "Any batch, any length; samples and calls are independent", 1),
    Criterion("device", "float32, float64, and another device", 1),
    Criterion("mode_error", "An unknown mode raises ValueError", 0.5),
    Criterion("hx", "Initial states are used where they are given", 0.5),
)

RNN_MODEL = Question(
    "rnn_model",
    "A recurrent model",
    (
        Criterion("rnn", "Modes RNN_TANH and RNN_RELU compute what torch's network does", 2),
        Criterion("lstm", "Mode LSTM computes what torch's network does", 2),
        Criterion("gru", "Mode GRU computes what torch's network does", 2),
        Criterion("whole", "The logits come from the last step, after the whole sequence", 2),
        Criterion("layers", "As many layers as asked for, each on top of the one below", 2),
        *_SHARED,
    ),
    judge_one_direction,
    ("RNNModel",),
    ("lstm_cell", "gru_cell"),
    "From a cell to a model",
)

BIDIR_MODEL = Question(
    "bidir_model",
    "A bidirectional model",
    (
        Criterion("rnn", "Modes RNN_TANH and RNN_RELU compute what torch's networks do", 1),
        Criterion("lstm", "Mode LSTM computes what torch's networks do", 1),
        Criterion("gru", "Mode GRU computes what torch's networks do", 1),
        Criterion("whole", "Each direction has read the whole sequence", 4),
        Criterion("stacks", "Two stacks of their own, joined in the readout", 2),
        Criterion("layers", "As many layers as asked for, each on top of the one below", 1),
        *_SHARED,
    ),
    judge_two_directions,
    ("BidirRecurrentModel",),
    ("lstm_cell", "gru_cell"),
    "Reading in both directions",
)
