"""Judges submitted weights: loads them into the student's class and counts on fresh sequences."""

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import explain_error, unsound
from rnn_course.checks.requests import Anatomy, Build, Describe, Inspect, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.checks.weights_file import read_weights
from rnn_course.courseworks.cw3_temporal_order import training_mistakes as m
from rnn_course.data import temporal_order
from rnn_course.errors import ObservationError
from rnn_course.seeding import numpy_generator

FILES = (
    ("lstm", "lstm.safetensors", "LSTMNeuralNet"),
    ("attention", "attention.safetensors", "AttnRecurrentNeuralNet"),
)
_INPUTS, _CLASSES, _COUNT = 8, 8, 400
_FULL, _NONE = 0.99, 0.5


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on both files."""
    for criterion, file, name in FILES:
        _judge_file(subject, seed, marking, (criterion, file, name))


def _judge_file(subject: Subject, seed: int, marking: Marking, which: tuple[str, str, str]) -> None:
    criterion, file, name = which
    content = subject.file(file)
    if content is None:
        marking.failed(criterion, f"There is no file {file}.", m.NO_FILE)
        return
    try:
        tensors = dict(read_weights(content).tensors)
    except ObservationError as problem:
        marking.failed(criterion, f"{file}: {problem}", m.FILE_BROKEN)
        return
    if subject.ask(Describe(name)).kind == "missing":
        marking.failed(criterion, f"Nothing called `{name}` is defined to load {file} into.")
        return
    build = _fitting(subject, name, tensors)
    if build is None:
        shapes = ", ".join(f"{key} {value.shape}" for key, value in list(tensors.items())[:6])
        marking.failed(criterion, f"{file} holds {shapes}.", m.FILE_DOES_NOT_FIT)
        return
    _judge_accuracy(subject, build, tensors, numpy_generator(seed, "weights", name), marking)


def _fitting(subject: Subject, name: str, tensors: dict[str, np.ndarray]) -> Build | None:
    """Find the hidden size with which the class has the parameters that the file holds."""
    sizes = {size for tensor in tensors.values() for size in tensor.shape}
    sizes |= {size // 4 for size in sizes if size % 4 == 0}
    for hidden in sorted(sizes, reverse=True):
        build = Build(name, (_INPUTS, hidden, _CLASSES), dtype="float32")
        anatomy = subject.ask(Inspect(build))
        if not isinstance(anatomy, Anatomy):
            continue
        wanted = {key: shape for key, shape, _ in anatomy.parameters}
        if all(key in tensors and tensors[key].shape == shape for key, shape in wanted.items()):
            return build
    return None


def _judge_accuracy(
    subject: Subject,
    build: Build,
    tensors: dict[str, np.ndarray],
    rng: np.random.Generator,
    marking: Marking,
) -> None:
    criterion = next(c for c, _, name in FILES if name == build.name)
    batch = temporal_order(_COUNT, seed=rng)
    anatomy = subject.ask(Inspect(build))
    parameters = {name: tensors[name] for name, _, _ in anatomy.parameters}
    case = Pass((batch.inputs, batch.lengths), parameters=parameters)
    (outcome,) = subject.ask(Run(build, (case,)))
    wrong = unsound(outcome, (_COUNT, _CLASSES), "logits")
    if wrong:
        marking.failed(criterion, *(explain_error(outcome.error) if outcome.error else wrong))
        return
    accuracy = float((plain(outcome.value).argmax(1) == batch.labels).mean())
    said = f"{100 * accuracy:.1f} % of {_COUNT} fresh sequences are right"
    if accuracy >= _FULL:
        marking.passed(criterion, said + ".")
    else:
        share = (accuracy - _NONE) / (_FULL - _NONE)
        said += f"; full points from {100 * _FULL:g} %, none under {100 * _NONE:g} %."
        marking.scored(criterion, min(max(share, 0.0), 0.999), said, m.NOT_SOLVED)
