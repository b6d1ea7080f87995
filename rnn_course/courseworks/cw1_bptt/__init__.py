"""Coursework 1: back-propagation through time by hand."""

from rnn_course.checks.coursework import Coursework, Question
from rnn_course.checks.report import Criterion
from rnn_course.courseworks.cw1_bptt import (
    backward_step,
    classifier,
    forward_sequence,
    forward_step,
    trained,
)


def _essay(number: int, title: str) -> Question:
    return Question(f"theory_{number}", title, (Criterion("essay", title, 2),))


COURSEWORK = Coursework(
    "cw1_bptt",
    "Back-propagation through time by hand",
    "bptt.ipynb",
    (
        forward_step.QUESTION,
        forward_sequence.QUESTION,
        backward_step.QUESTION,
        # bptt: solutions/cw1_bptt/questions/bptt.py
        # rnn_gradient_check: solutions/cw1_bptt/questions/rnn_gradient_check.py
        # gates: solutions/cw1_bptt/questions/gates.py
        classifier.QUESTION,
        trained.QUESTION,
        _essay(1, "Why activations are cached"),
        _essay(2, "Memory, time, and what truncation loses"),
        _essay(3, "Gradients as the spectral radius crosses one"),
        _essay(4, "Counting parameters"),
        _essay(5, "Dropout in recurrent networks"),
    ),
)
