"""References of the functions that use a model, of courseworks 3 and 4.

The models are given: their logits are known, so torch can say what a function should make of them.
"""

from functools import partial

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from rnn_course.checks.requests import Build, Call, Describe
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Ref, Rng, Tensor, plain
from rnn_course.courseworks.cw4_lstm_applications.stand_ins import MODULUS, bend, walk
from rnn_course.courseworks.recipes.linear_batch import FLOOR, Batch
from rnn_course.courseworks.recipes.recipe import Arrays, Recipe, Tensors, given_under, ran, results
from rnn_course.data.vocabulary import Vocabulary
from rnn_course.seeding import numpy_generator

_LETTERS, _NEW = "abcdefg ", 12
_BATCHES = ((4, 6), (2, 3), (1, 5))
_AHEAD = (1, 4)


# The repaired training step


def _draw_step(seed: int) -> Arrays:
    batch = Batch(numpy_generator(seed, "the_bug"))
    return {
        "input/x": batch.inputs,
        "input/lengths": batch.lengths,
        "input/labels": batch.labels,
        "parameter/matrix": batch.matrix,
    }


def _step(a: Tensors) -> Tensors:
    x = a["input/x"].detach().requires_grad_()
    ends = x[torch.arange(len(x), device=x.device), a["input/lengths"] - 1] @ a["parameter/matrix"]
    loss = cross_entropy(ends, a["input/labels"])
    (gradient,) = torch.autograd.grad(loss, x)
    right = (ends.argmax(1) == a["input/labels"]).sum()
    floor = torch.full_like(loss, FLOOR)
    return {
        "output/loss": loss,
        "output/n_right": right,
        "output/floor": floor,
        "gradient/x": gradient,
    }


def _ask_step(subject: Subject, a: Arrays) -> Arrays:
    x, matrix = Tensor.of(a["input/x"], requires_grad=True), a["parameter/matrix"]
    one_hot = np.eye(matrix.shape[1])[a["input/labels"]]
    batch = x, Tensor.of(a["input/lengths"]), Tensor.of(one_hot)
    build = Build("StepLogits", (matrix,), given="rnn_course.courseworks.cw3_temporal_order.stubs")
    call = Call("training_step", (Ref(0), batch), cotangents=(1.0, None))
    outcome = ran(subject, build, call)[-1]
    loss, right = plain(outcome.value)
    return {
        "output/loss": loss,
        "output/n_right": np.asarray(right),
        "output/floor": np.asarray(subject.ask(Describe("floor")).value),
        "gradient/x": outcome.gradients["inputs"][1][0],
    }


# Perplexity of a model that looks its logits up


def _draw_batches(seed: int) -> Arrays:
    rng = numpy_generator(seed, "perplexity")
    table = 2 * rng.normal(size=(7, 7))
    batches = {f"input/batch{k}": rng.integers(0, 7, (2, *s)) for k, s in enumerate(_BATCHES)}
    return {**batches, "parameter/table": table}


def _perplexity(a: Tensors) -> Tensors:
    table, batches = a["parameter/table"], given_under("input", a).values()
    logits = torch.cat([table[ids].flatten(0, 1) for ids, _ in batches])
    targets = torch.cat([following.flatten() for _, following in batches])
    return {"output/perplexity": cross_entropy(logits, targets).exp()}


def _ask_perplexity(subject: Subject, a: Arrays) -> Arrays:
    batches = [tuple(map(Tensor.of, batch)) for batch in given_under("input", a).values()]
    build = Build(
        "TableLM",
        (a["parameter/table"],),
        given="rnn_course.courseworks.cw4_lstm_applications.stand_ins",
    )
    _, value = results(subject, build, Call("perplexity", (Ref(0), batches)))
    return {"output/perplexity": np.asarray(value)}


# Writing at temperature 0, with a model that walks from place to place


def _draw_prefix(seed: int) -> Arrays:
    rng = numpy_generator(seed, "generate_text")
    table = 2 * rng.normal(size=(MODULUS, 1 + len(_LETTERS)))
    table[:, 0] = -40  # the unknown token is never written
    return {"input/prefix": rng.integers(1, 1 + len(_LETTERS), 5), "parameter/table": table}


def _written(a: Tensors) -> Tensors:
    place, written = 0, []
    for token in a["input/prefix"].tolist():
        place = walk(place, token)
    for _ in range(_NEW):
        written.append(a["parameter/table"][place].argmax())
        place = walk(place, int(written[-1]))
    return {"output/written": torch.stack(written)}


def _ask_written(subject: Subject, a: Arrays) -> Arrays:
    vocabulary = Vocabulary(_LETTERS)
    prefix = "".join(vocabulary.decode(a["input/prefix"]))
    model = Build(
        "WalkLM",
        (a["parameter/table"],),
        given="rnn_course.courseworks.cw4_lstm_applications.stand_ins",
    )
    known = Build("Vocabulary", (list(_LETTERS),), given="rnn_course.data.vocabulary")
    arguments = Ref(0), prefix, _NEW, Ref(1), 0.0, Rng(1, "torch")
    *_, text = results(subject, model, known, Call("generate_text", arguments))
    return {"output/written": vocabulary.encode(text[len(prefix) :])}


# Forecasts some steps ahead, of a model with a known recurrence


def _draw_series(seed: int) -> Arrays:
    rng = numpy_generator(seed, "predict_k")
    return {"input/x": rng.normal(size=(2, 12)), "parameter/numbers": rng.uniform(0.4, 0.9, 6)}


def _forecasts(a: Tensors) -> Tensors:
    return {f"output/ahead{k}": _ahead(a["parameter/numbers"], a["input/x"], k) for k in _AHEAD}


def _ahead(numbers: torch.Tensor, x: torch.Tensor, k: int) -> torch.Tensor:
    h = memory = x.new_zeros(len(x))
    columns = []
    for value in x.unbind(1)[:-k]:
        forecast, h, memory = bend(numbers, value, h, memory, torch.tanh)
        own_h, own_memory = h, memory
        for _ in range(k - 1):
            forecast, own_h, own_memory = bend(numbers, forecast, own_h, own_memory, torch.tanh)
        columns.append(forecast)
    return torch.stack(columns, 1)


def _ask_forecasts(subject: Subject, a: Arrays) -> Arrays:
    model = Build(
        "Bend",
        (tuple(a["parameter/numbers"].tolist()),),
        given="rnn_course.courseworks.cw4_lstm_applications.stand_ins",
    )
    x = Tensor.of(a["input/x"])
    calls = (Call("predict_k", (Ref(0), x, k)) for k in _AHEAD)
    _, _, *found = results(subject, model, Call(Ref(0), method="eval", keep=True), *calls)
    # Before the first forecast there is NaN, which nothing can be compared with.
    return {f"output/ahead{k}": value[:, k:] for k, value in zip(_AHEAD, found, strict=True)}


_third = partial(Recipe, "cw3_temporal_order")
_fourth = partial(Recipe, "cw4_lstm_applications")
RECIPES = (
    _third("the_bug", "step", "training_step", _draw_step, _step, _ask_step),
    _fourth("perplexity", "table", "perplexity", _draw_batches, _perplexity, _ask_perplexity),
    _fourth("generate_text", "greedy", "generate_text", _draw_prefix, _written, _ask_written),
    _fourth("forecast", "ahead", "predict_k", _draw_series, _forecasts, _ask_forecasts),
)
