"""Judges ``Forecaster``, an LSTM that predicts the next value of a series at every step."""

import numpy as np

from rnn_course.checks.coursework import Marking, Some
from rnn_course.checks.generic import Finding, close, difference, usable
from rnn_course.checks.mistakes import FIXED_DTYPE
from rnn_course.checks.report import Criterion
from rnn_course.checks.requests import Build, Inspect, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.courseworks.cw4_lstm_applications import model_mistakes as mm
from rnn_course.courseworks.cw4_lstm_applications import work_mistakes as m
from rnn_course.courseworks.cw4_lstm_applications.carried import (
    carried_problem,
    cut_or_frozen,
    drawn_parameters,
    output_problem,
)
from rnn_course.courseworks.cw4_lstm_applications.recurrent import (
    Design,
    Responses,
    mistaken,
    right,
    with_biases,
)
from rnn_course.seeding import numpy_generator

NAME = "Forecaster"
CRITERIA = (
    Criterion("shapes", "Forecaster: forecasts (B, T) for any B, T and H", 1),
    Criterion("causal", "A forecast depends on the past and on nothing else", 2),
    Criterion("state", "The state is taken in, carried on and returned", 2),
    Criterion("equations", "Forecasts and gradients are those of an LSTM", 2),
)
B, T, H = 3, 7, 4


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on `CRITERIA`, whatever becomes of the other half of the answer."""
    own = Some(marking, tuple(criterion.id for criterion in CRITERIA))
    if usable(subject, own, NAME, ("hidden_size",)):
        _judge(subject, seed, own)


def _judge(subject: Subject, seed: int, marking: Marking) -> None:
    rng = numpy_generator(seed, NAME)
    x = rng.normal(size=(B, T))
    first = None
    for dtype in ("float64", "float32"):
        build = Build(NAME, (H,), dtype=dtype)
        (outcome,) = subject.ask(Run(build, (Pass((x,)),)))
        wrong = _named(output_problem(outcome, (B, T), dtype), outcome.value)
        first = first or wrong
        if wrong is None or wrong.misconception is not FIXED_DTYPE:
            break
    if first:
        marking.failed("shapes", *first)
    if wrong:
        marking.fail_rest(*wrong)
        return
    cotangents = rng.normal(size=(B, T))
    responses = Responses(subject, build, (x,), cotangents)
    design, gradients = _recognised(responses, x[..., None])
    _judge_shapes(subject, build, rng, marking)
    _judge_causality(responses, x, design, marking)
    wrong = carried_problem(subject, build, x, responses.tolerance)
    if wrong:
        marking.failed("state", *wrong)
    marking.passed("state", "Two halves of a series, with the state between them, give the whole.")
    _judge_equations(responses, x[..., None], design, gradients, marking)


def _named(wrong: Finding | None, value: object) -> Finding | None:
    """Tell an axis that was left in from other wrong shapes."""
    part = value[0] if isinstance(value, (tuple, list)) and value else None
    shape = tuple(getattr(part, "shape", ()))
    if wrong and len(shape) == 3 and shape[-1] == 1 and shape[:2] == (B, T):
        return Finding(wrong.message, m.EXTRA_AXIS)
    return wrong


def _recognised(responses: Responses, x: np.ndarray) -> tuple[Design | None, bool]:
    design = right("LSTM", (1, H, 1))
    others = (d for wrong in mistaken(design) for d in with_biases(wrong))
    for designs in (with_biases(design), others):
        found, gradients = responses.find(designs, x)
        if found:
            return found, gradients
    return None, False


def _judge_shapes(
    subject: Subject, build: Build, rng: np.random.Generator, marking: Marking
) -> None:
    for shape in ((1, T), (4, 1), (1, 1), (2, T + 6)):
        case = Pass((rng.normal(size=shape),))
        other = Build(NAME, (H + 3,), dtype=build.dtype)
        (outcome,) = subject.ask(Run(other, (case,)))
        wrong = output_problem(outcome, shape, build.dtype)
        if wrong:
            mistake = wrong.misconception
            squeezed = not outcome.error and 1 in shape
            said = f"With x of shape {shape}: {wrong.message}"
            marking.failed("shapes", said, mm.SQUEEZED if squeezed else mistake)
    marking.passed("shapes", "Forecasts are (B, T) for several B, T and H, and for B = 1.")


def _judge_causality(
    responses: Responses, x: np.ndarray, design: Design | None, marking: Marking
) -> None:
    cut = T // 2
    later, first, beside = x.copy(), x.copy(), x.copy()
    later[:, cut:] += 1
    first[:, 0] += 1
    beside[1] += 1
    early = np.zeros((B, T))
    early[:, :cut] = responses.cotangents[:, :cut]
    drawn = drawn_parameters(responses.subject, responses.build)
    cases = tuple(
        Pass((v,), parameters=drawn, cotangents=(early, None)) for v in (x, later, first, beside, x)
    )
    seen = responses.subject.ask(Run(responses.build, cases))
    whole, changed, earlier, neighbour, again = (plain(o.value)[0] for o in seen)
    gradient = seen[0].gradients["inputs"][0] if seen[0].gradients else None
    leak = 0.0 if gradient is None else float(np.abs(gradient[:, cut:]).max())
    known = design.mistakes[0] if design and design.mistakes else None
    future = difference(whole[:, :cut], changed[:, :cut])
    if not close(whole, again, responses.tolerance):
        said = "The same series gives other forecasts the second time."
        marking.failed("causal", said, mm.STATE_LEAKS)
    elif not close(whole[0], neighbour[0], responses.tolerance):
        marking.failed("causal", "Series 1 changes the forecasts of series 0.", mm.TIME_IS_BATCH)
    elif future > responses.tolerance or leak:
        said = f"Values from step {cut} on change the forecasts made before it by {future:.2g}."
        marking.failed("causal", said, known or mm.SEES_FUTURE)
    elif close(whole[:, -1], earlier[:, -1], responses.tolerance * 1e-3):
        said = "The first value does not matter to the last forecast."
        marking.failed("causal", said, known or mm.NO_RECURRENCE)
    else:
        marking.passed("causal", f"Forecasts made before step {cut} have no gradient after it.")


def _judge_equations(
    responses: Responses,
    x: np.ndarray,
    design: Design | None,
    gradients: bool,
    marking: Marking,
) -> None:
    anatomy = responses.subject.ask(Inspect(responses.build))
    if design is None:
        marking.failed("equations", *_unrecognised(responses, x))
    elif design.mistakes:
        mistake = design.mistakes[0]
        marking.failed("equations", f"With all parameters equal: {mistake.seen}", mistake)
    elif not gradients:
        case = Pass((x[..., 0],), cotangents=(responses.cotangents, None))
        mistake = cut_or_frozen(responses.subject.ask(Run(responses.build, (case,)))[0])
        marking.failed("equations", mistake.seen, mistake)
    elif responses.build.dtype == "float64" and not responses.corresponds(
        design, x, anatomy, np.random.default_rng(0)
    ):
        said = "No assignment of your parameters fits the equations."
        marking.failed("equations", said, mm.OTHER_EQUATIONS)
    else:
        marking.passed("equations", "Forecasts and gradients agree with the equations to 1e-9.")


def _unrecognised(responses: Responses, x: np.ndarray) -> Finding:
    for kind in ("GRU", "RNN"):
        if responses.find(with_biases(right(kind, (1, H, 1))), x)[0]:
            return Finding(f"It is a {kind}, not an LSTM.", mm.OTHER_CELL)
    anatomy = responses.subject.ask(Inspect(responses.build))
    numbers = sum(int(np.prod(shape)) for _, shape, _ in anatomy.parameters)
    most = 4 * (H + H * H + 2 * H) + H + 1
    said = f"With {H} hidden units it has {numbers} parameters; {most} are right."
    if numbers > most:
        return Finding(said, mm.MORE_LAYERS)
    if numbers < most - 8 * H - 1:
        return Finding(said, mm.NOT_REGISTERED)
    said = "With all parameters equal the forecasts are not those of the equations."
    return Finding(said, mm.OTHER_EQUATIONS)
