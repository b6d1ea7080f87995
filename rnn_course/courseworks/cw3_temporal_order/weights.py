"""Judges submitted weights: loads them into the student's class and counts on fresh sequences."""

import math
from typing import NamedTuple

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, unsound
from rnn_course.checks.requests import Anatomy, Build, Inspect, Outcome, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.checks.weights_file import SavedWeights, WeightsFile
from rnn_course.courseworks.cw3_temporal_order import training_mistakes as m
from rnn_course.data import temporal_order
from rnn_course.seeding import numpy_generator


class Asked(NamedTuple):
    """One of the files, and the criterion and the class that it belongs to."""

    criterion: str
    file: WeightsFile
    name: str


def _file(name: str) -> WeightsFile:
    return WeightsFile(name, m.NO_FILE, m.FILE_BROKEN, m.FILE_DOES_NOT_FIT)


ASKED = (
    Asked("lstm", _file("lstm.safetensors"), "LSTMNeuralNet"),
    Asked("attention", _file("attention.safetensors"), "AttnRecurrentNeuralNet"),
)
_INPUTS, _CLASSES, _COUNT = 8, 8, 400
_FULL, _NONE = 0.99, 0.5


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on both files."""
    for asked in ASKED:
        wrong = _judge_file(subject, numpy_generator(seed, "weights", asked.name), marking, asked)
        if wrong:
            marking.failed(asked.criterion, *wrong)


def _judge_file(
    subject: Subject, rng: np.random.Generator, marking: Marking, asked: Asked
) -> Finding | None:
    """Decide on one file, or say why it cannot be judged."""
    saved = asked.file.read(subject)
    if isinstance(saved, Finding):
        return saved
    build = _likeliest(subject, asked.name, saved)
    weights = asked.file.fitted(subject, build, saved, marking)
    if isinstance(weights, Finding):
        return weights
    batch = temporal_order(_COUNT, seed=rng)
    case = Pass((batch.inputs, batch.lengths), parameters=weights)
    (outcome,) = subject.ask(Run(build, (case,)))
    wrong = unsound(outcome, (_COUNT, _CLASSES), "logits")
    if not wrong:
        _mark_accuracy(outcome, batch.labels, marking, asked.criterion)
    return wrong


def _likeliest(subject: Subject, name: str, saved: SavedWeights) -> Build:
    """Choose the hidden size, which no note tells, with which the class differs least from a file.

    It stands in some shape of the file: as a width, or four times as that of an LSTM's gates.
    """
    sizes = {size for tensor in saved.tensors.values() for size in tensor.shape if size > 0}
    sizes |= {size // 4 for size in sizes if size % 4 == 0}
    best, fewest = Build(name, (_INPUTS, 1, _CLASSES), dtype="float32"), math.inf
    for hidden in sorted(sizes, reverse=True):
        build = Build(name, (_INPUTS, hidden, _CLASSES), dtype="float32")
        anatomy = subject.ask(Inspect(build))
        count = len(saved.differences(anatomy)) if isinstance(anatomy, Anatomy) else math.inf
        if count < fewest:
            best, fewest = build, count
        if not count:
            break
    return best


def _mark_accuracy(outcome: Outcome, labels: np.ndarray, marking: Marking, criterion: str) -> None:
    accuracy = float((plain(outcome.value).argmax(1) == labels).mean())
    said = f"{100 * accuracy:.1f} % of {_COUNT} fresh sequences are right"
    if accuracy >= _FULL:
        marking.passed(criterion, said + ".")
    else:
        share = (accuracy - _NONE) / (_FULL - _NONE)
        said += f"; full points from {100 * _FULL:g} %, none under {100 * _NONE:g} %."
        marking.scored(criterion, min(max(share, 0.0), 0.999), said, m.NOT_SOLVED)
