"""The questions of this coursework that are judged by hand-written judges; the others are data."""

from rnn_course.checks.courses import installed

QUESTIONS = installed("rnn_course.courseworks.cw2_speech_commands:COURSEWORK")
