"""Judges `cell_fn_forward`: one step of the network."""

from dataclasses import replace
from typing import Any

import numpy as np

from rnn_course.checks.coursework import Marking, Question
from rnn_course.checks.generic import Finding, close, differs, unsound, usable
from rnn_course.checks.mistakes import CONSTANT_SIZE
from rnn_course.checks.patterns import SINGLE_PRECISION, UNSTEADY, explained, related
from rnn_course.checks.report import Criterion, Misconception
from rnn_course.checks.requests import Outcome
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.courseworks.cw1_bptt import forward_mistakes as known
from rnn_course.courseworks.cw1_bptt import oracle
from rnn_course.courseworks.cw1_bptt.ask import altered, call, identify
from rnn_course.courseworks.cw1_bptt.problem import Problem, draw
from rnn_course.courseworks.cw1_bptt.rule import softmax
from rnn_course.seeding import numpy_generator

NAME = "cell_fn_forward"


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide every criterion of the question."""
    if not usable(subject, marking, NAME, ("X", "h", "model"), "function"):
        return
    rng = numpy_generator(seed, NAME)
    problem = draw(rng, B=3, T=1, D=5, H=4, K=3)
    right = oracle.forward(problem)
    outcome = _step(subject, problem, True)
    finding = unsound(outcome, None, "h", path=(1,)) or _exchanged(outcome, right)
    if finding:
        marking.fail_rest(*finding)
        return
    state_is_right = _state(subject, outcome, problem, right, marking)
    _logits(outcome, problem, right, marking)
    _probabilities(subject, problem, plain(outcome.value[0]), marking)
    finding = altered(outcome, ("X", "h", "model", "train"), known.INPUTS_CHANGED)
    finding = finding or _other_sizes(subject, rng, state_is_right)
    if finding:
        marking.failed("general", *finding)
    else:
        marking.passed("general", "Other sizes work, and the inputs are as before.")


def _step(subject: Subject, p: Problem, train: bool) -> Outcome:
    return call(subject, NAME, p.x, p.state, p.model, train)


def _exchanged(outcome: Outcome, right: oracle.Pass) -> Finding | None:
    """Find results in another order than y, h, cache."""
    parts = outcome.value if isinstance(outcome.value, (tuple, list)) else ()
    if len(parts) == 2:
        return Finding("Two results came back: y, h and cache are three.", known.TOO_FEW)
    swapped = len(parts) > 1 and close(parts[0], right.states[0])
    return Finding("The first result is the new state.", known.ORDER) if swapped else None


def _state(
    subject: Subject, outcome: Outcome, problem: Problem, right: oracle.Pass, marking: Marking
) -> bool:
    expected = right.states[0]
    finding = unsound(outcome, expected.shape, "h", path=(1,))
    finding = finding or differs(outcome.value[1], expected, "h")
    if finding is None:
        marking.passed("state", "h agrees with the equation.")
        return True
    named = identify(outcome.value[1], known.wrong_states(problem))
    if named is None and finding.misconception is None:
        finding = _unforeseen(subject, finding, plain(outcome.value[1]), problem, expected)
    marking.failed("state", finding.message, named or finding.misconception)
    return False


def _unforeseen(
    subject: Subject, finding: Finding, found: np.ndarray, problem: Problem, expected: np.ndarray
) -> Finding:
    """Name a wrong state that is in no list: by what it is, and by where it would be right."""
    relation = related(found, expected)
    if relation and relation.misconception is SINGLE_PRECISION:
        return explained(finding, found, expected)
    if not close(_own_state(subject, problem), found, 1e-9):
        return Finding(finding.message, UNSTEADY)
    if not close(_own_state(subject, _first_row(problem)), found[:1], 1e-7):
        return Finding(finding.message, known.SHARED_ACROSS_BATCH)
    named = known.by_property(problem, np.asarray(found, dtype=float))
    if named:
        return Finding(finding.message, named)
    for said, without in (
        ("With h = 0", replace(problem, state=0 * problem.state)),
        ("With X = 0", replace(problem, xs=[0 * problem.x])),
        ("With bh = 0", problem.scaled(bh=0)),
    ):
        if close(_own_state(subject, without), oracle.forward(without).states[0]):
            return Finding(f"{finding.message} {said} it is right.", known.TERM_WRONG)
    finding = explained(finding, found, expected)
    return Finding(finding.message, finding.misconception or known.OTHER_STATE)


def _own_state(subject: Subject, problem: Problem) -> Any:
    outcome = _step(subject, problem, True)
    return None if unsound(outcome, None, "h", path=(1,)) else outcome.value[1]


def _first_row(p: Problem) -> Problem:
    return replace(p, xs=[x[:1] for x in p.xs], labels=p.labels[:, :1], state=p.state[:1])


def _logits(outcome: Outcome, problem: Problem, right: oracle.Pass, marking: Marking) -> None:
    """Compare with the scores of the student's own state, so that one mistake costs once."""
    finding = unsound(outcome, right.logits[0].shape, "y", path=(0,))
    own = plain(outcome.value[1])
    state = own if np.shape(own) == right.states[0].shape else right.states[0]
    expected = state @ problem.model["Why"] + problem.model["by"]
    if finding is None and close(outcome.value[0], right.logits[0]):
        marking.passed("logits", "y agrees with the equation.")
    elif finding is None and close(outcome.value[0], expected) and not close(own, problem.state):
        marking.passed("logits", "y agrees with the equation for your h.")
    else:
        finding = finding or differs(outcome.value[0], expected, "y")
        suspects = [
            *known.wrong_logits(problem, state),
            *known.wrong_logits(problem, right.states[0]),
        ]
        named = identify(outcome.value[0], suspects)
        finding = explained(finding, outcome.value[0], expected)
        named = named or finding.misconception or known.OTHER_SCORES
        marking.failed("logits", finding.message, named)


def _probabilities(
    subject: Subject, problem: Problem, scores: np.ndarray, marking: Marking
) -> None:
    """Compare with the softmax of the student's own scores; then try scores of a thousand."""
    outcome = _step(subject, problem, False)
    shape = (len(problem.x), problem.model["by"].shape[1])
    finding = unsound(outcome, shape, "y with train=False", path=(0,))
    fits = np.shape(scores) == shape and np.asarray(scores).dtype.kind == "f"
    scores = scores if fits else oracle.forward(problem).logits[0]
    if finding:
        marking.failed("softmax", *finding)
        return
    found = np.asarray(plain(outcome.value[0]), dtype=float)
    right = oracle.forward(problem).logits[0]
    if not any(close(found, softmax(each)) for each in (scores, right)):
        finding = differs(found, softmax(right), "y with train=False")
        marking.failed("softmax", finding.message, _not_softmax(found, scores, right))
        return
    finding = _thousand(subject, problem)
    marking.scored("softmax", *((0.5, *finding) if finding else (1.0, "Each row adds up to one.")))


def _not_softmax(found: np.ndarray, scores: np.ndarray, right: np.ndarray) -> Misconception | None:
    if close(scores, softmax(right)) and close(found, right):
        return known.SOFTMAX_FLAG
    suspects = [*known.wrong_probabilities(scores), *known.wrong_probabilities(right)]
    named = identify(found, suspects)
    if named is None and (found >= 0).all() and not np.allclose(found.sum(1), 1):
        whole = np.allclose(found.sum(0), 1) or np.allclose(found.sum(), 1)
        return known.SOFTMAX_AXIS if whole else known.NOT_SOFTMAX
    return named or known.NOT_SOFTMAX


def _thousand(subject: Subject, problem: Problem) -> Finding | None:
    """Try large scores, and rows whose largest scores are far apart; softmax of the own scores."""
    large = replace(problem, model={**problem.model, "by": np.array([[1000.0, -1000.0, 999.0]])})
    for each in (large, problem.scaled(Why=3000.0)):
        scores, outcome = _step(subject, each, True), _step(subject, each, False)
        if unsound(scores, None, "y", path=(0,)):
            continue
        expected = softmax(oracle.forward(each).logits[0])
        finding = unsound(outcome, expected.shape, "y for scores of 1000", path=(0,))
        if finding and not outcome.error:
            return Finding(finding.message, known.OVERFLOW)
        own = softmax(np.asarray(plain(scores.value[0]), dtype=float))
        fits = finding is None and any(close(outcome.value[0], p) for p in (own, expected))
        finding = finding or differs(outcome.value[0], own, "y for scores of 1000")
        if not fits:
            return Finding(finding.message, finding.misconception or known.LARGE_SCORES)
    return None


def _other_sizes(subject: Subject, rng: np.random.Generator, compare: bool) -> Finding | None:
    """Try other sizes and one row alone; compare if the first sizes were right."""
    for sizes in ({"B": 1, "D": 5, "H": 4, "K": 3}, {"B": 2, "D": 3, "H": 7, "K": 2}):
        problem = draw(rng, T=1, **sizes)
        outcome = call(subject, NAME, problem.x, problem.state, problem.model)
        said = ", ".join(f"{name} = {value}" for name, value in sizes.items())
        finding = unsound(outcome, problem.state.shape, "h", path=(1,))
        if finding:
            return Finding(f"With {said}: {finding.message}", CONSTANT_SIZE)
        right = oracle.forward(problem).states[0]
        finding = differs(outcome.value[1], right, f"h with {said}") if compare else None
        if finding:
            return Finding(finding.message, CONSTANT_SIZE)
    return None


QUESTION = Question(
    NAME,
    "One step forward",
    (
        Criterion("state", "The new state h", 4),
        Criterion("logits", "The scores y", 2),
        Criterion("softmax", "Probabilities with train=False, even for scores of 1000", 2),
        Criterion("general", "Any batch and any sizes; the inputs are left alone", 2),
    ),
    judge,
    defines=(NAME,),
    read=known.CELL,
)
