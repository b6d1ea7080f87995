"""What any model must stand: one sample, one frame, a second call, another dtype or device."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from rnn_course.checks.generic import Finding, close, difference, unsound
from rnn_course.checks.mistakes import FIXED_DEVICE, FIXED_DTYPE
from rnn_course.checks.requests import Build, Inspect, Outcome, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.together import together
from rnn_course.checks.values import Raised, Tensor, plain
from rnn_course.courseworks.cw2_speech_commands.models.explain import Explainer, Explanation
from rnn_course.courseworks.cw2_speech_commands.models.mistakes import MISTAKES
from rnn_course.courseworks.cw2_speech_commands.models.own_cell import own_cell
from rnn_course.courseworks.cw2_speech_commands.models.roles import Size
from rnn_course.courseworks.cw2_speech_commands.models.starts import B, drawn_starts
from rnn_course.courseworks.cw2_speech_commands.models.student import Student

_B, _T = 3, 3


def _found(message: str, mistake: str) -> Finding:
    return Finding(message, MISTAKES[mistake])


def training_problem(student: Student) -> Finding | None:
    """Compare training mode with evaluation mode: there is nothing that should differ."""
    shape = (_B, student.frames(_T), student.size.D)
    x = np.abs(student.rng("training").normal(0, 1, shape))  # so that rectifiers are open
    modes = [partial(student.run, [Pass((x,), parameters=0.2, training=t)]) for t in (False, True)]
    (calm,), (busy,) = (outcomes() for outcomes in together(*modes))
    if not calm.error and not busy.error and not close(calm.value, busy.value):
        gap = difference(calm.value, busy.value)
        seen = f"Logits in training and in evaluation mode differ by up to {gap:.3g}."
        return _found(seen, "dropout_in_logits")
    return None


def repeats(student: Student) -> bool:
    """Tell whether the same input twice gives the same logits."""
    shape = (_B, student.frames(5), student.size.D)
    x = student.rng("repeats").normal(0, 1, shape)
    came = student.run([Pass((x,), parameters=0.2)] * 2)
    if not all(isinstance(outcome.value, Tensor) for outcome in came):
        return True  # a model that cannot be built answers once, with the error
    first, again = came
    return close(again.value, first.value)


def random_problem(student: Student) -> Finding:
    """Say what is random in a model: what it starts from, or more."""
    x = student.rng("repeats").normal(0, 1, (B, student.frames(5), student.size.D))
    hx, _ = drawn_starts(student.size, student.stream("forms"))
    first, again = student.run([Pass((x, hx), parameters=0.2)] * 2)
    steady = not first.error and not again.error and close(again.value, first.value)
    seen = "Two equal calls gave different logits"
    if steady:
        return _found(f"{seen}; with hx they are equal.", "random_start")
    return _found(f"{seen}.", "random_logits")


def batch_problem(students: list[Student], found: Mapping[str, Explanation]) -> Finding | None:
    """Try one sample, one frame, the same input again, and other samples beside it."""
    if not students:
        return Finding("No mode gives logits.")
    if all("too_few_weights" in e.mistakes for e in found.values()):
        return Finding("Not to be told of a model that holds no such layers.")
    for explanation in found.values():
        if "fixed_length" in explanation.mistakes and explanation.finding:
            return _found(explanation.finding.message, "fixed_length")
    skipped = any("frame_skipped" in explanation.mistakes for explanation in found.values())
    whole = not any(e.mistakes for e in found.values())
    for student in students:
        problem = None
        if student in (students[0], students[-1]):  # the others differ in their cells only
            problem = student.once(independence_problem)
            if not problem and not skipped:  # who leaves a frame out has none left of one
                problem = student.once(shortest_problem)
        if problem is None and whole:
            problem = found[student.size.mode].extreme
        if problem:
            return Finding(f"Mode {student.size.mode}: {problem.message}", problem.misconception)
    return None


def independence_problem(student: Student) -> Finding | None:
    """Try a model again, on single samples, and beside other samples."""
    size, rng = student.size, student.rng("independence")
    x = rng.normal(0, 1, (_B, _T, size.D))
    if student.axes == "TK" or student.length:
        return None  # what is said of samples would be said of frames
    others = np.concatenate([x[:1], rng.normal(0, 1, (_B - 1, _T, size.D))])
    whole, again, *rest = student.run(
        Pass((given,), parameters=0.2) for given in (x, x, others, x[:1])
    )
    if whole.error:
        return unsound(whole, None, "The result")
    if "0" in whole.changed:
        return _found("The input was not the same after the call.", "input_changed")
    if again.error or not close(again.value, whole.value):
        (fresh,) = student.run([Pass((x,), parameters=0.2)], seed=1)  # of torch's generator
        random = fresh.error or not close(fresh.value, whole.value)
        gap = difference(again.value, whole.value)
        seen = f"The same input twice gives logits that differ by up to {gap:.3g}."
        return _found(seen, "random_start" if random else "state_kept_between_calls")
    if len(student.axes) == 3:
        return None
    return _beside(whole, rest[0]) or _single(student, whole, rest[1])


def shortest_problem(student: Student) -> Finding | None:
    """Try a model on clips of one frame."""
    if student.axes != "BK" or student.length:
        return None
    x = student.rng("shortest").normal(0, 1, (_B, 1, student.size.D))
    (outcome,) = student.run([Pass((x,), parameters=0.2)])
    problem = unsound(outcome, (_B, student.size.K), "the result")
    return problem and Finding(f"With T = 1, {problem.message}", problem.misconception)


def _single(student: Student, whole: Outcome, alone: Outcome) -> Finding | None:
    problem = unsound(alone, (1, student.size.K), "With B = 1, the result")
    if problem:
        return _found(problem.message, "squeeze_without_dim")
    if not close(_row(alone), _row(whole)):
        gap = difference(_row(alone), _row(whole))
        return _found(f"Alone, sample 0's logits change by up to {gap:.3g}.", "samples_mixed")
    return None


def _row(outcome: Outcome) -> np.ndarray:
    """Return the first sample's logits."""
    return np.atleast_1d(plain(outcome.value))[0]


def _beside(whole: Outcome, beside: Outcome) -> Finding | None:
    if beside.error or close(_row(beside), _row(whole)):
        return None
    gap = difference(_row(beside), _row(whole))
    return _found(f"Other samples change sample 0's logits by up to {gap:.3g}.", "samples_mixed")


def bias_problem(
    explainer: Explainer, students: Mapping[str, Student], found: Mapping[str, Explanation]
) -> Finding | None:
    """Look for biases where there should be none, and for none where there should be some."""
    understood = False
    for mode, student in students.items():
        if isinstance(student.anatomy, Raised) or isinstance(student.bare.anatomy, Raised):
            continue
        problem, told = _bias_of_mode(explainer, student, student.bare, found[mode])
        if problem:
            return Finding(f"Mode {mode}: {problem.message}", problem.misconception)
        understood |= told
    return None if understood else Finding("Not to be told while no mode computes what it should.")


def _bias_of_mode(
    explainer: Explainer, student: Student, bare: Student, found: Explanation
) -> tuple[Finding | None, bool]:
    """Return what is wrong, and whether anything could be told."""
    counted = f"{student.count} parameters with bias=True, {bare.count} with bias=False."
    if found.known and not found.cell and found.dress and not _hidden(found):
        if not any(found.dress.biases):
            return _found(counted, "bias_missing"), True
        dress = explainer.dress(bare, found)
        for flag, dressed in ((True, found.dress), (False, dress)):
            if dressed and not dressed.readout:
                return _found(f"Seen with bias={flag}.", "readout_bias_missing"), True
        if dress:
            wrong = any(dress.biases)
            return (_found(counted, "bias_ignored") if wrong else None), True
    if student.count > bare.count:
        return (_silence_problem(bare) if found.known and not found.cell else None), True
    if own_cell(student) and _cell_ignores_bias(student):
        return None, True
    return (_found(counted, "bias_ignored"), True) if found.known else (None, False)


def _silence_problem(bare: Student) -> Finding | None:
    """Without biases, states that start at zero stay there as long as the input is zero."""
    lengths = (1, _T)
    cases = [Pass((np.zeros((_B, T, bare.size.D)),), parameters=0.4) for T in lengths]
    short, long = bare.run(cases)
    if short.error or long.error or close(long.value, short.value):
        return None
    seen = "With bias=False and silence as input, the logits depend on how long it lasts."
    return _found(seen, "bias_ignored")


def _hidden(found: Explanation) -> bool:
    """Tell whether a function on the logits hides how many biases there are."""
    return bool({"softmax_in_logits", "activation_on_logits"} & set(found.mistakes))


def _cell_ignores_bias(student: Student) -> bool:
    args = (student.size.D, student.size.H)
    parts = [
        student.subject.ask(Inspect(Build(own_cell(student), (*args, bias))))
        for bias in (True, False)
    ]
    return any(isinstance(p, Raised) for p in parts) or parts[0].parameters == parts[1].parameters


def device_problem(
    students: Mapping[str, Student], found: Mapping[str, Explanation]
) -> Finding | None:
    """Run in float32 and float64, and on the device without numbers, ``meta``."""
    usable = [mode for mode in ("LSTM", "RNN_TANH", "GRU") if found[mode].known]
    if not usable:
        return Finding("Not to be told while no mode computes what it should.")
    for mode in usable[:2]:
        problem = students[mode].once(placing_problem)
        if problem:
            return Finding(f"Mode {mode}: {problem.message}", problem.misconception)
    return None


def placing_problem(student: Student) -> Finding | None:
    """Run a model in other dtypes than it was explained in, and on ``meta``."""
    frames, shortest = student.frames(2), student.frames(1)
    x = np.zeros((_B, frames, student.size.D))
    shape = (_B, student.size.K) if student.axes == "BK" else None
    dtypes = ("float32",) if student.dtype == "float64" else ("float64", "float32")
    *usual, elsewhere = together(
        *(partial(student.run, [Pass((x,))], dtype=dtype) for dtype in dtypes),
        # of one frame: on meta, torch's operators are slow
        partial(student.run, [Pass((x[:, :shortest],))], device="meta", dtype="float32"),
    )
    for dtype, ran in zip(dtypes, usual, strict=True):
        (outcome,) = ran()
        problem = unsound(outcome, shape, f"The result in {dtype}", dtype)
        if problem:
            return Finding(problem.message, problem.misconception or FIXED_DTYPE)
    (outcome,) = elsewhere()
    problem = unsound(outcome, shape, "The result on another device")
    if problem and problem.misconception != FIXED_DEVICE:
        (here,) = student.run([Pass((x[:, :shortest],))], dtype="float32")
        if here.error:  # one frame is too short for it anywhere
            return None
    if problem:
        return Finding(problem.message, FIXED_DEVICE)
    if not isinstance(outcome.value, Tensor) or outcome.value.device != "meta":
        return Finding("On device meta, the result is somewhere else.", FIXED_DEVICE)
    return None


def mode_problem(subject: Subject, name: str, size: Size) -> Finding | None:
    """Ask for modes that do not exist."""
    case = Pass((np.zeros((2, 3, size.D)),))
    builds = {
        mode: Build(name, replace(size, mode=mode).args(True))
        for mode in ("TRANSFORMER", "RNN_SIGMOID", "lstm")
    }
    answers = together(*(partial(subject.ask, Run(b, (case,))) for b in builds.values()))
    for mode, ran in zip(builds, answers, strict=True):
        (outcome,) = ran()
        if outcome.error and "ValueError" in outcome.error.type:
            continue
        if not outcome.error or not isinstance(subject.ask(Inspect(builds[mode])), Raised):
            return _found(f"mode={mode!r} gives a model.", "unknown_mode_accepted")
        return _found(f"mode={mode!r} raises {outcome.error}.", "wrong_exception")
    return None
