"""The whole sequence forward."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from rnn_course.checks.cases import Case
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.requests import Call
from rnn_course.courseworks.cw1_bptt.problem import network, two_decimals

FUNCTION = "rnn_forward"
NAMES = ("T", "B", "D", "H", "K")
QUIET = {"verbose": False}


def _arguments(rng: np.random.Generator, sizes: tuple[int, ...], **changed: Any) -> list[Any]:
    """Draw a sequence of sizes T, B, D, H, K; labels and parameters may be others than drawn."""
    T, B, D, H, K = sizes
    model = network(rng, D, H, K, **{k: v for k, v in changed.items() if k not in ("y", "X")})
    X = changed.get("X", two_decimals(rng.normal(size=(T, B, D))))
    y = rng.integers(0, K, (T, B))
    y[-1, -1] = (y[0, 0] + 1) % K  # so that not all are the same
    y = changed.get("y", y)
    return [list(X), y, model, two_decimals(rng.normal(size=(B, H)) / 2)]


def _sequence(
    rng: np.random.Generator, group: str, said: str, sizes: tuple[int, ...], **changed: Any
) -> Case:
    args = _arguments(rng, sizes, **changed)
    said = said or ", ".join(f"{n} = {size}" for n, size in zip(NAMES, sizes, strict=True))
    return Case(said, {"result": Call(FUNCTION, tuple(args), QUIET)}, group)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Ordinary sequences; a single step or row; labels of both shapes; large scores."""
    yield _sequence(rng, "small", "", (3, 2, 2, 3, 4))
    yield _sequence(rng, "small", "", (4, 3, 3, 2, 3))
    yield _sequence(rng, "one_step", "T = 1", (1, 3, 2, 3, 4))
    yield _sequence(rng, "row", "B = 1", (4, 1, 2, 3, 3))
    yield _sequence(rng, "single", "T = 1 and B = 1", (1, 1, 2, 3, 4))
    yield _sequence(rng, "only_by", "Why = 0", (3, 2, 2, 3, 4), Why=0)
    args = _arguments(rng, (2, 2, 2, 3, 3))
    yield Case("verbose left out", {"loud": Call(FUNCTION, tuple(args))}, "loud")
    X, y, *rest = _arguments(rng, (4, 1, 2, 3, 3))
    steps = {
        "flat": Call(FUNCTION, (X, y[:, 0], *rest), QUIET),
        "column": Call(FUNCTION, (X, y, *rest), QUIET),
        "other": Call(FUNCTION, (X, (y + 1) % 3, *rest), QUIET),
    }
    yield Case("labels of shape (T,), and the same of shape (T, 1)", steps, "labels")
    yield from _large(rng)


def _large(rng: np.random.Generator) -> Iterator[Case]:
    """Scores from ±15 to ±1000: p is tiny first, and then rounded to zero."""
    sizes, every = (3, 2, 2, 3, 3), np.array([[0, 1], [2, 0], [1, 2]])
    for most in (15, 30, 50, 200, 1000):
        by = np.array([[float(most), float(-most), 0.0]])
        said = f"scores of about ±{most}"
        yield _sequence(rng, "large", said, sizes, by=by, y=every.copy())
    apart = {"Wxh": np.ones((2, 3)), "Why": np.full((3, 3), 300.0)}
    X = np.array([[[3.0] * 2, [-3.0] * 2]] * 2)
    yield _sequence(
        rng, "apart", "rows of scores that are far apart", (2, 2, 2, 3, 3), X=X, **apart
    )


START = "h, ys, caches, loss = initial_state, [], [], 0.0"
LOOP = "zip(X_train, y_train, strict=True)"
STEP = "cell_fn_forward(X, h, model)"
SHIFTED = "y - y.max(axis=1, keepdims=True)"
LOG = "shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))"
PICKED = "log_p[np.arange(len(y)), labels]"
ADDED = f"loss += -{PICKED}.mean()"
RETURNED = "return h, ys, caches, loss"
P = "np.exp(log_p)"
HOT = "np.eye(y.shape[1])[np.atleast_1d(labels)]"
SOFTMAX = "(np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True))"
SAFE_P = f"{P}.clip(1e-300, 1 - 1e-16)"


def _instead(old: str, *others: str) -> tuple[tuple[str, str], ...]:
    return tuple((old, other) for other in others)


def _kept(returned: str) -> tuple[tuple[str, str], ...]:
    """Keep all states in ``hs``, and return something made of them."""
    return (
        (START, f"{START}\n    hs = [h]"),
        ("ys.append(y)", "ys.append(y)\n        hs.append(h)"),
        (RETURNED, f"return {returned}, ys, caches, loss"),
    )


def _losses(total: str) -> tuple[tuple[str, str], ...]:
    """Keep the losses of all steps, and return something made of them."""
    return (
        (START, START.replace("0.0", "[]")),
        (ADDED, f"loss.append(-{PICKED}.mean())"),
        ("if verbose:", "if False:"),
        (RETURNED, f"return h, ys, caches, {total}"),
    )


RUN = (
    Mistake(
        "state_not_carried",
        "Every step started from the initial state.",
        "The state that one step returns is what the next step remembers; hand it on.",
        (
            (STEP, "cell_fn_forward(X, initial_state, model)"),
            ("y, h, cache = cell", "y, _, cache = cell"),
            ("y, h, cache = cell", "y, last, cache = cell"),
            ((STEP, "cell_fn_forward(X, np.zeros_like(h), model)"),),
            (
                ("y, h, cache = cell", "y, last, cache = cell"),
                (RETURNED, "return last, ys, caches, loss"),
            ),
        ),
    ),
    Mistake(
        "initial_state_ignored",
        "The sequence did not start from the initial state that was given.",
        "A long text is read in pieces; the state of one piece is where the next one starts.",
        _instead(
            START,
            *(
                START.replace("initial_state", f"np.{f}_like(initial_state)")
                for f in ("zeros", "ones")
            ),
        ),
    ),
    Mistake(
        "first_state_returned",
        "The state that comes back is not that of the last step.",
        "Whoever goes on reading needs the state after the whole sequence.",
        tuple(
            map(
                _kept,
                (
                    "hs[0]",
                    "hs[1]",
                    "hs[-2]",
                    "sum(hs[1:]) / len(ys)",
                    "hs",
                    "hs[1:]",
                    "sum(hs[1:])",
                    "sum(hs)",
                ),
            )
        ),
    ),
    Mistake(
        "steps_missing",
        "Some steps of the sequence were left out.",
        "range(T) counts 0 to T − 1, which is every step; range(T − 1) and range(1, T) lose one.",
        _instead(
            LOOP, *(f"list({LOOP}){kept}" for kept in ("[:-1]", "[1:]", "[::2]", "[:2]", "[:1]"))
        ),
    ),
    Mistake(
        "read_backwards",
        "The sequence was read from its end.",
        "Only the backward pass goes from the last step to the first.",
        _instead(
            LOOP,
            f"list({LOOP})[::-1]",
            "zip(X_train[::-1], y_train, strict=True)",
        ),
    ),
    Mistake(
        "same_input",
        "Every step read the same input.",
        "Step t reads X_train[t].",
        _instead(STEP, *(f"cell_fn_forward(X_train[{t}], h, model)" for t in (0, -1))),
    ),
)
OUTPUTS = (
    Mistake(
        "probabilities_for_scores",
        "ys holds probabilities.",
        "Call cell_fn_forward with train=True; the backward step expects its scores.",
        (
            *_instead("ys.append(y)", f"ys.append({P})"),
            ((STEP, "cell_fn_forward(X, h, model, False)"), (LOG, "np.log(y)")),
        ),
    ),
    Mistake(
        "results_not_collected",
        "ys or caches do not hold one entry for every step.",
        "The backward pass visits every step again and needs what each of them left behind.",
        (
            ("ys.append(y)", "ys = [y]"),
            ("ys.append(y)", "ys = y"),
            ("caches.append(cache)", "caches = [cache]"),
            ("caches.append(cache)", "caches = cache"),
            ("caches.append(cache)", "pass"),
            (("ys.append(y)", "ys = [y]"), ("caches.append(cache)", "caches = [cache]")),
            (("ys.append(y)", "ys = y"), ("caches.append(cache)", "caches = cache")),
            ("ys.append(y)", "ys.extend(y)"),
        ),
    ),
    Mistake(
        "results_reordered",
        "The results came back in another order.",
        "The caller takes them apart by position: h, ys, caches, loss.",
        _instead(
            RETURNED,
            *(f"return {order}" for order in ("loss, ys, caches, h", "ys, h, caches, loss")),
            *(f"return {order}" for order in ("loss, h, ys, caches", "h, caches, ys, loss")),
            *(
                f"return {order}"
                for order in ("h, ys, loss, caches", "ys, caches, h, loss", "ys, caches, loss, h")
            ),
        ),
    ),
    Mistake(
        "result_left_out",
        "Not all of the results came back.",
        "The caller takes four apart: h, ys, caches and loss, in this order.",
        _instead(
            RETURNED,
            *(f"return {kept}" for kept in ("h, ys, loss", "h, ys, caches", "ys, caches, loss")),
            *(f"return {kept}" for kept in ("h, caches, loss", "h, loss", "ys, loss", "h, ys")),
        ),
    ),
    Mistake(
        "other_outputs",
        "The scores that were kept are not those of each step, in order.",
        "ys holds what cell_fn_forward returned at each step, in order and unchanged.",
        _instead(
            "ys.append(y)",
            "ys.insert(0, y)",
            "ys.append(ys[-1] if ys else y)",
            "ys.append(h)",
            "ys.append(shifted)",
            "ys.append(log_p)",
            "ys.append(y.argmax(axis=1))",
        ),
    ),
    Mistake(
        "prints_anyway",
        "Something is printed although verbose is False.",
        "Later questions call this function thousands of times; it has to be able to be quiet.",
        (("if verbose:", "if True:"),),
    ),
)
LOSS = (
    Mistake(
        "loss_averaged_over_time",
        "The loss is the mean over the steps.",
        "This function returns the sum over the steps; bptt will take the mean.",
        _instead(
            RETURNED,
            f"{RETURNED} / len(ys)",
            "return h, ys, caches, loss / (len(ys) * len(h)) * len(h)",
        ),
    ),
    Mistake(
        "loss_summed_over_batch",
        "The loss is summed over the batch.",
        "Within a step it is the mean over the batch: then the size of the batch does not change "
        "how far a step of training goes.",
        (
            *_instead(
                ADDED, ADDED.replace("mean", "sum"), ADDED.replace("mean()", "sum() / len(y_train)")
            ),
        ),
    ),
    Mistake(
        "loss_of_one_step",
        "The loss is that of a single step.",
        "Every step has a label here, so every step's loss counts: add them up.",
        (
            ("loss += -", "loss = -"),
            _losses("loss[0]"),
            _losses("loss[1 % len(loss)]"),
            _losses("max(loss)"),
        ),
    ),
    Mistake(
        "loss_of_every_step",
        "A list of losses came back, one for each step.",
        "The loss of the sequence is one number: the losses of its steps, added up.",
        (_losses("loss"),),
    ),
    Mistake(
        "loss_negative",
        "The loss has the wrong sign.",
        "Cross-entropy is minus the logarithm of the probability of the right class, never "
        "negative.",
        (("loss += -", "loss += "), (RETURNED, "return h, ys, caches, -loss / len(ys)")),
    ),
    Mistake(
        "loss_without_logarithm",
        "The loss is made of probabilities, not of their logarithms.",
        "Cross-entropy is −log p: a confident mistake must cost much more than an unsure one.",
        _instead(
            ADDED,
            f"loss += -np.exp({PICKED}).mean()",
            f"loss += 1 - np.exp({PICKED}).mean()",
            f"loss += np.exp({PICKED}).mean()",
        ),
    ),
    Mistake(
        "loss_other_logarithm",
        "The loss was taken with another logarithm than the natural one.",
        "Only with the natural logarithm is the gradient p − 1 at the right class.",
        (
            *_instead(ADDED, f"{ADDED} / np.log(2)", f"{ADDED} / np.log(10)"),
            *_instead(
                LOG,
                LOG.replace("np.log", "np.log2"),
                LOG.replace("np.log", "np.log10"),
                LOG.replace("np.log", "np.log1p"),
            ),
        ),
    ),
    Mistake(
        "loss_over_all_classes",
        "The loss adds the logarithms of all classes.",
        "Only the probability of the class that was right enters the cross-entropy.",
        _instead(
            ADDED,
            "loss += -log_p.sum(axis=1).mean()",
            "loss += -log_p.mean()",
            "loss += -log_p.sum()",
            f"loss += -({HOT} * log_p + (1 - {HOT}) * np.log(1 - {SAFE_P})).sum(axis=1).mean()",
            f"loss += -({HOT} * log_p + (1 - {HOT}) * np.log(1 - {SAFE_P})).mean()",
            f"loss += -({P} * log_p).sum(axis=1).mean()",
        ),
    ),
    Mistake(
        "loss_squared_error",
        "The loss is a squared error.",
        "For classes the loss is the cross-entropy of the softmax.",
        (
            *(
                (ADDED, f"loss += {factor}(({of} - {HOT}) ** 2){how}")
                for of in (P, "y")
                for factor in ("", "0.5 * ")
                for how in (".mean()", ".sum()", ".sum(axis=1).mean()")
            ),
            (ADDED, f"loss += ((1 - np.exp({PICKED})) ** 2).mean()"),
        ),
    ),
    Mistake(
        "loss_softmax_twice",
        "The softmax was applied twice before the logarithm.",
        "Probabilities are not scores: take the scores (train=True) and one softmax.",
        (
            (STEP, "cell_fn_forward(X, h, model, False)"),
            ((SHIFTED, f"{SHIFTED}\n        shifted = {SOFTMAX}"),),
        ),
    ),
    Mistake(
        "loss_without_softmax",
        "The loss was computed from scores, not from probabilities.",
        "Take the softmax of the scores first.",
        _instead(
            LOG,
            "y",
            "shifted",
            "np.log(np.abs(y))",
            "np.log(np.abs(y) + 1e-12)",
            "y / y.sum(axis=1, keepdims=True)",
            "np.log(np.clip(y, 1e-12, None))",
        ),
    ),
    Mistake(
        "loss_averaged_over_classes",
        "The loss was divided by the number of classes.",
        "np.mean over a (B, K) array also averages over K. Sum over the classes, mean over the "
        "batch.",
        _instead(ADDED, f"{ADDED} / y.shape[1]"),
    ),
    Mistake(
        "labels_shifted",
        "The loss compares each step with the label of another step.",
        "The scores of step t belong to y_train[t].",
        (
            *_instead(
                PICKED,
                *(
                    f"log_p[np.arange(len(y)), y_train[{t}]]"
                    for t in (
                        "len(ys) - 1",
                        "(len(ys) + 1) % len(y_train)",
                        "0",
                        "-1",
                        "min(len(ys) + 1, len(y_train) - 1)",
                        "max(len(ys) - 1, 0)",
                    )
                ),
            ),
            *_instead(LOOP, "zip(X_train, y_train[::-1], strict=True)"),
        ),
    ),
    Mistake(
        "loss_mixes_rows",
        "The loss mixes rows: it is right for one sequence and wrong for a batch of several.",
        "Each row has a label of its own: the score of row b is y[b, label of b], and the mean "
        "over the batch comes last.",
        (
            *_instead(
                PICKED,
                "log_p[:, labels]",
                "log_p[0, labels]",
                "log_p[np.arange(len(y)), np.ravel(labels)[0]]",
                "log_p[-1, labels]",
                "log_p[:1, labels]",
            ),
            *_instead(
                ADDED,
                f"loss += -np.log(np.exp({PICKED}).mean())",
                f"loss += -np.ravel({PICKED})[0]",
            ),
        ),
    ),
    Mistake(
        "loss_maximum_once",
        "The largest score was subtracted in one place and not in the other.",
        "m cancels only if the same number is taken off in y − m and inside the sum.",
        _instead(LOG, LOG.replace("shifted -", "y -"), LOG.replace("exp(shifted)", "exp(y)")),
    ),
    Mistake(
        "loss_overflows",
        "Large scores make the loss NaN or infinite.",
        "log(exp(1000)) overflows and log(exp(−1000)) is log(0). Use y − max − log Σ exp(y − max).",
        (
            *_instead(
                SHIFTED,
                "y",
                "y - y.mean(axis=1, keepdims=True)",
                "y - y.min(axis=1, keepdims=True)",
            ),
            *_instead(LOG, f"np.log({SOFTMAX})"),
            ((SHIFTED, "y"), (LOG, f"np.log({SOFTMAX})")),
        ),
    ),
    Mistake(
        "loss_one_maximum",
        "One maximum was subtracted from all rows, so a row far below it gives −∞ or NaN.",
        "Each row needs its own: y.max(axis=1, keepdims=True). Then one number of each row is 0, "
        "and its sum of exponentials at least 1.",
        (
            (SHIFTED, "y - y.max()"),
            (SHIFTED, "y - y.max(axis=0)"),
            ((SHIFTED, "y - y.max()"), (LOG, f"np.log({SOFTMAX})")),
        ),
    ),
    Mistake(
        "loss_kept_finite",
        "A small number keeps log p finite, so large scores give another loss than the right one.",
        "log(p + ε) never goes beyond −log ε: at ε = 1e-12 a loss of 2000 becomes 27.6, and no "
        "gradient is left. Take the logarithm on paper, as the question says.",
        tuple(
            (LOG, f"np.log({kept})")
            for e in (
                *(f"1e-{n}" for n in range(5, 17)),
                "1e-20",
                "1e-30",
                "1e-100",
                "1e-300",
                "np.finfo(float).eps",
                "np.finfo(float).tiny",
            )
            for kept in (f"{SOFTMAX} + {e}", f"{SOFTMAX}.clip({e}, 1)")
        )
        + tuple(
            (LOG, f"np.log({SOFTMAX}.clip({e}, 1 - {e}))")
            for e in (f"1e-{n}" for n in range(5, 17))
        ),
    ),
)
PLACES = (
    Mistake(
        "later_steps_wrong",
        "After one step the state is right, after several it is not.",
        "Each step gets its own input and the state that the step before it returned, nothing "
        "else.",
        where=("state",),
        spares=("one_step",),
    ),
    Mistake(
        "first_step_wrong",
        "Already after the first step the state is not the right one.",
        "The first step gets X_train[0] and initial_state, both as they are.",
        where=("h",),
    ),
    Mistake(
        "other_outputs",
        "The states are right, and the scores that were kept are not those of each step.",
        "ys holds what cell_fn_forward returned at each step, in order and unchanged.",
        where=("ys",),
        spares=("state",),
    ),
    Mistake(
        "labels_one_shape",
        "Only one of the two shapes of labels works.",
        "y_train is (T,) for one sequence and (T, B) for a batch; y_train[t] is a number or a row.",
        where=("labels",),
        spares=("loss",),
    ),
    Mistake(
        "loss_large_scores",
        "Ordinary scores give the right loss, large ones do not.",
        "The formula of the question holds for any scores: no number has to be cut off or added.",
        where=("stable",),
        spares=("loss",),
    ),
    Mistake(
        "loss_mixes_rows",
        "The loss is right for one sequence and wrong for a batch of several.",
        "Each row has a label of its own: the score of row b is y[b, label of b], and the mean "
        "over the batch comes last.",
        where=("loss",),
        spares=("row", "single", "outputs"),
    ),
    Mistake(
        "loss_wrong_over_time",
        "The loss is right for one step and wrong for several.",
        "Each step compares its own scores with its own labels; the losses of all steps add up.",
        where=("loss",),
        spares=("single", "outputs"),
    ),
    Mistake(
        "loss_not_cross_entropy",
        "The scores are right, and the loss of a single step of a single sequence is not.",
        "It is −log p of the right class: log Σ exp(y − m) − (y of that class − m).",
        where=("loss",),
        spares=("outputs",),
    ),
)
ORDINARY = ("small", "one_step", "row", "single", "loud")
COLLECTED = "Scores and caches of every step"

QUESTION = compare(
    FUNCTION,
    "The whole sequence forward",
    cases=cases,
    signature={FUNCTION: ("X_train", "y_train", "model", "initial_state")},
    needs=("cell_fn_forward",),
    given=("cell_fn_forward.:2",),
    parts=(
        Part(
            *("state", "The state is carried from step to step", 3),
            ("result@length", "result@changed", "h=result.0", "h=loud.0"),
            groups=ORDINARY,
        ),
        # where Why is zero the scores do not depend on the state
        Part(
            *("outputs", COLLECTED, 1.5, ("ys=result.1", "caches=result.2@length")),
            groups=(*ORDINARY, "only_by"),
            follows="state",
            apart=("only_by",),
        ),
        Part(
            *("outputs", COLLECTED, 0.5, ("ys=result.1@length", "result@printed")),
            groups=("small",),
        ),
        Part(
            *("loss", "The loss: summed over steps, averaged over the batch", 3),
            ("the loss=result.3", "the loss=loud.3"),
            within=1e-6,
            shape="squeezed",
            groups=(*ORDINARY, "only_by"),
            follows="state",
            apart=("only_by",),
        ),
        Part(
            *("labels", "Labels of shape (T,) and (T, B)", 1),
            (
                "the loss with labels (T,) and with (T, 1)=flat.3==column.3",
                "the loss with two sets of labels=flat.3==other.3",
            ),
            groups=("labels",),
        ),
        Part(
            *("stable", "A finite loss for scores of ±1000", 1, "the loss=result.3"),
            within=1e-6,
            shape="squeezed",
            groups=("large", "apart"),
            follows="loss",
        ),
    ),
    mistakes=(*RUN, *OUTPUTS, *LOSS, *PLACES),
    equivalent={
        "caches": "what is in a cache is the student's own affair",
        "print": "what is printed, and when, is free where verbose is True",
        "axis=": "the last axis of (B, K) is axis 1",
        "np.arange": "all of these arrays have B rows",
        "zip": "X_train and y_train are equally long",
    },
    read="The whole sequence forward",
)
