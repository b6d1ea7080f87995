"""Judges `RNNModel` and `BidirRecurrentModel`."""

from dataclasses import dataclass, replace

from rnn_course.checks.coursework import Marking
from rnn_course.checks.forbidden import forbidden
from rnn_course.checks.generic import Finding, usable
from rnn_course.checks.models.explain import Explainer, Explanation
from rnn_course.checks.models.mistakes import CRITERION, MISTAKES
from rnn_course.checks.models.own_cell import tainted
from rnn_course.checks.models.roles import MODES, Size
from rnn_course.checks.models.soundness import (
    batch_problem,
    bias_problem,
    device_problem,
    mode_problem,
    training_problem,
)
from rnn_course.checks.models.states import wrong_start
from rnn_course.checks.models.student import Student
from rnn_course.checks.subject import Subject
from rnn_course.seeding import numpy_generator

SIGNATURE = ("mode", "input_size", "hidden_size", "num_layers", "bias", "output_size")
_MODES_OF = {"rnn": ("RNN_TANH", "RNN_RELU"), "lstm": ("LSTM",), "gru": ("GRU",)}
_ORDER = ("RNN_TANH", "LSTM", "GRU", "RNN_RELU")  # what one mode shows is a hint for the next
_OWNER = {mode: criterion for criterion, modes in _MODES_OF.items() for mode in modes}

_AGREES = "With T = 5 the logits agree to nine digits with those of a network"
_IN_FRAMES = {
    "reverse_reads_last_frame": f"{_AGREES} whose reverse direction has read frame 4 and none of "
    "the frames 0…3.",
    "first_step_read": f"{_AGREES} that has read one frame and none of the four others.",
    "state_not_carried": f"{_AGREES} that has forgotten all frames but one.",
    "frame_skipped": f"{_AGREES} that was given only four of the five frames.",
    "reverse_not_reversed": f"{_AGREES} whose two directions both read frames 0, 1, 2, 3, 4.",
    "reversed_fed_to_both": f"{_AGREES} whose two directions both read frames 4, 3, 2, 1, 0.",
}


@dataclass
class Evidence:
    """What is known of a student's model.

    Attributes:
        students: a model of two layers for each mode.
        found: what they compute.
        deeper: what models of one and of three layers compute.
    """

    students: dict[str, Student]
    found: dict[str, Explanation]
    deeper: list[Explanation]

    def all(self) -> list[Explanation]:
        """Return every explanation."""
        return [*self.found.values(), *self.deeper]


def judge_one_direction(subject: Subject, seed: int, marking: Marking) -> None:
    """Judge `RNNModel`."""
    _judge(subject, seed, marking, "RNNModel", 1)


def judge_two_directions(subject: Subject, seed: int, marking: Marking) -> None:
    """Judge `BidirRecurrentModel`."""
    _judge(subject, seed, marking, "BidirRecurrentModel", 2)


def _judge(subject: Subject, seed: int, marking: Marking, name: str, directions: int) -> None:
    if not usable(subject, marking, name, SIGNATURE):
        return
    rng = numpy_generator(seed, name)
    explainer = Explainer(rng)
    students = {mode: Student(subject, name, Size(mode, directions)) for mode in _ORDER}
    found = {
        mode: explainer.explain(student, search_pairs=mode == "RNN_TANH")
        for mode, student in students.items()
    }
    if _uses_torch(students, marking):
        return
    students = {mode: _as_looked_at(students[mode], found[mode]) for mode in students}
    evidence = Evidence(students, found, _depths(explainer, students, found))
    _mark_modes(evidence, marking)
    answering = [students[mode] for mode in MODES if _answers(found[mode])]
    problems = {
        "logits": training_problem(answering, rng),
        "bias": bias_problem(explainer, students, found),
        "batch": batch_problem(answering, found, rng),
        "device": device_problem(students, found),
        "mode_error": mode_problem(subject, name, Size("", directions)),
        "hx": _start_problem(evidence, rng),
    }
    for criterion, problem in problems.items():
        _decide(marking, criterion, problem)
    structure = ("whole", "layers", "logits", *(("stacks",) if directions == 2 else ()))
    for criterion in structure:
        _mark_structure(evidence, criterion, marking)
    _remark(evidence, marking)


def _as_looked_at(student: Student, found: Explanation) -> Student:
    return replace(student, size=found.size, dtype=found.dtype, axes=found.axes)


def _decide(marking: Marking, criterion: str, problem: Finding | None) -> None:
    """Charge a known mistake to the criterion that it belongs to, and to no other."""
    if problem and problem.misconception:
        owner = CRITERION.get(problem.misconception.id, criterion)
        marking.failed(owner, *problem)
    elif problem:
        marking.failed(criterion, *problem)
    marking.passed(criterion)


def _answers(explanation: Explanation) -> bool:
    return explanation.known or (
        explanation.finding is not None and explanation.finding.misconception is None
    )


def _uses_torch(students: dict[str, Student], marking: Marking) -> bool:
    """Fail a model that is torch's; the student's own cells are another question's business."""
    excused = {use for student in students.values() for use in tainted(student)}
    outcomes = [
        replace(outcome, used=tuple(use for use in outcome.used if use not in excused))
        for student in students.values()
        for outcome in student.outcomes
    ]
    student = students["LSTM"]
    anatomy = None if excused else student.anatomy
    return forbidden(student.subject, marking, student.name, outcomes=outcomes, anatomy=anatomy)


def _depths(
    explainer: Explainer, students: dict[str, Student], found: dict[str, Explanation]
) -> list[Explanation]:
    """Look at one and at three layers in the first mode that is right with two."""
    for mode in _ORDER:
        if found[mode].known:
            size = students[mode].size
            return [
                explainer.explain(
                    replace(students[mode], size=replace(size, L=layers)), thorough=False
                )
                for layers in (1, 3)
            ]
    return []


def _mark_modes(evidence: Evidence, marking: Marking) -> None:
    for criterion, modes in _MODES_OF.items():
        for mode in modes:
            problem = _mode_problem(mode, evidence.found[mode])
            if problem:
                marking.failed(criterion, *problem)
        marking.passed(criterion)


def _mode_problem(mode: str, found: Explanation) -> Finding | None:
    own = [name for name in found.mistakes if CRITERION[name] in ("mode", _OWNER[mode])]
    if own:
        seen = found.finding.message if found.finding else f"Mode {mode}: {MISTAKES[own[0]].seen}"
        return Finding(seen, MISTAKES[own[0]])
    if found.known:
        return None
    if found.mistakes:
        name = found.mistakes[0]
        return Finding(f"Mode {mode}: {MISTAKES[name].seen}", MISTAKES[name])
    return found.finding


def _mark_structure(evidence: Evidence, criterion: str, marking: Marking) -> None:
    explanations = evidence.all()
    for explanation in explanations:
        for name in explanation.mistakes:
            if CRITERION[name] == criterion:
                modes = [e.size.mode for e in explanations if name in e.mistakes]
                seen = explanation.finding.message if explanation.finding else ""
                where = f"Seen in mode {', '.join(dict.fromkeys(modes))}."
                seen = seen or _IN_FRAMES.get(name, "")
                marking.failed(criterion, f"{seen} {where}".strip(), MISTAKES[name])
                return
    if not any(explanation.known for explanation in explanations):
        marking.failed(criterion, "Not to be told while no mode computes what it should.")
    elif criterion == "layers":
        _mark_depth(evidence, marking)
    else:
        marking.passed(criterion)


def _mark_depth(evidence: Evidence, marking: Marking) -> None:
    for explanation in evidence.deeper:
        if not explanation.known:
            said = explanation.finding.message if explanation.finding else "Not understood."
            marking.failed("layers", f"With num_layers = {explanation.size.L}: {said}")
    marking.passed("layers")


def _start_problem(evidence: Evidence, rng) -> Finding | None:
    tried = False
    for mode in ("GRU", "LSTM", "RNN_TANH"):
        found = evidence.found[mode]
        if not found.known or (tried and mode == "RNN_TANH"):
            continue
        if found.axes == "TK":
            return None  # whose batch is the time axis: that has been marked
        tried = True
        problem = wrong_start(evidence.students[mode], found, rng)
        if problem:
            return Finding(f"Mode {mode}: {problem.message}", problem.misconception)
    return None if tried else Finding("Not to be told while no mode computes what it should.")


def _remark(evidence: Evidence, marking: Marking) -> None:
    """Mention what costs nothing."""
    for mode, found in evidence.found.items():
        if found.cell:
            marking.notes.append(
                f"Mode {mode}: the model is right, but {found.cell} inside it is not; it is judged "
                f"in its own question."
            )
        if found.unread:
            marking.notes.append(f"Mode {mode}: nothing reads {found.unread} of the parameters.")
        if found.dress and found.dress.odd:
            marking.notes.append(f"Mode {mode}: a gate is flipped or shifted, which is as good.")
