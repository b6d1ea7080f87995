"""Coursework 2: recurrent networks that recognise spoken words. Its questions and criteria."""

from rnn_course.checks.coursework import Coursework, Question
from rnn_course.checks.report import Criterion
from rnn_course.courseworks.cw2_speech_commands.cells import gru_cell, lstm_cell
from rnn_course.courseworks.cw2_speech_commands.curves import CURVES
from rnn_course.courseworks.cw2_speech_commands.models.bidir_model import BIDIR_MODEL
from rnn_course.courseworks.cw2_speech_commands.models.rnn_model import RNN_MODEL
from rnn_course.courseworks.cw2_speech_commands.trained_model import TRAINED_MODEL


def _essay(number: int, title: str, points: float) -> Question:
    criterion = Criterion("essay", title, points)
    heading = f"Theory {number}: {title}"
    return Question(f"theory_{number}", heading, (criterion,), read=heading)


COURSEWORK = Coursework(
    "cw2_speech_commands",
    "Speech commands",
    "speech_commands.ipynb",
    (
        lstm_cell.QUESTION,
        gru_cell.QUESTION,
        RNN_MODEL,
        BIDIR_MODEL,
        TRAINED_MODEL,
        CURVES,
        _essay(1, "gradients that vanish", 7),
        _essay(2, "why an LSTM helps", 6),
        _essay(3, "reasons for the curves", 6),
        _essay(4, "which network, and when", 6),
    ),
)
