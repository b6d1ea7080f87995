"""Modules and functions that a judge hands to a student's code, where it takes a model."""

from rnn_course.checks.bptt.faulty import RnnGradients
from rnn_course.checks.temporal.stubs import Scripted, StepLogits

__all__ = ["RnnGradients", "Scripted", "StepLogits"]
