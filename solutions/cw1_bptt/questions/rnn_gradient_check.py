"""Trusting a gradient: a check is tried on gradients that are right, and on such that are not.

What is handed over as ``backward`` are recorded numbers. No mark may hang on luck here: whether a
check notices a fault is a matter of sizes, of the gradients and of what differences miss of them.
So there are two networks, found by searching, in which every gradient is of middling size and
every error far from the threshold that it is compared with. A seed moves their numbers a little.
"""

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np

from rnn_course.checks.cases import Case
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.requests import Call, StandIn

NAMES = ("Wxh", "Whh", "Why", "bh", "by")
Gradients = dict[str, np.ndarray]

LONG = (
    {
        "Wxh": [[0.53, -0.17], [-1.54, 0.12]],
        "Whh": [[-0.56, 1.59], [0.13, 0.95]],
        "Why": [[0.47, -1.84], [-1.14, -0.32]],
        "bh": [[-0.2, 0.12]],
        "by": [[-0.24, 0.97]],
    },
    [[[-1.02, 0.46], [0.71, 0.74]], [[0.99, 1.54], [0.14, 0.5]], [[0.67, 3.04], [-1.52, 1.21]]],
    [[1, 1], [0, 0], [1, 1]],
    [[0.24, 0.19], [0.13, 0.38]],
)
SHORT = (
    {
        "Wxh": [[1.17, -0.63], [1.24, -0.7]],
        "Whh": [[0.5, 0.08], [0.86, -0.49]],
        "Why": [[1.4, 0.47], [1.29, 1.98]],
        "bh": [[0.25, 0.48]],
        "by": [[-0.93, 0.3]],
    },
    [[[-0.47, -0.31], [0.95, -0.11]]],
    [[0, 1]],
    [[-0.69, 0.77], [-0.47, -0.28]],
)


def _moved(rng: np.random.Generator, task: tuple) -> tuple:
    """Return a network and its sequences with every number moved by a hundredth or so."""
    model, X, y, h = task

    def move(value: object) -> np.ndarray:
        value = np.array(value)
        return np.round(value + 0.01 * rng.normal(size=value.shape), 2)

    model = {name: move(value) for name, value in model.items()}
    return model, [move(x) for x in X], np.array(y), move(h)


def _widened(task: tuple, size: float) -> tuple:
    """Add an input of this size: the gradients of its weights are that much smaller."""
    model, X, y, h = task
    wider = np.concatenate([model["Wxh"], [[1.0, 1.0]]])
    return model | {"Wxh": wider}, [np.c_[x, np.full(len(x), size)] for x in X], y, h


# Gradients by complex steps: exact, and no backward pass (Squire and Trapp, SIAM Review 40, 1998)


def loss(
    task: tuple,
    old: Callable[[np.ndarray], np.ndarray] = lambda h: h,
    squash: Callable[[np.ndarray], np.ndarray] = np.tanh,
    first: int = 0,
) -> complex:
    """Return the mean loss over time.

    Args:
        task: a network and its sequences.
        old: what a step sees of the state before it.
        squash: the activation.
        first: losses before this step do not count.
    """
    model, X, y, h = task
    total = 0.0
    for t, (x, labels) in enumerate(zip(X, y, strict=True)):
        h = squash(old(h) @ model["Whh"] + x @ model["Wxh"] + model["bh"])
        scores = h @ model["Why"] + model["by"]
        scores = scores - scores.real.max(axis=1, keepdims=True)
        right = scores[np.arange(len(scores)), labels]
        if t >= first:
            total = total + (np.log(np.exp(scores).sum(axis=1)) - right).mean() / len(X)
    return total


def gradients(task: tuple, **changes: object) -> Gradients:
    """Return the gradients of the loss; a change cuts the way of the imaginary part."""
    model, *rest = task
    found = {}
    for name, value in model.items():
        units = 1e-20j * np.eye(value.size).reshape(-1, *value.shape)
        found[name] = np.array(
            [loss((model | {name: value + u}, *rest), **changes).imag / 1e-20 for u in units]
        ).reshape(value.shape)
    return found


def _straight(a: np.ndarray) -> np.ndarray:
    return np.tanh(a.real) + 1j * a.imag


def _by(grads: Gradients, factor: float, name: str = "", at: int | None = None) -> Gradients:
    """Multiply all gradients, those of one parameter, or one number of them."""
    new = {n: g.copy() for n, g in grads.items()}
    for n in [name] if name else new:
        new[n].flat[slice(None) if at is None else at] *= factor
    return new


def _one_row(task: tuple, grads: Gradients) -> Gradients:
    """Return bias gradients of the first row of the batch alone."""
    model, X, y, h = task
    alone = gradients((model, [x[:1] for x in X], y[:, :1], h[:1]))
    return grads | {name: alone[name] / len(h) for name in ("bh", "by")}


def _tried(group: str, said: str, task: tuple, grads: Gradients, **settings: float) -> Case:
    """Make a case in which ``backward`` returns these gradients."""
    result = ({n: np.round(g, 9) for n, g in grads.items()}, float(loss(task)), task[3])
    backward = StandIn("bptt", ((task, {}, result),))
    call = Call("rnn_gradient_check", task, {**settings, "backward": backward})
    return Case(said, {"result": call}, group)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Right gradients first; then what is wrong with them, from plain to hardly visible."""
    long, short = _moved(rng, LONG), _moved(rng, SHORT)
    grads = gradients(long)
    yield _tried("right", "right gradients", long, grads)
    yield _tried("right short", "right gradients of one step", short, gradients(short))
    for said, factor in ((f"{len(long[1])} times too large", len(long[1])), ("halved", 0.5)):
        yield _tried("factor", f"gradients {said}", long, _by(grads, factor))
    yield _tried("factor", "gradients doubled", long, _by(grads, 2.0))
    flow = gradients(long, old=np.real)
    yield _tried("no flow", "gradients without the flow through time", long, flow)
    slope = gradients(long, squash=_straight)
    yield _tried("no slope", "gradients without the slope of tanh", long, slope)
    last = gradients(long, old=np.real, first=len(long[1]) - 1)
    yield _tried("last step", "gradients of the last step alone", long, last)
    yield _tried("sign", "gradients of the opposite sign", long, _by(grads, -1.0))
    yield _tried("sign short", "gradients of the opposite sign, one step", short,
                 _by(gradients(short), -1.0))  # fmt: skip
    yield from _subtle(short)
    yield from _zeros(short)
    yield from _settings(long, grads)


def _subtle(task: tuple) -> Iterator[Case]:
    grads = gradients(task)
    small = int(np.abs(grads["Wxh"]).argmin())
    told = (
        ("scaled", "gradients that are 2 % too large", _by(grads, 1.02)),
        ("shrunk", "gradients that are 2 % too small", _by(grads, 0.98)),
        ("transposed", "a transposed gradient of Whh", grads | {"Whh": grads["Whh"].T}),
        ("one row", "bias gradients of one row of the batch", _one_row(task, grads)),
        ("one number", "a single number that is half of what it should be",
         _by(grads, 0.5, "Why", 3)),
        ("raised", "a small number that is 3 % too large", _by(grads, 1.03, "Wxh", small)),
        ("lowered", "a small number that is 3 % too small", _by(grads, 0.97, "Wxh", small)),
    )  # fmt: skip
    for group, said, wrong in told:
        yield _tried(group, said, task, wrong)
    for name in NAMES:
        yield _tried(name, f"an error of 10 % in {name} alone", task, _by(grads, 1.1, name))
    tiny = _widened(task, 1e-3)
    grads = gradients(tiny)
    yield _tried("small right", "right gradients, some of them small", tiny, grads)
    yield _tried("small", "a gradient of 1e-5 or so that is 4 % too large", tiny,
                 _by(grads, 1.04, "Wxh", 5))  # fmt: skip


def _zeros(task: tuple) -> Iterator[Case]:
    wrong = _by(gradients(task), 0.0, "Whh", 2)
    yield _tried("zero number", "a single number that is wrongly zero", task, wrong)
    idle = _widened(task, 0.0)
    grads = gradients(idle)
    yield _tried("zeros", "gradients that are rightly zero", idle, grads)
    added = {n: g.copy() for n, g in grads.items()}
    added["Wxh"][2, 1] = 0.05
    yield _tried("not zero", "a gradient of 0.05 where the loss does not change", idle, added)


def _settings(task: tuple, grads: Gradients) -> Iterator[Case]:
    large, little = _by(grads, 1.02), _by(grads, 1.005)
    yield _tried("threshold", "gradients 2 % too large, error_threshold=0.1", task, large,
                 error_threshold=0.1)  # fmt: skip
    yield _tried("threshold", "gradients 0.5 % too large, error_threshold=1e-3", task, little,
                 error_threshold=1e-3)  # fmt: skip
    yield _tried("central", "right gradients, h=0.01, error_threshold=0.002", task, grads, h=0.01,
                 error_threshold=0.002)  # fmt: skip
    yield _tried("step", "right gradients, h=1, error_threshold=0.02", task, grads, h=1.0,
                 error_threshold=0.02)  # fmt: skip


# Edits of the model answer

ERROR = "abs(numeric - analytic) / size"
SIZE = "size = max(abs(numeric), abs(analytic))"
WORST = f"worst = max(worst, {ERROR})"
START, NONZERO = "worst = 0.0", "if size > 0:"
PLACES = "np.ndindex(weights.shape)"
NUMERIC = "(above - below) / (2 * h)"
DOWN, UP = "weights[index] = kept - h", "weights[index] = kept + h"
RESTORED = "            weights[index] = kept\n            numeric"
GRADS = "grads, _, _ = backward(model, x, y, init_state)"
RIGHT, JOINED = "right = worst < error_threshold", "all_right = all_right and right"
EVERY, RETURN = "model.items()", "return all_right"
REPORT = "print(f\"{name}: largest relative error {worst:.0e}, {'right' if right else 'WRONG'}\")"
LENGTH = "verbose=False)[3] / len(x)"


def _instead(old: str, *others: str) -> tuple:
    return tuple((old, other) for other in others)


SUMMARIES = (
    *("(abs(a - n) / np.maximum(abs(a), abs(n))).mean()", "np.median(abs(a - n) / abs(n))"),
    *("np.linalg.norm(a - n) / np.linalg.norm(n)", "abs(a.mean() - n.mean()) / abs(n.mean())"),
    "np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n))",
    *("abs(a - n).max() / abs(n).max()", "(abs(a - n) / np.maximum(abs(a), abs(n))).min()"),
    *("abs(a - n).mean() / abs(n).mean()", "(abs(a - n) / (abs(a) + abs(n))).mean()"),
)


def _summaries() -> Iterator[tuple]:
    """Yield ways to put the errors of one parameter, or of all, into one number."""
    for summary in SUMMARIES:
        worst = f"n, a = np.array(found).T\n        worst = {summary} if len(n) else 0.0"
        kept = (START, f"{START}\n        found = []"), (WORST, "found.append((numeric, analytic))")
        yield (*kept, (RIGHT, f"{worst}\n        {RIGHT}"))
    yield (
        (START, "worst = np.inf"),
        (WORST, f"worst = min(worst, {ERROR})\n            else:\n                worst = 0.0"),
    )
    for summary in SUMMARIES[:5]:
        yield (
            ("all_right = True", "found = []"),
            (WORST, "found.append((numeric, analytic))"),
            (JOINED, ""),
            (RETURN, f"n, a = np.array(found).T\n    return bool({summary} < error_threshold)"),
        )


def _only() -> Iterator[tuple]:
    """Yield ways to leave parameters out, or to let one of them decide."""
    for count in (1, 2, 3, 4):
        for names in combinations(NAMES, count):
            yield (EVERY, f"[(n, w) for n, w in {EVERY} if n in {names}]")
            yield (JOINED, f"all_right = all_right and (right or name not in {names})")
    yield from _instead(JOINED, "all_right = right", "return right", "if right: return True")
    yield (("all_right = True", "all_right = False"), (JOINED, "all_right = all_right or right"))


def _signed() -> tuple:
    tops = ("numeric - analytic", "analytic - numeric")
    whole = [f"({top}) / size" for top in tops]
    below = ("numeric", "analytic", "(numeric + analytic)")
    for top in (*tops, "abs(numeric - analytic)"):
        whole += [f"({top}) / ({b} or 1.0)" for b in below]
        whole += [f"(({top}) / {b} if {b} else 0.0)" for b in below]
    return _instead(ERROR, *whole)


ROW, COLUMN = "i[0]", "i[-1]"
SOME = tuple(
    f"[i for i in {PLACES} if {chosen}]"
    for chosen in (
        *("sum(i) == 0", "i[0] == 0", "i[-1] == 0", "i[0] > 0", "i[-1] > 0", "i[0] == i[-1]"),
        *("i[-1] < weights.shape[-1] - 1", "i[0] < weights.shape[0] - 1"),
        *("i != (weights.shape[0] - 1, weights.shape[1] - 1)", "i[0] != i[-1]"),
    )
) + tuple(f"list({PLACES})[{part}]" for part in ("::2", "1::2", ":3", ":2", "-1:", "::3"))
MOVED = (
    (RESTORED, "            numeric"),
    (
        (UP, "weights[index] += h"),
        (DOWN, "weights[index] -= 2 * h"),
        (RESTORED, RESTORED.replace("= kept", "+= h")),
    ),
    (RESTORED, RESTORED.replace("= kept", "= kept + h")),
)
EARLY = (
    (RESTORED, "            numeric"),
    (
        WORST,
        f"{WORST}\n                if worst >= error_threshold:\n                    return False\n"
        "            weights[index] = kept",
    ),
)


MISTAKES = (
    Mistake(
        "nothing_printed",
        "The check does not report on every parameter.",
        "When it fails, the first question is which parameter is wrong: print a line for each.",
        edits=_instead(REPORT, "pass", "print(worst)", "print('checked')"),
    ),
    Mistake(
        "leaves_at_first_error",
        "The check ends at the first parameter that is wrong, and says nothing of the others.",
        "Which gradients are right tells where the mistake is: note the verdict, and go on.",
        edits=_instead(
            JOINED, "all_right = right\n        if not right:\n            return False"
        ),
    ),
    Mistake(
        "accepts_everything",
        "The check passes wrong gradients of every kind.",
        "A check that cannot fail proves nothing. Try it on gradients that you spoil on purpose.",
        edits=_instead(RETURN, "return True"),
    ),
    Mistake(
        "backward_not_used",
        "The check looks at bptt, whatever function it is given.",
        "Call backward(model, x, y, init_state): then the check can be tried on wrong "
        "gradients, too.",
        edits=_instead(GRADS, GRADS.replace("backward(", "bptt(")),
    ),
    Mistake(
        "verdict_inverted",
        "Right gradients fail and wrong ones pass.",
        "True stands for: no number is wrong. Look at the comparison, and at what is returned.",
        edits=_instead(RETURN, "return not all_right"),
    ),
    Mistake(
        "refuses_right_gradients",
        "The check fails right gradients.",
        "Compare its numerical gradient of one number with the one that bptt returns, by eye.",
        edits=_instead(RETURN, "return False"),
    ),
    Mistake(
        "numeric_of_summed_loss",
        "The numerical gradient belongs to the sum of the loss over time.",
        "rnn_forward returns the sum, backward the gradient of the mean: divide by T.",
        edits=_instead(LENGTH, "verbose=False)[3]"),
    ),
    Mistake(
        "numeric_gradient_halved",
        "The numerical gradient is half of what it should be.",
        "From −h to +h is a way of 2h; from 0 to +h it is h. Divide by the way you went.",
        edits=(
            *_instead(DOWN, "weights[index] = kept"),
            *_instead(UP, "weights[index] = kept"),
            *_instead(NUMERIC, "(above - below) / (4 * h)"),
        ),
    ),
    Mistake(
        "numeric_gradient_doubled",
        "The numerical gradient is twice what it should be.",
        "From w − h to w + h it is a way of 2h, so divide by 2h.",
        edits=_instead(NUMERIC, "(above - below) / h"),
    ),
    Mistake(
        "difference_not_central",
        "The numerical gradient is not exact enough.",
        "(L(w + h) − L(w)) / h is wrong by about h; (L(w + h) − L(w − h)) / 2h by about h².",
        edits=tuple(
            ((side, "weights[index] = kept"), (NUMERIC, "(above - below) / h"))
            for side in (DOWN, UP)
        ),
    ),
    Mistake(
        "step_ignored",
        "h makes no difference.",
        "Use the argument as the distance of the difference quotient.",
        edits=_instead(
            GRADS, *(f"{GRADS}\n    h = {h}" for h in ("1e-3", "0.1", "1e-2", "1e-4", "1e-5"))
        ),
    ),
    Mistake(
        "threshold_ignored",
        "error_threshold makes no difference.",
        "Compare the error with the argument, not with a fixed number.",
        edits=_instead(RIGHT, "right = worst < 0.01", "right = worst < 1e-3"),
    ),
    Mistake(
        "error_divided_by_sum",
        "An error of 2 % passes a threshold of 1 %.",
        "Divided by |a| + |n| an error of 2 % counts as 1 %. Divide by the larger of the two.",
        edits=_instead(SIZE, "size = abs(numeric) + abs(analytic)"),
    ),
    Mistake(
        "small_errors_drowned",
        "An error in a small gradient passes.",
        "Divide by max(|a|, |n|) as it is. A constant that is added to it to avoid 0/0 makes "
        "the errors of all small gradients look small; treat zero on its own.",
        edits=_instead(
            SIZE,
            *(f"{SIZE} + {e}" for e in ("1e-2", "1e-3", "0.1")),
            *(f"size = max(abs(numeric), abs(analytic), {e})" for e in ("1e-2", "1e-3", "0.1")),
        ),
    ),
    Mistake(
        "error_mismeasured",
        "error_threshold matters, but an error is not measured as the question asks.",
        "The relative error of a number is |a − n| / max(|a|, |n|), neither squared nor rounded.",
        edits=_instead(
            ERROR,
            f"({ERROR}) ** 2",
            f"round({ERROR}, 1)",
            f"round({ERROR}, 2)",
            f"np.sqrt({ERROR})",
        ),
    ),
    Mistake(
        "absolute_error",
        "Errors are measured in absolute terms, so errors of small gradients pass.",
        "What counts is the error compared with the gradient: divide by its size.",
        edits=(
            *_instead(ERROR, "abs(numeric - analytic)", "(numeric - analytic) ** 2"),
            *_instead(
                WORST,
                *(f"{WORST[:-1]} * (abs(numeric - analytic) > {e}))" for e in ("1e-2", "1e-3")),
            ),
        ),
    ),
    Mistake(
        "sign_not_compared",
        "Gradients of the opposite sign pass.",
        "Compare the numbers themselves, not their squares or absolute values.",
        edits=_instead(
            ERROR,
            "abs(abs(numeric) - abs(analytic)) / size",
            "abs(numeric**2 - analytic**2) / size**2",
        ),
    ),
    Mistake(
        "signed_error",
        "Errors of one sign pass.",
        "Take the absolute value of the difference: an error below zero is an error.",
        edits=_signed(),
    ),
    Mistake(
        "zeros_skipped",
        "A gradient that is wrongly zero passes.",
        "Skip a number only if both gradients are zero; one zero alone is an error of 100 %.",
        edits=(
            *_instead(NONZERO, "if numeric != 0 and analytic != 0:"),
            (SIZE, "size = abs(analytic)"),
        ),
    ),
    Mistake(
        "numeric_zero_skipped",
        "A gradient that should be zero and is not passes.",
        "If only one of the two is zero, that is an error; only 0/0 is none.",
        edits=_instead(SIZE, "size = abs(numeric)"),
    ),
    Mistake(
        "zero_by_zero",
        "Where both gradients are zero the check fails.",
        "0/0 is NaN. Two equal numbers have no error; treat that case before dividing.",
        edits=(((NONZERO, "if True:"), (WORST, f"worst = np.maximum(worst, {ERROR})")),),
    ),
    Mistake(
        "entries_not_all_checked",
        "Only some numbers of each parameter are looked at.",
        "A wrong number hides among many right ones; go through all of them.",
        edits=_instead(PLACES, *SOME),
    ),
    Mistake(
        "errors_averaged",
        "Few wrong numbers pass because errors are averaged.",
        "The mean, or a norm, hides a single wrong number. The largest error must decide.",
        edits=tuple(_summaries()),
    ),
    Mistake(
        "parameters_not_all_checked",
        "An error in one of the parameters is not noticed.",
        "Go through every parameter, and let one bad parameter decide the result.",
        edits=tuple(_only()),
    ),
    Mistake(
        "model_not_restored",
        "After the check the model is not what it was before.",
        "w + h − 2h + h is not w in floating point. Keep the old number and put it back.",
        edits=(*MOVED, EARLY),
    ),
)


def _told_apart(id: str, title: str, points: float, right: str, *groups: str) -> tuple:
    """Make a part for each fault: points for telling it from what is right, not for False alone."""
    share = round(points / len(groups), 6)
    return tuple(Part(id, title, share, groups=(right, group)) for group in groups)


QUESTION = compare(
    "rnn_gradient_check",
    "Trusting a gradient",
    cases=cases,
    signature={"rnn_gradient_check": ("model", "x", "y", "init_state")},
    needs=("cell_fn_forward", "rnn_forward", "bptt"),
    given=("rnn_forward.3",),
    parts=(
        Part("right", "Right gradients pass", 2, groups=("right", "factor")),
        *(
            Part(
                "gross",
                "Broken gradients fail",
                0.75,
                groups=("right", "right short", "sign short", group),
                follows="right",
                apart=("right short", "sign short"),
            )
            for group in ("no flow", "no slope", "last step", "sign")
        ),
        *_told_apart(
            "subtle",
            "Slightly wrong gradients fail",
            2.625,
            "right short",
            *("scaled", "shrunk", "transposed", "one row", "one number", "raised", "lowered"),
        ),
        *_told_apart("subtle", "Slightly wrong gradients fail", 0.375, "small right", "small"),
        *_told_apart(
            "parameters", "An error in any one parameter is noticed", 2, "right short", *NAMES
        ),
        Part("zeros", "Gradients of zero are judged sensibly", 1, groups=("zeros",)),
        *_told_apart(
            "zeros",
            "Gradients of zero are judged sensibly",
            1,
            "right short",
            *("zero number", "not zero"),
        ),
        Part(
            "untouched",
            "The model is as before, to the last bit",
            1,
            # a verdict there must be, or nothing was looked at that could have been moved
            ("result@changed", "result@dtype"),
            groups=("right", "right short", "sign", "sign short", "scaled"),
        ),
        Part(
            "settings",
            "h and error_threshold count; the difference is central",
            0.5,
            groups=("threshold",),
        ),
        Part(
            "settings",
            "h and error_threshold count; the difference is central",
            0.5,
            groups=("central", "step"),
        ),
        Part(
            "printed",
            "A line for every parameter",
            1,
            tuple(f"result.{name}@printed" for name in NAMES),
            groups=("right", "sign short"),
        ),
    ),
    mistakes=MISTAKES,
    read="Trusting a gradient",
)
