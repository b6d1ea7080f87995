"""The way a model is judged, of one direction or two: what it computes, then what else it owes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile

from rnn_course.checks.coursework import Marking
from rnn_course.checks.forbidden import forbidden
from rnn_course.checks.generic import Finding, usable
from rnn_course.checks.mistakes import CONSTANT_SIZE, WRONG_SHAPE
from rnn_course.checks.report import Criterion
from rnn_course.checks.requests import Anatomy
from rnn_course.checks.subject import Subject
from rnn_course.checks.together import together
from rnn_course.checks.values import Raised
from rnn_course.courseworks.cw2_speech_commands.models.explain import (
    Explainer,
    Explanation,
    first_logits,
    first_response,
)
from rnn_course.courseworks.cw2_speech_commands.models.mistakes import CRITERION, MISTAKES
from rnn_course.courseworks.cw2_speech_commands.models.own_cell import has_library_parts, tainted
from rnn_course.courseworks.cw2_speech_commands.models.roles import MODES, Size
from rnn_course.courseworks.cw2_speech_commands.models.soundness import (
    batch_problem,
    bias_problem,
    device_problem,
    independence_problem,
    mode_problem,
    placing_problem,
    random_problem,
    repeats,
    shortest_problem,
    training_problem,
)
from rnn_course.courseworks.cw2_speech_commands.models.states import wrong_start
from rnn_course.courseworks.cw2_speech_commands.models.student import Part, Student, ask_ahead

SHARED = (
    Criterion("logits", "Raw logits of shape (B, K)", 1),
    Criterion("bias", "bias=False means no biases in the cells, True means some", 1),
    Criterion("batch", "Any batch, any length; samples and calls are independent", 1),
    Criterion("device", "float32, float64, and another device", 1),
    Criterion("mode_error", "An unknown mode raises ValueError", 0.5),
    Criterion("hx", "Initial states are used where they are given", 0.5),
)
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


def judge_model(name: str, directions: int, subject: Subject, seed: int, marking: Marking) -> None:
    """Judge a model class by the criteria of its question."""
    if not usable(subject, marking, name, SIGNATURE):
        return
    students = {mode: Student(subject, name, Size(mode, directions), seed) for mode in _ORDER}
    ask_ahead(_usually_asked(students))
    students = _mended(students, marking)
    explainer = Explainer()
    found = _explained(explainer, students)
    if _uses_torch(students, marking):
        return
    students = {
        mode: students[mode].but(
            size=seen.size, dtype=seen.dtype, axes=seen.axes, length=seen.length
        )
        for mode, seen in found.items()
    }
    evidence = Evidence(students, found, _depths(explainer, students, found))
    _mark_modes(evidence, marking)
    answering = [students[mode] for mode in MODES if _answers(found[mode])]
    hx, modes = together(
        lambda: _start_problem(evidence),
        lambda: mode_problem(subject, name, Size("", directions)),
    )
    problems = {
        "logits": next((s.once(training_problem) for s in answering[-1:]), None),
        "bias": bias_problem(explainer, students, found),
        "batch": batch_problem(answering, found),
        "device": device_problem(students, found),
        "mode_error": modes(),
        "hx": hx(),
    }
    for criterion, problem in problems.items():
        _decide(marking, criterion, problem)
    structure = ("whole", "layers", "logits", *(("stacks",) if directions == 2 else ()))
    for criterion in structure:
        _mark_structure(evidence, criterion, marking)
    _remark(evidence, marking)


def _mended(students: dict[str, Student], marking: Marking) -> dict[str, Student]:
    """Mark layers in plain lists, and randomness; return models without them, for the rest."""
    first = students["RNN_TANH"]
    adopted = first.but(adopt=True)
    if isinstance(first.anatomy, Anatomy) and adopted.count > first.count:
        text = f"{adopted.count - first.count} weights of mode RNN_TANH are not among them."
        marking.failed("layers", text, MISTAKES["layers_not_registered"])
        students = {mode: student.but(adopt=True) for mode, student in students.items()}
        first = adopted
    if not first.once(repeats) and first.but(calm=True).once(repeats):
        problem = random_problem(first)
        _decide(marking, "logits", problem)
        students = {mode: student.but(calm=True) for mode, student in students.items()}
    return students


def _usually_asked(students: dict[str, Student]) -> Iterator[tuple[Student, Part]]:
    """List what is asked of a right model anyway, so that it goes out in one message."""
    for student in students.values():
        yield student, first_response
        yield student.bare, first_logits
    yield students["RNN_TANH"], repeats
    for student in students["RNN_TANH"].deeper:
        yield student, first_response
    yield students["RNN_RELU"], training_problem
    for mode in ("LSTM", "RNN_RELU"):
        yield students[mode], independence_problem
        yield students[mode], shortest_problem
    for mode in ("LSTM", "RNN_TANH"):
        yield students[mode], placing_problem


def _explained(explainer: Explainer, students: dict[str, Student]) -> dict[str, Explanation]:
    """Explain every mode; what one shows is a hint for the next, unless it is right."""
    first = students["RNN_TANH"]
    parts = [
        partial(explainer.explain, student, search_pairs=student is first)
        for student in students.values()
    ]
    alone = 0 if explainer.finds_right(first) else 1
    explanations = [*(part() for part in parts[:alone])]
    explanations += [later() for later in together(*parts[alone:])]
    return dict(zip(students, explanations, strict=True))


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
    student = students["LSTM"]
    outcomes = [outcome for each in students.values() for outcome in each.outcomes]
    seen = student.anatomy
    anatomy: Anatomy | Raised | None = seen
    if any(outcome.used for outcome in outcomes) or has_library_parts(seen):
        excused = {use for each in students.values() for use in tainted(each)}
        anatomy = None if excused else anatomy
        outcomes = [
            replace(outcome, used=tuple(use for use in outcome.used if use not in excused))
            for outcome in outcomes
        ]
    return forbidden(student.subject, marking, student.name, outcomes=outcomes, anatomy=anatomy)


def _depths(
    explainer: Explainer, students: dict[str, Student], found: dict[str, Explanation]
) -> list[Explanation]:
    """Look at one and at three layers in the first mode that is right with two."""
    for mode in _ORDER:
        if found[mode].known:
            return [explainer.explain(student, thorough=False) for student in students[mode].deeper]
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
        seen = found.finding.message if found.finding else MISTAKES[name].seen
        return Finding(f"Mode {mode}: {seen.removeprefix(f'Mode {mode}: ')}", MISTAKES[name])
    return found.finding


def _mark_structure(evidence: Evidence, criterion: str, marking: Marking) -> None:
    explanations = evidence.all()
    for explanation in explanations:
        for name in explanation.mistakes:
            if CRITERION[name] == criterion:
                modes = [e.size.mode for e in explanations if name in e.mistakes]
                seen = explanation.finding.message if explanation.finding else ""
                where = f"Seen in mode {', '.join(dict.fromkeys(modes))}."
                depth = explanation.change.get("layers")
                if depth and not seen:
                    L = explanation.size.L
                    seen = f"With num_layers = {L}, the logits are those of {depth}."
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
            finding = explanation.finding or Finding("Not understood.")
            # with as many classes as usual it was right
            known = CONSTANT_SIZE if finding.misconception is WRONG_SHAPE else None
            said = f"With num_layers = {explanation.size.L}, output_size = {explanation.size.K}: "
            marking.failed("layers", said + finding.message, known)
    marking.passed("layers")


def _start_problem(evidence: Evidence) -> Finding | None:
    found = evidence.found
    known = [mode for mode in ("GRU", "LSTM", "RNN_TANH", "RNN_RELU") if found[mode].known]
    if any("num_layers_ignored" in found[mode].mistakes for mode in known):
        return None  # hx cannot fit
    tried = [m for m in known if m != "RNN_RELU" or found[m].cast]  # rectifiers may be shut
    # a model whose batch is the time axis has been marked for that
    tried = list(takewhile(lambda mode: found[mode].axes != "TK", tried))
    parts = [partial(wrong_start, evidence.students[m], found[m]) for m in tried]
    for mode, problem in zip(tried, together(*parts), strict=True):
        if wrong := problem():
            return Finding(f"Mode {mode}: {wrong.message}", wrong.misconception)
    return None if known else Finding("Not to be told while no mode computes what it should.")


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
