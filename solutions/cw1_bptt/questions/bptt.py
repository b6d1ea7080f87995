"""Back through time: the gradients of a whole sequence."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from rnn_course.checks.cases import Case
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.requests import Call

NAMES = ("Wxh", "Whh", "Why", "bh", "by")

GRADS = tuple(f"{name}=result.0.{name}" for name in NAMES)
SINGLE = ("one", "zero state")
STEPS = ("one step", "batch of one step", "flat labels of one step")
ANY = (*SINGLE, "batch")


def network(rng: np.random.Generator, D: int, H: int, K: int, **scale: float) -> dict:
    """Draw a network of two decimals with biases that are not zero."""
    shapes = {"Wxh": (D, H), "Whh": (H, H), "Why": (H, K), "bh": (1, H), "by": (1, K)}
    drawn = {name: rng.normal(size=shape) / np.sqrt(shape[0]) for name, shape in shapes.items()}
    return {name: np.round(scale.get(name, 1.0) * value, 2) for name, value in drawn.items()}


def _sequence(
    rng: np.random.Generator, group: str, T: int, B: int, K: int = 3, x: float = 1.0, **scale: float
) -> Case:
    """Draw a case; of ordinary size, until all gradients lie well within any bound."""
    D, H = 2, 3
    while True:
        model = network(rng, D, H, K, **scale)
        X = [np.round(x * rng.normal(size=(B, D)), 2) for _ in range(T)]
        h = np.round(rng.normal(size=(B, H)) / 2, 2)
        y = _labels(rng, T, B, K)
        grads = unclipped(model, X, y, h).values()
        if scale or max(np.abs(g).max() for g in grads) < MIDDLING:
            call = Call("bptt", (model, X, y, h))
            return Case(f"T = {T}, B = {B}", {"result": call}, group)


def _labels(rng: np.random.Generator, T: int, B: int, K: int) -> np.ndarray:
    """Draw labels; those of two steps, and of two rows, that follow each other are not alike."""
    return (rng.integers(K) + np.add.outer(np.arange(T), np.arange(B)) * rng.integers(1, K)) % K


def _changed(case: Case, said: str, group: str, at: int, value: object, **more: object) -> Case:
    call = case.steps["result"]
    args = (*call.args[:at], value, *call.args[at + 1 :])
    return Case(said, {"result": Call("bptt", args, more)}, group, optional=bool(more))


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """One sequence, a batch, one step, flat labels, gradients beyond 5, truncation."""
    for T in (4, 5):
        yield _sequence(rng, "one", T, 1)
    still = _sequence(rng, "one", 3, 1)
    yield _changed(still, "T = 3, B = 1, h = 0", "zero state", 3, np.zeros((1, 3)))
    yield _sequence(rng, "one step", 1, 1)
    yield _sequence(rng, "one step", 1, 1, K=4)
    yield _sequence(rng, "batch", 4, 3)
    yield _sequence(rng, "batch", 3, 2, K=2)
    yield _sequence(rng, "batch of one step", 1, 2, K=4)
    for T, group in ((3, "flat labels"), (1, "flat labels of one step")):
        case = _sequence(rng, "", T, 1)
        labels = case.steps["result"].args[2][:, 0]
        yield _changed(case, f"T = {T}, B = 1, y_train of shape ({T},)", group, 2, labels)
    yield _large(rng, "large without flow", 2)
    for T in (3, 4):
        yield _large(rng, "large", T)
    long = _sequence(rng, "one", 5, 1)
    for k in (2, 1, 3, 5):
        arguments = long.steps["result"].args
        yield _changed(long, f"truncate={k}, T = 5", "truncate", 3, arguments[3], truncate=k)


def _large(rng: np.random.Generator, group: str, T: int) -> Case:
    """Draw until gradients lie beyond both bounds, and on both sides well within.

    Of two steps, the second is saturated: tanh is flat there, and no gradient flows back from it.
    """
    while True:
        case = _sequence(rng, group, T, 1, x=30.0, Wxh=0.02, Why=8.0)
        model, X, y, h = case.steps["result"].args
        if T == 2:
            X[1][...] = 3000.0 * np.sign(X[1])
            if np.abs(X[1] @ model["Wxh"]).min() < 30.0:
                continue
        sizes = np.concatenate([g.ravel() for g in unclipped(model, X, y, h).values()])
        if all(((low < sizes) & (sizes < high)).any() for low, high in BANDS):
            return case


MIDDLING = 0.95  # below the tightest bound that anybody clips to
BANDS = ((-np.inf, -5.5), (-4.5, -0.5), (0.5, 4.5), (5.5, np.inf))


def unclipped(model: dict, X: list, y: np.ndarray, h: np.ndarray) -> dict:
    """Differentiate the mean loss over time by complex steps: exact, and no backward pass.

    References:
        Squire and Trapp, Using complex variables to estimate derivatives of real functions,
        SIAM Review 40, 1998.
    """
    return {
        name: np.array(
            [
                loss(model | {name: value + 1e-20j * unit.reshape(value.shape)}, X, y, h).imag
                for unit in np.eye(value.size)
            ]
        ).reshape(value.shape)
        / 1e-20
        for name, value in model.items()
    }


def loss(model: dict, X: list, y: np.ndarray, h: np.ndarray) -> complex:
    """Return the mean loss over time, of any type of numbers."""
    total = 0.0
    for x, labels in zip(X, np.reshape(y, (len(X), -1)), strict=True):
        h = np.tanh(h @ model["Whh"] + x @ model["Wxh"] + model["bh"])
        scores = h @ model["Why"] + model["by"]
        scores = scores - scores.real.max(axis=1, keepdims=True)
        right = scores[np.arange(len(scores)), labels]
        total = total + (np.log(np.exp(scores).sum(axis=1)) - right).mean() / len(X)
    return total


# Edits of the model answer

STEP = "grad, flow = cell_fn_backward(ys[t], y_train[t], flow, caches[t])"
ADD = "grads[name] += grad[name] / T"
FORWARD = "X_train, y_train, model, initial_state, verbose=False"
WALK = "enumerate(reversed(range(T)))"
CUT = "back % truncate == 0"
STOP = "truncate is not None and back % truncate == 0"
CLIP = "clipped = {name: np.clip(grad, -5, 5) for name, grad in grads.items()}"
RETURN = "return clipped, loss / T, last_state"
SIZE = "float(np.sqrt(sum((g**2).sum() for g in grads.values())))"
EACH = "grad, flow = ({n: np.clip(g, -5, 5) for n, g in grad.items()}, np.clip(flow, -5, 5))"


def _instead(old: str, *others: str) -> tuple:
    return tuple((old, other) for other in others)


def _clipped(*bodies: str) -> tuple:
    return tuple(
        (CLIP, f"clipped = {{name: {body} for name, grad in grads.items()}}") for body in bodies
    )


BOUNDS = (
    *((-1, 1), (-10, 10), (0, 5), (-50, 50), (-0.5, 0.5), (-5, 0), (-5, 4), (-4, 5), (-2, 2)),
    *(("None", 5), (-5, "None")),
)
SUM = "grads[name] += grad[name]"


def _silent(step: str) -> tuple:
    """Return an edit by which all steps but one have no loss of their own."""
    own = "cell_fn_backward(ys[t], y_train[t], 0 * flow, caches[t])"
    lines = (
        "before = flow",
        STEP,
        f"if t != {step}:",
        f"    own, own_flow = {own}",
        "    grad, flow = {n: g - own[n] for n, g in grad.items()}, flow - own_flow",
    )
    text = "\n        ".join(lines)
    return (STEP, text), ((STEP, text), (ADD, SUM))


def _window(k: str) -> str:
    """Return the loop in which every step's own loss reaches back k steps, itself included."""
    return f"""
        most = T if truncate is None else {k}
        for s in range(t, max(t - most, -1), -1):
            grad, back_flow = cell_fn_backward(ys[s], y_train[s], flow, caches[s])
            if s < t:
                own, own_flow = cell_fn_backward(ys[s], y_train[s], 0 * flow, caches[s])
                grad = {{n: g - own[n] for n, g in grad.items()}}
                back_flow = back_flow - own_flow
            flow = back_flow
            for name in grads:
                grads[name] += grad[name] / T
        grad = {{name: 0 * g for name, g in grad.items()}}
        flow = 0 * flow"""


def _missing() -> Iterator[Mistake]:
    """Yield gradients that are not there, or stay zero."""
    yield Mistake(
        "gradient_missing",
        "A parameter has no gradient in the result.",
        "The dict holds one array for every parameter, under the parameter's name.",
        edits=tuple((CLIP, f'{CLIP}\n    del clipped["{name}"]') for name in NAMES),
    )
    yield Mistake(
        "gradient_zero",
        "A gradient is zero everywhere.",
        "Zero says that the parameter does not matter; here it was never filled in.",
        edits=tuple(
            (ADD, f'grads[name] += (name not in "{names}".split()) * grad[name] / T')
            for names in (*NAMES, "bh by")
        ),
    )


MISTAKES = (
    Mistake(
        "flow_not_carried",
        "Every step went backward on its own: no gradient flowed from later steps to earlier ones.",
        "Hand the dh_next that one step returns to the step before it. Without it the network "
        "cannot learn that something early matters later.",
        edits=(
            *_instead("y_train[t], flow, caches", "y_train[t], 0 * flow, caches"),
            (STOP, "True"),
            (("y_train[t], flow, caches", "y_train[t], 0 * flow, caches"), (ADD, SUM)),
        ),
    ),
    Mistake(
        "walked_forwards",
        "The steps were visited from the first to the last.",
        "The gradient comes from the future: start at the last step and go to the first.",
        edits=(*_instead(WALK, "enumerate(range(T))"), ((WALK, "enumerate(range(T))"), (ADD, SUM))),
    ),
    Mistake(
        "one_step_only",
        "The gradients are those of a single step.",
        "The parameters are shared by all steps, so the gradients of all steps add up: use +=.",
        edits=(
            *_instead(
                ADD,
                "grads[name] = grad[name] / T",
                "grads[name] = grad[name]",
                "grads[name] += (t == T - 1) * grad[name] / T",
                "grads[name] += (t == T - 1) * grad[name]",
            ),
            *_instead(WALK, "[(0, 0)]"),
        ),
    ),
    Mistake(
        "last_loss_only",
        "Only the loss of the last step was followed back.",
        "Every step has a loss of its own, and each sends its gradient back.",
        edits=(*_silent("T - 1"),),
    ),
    Mistake(
        "not_averaged_over_time",
        "The gradients are as many times too large as there are steps.",
        "They are asked for the mean loss over time: divide the sum by T.",
        edits=(*_instead(ADD, SUM),),
    ),
    Mistake(
        "averaged_twice",
        "The gradients are too small: an average was taken twice.",
        "cell_fn_backward averages over the batch already; here only the division by T is left.",
        edits=(
            *_instead(
                ADD,
                "grads[name] += grad[name] / T / T",
                "grads[name] += grad[name] / T / len(last_state)",
                "grads[name] += grad[name] / len(last_state)",
            ),
        ),
    ),
    Mistake(
        "backward_step_left_out",
        "A step was left out on the way back.",
        "range(T − 1, −1, −1), or reversed(range(T)), visits every step including number 0.",
        edits=(
            *_instead(WALK, "enumerate(range(T - 1, 0, -1))", "enumerate(range(T - 2, -1, -1))"),
        ),
    ),
    Mistake(
        "not_clipped",
        "Gradients beyond ±5 came back as they were.",
        "Gradients can explode; cutting each number to [−5, 5] keeps a single bad step harmless.",
        edits=_clipped("grad"),
    ),
    Mistake(
        "clipped_too_early",
        "The numbers were cut before the gradient was complete.",
        "Add up all steps and divide by T first; clip once, at the very end.",
        edits=(
            ((ADD, SUM), *_clipped("np.clip(grad, -5, 5) / T")),
            ((STEP, f"{STEP}\n        {EACH}"),),
            (STEP, f"{STEP}\n        grad = {{n: np.clip(g, -5, 5) for n, g in grad.items()}}"),
            (STEP, f"{STEP}\n        flow = np.clip(flow, -5, 5)"),
            ((STEP, f"{STEP}\n        {EACH}"), *_clipped("grad")),
            (
                (STEP, f"{STEP}\n        grad = {{n: np.clip(g, -5, 5) for n, g in grad.items()}}"),
                *_clipped("grad"),
            ),
            (ADD, f"{ADD}\n            grads[name] = np.clip(grads[name], -5, 5)"),
        ),
    ),
    Mistake(
        "clipped_by_norm",
        "The gradients were scaled to a length instead of being cut number by number.",
        "Both ways are in use. Here each number is cut to [−5, 5] on its own.",
        edits=_clipped(
            "grad * min(1, 5 / max(np.linalg.norm(grad), 1e-12))",
            f"grad * min(1, 5 / {SIZE})",
            "grad * min(1, 5 / np.abs(grad).max())",
            "grad * 5 / max(np.linalg.norm(grad), 1e-12)",
        ),
    ),
    Mistake(
        "clipped_to_other_bounds",
        "The numbers were cut at other bounds than ±5.",
        "The question asks for [−5, 5], below and above.",
        edits=_clipped(*(f"np.clip(grad, {low}, {high})" for low, high in BOUNDS)),
    ),
    Mistake(
        "loss_not_mean_over_time",
        "The loss is the sum over the steps.",
        "The gradients belong to the mean loss over time, so that is the loss to return.",
        edits=_instead(RETURN, "return clipped, loss, last_state"),
    ),
    Mistake(
        "wrong_last_state",
        "The state that comes back is not the state after the last step.",
        "The next piece of the sequence starts from the state that rnn_forward returned.",
        edits=_instead(
            RETURN,
            "return clipped, loss / T, initial_state",
            "return clipped, loss / T, flow",
            "return clipped, loss / T, caches[-1][1]",
            "return clipped, loss / T, last_state[:1]",
            "return clipped, loss / T, last_state[0]",
        ),
    ),
    Mistake(
        "truncate_ignored",
        "truncate=k makes no difference.",
        "With truncate=1 no gradient may pass from one step to the step before it.",
        edits=_instead(STOP, "False"),
    ),
    Mistake(
        "truncation_drops_steps",
        "With truncate=k only the last k steps were visited at all.",
        "Truncation stops the flow between steps. Every step's own loss still counts.",
        edits=_instead(WALK, "list(enumerate(reversed(range(T))))[:truncate]"),
    ),
    Mistake(
        "truncation_wrong",
        "With truncate=k the gradients are not those of a flow that stops after k steps.",
        "Set the flow to zero after every k steps back; each step still adds its own gradient.",
        edits=_instead(CUT, "back == truncate", "back % (truncate + 1) == 0", "back >= truncate"),
    ),
    Mistake(
        "initial_state_not_used",
        "All is right for an initial state of zero, and wrong for any other.",
        "Hand initial_state on to rnn_forward: a sequence may go on where another one ended.",
        edits=_instead(
            FORWARD, "X_train, y_train, model, np.zeros_like(initial_state), verbose=False"
        ),
    ),
    Mistake(
        "steps_mixed_up",
        "One step alone is right, a sequence of several is not.",
        "Step t goes backward with ys[t], y_train[t] and caches[t]; arrays of different steps "
        "must not meet. The gradients of all steps are added up, each as it is.",
        edits=(
            *_instead(
                STEP,
                STEP.replace("y_train[t]", "y_train[t - 1]"),
                STEP.replace("caches[t]", "caches[t - 1]"),
                STEP.replace("caches[t]", "caches[T - 1 - t]"),
                STEP.replace("ys[t]", "ys[T - 1 - t]"),
                STEP.replace("y_train[t]", "y_train[T - 1 - t]"),
                STEP.replace("y_train[t]", "y_train[back]"),
            ),
            *_silent("0"),
        ),
    ),
)


def _places() -> Iterator[Mistake]:
    """Yield what is known by where it shows, in the order in which it is looked for."""
    yield Mistake(
        "flow_wrong",
        "Why and by, which need no flow through time, have right gradients; the others do not.",
        "Hand each step's dh_next to the step before it, unchanged and to the right neighbour.",
        spares=("Why", "by"),
        where=("flow",),
    )
    for count in (4, 3, 2, 1):
        for right in combinations(NAMES, count):
            if right != ("by",):
                yield Mistake(
                    "some_parameters_wrong",
                    "Over several steps the gradients of some parameters are right, those of "
                    "others are not.",
                    "All parameters are treated alike: the gradients of all steps, added up "
                    "and divided by T.",
                    spares=right,
                    where=("flow", "mean"),
                )
    yield Mistake(
        "initial_state_not_used",
        "All is right for an initial state of zero, and wrong for any other.",
        "Hand initial_state on to rnn_forward: a sequence may go on where another one ended.",
        spares=("zero state",),
        where=("flow",),
    )
    yield Mistake(
        "steps_mixed_up",
        "One step alone is right, a sequence of several is not.",
        "Step t goes backward with ys[t], y_train[t] and caches[t]; arrays of different steps "
        "must not meet. The gradients of all steps are added up, each as it is.",
        spares=("one step",),
        where=("flow",),
    )
    yield Mistake(
        "single_step_wrong",
        "Already a sequence of one step has wrong gradients.",
        "So it is not the walk through time: look at what cell_fn_backward is given, and at "
        "the dh_next that the last step starts from, which is zero.",
        where=("flow",),
    )
    yield Mistake(
        "batch_wrong",
        "The gradients are right for one sequence and wrong for a batch.",
        "The flow has one row for each sequence, (B, H); rows never meet before the sums at "
        "the end.",
        spares=("flow", "one"),
        where=("batch",),
    )
    yield Mistake(
        "one_step_sequence_wrong",
        "Sequences of several steps are right, and one of a single step is not.",
        "With T = 1 the first step is the last one as well. Treat no step in a way of its own.",
        spares=("one", "batch"),
        where=STEPS,
    )
    yield Mistake(
        "flat_labels_fail",
        "Labels of shape (T,) do not work.",
        "For one sequence y_train[t] may be a single number; np.atleast_1d makes it (1,).",
        spares=("flow", "batch"),
        where=("flat labels", "flat labels of one step"),
    )
    yield Mistake(
        "loss_of_batch_wrong",
        "The loss is right for one sequence and wrong for another batch or number of steps.",
        "rnn_forward averages over the batch already; here only the division by T is left.",
        spares=SINGLE,
        where=("mean loss",),
    )
    yield Mistake(
        "clipping_wrong",
        "Small gradients are right; where some are beyond ±5 they are not.",
        "Add up all steps, divide by T, and only then cut each number at −5 and 5.",
        spares=("one",),
        where=("clip",),
    )
    yield Mistake(
        "wrong_factor",
        "All gradients are wrong by one factor.",
        "They are asked for the mean loss over time: the sum over the steps, divided by T.",
        spares=("flow",),
        where=("mean",),
    )
    yield Mistake(
        "other_loss",
        "The gradients are one thing, the loss that comes with them another.",
        "Return the loss of rnn_forward divided by T, as it is.",
        where=("mean loss",),
    )
    yield Mistake(
        "wrong_last_state",
        "The state that comes back is not the state after the last step.",
        "The next piece of the sequence starts from the state that rnn_forward returned.",
        where=("last_state",),
    )
    yield Mistake(
        "truncation_wrong",
        "With truncate=k the gradients are not those of a flow that stops after k steps.",
        "Set the flow to zero after every k steps back; each step still adds its own gradient.",
        where=("truncate",),
    )


QUESTION = compare(
    "bptt",
    "Back through time",
    cases=cases,
    signature={"bptt": ("model", "X_train", "y_train", "initial_state")},
    needs=("cell_fn_forward", "rnn_forward", "cell_fn_backward"),
    given=("cell_fn_forward.:2", "rnn_forward.:2", "rnn_forward.3", "cell_fn_backward"),
    without="autograd",
    also_right=(
        (CUT, "(t + 1) % truncate == 0"),
        (STEP, _window("truncate")),
        (STEP, _window("truncate + 1")),
    ),
    parts=(
        Part(
            "flow",
            "The gradient flows from the last step to the first",
            5,
            GRADS,
            equal="scaled",
            groups=SINGLE,
        ),
        # Why and by need no flow: their mean is looked at whatever became of the others
        Part("mean", "Gradients of the mean loss over time", 1, GRADS[2::2], groups=SINGLE),
        Part(
            "mean",
            "Gradients of the mean loss over time",
            1,
            GRADS,
            groups=SINGLE,
            follows="flow",
        ),
        Part(
            "clip",
            "Each number is cut to [−5, 5]",
            1,
            GRADS,
            groups=("large without flow",),
            follows=("mean",),
        ),
        Part(
            "clip",
            "Each number is cut to [−5, 5]",
            1,
            GRADS,
            groups=("large",),
            follows=("flow", "mean"),
        ),
        *(
            Part(
                "sizes",
                "Any batch, any number of steps, both shapes of labels",
                1,
                GRADS,
                within=1e-11,  # few numbers, all small: float32 may come within 1e-9 by luck
                groups=groups,
                follows=("flow", "mean"),
                apart=groups[-1:],
            )
            for groups in (("batch", STEPS[1]), STEPS[:1], ("flat labels", STEPS[2]))
        ),
        Part(
            "loss",
            "The mean loss and the last state",
            1,
            "mean loss=result.1",
            within=1e-6,
            shape="free",
            groups=ANY,
        ),
        Part(
            "loss",
            "The mean loss and the last state",
            1,
            ("last_state=result.2", "result@changed", "result@again"),
            groups=ANY,
        ),
        Part(
            "truncate",
            "truncate=k stops the flow (where it is offered)",
            1,
            GRADS,
            equal="scaled",
            groups=("truncate",),
            follows=("flow",),
        ),
    ),
    mistakes=(*MISTAKES, *_missing(), *_places()),
    read="Back through time",
)
