"""Judges `rnn_gradient_check`: it must tell right gradients from subtly wrong ones.

The gradients it is tried on come from `props.RnnGradients`, which is handed over as ``backward``.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from rnn_course.checks.coursework import Marking, Question
from rnn_course.checks.generic import Finding, explain_error, shown, usable
from rnn_course.checks.mistakes import PRINTS, RETURNS_NOTHING, WRONG_TYPE
from rnn_course.checks.report import Criterion, Misconception
from rnn_course.checks.requests import Build, Call, Fetch, Outcome, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Ref
from rnn_course.courseworks.cw1_bptt import gradient_check_mistakes as known
from rnn_course.courseworks.cw1_bptt import oracle
from rnn_course.courseworks.cw1_bptt.ask import altered
from rnn_course.courseworks.cw1_bptt.faulty import spoil
from rnn_course.courseworks.cw1_bptt.forward_mistakes import INPUTS_CHANGED
from rnn_course.courseworks.cw1_bptt.problem import Problem, draw
from rnn_course.seeding import numpy_generator

NAME = "rnn_gradient_check"
_ARGUMENTS = ("model", "x", "y", "init_state")
GROSS = ("no_flow", "no_slope", "last_step", "sign")
SINGLE = ("zero_entry", "one_entry", "raised", "lowered")
SUBTLE = ("scaled", "shrunk", "transposed", "first_row", *SINGLE)
PARAMETERS = ("Wxh", "Whh", "Why", "bh", "by")
ONE = tuple(f"only:{name}" for name in PARAMETERS)


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide every criterion of the question."""
    if not usable(subject, marking, NAME, _ARGUMENTS, "function"):
        return
    rng = numpy_generator(seed, NAME)
    problem = ordinary(rng)
    outcome = _try(subject, problem, "right")
    finding = _unusable(outcome)
    if finding:
        marking.fail_rest(*finding)
        return
    caught = {fault: _fails(subject, problem, fault) for fault in (*GROSS, *SUBTLE, *ONE)}
    if not outcome.value or not any(caught.values()):
        finding = altered(outcome, _ARGUMENTS, known.NOT_RESTORED)
        if not outcome.value and not any(caught.values()):
            said = "It returns False for right gradients and True for all wrong ones."
            finding = finding or Finding(said, known.INVERTED)
        finding = finding or _says_always_the_same(subject, problem, bool(outcome.value))
        marking.fail_rest(*finding)
        return
    marking.passed("right", "Right gradients pass.")
    named = _faults(subject, caught, problem, marking)
    _zeros(subject, rng, named, marking)
    _small(subject, rng, named, marking)
    _untouched(outcome, marking)
    _settings(subject, problem, marking)
    _printed(outcome, marking)


def ordinary(rng: np.random.Generator) -> Problem:
    """Draw a problem in which no gradient is so small that rounding spoils its relative error."""
    while True:
        problem = draw(rng, B=2, T=3, D=3, H=2, K=2)
        grads = oracle.gradients(problem)
        sizes = np.concatenate([np.abs(g).ravel() for g in grads.values()])
        if sizes.min() > 0.01 and sizes.max() < 2:
            return problem


def _try(subject: Subject, problem: Problem, fault: str, **settings: Any) -> Outcome:
    """Run the student's check on gradients with a fault."""
    steps = (
        Build("RnnGradients", (fault,), given="rnn_course.courseworks.cw1_bptt.faulty"),
        Call(NAME, problem.arguments, {**settings, "backward": Ref(0)}),
    )
    return subject.ask(Program(steps))[-1]


def _calls(subject: Subject, problem: Problem) -> int:
    """Count how often the student's check calls the function that it is given."""
    steps = (
        Build("RnnGradients", ("sign",), given="rnn_course.courseworks.cw1_bptt.faulty"),
        Call(NAME, problem.arguments, {"backward": Ref(0)}),
        Fetch(Ref(0, ("calls",))),
    )
    return subject.ask(Program(steps))[-1].value


def _unusable(outcome: Outcome) -> Finding | None:
    if outcome.error:
        return explain_error(outcome.error)
    value = outcome.value
    if value is None:
        named = PRINTS if outcome.printed.strip() else RETURNS_NOTHING
        return Finding("The check returns None; True or False is right.", named)
    if not isinstance(value, (bool, np.bool_)):
        return Finding(f"The check returns {shown(value)}; True or False is right.", WRONG_TYPE)
    return None


def _fails(subject: Subject, problem: Problem, fault: str) -> bool:
    outcome = _try(subject, problem, fault)
    return (
        outcome.error is None and isinstance(outcome.value, (bool, np.bool_)) and not outcome.value
    )


def _says_always_the_same(subject: Subject, problem: Problem, passes: bool) -> Finding:
    if passes:
        message = "It returns True for all of the wrong gradients that were tried."
        used = _calls(subject, problem)
        return Finding(message, known.ALWAYS_TRUE if used else known.BACKWARD_IGNORED)
    if _try(subject, problem, "summed").value:
        message = "It passes gradients of the loss summed over time, and fails those of the mean."
        return Finding(message, known.SUMMED_LOSS)
    if _try(subject, problem, "halved").value:
        message = "It passes gradients that are half as large as the right ones."
        return Finding(message, known.NUMERIC_HALVED)
    if _try(subject, problem, "doubled").value:
        message = "It passes gradients that are twice as large as the right ones."
        return Finding(message, known.NUMERIC_DOUBLED)
    if _try(subject, problem, "right", error_threshold=0.2).value:
        message = "It fails right gradients with error_threshold=0.01, and passes them with 0.2."
        return Finding(message, known.NOT_CENTRAL)
    return Finding("It returns False for right gradients.", known.ALWAYS_FALSE)


def _faults(subject: Subject, caught: dict[str, bool], problem: Problem, marking: Marking) -> None:
    named = None
    if not all(caught.values()):
        spoiled = {fault: spoil(problem, fault) for fault in caught}
        named = _unseen(subject, caught, problem)
        named = named or known.missed(caught, spoiled, oracle.gradients(problem))
    for criterion, faults in (
        ("gross", GROSS),
        ("subtle", SUBTLE),
        ("parameters", ONE),
    ):
        missed = [fault for fault in faults if not caught[fault]]
        if not missed:
            marking.passed(criterion, f"All {len(faults)} were noticed.")
            continue
        said = ", ".join(
            known.FAULTS.get(fault, f"an error in {fault[5:]} alone") for fault in missed
        )
        message = f"Passed as right: {said}."
        share = 1 - len(missed) / len(faults)
        marking.scored(criterion, share, message, named)
    return named


def _unseen(subject: Subject, caught: dict[str, bool], problem: Problem) -> Misconception | None:
    """Find numbers that are never looked at: they may be ten times too large, of either sign."""
    if all(caught[fault] for fault in (*SINGLE, *ONE)):
        return None
    seen, negative = {}, {}
    for name, gradient in oracle.gradients(problem).items():
        for index, value in enumerate(gradient.flat):
            faults = (f"entry:{name}:{index}:{factor}" for factor in (10, -10))
            seen[name, index] = any(_fails(subject, problem, fault) for fault in faults)
            negative[name, index] = bool(value < 0)
    if all(seen.values()) or not any(seen.values()):
        return None
    if all(seen[at] != negative[at] for at in seen) or seen == negative:
        return known.NO_ABSOLUTE
    partly = {name for name, index in seen if seen[name, index]}
    whole = all(seen[name, index] for name, index in seen if name in partly)
    return known.PARAMETERS_MISSING if whole else known.ONLY_SOME


def _with_input(problem: Problem, size: float) -> Problem:
    """Add an input of this size: the gradients of its weights are that much smaller."""
    problem = replace(problem, xs=[np.c_[x, np.full(len(x), size)] for x in problem.xs])
    wider = np.r_[problem.model["Wxh"], np.ones((1, problem.model["Wxh"].shape[1]))]
    return replace(problem, model={**problem.model, "Wxh": wider})


def _small(
    subject: Subject, rng: np.random.Generator, named: Misconception | None, marking: Marking
) -> None:
    """An input of a thousandth: an error in its gradients counts as much as any other."""
    problem = _with_input(ordinary(rng), 1e-3)
    last = problem.model["Wxh"].size - 1
    gradient = oracle.gradients(problem)["Wxh"].flat[last]
    if _try(subject, problem, "right").value and not _fails(
        subject, problem, f"entry:Wxh:{last}:1.05"
    ):
        message = f"A gradient of {gradient:.1g} that is 5 % too large passes."
        marking.scored("subtle", 0.75, message, named or known.DROWNED)


def _zeros(
    subject: Subject, rng: np.random.Generator, named: Misconception | None, marking: Marking
) -> None:
    """An input that is always zero: its gradient is zero by hand and by numbers."""
    problem = _with_input(ordinary(rng), 0.0)
    outcome = _try(subject, problem, "right")
    finding = _unusable(outcome)
    if finding is None and not outcome.value:
        finding = Finding("Gradients that are rightly zero fail.", known.ZERO_BY_ZERO)
    if finding is None and not _fails(subject, problem, "zero_entry"):
        finding = Finding("A gradient that is wrongly zero passes.", named or known.ZERO_SKIPPED)
    last = problem.model["Wxh"].size - 1
    if finding is None and not _fails(subject, problem, f"added:Wxh:{last}:0.1"):
        message = "A gradient of 0.1 passes where the loss does not change at all."
        finding = Finding(message, named or known.NUMERIC_ZERO_SKIPPED)
    if finding:
        marking.failed("zeros", *finding)
    else:
        marking.passed("zeros", "0/0 counts as no error; a wrong zero is noticed.")


def _untouched(outcome: Outcome, marking: Marking) -> None:
    finding = altered(outcome, _ARGUMENTS, known.NOT_RESTORED)
    if finding is None:
        marking.passed("untouched", "The model is as before, to the last bit.")
    else:
        other = outcome.changed and "0" not in outcome.changed
        marking.failed(
            "untouched", finding.message, INPUTS_CHANGED if other else known.NOT_RESTORED
        )


def _settings(subject: Subject, problem: Problem, marking: Marking) -> None:
    """Both settings must matter, and the difference must be a central one."""
    trials = (
        ("scaled", {"error_threshold": 0.1}, True, known.THRESHOLD_IGNORED),
        ("slightly", {"error_threshold": 1e-4}, False, known.THRESHOLD_IGNORED),
        ("right", {"h": 1e-3, "error_threshold": 1e-3}, True, known.NOT_CENTRAL),
        ("right", {"h": 1.0, "error_threshold": 1e-4}, False, known.STEP_IGNORED),
    )
    for fault, settings, wanted, misconception in trials:
        outcome = _try(subject, problem, fault, **settings)
        finding = _unusable(outcome)
        if finding is None and bool(outcome.value) != wanted:
            said = ", ".join(f"{name}={value:g}" for name, value in settings.items())
            what = known.FAULTS.get(fault, "right gradients")
            verb = "fail" if wanted else "pass"
            named = misconception
            if named is known.THRESHOLD_IGNORED and not wanted:
                strict = _try(subject, problem, "right", error_threshold=0.0)
                heeded = strict.error is None and not strict.value
                named = known.MISMEASURED if heeded else named
            finding = Finding(f"With {said}, {what} {verb}.", named)
        if finding:
            marking.failed("settings", *finding)
            return
    marking.passed("settings", "h and error_threshold are used; the difference is central.")


def _printed(outcome: Outcome, marking: Marking) -> None:
    absent = [name for name in PARAMETERS if name not in outcome.printed]
    if absent and len(outcome.printed) < 990:  # no more than a thousand characters are kept
        message = f"Nothing was printed for {', '.join(absent)}."
        marking.failed("printed", message, known.SILENT)
    else:
        marking.passed("printed", "Every parameter is reported.")


QUESTION = Question(
    NAME,
    "Trusting a gradient",
    (
        Criterion("right", "Right gradients pass", 2),
        Criterion("gross", "Broken gradients fail", 3),
        Criterion("subtle", "Slightly wrong gradients fail", 3),
        Criterion("parameters", "An error in any one parameter is noticed", 2),
        Criterion("zeros", "Gradients of zero are judged sensibly", 2),
        Criterion("untouched", "The model is as before, to the last bit", 1),
        Criterion("settings", "h and error_threshold count; the difference is central", 1),
        Criterion("printed", "A line for every parameter", 1),
    ),
    judge,
    defines=(NAME,),
    needs=("cell_fn_forward", "rnn_forward", "bptt"),
    read=known.TRUST,
)
