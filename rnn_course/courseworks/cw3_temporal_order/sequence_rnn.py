"""Judges ``RecurrentNeuralNet``, the plain network; see `sequence_models`."""

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import usable
from rnn_course.checks.subject import Subject
from rnn_course.courseworks.cw3_temporal_order.sequence_models import CONSTRUCTOR, RNN, judge_kind


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on ``RecurrentNeuralNet``."""
    if usable(subject, marking, RNN.name, CONSTRUCTOR):
        judge_kind(subject, seed, marking, RNN, {})
