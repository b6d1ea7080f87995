"""Tests the pair that a recurrent network returns: outputs, and a state that it hands on."""

from typing import Any

import numpy as np

from rnn_course.checks.generic import Finding, close, difference, explain_error, unsound
from rnn_course.checks.mistakes import CONSTANT_SIZE, WRONG_TYPE
from rnn_course.checks.report import Misconception
from rnn_course.checks.requests import Anatomy, Build, Call, Inspect, Load, Outcome, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Ref, Tensor, plain
from rnn_course.courseworks.cw4_lstm_applications import model_mistakes as m


def carried_problem(
    subject: Subject, build: Build, x: np.ndarray, tolerance: float
) -> Finding | None:
    """Find what is wrong with the state of ``model(x, state) -> (output, state)``.

    Args:
        x: inputs (B, T), with T of at least 4.
        tolerance: of outputs.
    """
    cut = x.shape[1] // 2
    whole, left, right = (Tensor.of(part) for part in (x, x[:, :cut], x[:, cut:]))
    after_whole, after_left, after_right = Ref(3, (1,)), Ref(4, (1,)), Ref(5, (1,))
    calls = (
        (whole,),
        (left,),
        (right, after_left),
        (right, after_left),
        (whole,),
        (right,),
        (left, after_right),
        (left, after_whole),
    )
    calm = Call(Ref(0), method="eval", keep=True)
    load = Load(Ref(0), drawn_parameters(subject, build))
    seen = subject.ask(Program((build, calm, load, *(Call(Ref(0), args) for args in calls))))
    if seen[-1].error:
        return explain_error(seen[-1].error)
    if any(not isinstance(o.value, (tuple, list)) or len(o.value) != 2 for o in seen[3:]):
        return Finding(m.NOT_A_PAIR.seen, m.NOT_A_PAIR)
    if seen[3].value[1] is None:
        return Finding(m.STATE_NONE.seen, m.STATE_NONE)
    values = [plain(o.value)[0] for o in seen[3:]]
    return _compared(values, cut, tolerance)


def drawn_parameters(subject: Subject, build: Build) -> dict[str, np.ndarray]:
    """Draw numbers for all parameters: those of a fresh module may be zero, and hide the state."""
    anatomy = subject.ask(Inspect(build))
    if not isinstance(anatomy, Anatomy):
        return {}
    rng = np.random.default_rng(0)
    return {name: rng.normal(size=shape) for name, shape, _ in anatomy.parameters}


def _compared(values: list[Any], cut: int, tolerance: float) -> Finding | None:
    whole, first, second, again, whole_again, alone, further, further_whole = values

    def differ(a: Any, b: Any) -> bool:
        return not close(a, b, tolerance)

    if differ(whole, whole_again):
        said = f"The same ids give outputs that differ by {difference(whole, whole_again):.2g}."
        return Finding(said, m.STATE_LEAKS)
    if differ(second, again):
        said = f"The second time the outputs differ by {difference(second, again):.2g}."
        return Finding(said, m.STATE_CHANGED)
    if close(second, alone, tolerance * 1e-3):
        return Finding("With and without a state the outputs are the same.", m.STATE_IGNORED)
    gap = difference(np.concatenate([first, second], 1), whole)
    if differ(first, whole[:, :cut]) or differ(second, whole[:, cut:]):
        said = f"In two halves the outputs differ from the whole by up to {gap:.2g}."
        return Finding(said, m.STATE_INCOMPLETE)
    if differ(further, further_whole):
        gap = difference(further, further_whole)
        said = f"After two halves the outputs go on otherwise than after the whole, by {gap:.2g}."
        return Finding(said, m.STATE_INCOMPLETE)
    return None


def cut_or_frozen(outcome: Outcome) -> Misconception:
    """Tell single weights that get no gradient from a way back that is cut.

    Where it is cut before the linear layer, whose two parameters remain, all others get none.
    """
    gradients = (outcome.gradients or {}).get("parameters", {}).values()
    reached = sum(gradient is not None for gradient in gradients)
    return m.FROZEN if 2 < reached < len(gradients) else m.STATE_CUT


def output_problem(outcome: Outcome, shape: tuple[int, ...], dtype: str) -> Finding | None:
    """Find what is wrong with the type or shape of what a step-by-step network returns."""
    if outcome.error:
        return unsound(outcome, shape, "the output", dtype)
    value = outcome.value
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        wrong = unsound(outcome, None, "the output", dtype)
        if wrong and wrong.misconception is not WRONG_TYPE:
            return wrong
        return Finding("forward returns one thing, not (output, state).", m.NOT_A_PAIR)
    if not isinstance(value[0], Tensor) and isinstance(value[1], Tensor):
        return Finding("The first part of the result is not the output.", m.NOT_A_PAIR)
    wrong = unsound(outcome, shape, "the output", dtype, (0,))
    came = tuple(getattr(value[0], "shape", ()))
    if wrong is None or came == shape:
        return wrong
    if shape[0] == 1 and came == shape[1:]:
        return Finding(wrong.message, m.SQUEEZED)
    if len(came) == len(shape) > 2 and came[:2] == shape[:2]:
        return Finding(wrong.message, CONSTANT_SIZE)
    known = {
        (shape[0], *shape[2:]): m.LAST_STEP_ONLY,
        (shape[0] * shape[1], *shape[2:]): m.FLATTENED,
        (shape[0], 1, *shape[2:]): m.LAST_STEP_ONLY,
    }
    if came not in known and sorted(came) == sorted(shape):
        return Finding(wrong.message, m.AXES_EXCHANGED)
    return Finding(wrong.message, known.get(came, wrong.misconception))
