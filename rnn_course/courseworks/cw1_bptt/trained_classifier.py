"""Judges the trained classifier: its weights on images that were held back."""

from collections.abc import Mapping

import numpy as np

from rnn_course.checks.coursework import Marking, Question
from rnn_course.checks.generic import Finding, explain_error, unsound
from rnn_course.checks.mistakes import mistake
from rnn_course.checks.report import Criterion
from rnn_course.checks.requests import Build, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.checks.weights_file import WeightsFile
from rnn_course.courseworks.cw1_bptt.recurrent_classifier import NAME
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
MISFIT = mistake(
    "weights_do_not_fit",
    "The weights are not those of the class as it stands in the notebook.",
    "The class was changed after training, or the note tells other arguments than it was built "
    "with: train and save again.",
    KEPT,
)
WEAK = mistake(
    "accuracy_low",
    "The classifier is wrong more often than it need be.",
    "Look at the learning curves: more epochs while validation improves, another learning rate, "
    "a gated cell, clip_norm.",
    KEPT,
)

WEIGHTS = WeightsFile(FILE, NO_FILE, BAD_FILE, MISFIT)


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide every criterion of the question."""
    saved = WEIGHTS.read(subject)
    if isinstance(saved, Finding):
        marking.fail_rest(*saved)
        return
    arguments = _arguments(saved.note)
    if isinstance(arguments, str):
        marking.fail_rest(arguments, BAD_FILE)
        return
    build = Build(NAME, arguments, dtype="float32")
    weights = WEIGHTS.fitted(subject, build, saved, marking)
    if isinstance(weights, Finding):
        marking.fail_rest(*weights)
        return
    x, labels = held_back(seed)
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


def _arguments(note: Mapping[str, str]) -> tuple[str | int, ...] | str:
    """Return the constructor's arguments, or what is wrong with the note."""
    missing = [name for name in _NOTE if name not in note]
    if missing:
        return f"The note in the file does not tell {', '.join(missing)}."
    try:
        sizes = [int(note[name]) for name in _NOTE[1:]]
    except ValueError:
        return f"The note in the file holds {str(note)[:200]}."
    if not all(0 < size <= 4096 for size in sizes) or sizes[2] > 16:
        return f"The note in the file asks for sizes {sizes}."
    return (note["cell"], *sizes)


def held_back(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the test images (N, 64) with a little noise of the seed's own, and their labels."""
    from rnn_course.data.image_sequences import read_digits

    images, labels, _ = read_digits("test")
    images = images.reshape(len(labels), -1)
    noise = numpy_generator(seed, "trained_classifier").normal(size=images.shape)
    return (images + _NOISE * noise).clip(0, 1), labels


QUESTION = Question(
    "trained_classifier",
    "A classifier worth keeping",
    (
        Criterion("file", f"Weights in {FILE} that fit the class", 1),
        Criterion("accuracy", f"Accuracy on held-back images: from {_FROM:.0%} to {_FULL:.0%}", 4),
    ),
    judge,
    defines=(NAME,),
    needs=("recurrent_classifier",),
    read=KEPT,
)
