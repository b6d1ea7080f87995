"""Judges the trained classifier: its weights on images that were held back."""

import numpy as np

from rnn_course.checks.coursework import Marking, Question
from rnn_course.checks.generic import explain_error, unsound
from rnn_course.checks.mistakes import mistake
from rnn_course.checks.report import Criterion
from rnn_course.checks.requests import Build, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.checks.weights_file import read_weights
from rnn_course.courseworks.cw1_bptt.recurrent_classifier import NAME
from rnn_course.errors import ObservationError
from rnn_course.seeding import numpy_generator

FILE = "digits_classifier.safetensors"
KEPT = "A classifier worth keeping"
_FROM, _FULL = 0.6, 0.93  # accuracies between which the points rise in a straight line
_NOTE = ("cell", "input_size", "memory_units", "num_layers", "output_size")
_NOISE = 0.03  # of a pixel's range: every grader sees its own copies of the images

NO_FILE = mistake(
    "weights_missing",
    f"There is no file {FILE} beside the notebook.",
    "Train the classifier and save it: the grader reads the file and does not train again.",
    KEPT,
)
BAD_FILE = mistake(
    "weights_unreadable",
    "The file of weights cannot be used.",
    "Write it with save_weights(model, FILE, cell=…, …) and the arguments of the constructor.",
    KEPT,
)
WEAK = mistake(
    "accuracy_low",
    "The classifier is wrong more often than it need be.",
    "Look at the learning curves: more epochs while validation improves, another learning rate, "
    "a gated cell, clip_norm.",
    KEPT,
)


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide every criterion of the question."""
    content = subject.file(FILE)
    if content is None:
        marking.fail_rest("The file is missing.", NO_FILE)
        return
    read = _read(content)
    if isinstance(read, str):
        marking.fail_rest(read, BAD_FILE)
        return
    arguments, weights = read
    x, labels = held_back(seed)
    build = Build(NAME, arguments, dtype="float32")
    outcome = subject.ask(Run(build, (Pass((x,), parameters=weights),)))[-1]
    if outcome.error:
        marking.fail_rest(explain_error(outcome.error).message, BAD_FILE)
        return
    finding = unsound(outcome, (len(labels), 10), "The output")
    if finding:
        marking.fail_rest(*finding)
        return
    marking.passed("file", "The weights fit the class.")
    accuracy = float((plain(outcome.value).argmax(1) == labels).mean())
    said = f"{100 * accuracy:.1f} % of {len(labels)} held-back images are right."
    share = (accuracy - _FROM) / (_FULL - _FROM)
    marking.scored("accuracy", share, said, WEAK if share < 1 else None)


def _read(content: bytes) -> tuple[tuple, dict[str, np.ndarray]] | str:
    """Return the constructor's arguments and the weights, or what is wrong with the file."""
    try:
        saved = read_weights(content)
    except ObservationError as problem:
        return str(problem)
    note = saved.note
    missing = [name for name in _NOTE if name not in note]
    if missing:
        return f"The note in the file does not tell {', '.join(missing)}."
    try:
        sizes = [int(note[name]) for name in _NOTE[1:]]
    except ValueError:
        return f"The note in the file holds {str(note)[:200]}."
    if not all(0 < size <= 4096 for size in sizes) or sizes[2] > 16:
        return f"The note in the file asks for sizes {sizes}."
    return (note["cell"], *sizes), dict(saved.tensors)


def held_back(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the test images (N, 64) with a little noise of the seed's own, and their labels."""
    from rnn_course.data.image_sequences import read_digits

    images, labels, _ = read_digits("test")
    images = images.reshape(len(labels), -1)
    noise = numpy_generator(seed, "trained_classifier").normal(size=images.shape)
    return (images + _NOISE * noise).clip(0, 1), labels


QUESTION = Question(
    "trained_classifier",
    "A trained classifier",
    (
        Criterion("file", f"Weights in {FILE} that fit the class", 1),
        Criterion("accuracy", f"Accuracy on held-back images: from {_FROM:.0%} to {_FULL:.0%}", 4),
    ),
    judge,
    defines=(NAME,),
    needs=("recurrent_classifier",),
    read=KEPT,
)
