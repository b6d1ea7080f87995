"""The question ``gru_cell``."""

from functools import cache, partial

import torch

from rnn_course.checks.coursework import Marking, Question
from rnn_course.checks.report import Criterion
from rnn_course.checks.subject import Subject
from rnn_course.checks.withheld import RECURRENT
from rnn_course.courseworks.cw2_speech_commands.cells import mistaken_gru_cell as mistaken
from rnn_course.courseworks.cw2_speech_commands.cells.equations import (
    Family,
    bound,
    has_full_rank,
    judge_recovered,
)
from rnn_course.courseworks.cw2_speech_commands.cells.fit import gru_step
from rnn_course.courseworks.cw2_speech_commands.cells.judging import Opened, judge_cell
from rnn_course.courseworks.cw2_speech_commands.cells.known import KNOWN
from rnn_course.courseworks.cw2_speech_commands.cells.recover import recover_gru

_FAMILY = Family(
    (("reset gate", "reset"), ("update gate", "update"), ("candidate", "candidate")),
    recover_gru,
    gru_step,
    torch.nn.GRUCell,
    ("update", "candidate"),
    "state_clipped",
)
_CANDIDATE = frozenset(
    {
        "gru_candidate_sigmoid",
        "gru_candidate_not_tanh",
        "candidate_without_state",
        "tanh_twice",
    }
)


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Judge a student's GRU cell."""
    judge_cell("GRUCell", 1, _equations, recover_gru, subject, seed, marking)


def _equations(opened: Opened, marking: Marking) -> bool:
    names = cache(partial(_names, opened))
    most = bound(opened)
    clipped = most is not None and not (names() or ("", ""))[1]
    recognised = not clipped and judge_recovered(
        _FAMILY, opened, marking, lambda: any(names() or ())
    )
    if clipped:
        marking.failed("update", f"The new state stops at {most:.4g}.", KNOWN["state_clipped"])
    if not recognised and not (clipped and names() == ("", "")):
        _judge_wrong(opened, names(), marking)
    for criterion in _FAMILY.criteria:
        marking.passed(criterion)
    return recognised


def _names(opened: Opened) -> tuple[str, str] | None:
    x, h = (0.6 * row for row in opened.rows)
    number = 0.7
    (hy,) = opened.cell.respond(number, x, h)
    return mistaken.gru(number, x, h, hy)


def _judge_wrong(opened: Opened, names: tuple[str, str] | None, marking: Marking) -> None:
    """Where the cell is no GRU: say what it is instead."""
    text = "No weights make torch's GRU cell do the same."
    if names is None:
        for criterion in _FAMILY.criteria:
            marking.failed(criterion, text)
        return
    if opened.cell.alone and not any(names):
        return
    if not any(names) and not has_full_rank(_FAMILY, opened):
        for criterion in _FAMILY.criteria:
            marking.failed(criterion, text, KNOWN["weights_not_free"])
        return
    if not any(names):
        # With equal weights the forms of 2014 and of today differ in their biases at most.
        names = ("reset_before_product", "")
    candidate, mixture = names
    if mixture and candidate == "softmax_for_sigmoid":
        mixture = candidate  # of two gates, each is one half where all weights are equal
    if candidate:
        place = "candidate" if candidate in _CANDIDATE else "reset"
        marking.failed(place, text, KNOWN[candidate])
    if mixture:
        marking.failed("update", text, KNOWN[mixture])


QUESTION = Question(
    "gru_cell",
    "A GRU cell",
    (
        Criterion("state", "Takes a state (B, H) or None, returns the new one, (B, H)", 2),
        Criterion("reset", "Reset gate: multiplies the recurrent product", 3),
        Criterion("update", "Update gate: mixes the candidate with the old state", 2),
        Criterion("candidate", "Candidate: tanh of input and gated state", 2),
        Criterion("bias", "The bias flag: biases with True, none with False", 1),
        Criterion("gradients", "Weights are registered, initialised and get their gradients", 2),
        Criterion("batch", "Any batch and any sizes; rows do not meet; nothing is overwritten", 2),
        Criterion("device", "dtype and device follow the input", 1),
    ),
    judge,
    defines=("GRUCell",),
    read="A GRU cell",
    without=frozenset({RECURRENT}),
)
