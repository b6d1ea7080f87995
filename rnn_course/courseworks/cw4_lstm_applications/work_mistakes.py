"""What goes wrong in a model that forecasts."""

from functools import partial

from rnn_course.checks.mistakes import mistake as _mistake
from rnn_course.courseworks.cw4_lstm_applications.headings import FORECASTER

_model = partial(_mistake, read=FORECASTER)

EXTRA_AXIS = _model(
    "extra_axis",
    "The forecasts keep an axis of length one.",
    "Each step has one number: take [..., 0] or squeeze(-1) at the end.",
)
