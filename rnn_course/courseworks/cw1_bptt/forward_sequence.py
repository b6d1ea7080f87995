"""Judges `rnn_forward`: the network over a whole sequence, and its loss."""

from dataclasses import replace

import numpy as np

from rnn_course.checks.coursework import Marking, Question
from rnn_course.checks.generic import Finding, close, differs, shown, unsound, usable
from rnn_course.checks.mistakes import WRONG_TYPE
from rnn_course.checks.patterns import explained
from rnn_course.checks.report import Criterion, Misconception
from rnn_course.checks.requests import Outcome
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Opaque, plain
from rnn_course.courseworks.cw1_bptt import oracle
from rnn_course.courseworks.cw1_bptt import sequence_mistakes as known
from rnn_course.courseworks.cw1_bptt.ask import altered, call, flat, identify
from rnn_course.courseworks.cw1_bptt.forward_mistakes import INPUTS_CHANGED, SEQUENCE
from rnn_course.courseworks.cw1_bptt.problem import Problem, draw
from rnn_course.courseworks.cw1_bptt.rule import softmax
from rnn_course.seeding import numpy_generator

NAME = "rnn_forward"
_TOLERANCE = 1e-6  # leaves room for log(p + 1e-12), which is finite for any scores


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide every criterion of the question."""
    arguments = ("X_train", "y_train", "model", "initial_state")
    if not usable(subject, marking, NAME, arguments, "function"):
        return
    rng = numpy_generator(seed, NAME)
    problem = draw(rng, B=3, T=5, D=3, H=6, K=4)
    outcome = _run(subject, problem)
    finding = unsound(outcome, None, "h", path=(0,))
    if finding:
        marking.fail_rest(*finding)
        return
    right = oracle.forward(problem)
    steps = next((m for m, run in known.wrong_runs(problem) if _same_run(outcome, run)), None)
    steps = steps or _first_wrong(subject, outcome, problem, right)
    _state(outcome, problem, right, steps, marking)
    _outputs(outcome, right, steps, marking)
    _loss(subject, outcome, problem, steps, marking)
    _labels(subject, rng, marking)
    _thousand(subject, rng, marking)
    if outcome.printed.strip():
        marking.notes.append("It prints with verbose=False, too.")


def _run(subject: Subject, p: Problem) -> Outcome:
    return call(subject, NAME, p.xs, p.labels, p.model, p.state, verbose=False)


def _same_run(outcome: Outcome, run: oracle.Pass) -> bool:
    return close(outcome.value[0], run.states[-1], 1e-7)


def _first_wrong(subject: Subject, outcome, p: Problem, right) -> Misconception | None:
    """Tell where a run that no list knows leaves the right one."""
    if _same_run(outcome, right):
        return None
    if not _uncollected(outcome, len(right.logits)):
        pairs = zip(outcome.value[1], right.logits, strict=True)
        if all(close(y, expected) for y, expected in pairs):
            return known.FIRST_STATE_RETURNED
    one = replace(p, xs=p.xs[:1], labels=p.labels[:1])
    first = _run(subject, one)
    if unsound(first, None, "h", path=(0,)):
        return None
    fits = _same_run(first, oracle.forward(one))
    return known.LATER_STEPS if fits else known.FIRST_STEP


def _state(outcome, problem, right, steps, marking: Marking) -> None:
    finding = altered(outcome, ("X_train", "y_train", "model", "initial_state"), INPUTS_CHANGED)
    if finding:
        marking.failed("state", *finding)
        return
    finding = unsound(outcome, problem.state.shape, "h", path=(0,))
    finding = finding or differs(outcome.value[0], right.states[-1], "h")
    if finding is None:
        marking.passed("state", "h is the state after the last step.")
        return
    earlier = [problem.state, *right.states[:-1]]
    named = identify(outcome.value[0], [(known.FIRST_STATE_RETURNED, s) for s in earlier])
    every = identify(outcome.value[0], [(known.FIRST_STATE_RETURNED, right.states)])
    named = named or every or steps
    finding = explained(finding, outcome.value[0], right.states[-1])
    marking.failed("state", finding.message, named or finding.misconception)


def _outputs(outcome, right, steps, marking: Marking) -> None:
    finding = _uncollected(outcome, len(right.logits))
    if finding:
        marking.failed("outputs", *finding)
        return
    found = [plain(y) for y in outcome.value[1]]
    for t, (y, expected) in enumerate(zip(found, right.logits, strict=True)):
        finding = differs(y, expected, f"ys[{t}]")
        if finding:
            chances = close(y, softmax(expected), 1e-7)
            named = known.PROBABILITIES_KEPT if chances else steps
            finding = explained(finding, y, expected)
            if _same_run(outcome, right):
                named = named or finding.misconception or known.OTHER_OUTPUTS
            marking.failed("outputs", finding.message, named or finding.misconception)
            return
    marking.passed("outputs", f"{len(found)} scores and {len(found)} caches came back.")


def _uncollected(outcome: Outcome, steps: int) -> Finding | None:
    """Find results that are no list of one entry for every step."""
    parts = outcome.value if isinstance(outcome.value, (tuple, list)) else ()
    if len(parts) != 4:
        return Finding(
            f"{shown(outcome.value)} came back; h, ys, caches, loss is right.", WRONG_TYPE
        )
    for name, part in (("ys", plain(parts[1])), ("caches", plain(parts[2]))):
        if name == "caches" and isinstance(part, Opaque):  # the student's own affair
            continue
        if not isinstance(part, (list, tuple, dict, np.ndarray)) or len(part) != steps:
            count = len(part) if isinstance(part, (list, tuple, np.ndarray)) else shown(part)
            return Finding(f"{name} holds {count} of {steps} steps.", known.LAST_OUTPUT_ONLY)
    return None


def _loss(subject: Subject, outcome, problem, steps, marking: Marking) -> None:
    right = oracle.forward(problem)
    finding = unsound(outcome, None, "loss", path=(3,))
    if finding is None and np.size(plain(outcome.value[3])) != 1:
        finding = Finding(f"loss is {shown(outcome.value[3])}; a number is right.", WRONG_TYPE)
    if finding:
        marking.failed("loss", *finding)
        return
    loss = float(np.squeeze(plain(outcome.value[3])))
    if close(loss, right.loss, _TOLERANCE):
        marking.passed("loss", f"The loss is {loss:.4f}, the sum over the steps.")
        return
    message = f"The loss is {loss:.6g} where {right.loss:.6g} is right."
    runs = [(m, run.loss) for m, run in known.wrong_runs(problem)]
    suspects = [*known.wrong_losses(problem, right.logits), *runs]
    named = identify(loss, suspects) or steps or _loss_place(subject, problem)
    marking.failed("loss", message, named)


def _loss_place(subject: Subject, p: Problem) -> Misconception | None:
    """Tell where a loss goes wrong: in a batch, over time, or in a single step."""
    one = replace(p, xs=[x[:1] for x in p.xs], labels=p.labels[:, :1], state=p.state[:1])
    step = replace(one, xs=one.xs[:1], labels=one.labels[:1])
    places = ((one, known.LOSS_ROWS), (step, known.LOSS_STEPS))
    for easier, misconception in places:
        outcome, right = _run(subject, easier), oracle.forward(easier)
        if unsound(outcome, None, "loss", path=(3,)):
            return None
        if close(flat(outcome.value[3]), [right.loss], _TOLERANCE):
            return misconception
        fits = _same_run(outcome, right)
    return known.LOSS_OTHER if fits else None


def _labels(subject: Subject, rng: np.random.Generator, marking: Marking) -> None:
    """One sequence alone: labels (T,) and (T, 1)."""
    single = draw(rng, B=1, T=5, D=2, H=4, K=3)
    right = oracle.forward(single).loss
    losses = []
    for labels in (single.labels[:, 0], single.labels):
        outcome = _run(subject, replace(single, labels=labels))
        finding = unsound(outcome, None, f"loss with y_train {labels.shape}", path=(3,))
        if finding:
            marking.failed("labels", finding.message, known.LABELS_ONE_SHAPE)
            return
        losses.append(float(np.mean(plain(outcome.value[3]))))
    if close(losses[0], losses[1]) and close(losses[0], right, _TOLERANCE):
        marking.passed("labels", "Labels (T,) and (T, B) give the same loss.")
        return
    message = f"The loss is {losses[0]:.6g} with (T,), {losses[1]:.6g} with (T, 1)."
    named = identify(losses[0], known.wrong_losses(single, oracle.forward(single).logits))
    alike = close(losses[0], losses[1])
    marking.failed("labels", message, named if alike else known.LABELS_ONE_SHAPE)


def _thousand(subject: Subject, rng: np.random.Generator, marking: Marking) -> None:
    """Scores of ±1000: the loss must be finite, and large where the answer is wrong."""
    problem = draw(rng, B=2, T=3, D=3, H=4, K=3)
    problem = replace(problem, model={**problem.model, "by": np.array([[1000.0, -1000.0, 0.0]])})
    problem = replace(problem, labels=np.array([[0, 0], [1, 0], [2, 1]]))
    outcome = _run(subject, problem)
    finding = unsound(outcome, None, "The loss for scores of ±1000", path=(3,))
    if finding and not outcome.error:
        finding = Finding(finding.message, known.LOSS_OVERFLOWS)
    elif finding is None and not float(np.mean(plain(outcome.value[3]))) > 10:
        came = float(np.mean(plain(outcome.value[3])))
        finding = Finding(f"Scores of ±1000 on wrong classes give a loss of only {came:.3g}.")
    if finding:
        marking.failed("stable", *finding)
    else:
        marking.passed("stable", "The loss stays finite for scores of ±1000.")


QUESTION = Question(
    NAME,
    "The whole sequence forward",
    (
        Criterion("state", "The state is carried from step to step", 3),
        Criterion("outputs", "Scores and caches of every step", 2),
        Criterion("loss", "The loss: summed over steps, averaged over the batch", 3),
        Criterion("labels", "Labels of shape (T,) and (T, B)", 1),
        Criterion("stable", "A finite loss for scores of ±1000", 1),
    ),
    judge,
    defines=(NAME,),
    needs=("cell_fn_forward",),
    read=SEQUENCE,
)
