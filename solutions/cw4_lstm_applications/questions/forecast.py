"""Forecasts of a noisy series, one step ahead and several.

``Forecaster``, a module that may be built in many ways, is judged by hand; ``predict_k`` is
compared, on a model with a known recurrence.
"""

from collections.abc import Iterator

import numpy as np

from rnn_course.checks.cases import Case
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.requests import Build, Call, Fetch
from rnn_course.checks.values import Ref, Tensor
from rnn_course.courseworks.cw4_lstm_applications.forecaster import CRITERIA, judge

_GIVEN = "rnn_course.courseworks.cw4_lstm_applications.stand_ins"
_T, _CUT, _KS = 9, 4, (1, 2, 5)
_MODEL = Ref("model")


def _case(rng: np.random.Generator, k: int, B: int) -> Case:
    """Forecast a series, and the same series with other values from the step `_CUT` on."""
    numbers = tuple(round(float(v), 2) for v in rng.uniform(0.4, 0.9, 6) * rng.choice([-1, 1], 6))
    x = np.round(rng.normal(size=(B, _T)), 2)
    later = x + (np.arange(_T) >= _CUT)
    steps = {
        "model": Build("Bend", (numbers,), given=_GIVEN),
        "calm": Call(_MODEL, method="eval", keep=True),
        f"k{k}": Call("predict_k", (_MODEL, Tensor.of(x), k)),
        "used": Fetch(Ref("model", ("used",))),
        f"changed{k}": Call("predict_k", (_MODEL, Tensor.of(later), k)),
    }
    return Case(f"k = {k}, B = {B}, T = {_T}", steps, "one" if k == 1 else "ahead")


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """One step ahead, two, and five."""
    yield _case(rng, 1, 1)
    yield _case(rng, 1, 3)
    yield _case(rng, 2, 1)
    yield _case(rng, 2, 2)
    yield _case(rng, 5, 2)


STEPS, LOOP = "range(x.shape[1] - k)", "for _ in range(k - 1):"
READ = "value, state = model(x[:, t : t + 1], state)"
BRANCH, FEED = "ahead = state\n", "value, ahead = model(value, ahead)"
PUT = "forecasts[:, t + k] = value[:, 0]"
START, END = "forecasts = torch.full_like(x, math.nan)", "return forecasts"
ALONG = "with torch.no_grad():"


def _fed(*others: str) -> tuple:
    """Ways to go on from a forecast."""
    return tuple((FEED, other) for other in others)


def _put(*others: str) -> tuple:
    return tuple((PUT, other) for other in others)


def _window(width: int) -> tuple:
    """A way to read only so many values before each forecast."""
    read = f"value, state = model(x[:, max(0, t + 1 - {width}) : t + 1]); value = value[:, -1:]"
    return ((READ, read),)


def _all(read: str) -> tuple:
    """A way that reads the whole series at once."""
    return ((READ, f"value = {read}"), (BRANCH, "ahead = None\n"), (LOOP, "for _ in range(0):"))


PLACED = "forecasts[:, t{0}] = value[:, 0]"

MISTAKES = (
    Mistake(
        "true_values_fed",
        "The forecast uses values that are not known yet.",
        "After the last known value the model's own forecasts are the inputs.",
        (((LOOP, "for j in range(1, k):"),
          (FEED, "value, ahead = model(x[:, t + j : t + j + 1], ahead)")),
         _all("model(x)[0][:, t + k - 1 : t + k]"),
         _all("model(x)[0][:, t + k : t + k + 1]"),
         ((READ, "value, state = model(x); value = value[:, t : t + 1]"),),
         *_put("forecasts[:, t + k] = x[:, t + k]", "forecasts[:, t + k] = x[:, t + k - 1]"),
         (LOOP, "for j in range(k - 1):\n                value = x[:, t + j : t + j + 1]"),
         ),
    ),
    Mistake(
        "one_step_only",
        "The forecast is one step ahead, whatever k is.",
        "Feed the forecast back k - 1 times.",
        ((LOOP, "for _ in range(0):"),),
    ),
    Mistake(
        "one_step_short",
        "The forecast is for one step less than k.",
        "The first forecast is one step ahead; k - 1 more follow.",
        ((LOOP, "for _ in range(k - 2):"),),
    ),
    Mistake(
        "one_step_long",
        "The forecast is for one step more than k.",
        "The first forecast is one step ahead; k - 1 more follow.",
        ((LOOP, "for _ in range(k):"), (LOOP, "for _ in range(max(k - 1, 1)):")),
    ),
    Mistake(
        "stands_at_origin",
        "Forecasts stand where they were made, not where they belong.",
        "Entry t is the forecast of x[:, t], made k steps before.",
        (*_put(PLACED.format(""), PLACED.format(" + 1"), PLACED.format(" + k - 1")),
         ((STEPS, "range(x.shape[1])"), (PUT, PLACED.format(""))),
         ((STEPS, "range(x.shape[1] - 1)"), (PUT, PLACED.format(" + 1"))),
         ((STEPS, "range(x.shape[1] - k + 1)"), (PUT, PLACED.format(" + k - 1"))),
         ((STEPS, "range(x.shape[1] - k - 1)"), (PUT, PLACED.format(" + k + 1"))),
         ((STEPS, "range(k, x.shape[1])"), (PUT, PLACED.format("")))),
    ),
    Mistake(
        "forecast_enters_state",
        "Forecasts enter the state that goes on along the series.",
        "Feeding back needs a state of its own, from the point where the forecast starts.",
        (*_fed("value, state = model(value, state)"),
         ((FEED, f"{FEED}; state = ahead"),)),
    ),
    Mistake(
        "state_not_used",
        "The forecast knows less of the past than the whole series so far.",
        "Carry the state along the series; a single value says little.",
        ((READ, "value, state = model(x[:, t : t + 1])"), *map(_window, range(2, 8)),
         (READ, "value, state = model(x[:, max(0, t + 1 - k) : t + 1]); value = value[:, -1:]")),
    ),
    Mistake(
        "branch_without_state",
        "The feeding back begins without the state of the series.",
        "A forecast goes on from the state that came with it, and not from nothing.",
        (((BRANCH, "ahead = None\n"),), *_fed("value, _ = model(value)")),
    ),
    Mistake(
        "state_not_updated",
        "While feeding back, the state stays as it was.",
        "Each fed-back value returns a new state; use it for the next.",
        _fed("value, _ = model(value, ahead)"),
    ),
    Mistake(
        "feeds_last_value",
        "While feeding back, the last known value is fed again and again.",
        "The next input is the forecast just made.",
        _fed("value, ahead = model(x[:, t : t + 1], ahead)"),
    ),
    Mistake(
        "last_value_itself",
        "The forecast is the last known value itself.",
        "A model is there to do better than that: let it read the value and return its forecast.",
        _put("forecasts[:, t + k] = x[:, t]"),
    ),
    Mistake(
        "forecasts_combined",
        "The forecast is a sum or a mean of those of all steps on the way.",
        "Only the last of the k forecasts counts; the others lead there.",
        tuple(
            ((BRANCH, "ahead, total = state, value\n"), (FEED, f"{FEED}; total = total + value"),
             (PUT, f"forecasts[:, t + k] = total[:, 0] / {count}")) for count in ("1", "k")
        ),
    ),
    Mistake(
        "batch_averaged",
        "All series of a batch get the same forecast.",
        "Each row of x is a series of its own: take value[:, 0], one number for each.",
        _put("forecasts[:, t + k] = value.mean()", "forecasts[:, t + k] = value[0, 0]",
             "forecasts[:, t + k] = value[-1, 0]", "forecasts[:, t + k] = value.sum()"),
    ),
    Mistake(
        "last_entries_missing",
        "The last entries have no forecast.",
        "The last value that can be forecast is the last of x; a loop over t ends at T - k - 1.",
        (*((STEPS, f"range(x.shape[1] - k - {n})") for n in (1, 2)),
         (STEPS, "range(x.shape[1] - 2 * k)")),
    ),
    Mistake(
        "some_entries_missing",
        "Some entries have no forecast, though one could be made.",
        "Every step from k on has a forecast, made k steps before it.",
        ((STEPS, "range(0, x.shape[1] - k, k)"), (STEPS, "range(1, x.shape[1] - k)"),
         (PUT, f"if t % k == 0:\n                {PUT}"), (PUT, f"if t:\n                {PUT}")),
    ),
    Mistake(
        "start_left_out",
        "The first k entries are left out.",
        "The result has the shape of x; where nobody could forecast stands NaN.",
        ((END, "return forecasts[:, k:]"),),
    ),
    Mistake(
        "start_not_nan",
        "The first k entries are numbers.",
        "Nothing was known k steps before them: NaN says so, and plots leave it out.",
        ((START, "forecasts = torch.zeros_like(x)"), (START, "forecasts = x.clone()"),
         (END, "forecasts[:, :k] = x[:, :1]; return forecasts"),
         (END, "forecasts[:, :k] = forecasts[:, k : k + 1]; return forecasts"),
         (START, "forecasts = torch.full_like(x, math.inf)")),
    ),
    Mistake(
        "inputs_changed",
        "The function writes into the series that it was given.",
        "The caller goes on using it. Write into a new tensor, e.g. forecasts.",
        ((PUT, f"{PUT}; x[:, t] = 0"), (END, "x[:, k:] = forecasts[:, k:]; return forecasts"),
         (END, "x[:] = forecasts; return forecasts"), (START, "forecasts = x"),
         ((START, "forecasts = x"), (END, "forecasts[:, :k] = math.nan; return forecasts"))),
    ),
    Mistake(
        "forecast_in_training_mode",
        "The model is used in training mode.",
        "Call model.eval() first.",
        ((ALONG, f"model.train()\n    {ALONG}"),),
    ),
    Mistake(
        "forecast_with_gradients",
        "The model is used with gradients on.",
        "Thousands of steps are kept in memory for nothing: use torch.no_grad().",
        ((ALONG, "with torch.enable_grad():"),),
    ),
    Mistake(
        "first_step_wrong",
        "Already one step ahead the forecasts are not those of the model.",
        "For k = 1 nothing is fed back: entry t is what the model forecast after it had read "
        "everything up to x[:, t - 1].",
        where=("one",),
        spares=(),
    ),
    Mistake(
        "feedback_wrong",
        "One step ahead the forecasts are right, further ahead they are not.",
        "So it is the feeding back: the next input is the forecast just made, with the state that "
        "came with it, k - 1 times.",
        where=("ahead",),
        spares=("one",),
    ),
)  # fmt: skip


def _until(k: int) -> int:
    """Return up to where forecasts are made before the change."""
    return min(_CUT + k, _T)


QUESTION = compare(
    "forecast",
    "Forecasting a noisy series",
    cases=cases,
    signature={"predict_k": ("model", "x", "k")},
    defines=("Forecaster", "predict_k"),
    beside=(judge, CRITERIA),
    parts=(
        Part(
            "ahead",
            "predict_k feeds its forecasts back",
            4,
            tuple(f"the forecasts=k{k}.:,{k}:" for k in _KS),
            within=1e-6,
        ),
        Part(
            "future",
            "No forecast knows what comes later",
            2,
            tuple(
                f"forecasts made before=k{k}.:,{k}:{_until(k)}==changed{k}.:,{k}:{_until(k)}"
                for k in _KS
            ),
        ),
        Part(
            "start",
            "NaN where no forecast can be made",
            1,
            tuple(f"the first entries=k{k}.:,:{k}" for k in _KS),
        ),
        Part(
            "frozen",
            "No gradients",
            1,
            (
                *(f"k{k}@changed" for k in _KS),
                "a call with gradients=used.gradients",
                "a call in training mode=used.training",
            ),
        ),
    ),
    mistakes=MISTAKES,
    read="Several steps ahead",
)
