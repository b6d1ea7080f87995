"""Training: the loop, its history, metrics, stored weights and sweeps over settings."""

from rnn_course.training.device import choose_device
from rnn_course.training.evaluation import evaluate
from rnn_course.training.gradients import gradient_norms
from rnn_course.training.history import History, ValidPoint
from rnn_course.training.language import LanguageHistory, fit_language_model
from rnn_course.training.loop import fit
from rnn_course.training.metrics import Metrics, accuracy, confusion_matrix
from rnn_course.training.stored_runs import stored_runs
from rnn_course.training.sweep import sweep
from rnn_course.training.sweep_result import SweepPoint, SweepResult
from rnn_course.training.weights import load_model, load_weights, save_weights

__all__ = [
    "History",
    "LanguageHistory",
    "Metrics",
    "SweepPoint",
    "SweepResult",
    "ValidPoint",
    "accuracy",
    "choose_device",
    "confusion_matrix",
    "evaluate",
    "fit",
    "fit_language_model",
    "gradient_norms",
    "load_model",
    "load_weights",
    "save_weights",
    "stored_runs",
    "sweep",
]
