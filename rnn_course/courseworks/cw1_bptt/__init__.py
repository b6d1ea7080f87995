"""Coursework 1: back-propagation through time by hand."""

from rnn_course.checks.coursework import Coursework, Question
from rnn_course.checks.report import Criterion
from rnn_course.courseworks.cw1_bptt import (
    recurrent_classifier,
    trained_classifier,
)


def _essay(number: int, title: str) -> Question:
    return Question(f"theory_{number}", title, (Criterion("essay", title, 2),))


COURSEWORK = Coursework(
    "cw1_bptt",
    "Back-propagation through time by hand",
    "bptt.ipynb",
    (
        recurrent_classifier.QUESTION,
        trained_classifier.QUESTION,
        _essay(1, "Why activations are cached"),
        _essay(2, "Memory, time, and what truncation loses"),
        _essay(3, "Gradients as the spectral radius crosses one"),
        _essay(4, "Counting parameters"),
        _essay(5, "Dropout in recurrent networks"),
    ),
)
