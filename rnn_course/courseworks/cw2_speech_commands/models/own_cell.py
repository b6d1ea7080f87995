"""Asks the student's own cell, to tell a wrong cell from a wrong model around it."""

import numpy as np

from rnn_course.checks.requests import Anatomy, Build, Describe, Inspect, Outcome, Pass, Run
from rnn_course.checks.together import together
from rnn_course.checks.values import Raised, plain
from rnn_course.courseworks.cw2_speech_commands.cells import gru_cell, lstm_cell
from rnn_course.courseworks.cw2_speech_commands.models.simulate import NUMBER
from rnn_course.courseworks.cw2_speech_commands.models.student import Student

_CELLS = {"LSTM": "LSTMCell", "GRU": "GRUCell"}  # each has a question of its own


def own_cell(student: Student) -> str:
    """Return the name of the student's cell for this mode, "" if there is none of that name."""
    name = _CELLS.get(student.size.mode, "")
    return name if name and student.subject.ask(Describe(name)).kind == "module" else ""


def own_cell_is_wrong(student: Student) -> bool:
    """Tell whether the student's cell fails the equations of its own question."""
    judges = {"LSTM": lstm_cell.QUESTION, "GRU": gru_cell.QUESTION}
    if not own_cell(student):
        return False
    report = judges[student.size.mode].report(student.subject, 0)
    ignored = ("bias", "batch", "device")
    return not report.breakdown and any(
        not v.passed for v in report.verdicts if v.criterion.id not in ignored
    )


def logits_of_own_cell(student: Student, x: np.ndarray, number: float) -> np.ndarray | None:
    """Stack the student's cell as a right model would, with every parameter one number.

    Args:
        student: the model whose mode and size count.
        x: (B, T, D).
        number: the parameters' value.

    Returns:
        The logit that all classes share, (B,), without the readout's bias; None without a cell.
    """
    name = own_cell(student)
    logits = np.zeros(len(x))
    for d in range(student.size.directions if name else 0):
        top = _last_state(student, name, x[:, ::-1] if d else x, number)
        if top is None:
            return None
        logits += number * top.sum(axis=1)
    return logits if name else None


def _last_state(student: Student, name: str, clip: np.ndarray, number: float) -> np.ndarray | None:
    frames = np.swapaxes(clip, 0, 1)
    for layer in range(student.size.L):
        width = student.size.H if layer else student.size.D
        outcome = run_cell(student, name, width, Pass((frames,), parameters=number, unroll=True))
        states = [h[0] if isinstance(h, (tuple, list)) else h for h in plain(outcome.value) or ()]
        if outcome.error or not all(isinstance(h, np.ndarray) and h.ndim == 2 for h in states):
            return None
        frames = np.stack(states)
    return frames[-1]


def run_cell(student: Student, name: str, width: int, case: Pass) -> Outcome:
    """Build the student's cell and run one case on it."""
    build = Build(name, (width, student.size.H, student.bias))
    (outcome,) = student.subject.ask(Run(build, (case,)))
    return outcome


def cell_cuts_gradient(student: Student) -> str:
    """Return the name of the student's cell if its last state does not depend on the first input.

    Returns:
        "" if it does, or if there is no such cell.
    """
    name, size = own_cell(student), student.size
    if not name:
        return ""
    frames, cotangent = student.rng("cut").normal(0, 1, (3, 2, size.D)), np.ones((2, size.H))
    both = (cotangent, None) if size.mode == "LSTM" else cotangent
    case = Pass((frames,), parameters=NUMBER, unroll=True, cotangents=both)
    gradients = run_cell(student, name, size.D, case).gradients
    reached = gradients and gradients["inputs"][0] is not None and gradients["inputs"][0][0].any()
    return "" if reached else name


def tainted(student: Student) -> tuple[str, ...]:
    """Return which of torch's functions the student's own cell calls, "" for a cell of torch's."""
    name, size = own_cell(student), student.size
    if not name:
        return ()
    ran, made = together(
        lambda: run_cell(student, name, size.D, Pass((np.zeros((2, size.D)),))),
        lambda: student.subject.ask(Inspect(Build(name, (size.D, size.H, True)))),
    )
    outcome, anatomy = ran(), made()
    bases = student.subject.ask(Describe(name)).bases
    library = has_library_parts(anatomy) or any(map(_of_library, bases))
    return (*outcome.used, *([""] if library else []))


def has_library_parts(anatomy: Anatomy | Raised) -> bool:
    """Tell whether one of torch's recurrent modules is in it."""
    return isinstance(anatomy, Anatomy) and any(map(_of_library, anatomy.modules))


def _of_library(name: str) -> bool:
    return name.startswith("torch.nn.modules.rnn")
