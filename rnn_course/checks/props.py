"""Modules and functions that a judge hands to a student's code, where it takes a model."""

from rnn_course.checks.bptt.faulty import RnnGradients

__all__ = ["RnnGradients"]
