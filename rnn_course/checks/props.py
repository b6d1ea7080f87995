"""Modules and functions that a judge hands to a student's code, where it takes a model."""

from rnn_course.checks.applications.stand_ins import (
    Bend,
    ConstantLM,
    Once,
    Stopwatch,
    TableLM,
    WalkLM,
)
from rnn_course.checks.bptt.faulty import RnnGradients
from rnn_course.checks.temporal.stubs import Scripted, StepLogits
from rnn_course.data.vocabulary import Vocabulary

__all__ = [
    "Bend",
    "ConstantLM",
    "Once",
    "RnnGradients",
    "Scripted",
    "StepLogits",
    "Stopwatch",
    "TableLM",
    "Vocabulary",
    "WalkLM",
]
