"""Judges submitted weights: loads them into the student's class, and lets it read held-back text.

The text is the end of the prose that every Python carries; a seed says which parts of it.
"""

import math
from collections.abc import Mapping

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding
from rnn_course.checks.requests import Build, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.checks.weights_file import WeightsFile
from rnn_course.courseworks.cw4_lstm_applications import trained_lm_mistakes as m
from rnn_course.courseworks.cw4_lstm_applications.carried import output_problem
from rnn_course.data import Vocabulary, prose, split_text
from rnn_course.seeding import numpy_generator

FILE, NAME = "language_model.safetensors", "CharLM"
_WEIGHTS = WeightsFile(FILE, m.NO_FILE, m.FILE_BROKEN, m.NOT_FITTING)
_WINDOWS, _STEPS = 64, 100
_NONE, _FULL = 12.0, 4.0
_LARGEST = 1024
_ALIKE = 1e-3  # of a probability, by which float32 may differ from run to run


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on the file of weights."""
    saved = _WEIGHTS.read(subject)
    if isinstance(saved, Finding):
        marking.fail_rest(*saved)
        return
    note = saved.note
    build = _build(note)
    if build is None:
        told = {"vocab_size", "hidden_size", "cell", "embedding"} <= set(note)
        mistake = m.SETTINGS_ABSURD if told else m.NOTE_MISSING
        marking.fail_rest(f"{FILE} notes {_shown(note)}.", mistake)
        return
    weights = _WEIGHTS.fitted(subject, build, saved, marking)
    if isinstance(weights, Finding):
        marking.fail_rest(*weights)
        return
    _judge_perplexity(subject, build, weights, numpy_generator(seed, "trained_lm"), marking)


def _shown(note: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value[:20]}" for key, value in list(note.items())[:8]) or "nothing"


def _build(note: Mapping[str, str]) -> Build | None:
    """Make the constructor's arguments from the note; None if one is missing or absurd."""
    try:
        vocab, hidden = int(note["vocab_size"]), int(note["hidden_size"])
        width = None if note["embedding"] == "None" else int(note["embedding"])
        cell = note["cell"]
    except (KeyError, ValueError):
        return None
    sizes_right = 0 < hidden <= _LARGEST and (width is None or 0 < width <= _LARGEST)
    if not sizes_right or vocab != len(Vocabulary.characters()):
        return None
    return Build(NAME, (vocab, hidden, cell, width), dtype="float32")


def _judge_perplexity(
    subject: Subject,
    build: Build,
    weights: dict[str, np.ndarray],
    rng: np.random.Generator,
    marking: Marking,
) -> None:
    _, held_back = split_text(Vocabulary.characters().encode(prose()))
    starts = rng.integers(0, len(held_back) - _STEPS, _WINDOWS)
    windows = held_back[starts[:, None] + np.arange(_STEPS + 1)]
    given, past = windows[:, :-1], np.arange(_STEPS) < rng.integers(1, _STEPS, (_WINDOWS, 1))
    other = np.where(past, given, (given + 1 + rng.integers(0, 20, given.shape)) % build.args[0])
    cases = tuple(Pass((ids,), parameters=weights) for ids in (given, other))
    outcomes = subject.ask(Run(build, cases))
    shape = (_WINDOWS, _STEPS, build.args[0])
    wrong = next(filter(None, (output_problem(one, shape, "float32") for one in outcomes)), None)
    if wrong:
        marking.fail_rest(*wrong)
        return
    logits, altered = (plain(one.value)[0].astype(float) for one in outcomes)
    if np.abs(_shares(logits) - _shares(altered))[past].max() > _ALIKE:
        said = "Its predictions change with the characters that are to be predicted."
        marking.fail_rest(said, m.SEES_FUTURE)
        return
    perplexity = _perplexity(logits, windows[:, 1:])
    said = f"On {_WINDOWS * _STEPS} characters of held-back text its perplexity is {perplexity:.2f}"
    if perplexity <= _FULL:
        marking.passed("held_back", said + ".")
        return
    said += f"; full points up to {_FULL:g}, none from {_NONE:g} on."
    share = (math.log(_NONE) - math.log(perplexity)) / (math.log(_NONE) - math.log(_FULL))
    mistake = m.OTHER_TOKENS if perplexity > 1.1 * build.args[0] else m.LEARNED_LITTLE
    marking.scored("held_back", min(max(share, 0.0), 0.999), said, mistake)


def _shares(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def _perplexity(logits: np.ndarray, targets: np.ndarray) -> float:
    logits = logits - logits.max(-1, keepdims=True)  # beside 1e30 any logarithm would be lost
    sums = np.log(np.exp(logits).sum(-1))
    losses = sums - np.take_along_axis(logits, targets[..., None], -1)[..., 0]
    return float(np.exp(min(losses.mean(), 700.0)))
