"""Judges ``predict_k`` on a model with a known recurrence, and by changing the future."""

from typing import Any

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, close, explain_error, unsound, usable
from rnn_course.checks.patterns import FUNCTION_ON_TOP, related
from rnn_course.checks.report import Misconception
from rnn_course.checks.requests import Build, Call, Fetch, Outcome, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Ref, Tensor, plain
from rnn_course.courseworks.cw4_lstm_applications import work_mistakes as m
from rnn_course.courseworks.cw4_lstm_applications.forecaster import judge as judge_forecaster
from rnn_course.courseworks.cw4_lstm_applications.stand_ins import TRAINING_SCALE, bend
from rnn_course.seeding import numpy_generator

NAME = "predict_k"
_B, _T = 2, 12
_KS = (1, 2, 5)


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on ``Forecaster`` and ``predict_k``."""
    rng = numpy_generator(seed, NAME)
    model = ("shapes", "causal", "state", "equations")
    if usable(subject, _Part(marking, model), "Forecaster", ("hidden_size",)):
        judge_forecaster(subject, seed, marking)
    if not usable(subject, _Part(marking, _AHEAD), NAME, ("model", "x", "k"), "function"):
        return
    numbers = tuple(float(v) for v in rng.uniform(0.4, 0.9, 6) * rng.choice([-1, 1], 6))
    x = rng.normal(size=(_B, _T))
    seen = {k: _asked(subject, numbers, x, k) for k in _KS}
    wrong = next((w for k, s in seen.items() if (w := _problem(s, k))), None)
    if wrong:
        for criterion in _AHEAD:
            marking.failed(criterion, *wrong)
        return
    values = {k: plain(steps[2].value) for k, steps in seen.items()}
    _judge_values(values, numbers, x, marking)
    _judge_future(subject, values, numbers, x, marking)
    _judge_start(values, marking)
    _judge_use(seen, marking)


_AHEAD = ("ahead", "future", "start", "frozen")


class _Part(Marking):
    """Passes a failure on to some criteria: the other half of the answer may be right."""

    def __init__(self, marking: Marking, criteria: tuple[str, ...]) -> None:
        self._whole, self._part = marking, criteria
        self.notes, self.incidents = marking.notes, marking.incidents

    def fail_rest(self, message: str, misconception: Any = None) -> None:
        """Fail these criteria."""
        for criterion in self._part:
            self._whole.failed(criterion, message, misconception)


def _asked(subject: Subject, numbers: tuple, x: np.ndarray, k: int) -> list[Outcome]:
    steps = (
        *(
            Build(
                "Bend", (numbers,), given="rnn_course.courseworks.cw4_lstm_applications.stand_ins"
            ),
            Call(Ref(0), method="eval", keep=True),
        ),
        *(Call(NAME, (Ref(0), Tensor.of(x), k)), Fetch(Ref(0, ("record",)))),
    )
    return subject.ask(Program(steps))


def _problem(seen: list[Outcome], k: int) -> Finding | None:
    if seen[-1].error:
        finding = explain_error(seen[-1].error)
        return Finding(f"k = {k}: {finding.message}", finding.misconception)
    value = seen[2].value
    finite = Outcome(
        value=Tensor.of(np.nan_to_num(plain(value)))
        if isinstance(value, (Tensor, np.ndarray)) and plain(value).dtype.kind == "f"
        else value,
        printed=seen[2].printed,
    )
    wrong = unsound(finite, (_B, _T), f"predict_k(model, x, {k})")
    if wrong and tuple(getattr(value, "shape", ())) == (_B, _T - k):
        return Finding(wrong.message, m.START_LEFT_OUT)
    return wrong


def _forecasts(numbers: tuple, x: np.ndarray, k: int, way: str = "") -> np.ndarray:
    """Forecast k steps ahead (B, T), right or in a known wrong way; NaN where there is none."""
    out = np.full(x.shape, np.nan)
    h = memory = np.zeros(len(x))
    last = x.shape[1] if way in ("shifted", "forced") else x.shape[1] - k
    for t in range(last):
        if way.isdigit():  # only so many values are known
            h = memory = np.zeros(len(x))
            for known in x[:, max(0, t + 1 - int(way)) : t].T:
                _, h, memory = bend(numbers, known, h, memory, np.tanh)
        value, after, kept = bend(numbers, x[:, t], h, memory, np.tanh)
        steps = {"short": k - 2, "long": k, "one": 0}.get(way, k - 1)
        ahead, total = (value, after, kept), value
        for step in range(max(steps, 0)):
            fed = ahead[0]
            if way == "true" and t + step + 1 < x.shape[1]:
                fed = x[:, t + step + 1]
            if way == "holds":
                fed = x[:, t]
            start = (after, kept) if way == "stale" else ahead[1:]
            if way == "zero":
                start = (0 * h, 0 * h)
            ahead = bend(numbers, fed, *start, np.tanh)
            total = total + ahead[0]
        h, memory = ahead[1:] if way == "spoiled" else (after, kept)
        place = t if way == "shifted" else t + 1 if way == "early" else t + k
        if place < x.shape[1]:
            out[:, place] = {"sum": total, "mean": total / k}.get(way, ahead[0])
    return out


_WAYS: tuple[tuple[str, Misconception], ...] = (
    ("true", m.TEACHER_FORCED),
    ("one", m.ONE_STEP_ONLY),
    ("short", m.TOO_FEW_STEPS),
    ("long", m.TOO_MANY_STEPS),
    ("shifted", m.NOT_SHIFTED),
    ("early", m.NOT_SHIFTED),
    ("spoiled", m.STATE_SPOILED),
    *((str(known), m.NO_MEMORY) for known in range(1, 9)),
    ("stale", m.STATE_STALE),
    ("zero", m.STATE_STALE),
    ("holds", m.HOLDS_LAST),
    ("sum", m.SUMMED_FORECASTS),
    ("mean", m.SUMMED_FORECASTS),
)


def _judge_values(
    values: dict[int, np.ndarray], numbers: tuple, x: np.ndarray, marking: Marking
) -> None:
    wrong = [k for k in _KS if not _same(values[k], _forecasts(numbers, x, k), k)]
    if not wrong:
        marking.passed("ahead", f"Forecasts for k = {_KS} are those of feeding back.")
        return
    k = wrong[0]
    expected = _forecasts(numbers, x, k)
    gap = np.nanmax(np.abs(values[k][:, k:] - expected[:, k:]))
    said = f"For k = {k} forecasts differ by up to {gap:.2g}."
    scaled = [_same(values[k] / TRAINING_SCALE, expected, k) for k in _KS]
    mistake = m.FORECAST_TRAINING if scaled[0] else _mistake(values, numbers, x)
    if mistake is None:
        mistake = _missing(values[k][:, k:], expected[:, k:])
    if mistake is None:
        relation = related(values[k][:, k:], expected[:, k:], 1e-6)
        relation = None if relation and relation.misconception is FUNCTION_ON_TOP else relation
        said = f"{said} {relation.message}" if relation else said
        place = m.FIRST_STEP_WRONG if k == 1 else m.FEEDBACK_WRONG
        mistake = relation.misconception if relation else place
    marking.failed("ahead", said, mistake)


def _missing(came: np.ndarray, expected: np.ndarray) -> Misconception | None:
    """Name what is wrong if all of the forecasts that are there are right."""
    there = ~np.isnan(came[0])
    count = int(there.sum())
    if not 0 < count < len(there) or not close(came[:, there], expected[:, there], 1e-6):
        return None
    return m.LAST_MISSING if there[:count].all() else m.SOME_MISSING


def _mistake(values: dict[int, np.ndarray], numbers: tuple, x: np.ndarray) -> Misconception | None:
    held = {k: np.roll(x, k, 1) for k in _KS}
    if all(_same(values[k], held[k], k) for k in _KS):
        return m.LAST_VALUE
    for way, mistake in _WAYS:
        if all(_same(values[k], _forecasts(numbers, x, k, way), k, way) for k in _KS[1:]):
            return mistake
    return None


def _same(came: np.ndarray, expected: np.ndarray, k: int, way: str = "") -> bool:
    """Compare the entries that have a forecast in both."""
    if way in ("shifted", "early"):
        both = ~np.isnan(expected) & ~np.isnan(came)
        return bool(both.any()) and close(came[both], expected[both], 1e-6)
    return close(came[:, k:], expected[:, k:], 1e-6)


def _judge_future(
    subject: Subject,
    values: dict[int, np.ndarray],
    numbers: tuple,
    x: np.ndarray,
    marking: Marking,
) -> None:
    """Change everything from one step on: forecasts that end before it plus k must stay."""
    cut = _T // 2
    for k in _KS:
        changed = x.copy()
        changed[:, cut:] += 1.0
        seen = _asked(subject, numbers, changed, k)
        after = plain(seen[-2].value) if not seen[-1].error else None
        until = min(cut + k, _T)
        before, now = values[k][:, k:until], None if after is None else after[:, k:until]
        if now is None or not np.array_equal(np.isnan(before), np.isnan(now)):
            marking.failed("future", f"For k = {k} other values give another kind of result.")
            return
        gap = np.nan_to_num(np.abs(before - now))
        if gap.max(initial=0.0) > 1e-9:
            t = k + int(gap.max(0).argmax())
            said = f"For k = {k} the forecast of step {t} changes with values after step {t - k}."
            marking.failed("future", said, m.TEACHER_FORCED)
            return
    marking.passed("future", f"Forecasts k = {_KS} steps ahead do not know what came later.")


def _judge_start(values: dict[int, np.ndarray], marking: Marking) -> None:
    for k, value in values.items():
        if not np.isnan(value[:, :k]).all():
            said = f"For k = {k} the first entries are {np.round(value[0, :k][:3], 3).tolist()}."
            marking.failed("start", said, m.START_NOT_NAN)
        elif np.isnan(value[:, k:]).any():
            said = f"For k = {k} there are NaN after step {k}."
            there = ~np.isnan(value[0, k:])
            gaps = there.any() and not there[: int(there.sum())].all()
            at_end = bool(np.isnan(value[:, -1]).all() and there[0])
            late = m.LAST_MISSING if at_end else m.NOT_SHIFTED
            marking.failed("start", said, m.SOME_MISSING if gaps and there[0] else late)
    marking.passed("start", "The first k entries are NaN, all others are forecasts.")


def _judge_use(seen: dict[int, list[Outcome]], marking: Marking) -> None:
    record = plain(seen[_KS[-1]][3].value)
    if any("1" in steps[2].changed for steps in seen.values()):
        marking.failed("frozen", "After the call x had other values.", m.INPUT_CHANGED)
    elif record["gradients"]:
        said = f"{record['gradients']} calls were with gradients."
        marking.failed("frozen", said, m.FORECAST_GRADIENTS)
    elif record["training"]:
        said = f"{record['training']} calls were in training mode."
        marking.failed("frozen", said, m.FORECAST_TRAINING)
    else:
        marking.passed("frozen", "No call was with gradients or in training mode.")
