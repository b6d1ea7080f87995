"""Judges a trained model by the clips that it recognises, among such as it has never heard."""

import contextlib
import io
from functools import partial
from itertools import permutations

import numpy as np

from rnn_course.checks.coursework import Marking, Question
from rnn_course.checks.generic import Finding, unsound
from rnn_course.checks.report import Criterion, Misconception
from rnn_course.checks.requests import Build, Describe, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.checks.weights_file import SavedWeights, WeightsFile
from rnn_course.courseworks.cw2_speech_commands import trained_model_mistakes as mistakes
from rnn_course.seeding import PUBLIC_SEED, numpy_generator

FILE = "speech_model.safetensors"
_WEIGHTS = WeightsFile(FILE, mistakes.NO_FILE, mistakes.BROKEN, mistakes.MISFIT)
CLASSES = ("one", "two", "three")
SETTINGS = ("mode", "input_size", "hidden_size", "num_layers", "bias", "output_size")
NOTHING, EVERYTHING = 0.5, 0.9  # accuracies that earn no points, and all of them
_INPUTS, _MOST_HIDDEN, _MOST_LAYERS = 20, 512, 6
_CLIPS = 300
_BATCH = 100
_WOULD_BE_GOOD = 0.7
_TABLE = "50 % or less earn 0 points, 70 % earn 5, 80 % earn 7.5, 90 % or more earn 10."


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Load the weights into the student's class and let it listen."""
    saved = _WEIGHTS.read(subject)
    if isinstance(saved, Finding):
        marking.fail_rest(*saved)
        return
    build = _build(saved, marking)
    if build is None:
        return
    if subject.ask(Describe(build.name)).kind != "module":
        marking.fail_rest(f"The weights belong to a class `{build.name}`.", mistakes.NO_CLASS)
        return
    weights = _WEIGHTS.fitted(subject, build, saved, marking)
    if isinstance(weights, Finding):
        marking.fail_rest(*weights)
        return
    features, labels, sentence = held_back(seed, saved.note.get("data", ""))
    said = _listen(subject, build, weights, features)
    if isinstance(said, Finding):
        marking.fail_rest(*said)
        return
    accuracy = float((said == labels).mean())
    share = float(np.clip((accuracy - NOTHING) / (EVERYTHING - NOTHING), 0, 1))
    known = None
    if accuracy < NOTHING:
        known = _why_so_few(subject, build, weights, (features, labels, said))
    message = f"{_counts(said, labels, sentence)} {_TABLE}"
    marking.scored("accuracy", share, message, known)


def _build(saved: SavedWeights, marking: Marking) -> Build | None:
    """Take the constructor's arguments from the note; anything odd fails the question."""
    note = saved.note
    missing = [name for name in ("class", *SETTINGS) if name not in note]
    if missing:
        marking.fail_rest(f"{FILE} has no note of {', '.join(missing)}.", mistakes.NO_NOTE)
        return None
    try:
        D, H, L, K = (int(note[name]) for name in SETTINGS if name not in ("mode", "bias"))
        bias = {"True": True, "False": False, "1": True, "0": False}[note["bias"]]
    except (ValueError, KeyError) as problem:
        marking.fail_rest(f"The note cannot be understood: {str(problem)[:80]}.", mistakes.NO_NOTE)
        return None
    sizes = f"input_size={D}, hidden_size={H}, num_layers={L}, output_size={K}"
    right = D == _INPUTS and len(CLASSES) == K
    if not right or not 1 <= H <= _MOST_HIDDEN or not 1 <= L <= _MOST_LAYERS:
        marking.fail_rest(f"The note says {sizes}.", mistakes.TOO_LARGE)
        return None
    return Build(note["class"][:100], (note["mode"][:20], D, H, L, bias, K), dtype="float32")


def held_back(seed: int, source: str) -> tuple[np.ndarray, np.ndarray, str]:
    """Return clips to judge by: features (N, 32, 20), labels (N,), and what they are.

    Args:
        seed: the public one takes the test split that the student has; any other takes clips that
            nobody has, or of real recordings a choice of the test split.
        source: what the student's weights were trained on, as `SpeechCommands` says it.
    """
    from rnn_course.data.held_back import held_back_speech

    if seed == PUBLIC_SEED:
        return (*_test_split(), "clips of the test split")
    if source and "synthetic" not in source.lower():
        features, labels = _test_split()
        if _test_source() != "synthetic":
            chosen = numpy_generator(seed, "held_back").permutation(len(labels))[:_CLIPS]
            return features[chosen], labels[chosen], "recorded clips of the test split"
        sentence = "synthetic clips (the recordings are not on this machine)"
        return (*held_back_speech(seed, CLASSES), sentence)
    return (*held_back_speech(seed, CLASSES), "clips in voices that nobody has trained on")


def _test_data():
    from rnn_course.data import SpeechCommands

    with contextlib.redirect_stdout(io.StringIO()):
        return SpeechCommands("test", classes=CLASSES)


def _test_split() -> tuple[np.ndarray, np.ndarray]:
    data = _test_data()
    return data.features.numpy(), data.labels.numpy()


def _test_source() -> str:
    return "synthetic" if "synthetic" in _test_data().source else "recorded"


def _listen(
    subject: Subject, build: Build, weights: dict[str, np.ndarray], features: np.ndarray
) -> np.ndarray | Finding:
    """Return the classes (N,) that the model hears, or what is wrong with its logits."""
    heard = []
    for start in range(0, len(features), _BATCH):
        part = features[start : start + _BATCH]
        case = Pass((part,), parameters=weights)
        (outcome,) = subject.ask(Run(build, (case,)))
        wrong = unsound(outcome, (len(part), len(CLASSES)), "the logits")
        if wrong:
            return wrong
        heard.append(plain(outcome.value).argmax(1))
    return np.concatenate(heard)


def _counts(said: np.ndarray, labels: np.ndarray, sentence: str) -> str:
    words = ", ".join(
        f"{word} {int(((said == k) & (labels == k)).sum())} of {int((labels == k).sum())}"
        for k, word in enumerate(CLASSES)
    )
    right = 100 * float((said == labels).mean())
    return f"{right:.1f} % of {len(labels)} {sentence} are recognised ({words})."


def _why_so_few(
    subject: Subject,
    build: Build,
    weights: dict[str, np.ndarray],
    heard: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> Misconception:
    """Try whether other labels or scaled features would help a model that understands little."""
    features, labels, said = heard
    for order in permutations(range(len(CLASSES))):
        if (np.array(order)[said] == labels).mean() >= _WOULD_BE_GOOD:
            return mistakes.EXCHANGED
    for axes in ((0, 1), (0, 1, 2)):  # each coefficient by itself, or all of them alike
        scaled = features - features.mean(axes, keepdims=True)
        scaled /= features.std(axes, keepdims=True)
        again = _listen(subject, build, weights, scaled)
        if not isinstance(again, Finding) and (again == labels).mean() >= _WOULD_BE_GOOD:
            return mistakes.SCALED
    return mistakes.UNTRAINED


TRAINED_MODEL = Question(
    "trained_model",
    "A trained model",
    (Criterion("accuracy", "Recognises clips that it has not heard before", 10),),
    judge,
    (),
    ("rnn_model", "bidir_model"),
    "A trained model",
    partial(held_back, source=""),
)
