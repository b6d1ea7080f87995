"""Questions about networks: a module, functions of tensors, and a step of training."""

import numpy as np

from rnn_course.checks import (
    Build,
    Call,
    Case,
    Fetch,
    Load,
    Mistake,
    Part,
    Ref,
    Tensor,
    array,
    calls,
    compare,
    fixed,
    integer,
    joined,
    tensor,
)


def _perceptrons(rng: np.random.Generator):
    """Networks with given weights, so that every number of the result is known."""
    for B, D, H, K in ((2, 3, 4, 2), (1, 1, 1, 1), (3, 2, 2, 4), (4, 5, 3, 3)):
        sizes = {"first": (H, D), "second": (H, H), "last": (K, H)}
        weights = {f"{name}.weight": rng.normal(size=s).round(2) for name, s in sizes.items()}
        biases = {f"{name}.bias": rng.normal(size=s[0]).round(2) for name, s in sizes.items()}
        x = Tensor.of(rng.normal(size=(B, D)).round(2), requires_grad=True)
        probe = rng.normal(size=(8, D)).round(2)  # tells a student's parameters apart
        steps = {
            "model": Build("Perceptron", (D, H, K)),
            "set": Load(Ref("model"), weights | biases, probe=(probe,)),
            "scores": Call(Ref("model"), (x,), cotangents=rng.normal(size=(B, K)).round(2)),
        }
        yield Case(f"B = {B}, D = {D}, H = {H}, K = {K}", steps)


PERCEPTRON = compare(
    "perceptron",
    "A multi-layer perceptron",
    cases=_perceptrons,
    parts=(
        Part("scores", "The scores", 8, "scores"),
        Part("gradient", "Gradients reach the input", 2, "scores@gradients", follows="scores"),
    ),
    mistakes=(
        Mistake(
            "rectifier_missing",
            "A hidden layer has no rectifier.",
            "Without one, two layers are no more than a single linear one.",
            edits=(
                ("torch.relu(self.first(x))", "self.first(x)"),
                ("torch.relu(self.second(a))", "self.second(a)"),
            ),
        ),
        Mistake(
            "scores_rectified",
            "The scores go through a rectifier, too.",
            "A score may be negative: it is the logarithm of something.",
            edits=(("return self.last(b)", "return torch.relu(self.last(b))"),),
        ),
        Mistake(
            "probabilities",
            "Probabilities come back, not scores.",
            "`cross_entropy` takes a softmax itself; twice is once too often.",
            edits=(("return self.last(b)", "return self.last(b).softmax(dim=1)"),),
        ),
        Mistake(
            "tanh_for_relu",
            "The hidden layers have tanh for their rectifier.",
            "relu(z) is z where z is positive, and 0 elsewhere.",
            edits=(
                (
                    ("torch.relu(self.first", "torch.tanh(self.first"),
                    ("relu(self.second", "tanh(self.second"),
                ),
            ),
        ),
    ),
    defines=("Perceptron",),
)

GRADIENTS = "result@gradients"
SERIES, FILTERS = array("B", "C", "M+2", extremes=("zeros",)), array("E", "C", "M", extremes=())
CONVOLUTION = compare(
    "convolution",
    "A convolution by hand",
    cases=joined(
        calls("convolve", tensor(SERIES), tensor(FILTERS), sizes={"M": (1, 4)}, group="plain"),
        calls(
            "convolve",
            tensor(array(2, 3, 8, extremes=())),
            tensor(array(2, 3, 3, extremes=())),
            stride=integer(2, 7),
            group="stride",
        ),
        calls(
            "convolve",
            tensor(SERIES, requires_grad=True),
            tensor(FILTERS, requires_grad=True),
            group="gradients",
            cotangents=array("B", "E", 3, extremes=()),
        ),
    ),
    parts=(
        Part("values", "The responses", 4, groups=("plain",)),
        Part("stride", "A stride", 2, groups=("stride",), follows="values"),
        Part("gradients", "Gradients", 2, GRADIENTS, groups=("gradients",), follows="values"),
    ),
    mistakes=(
        Mistake(
            "turned_round",
            "The filter is turned round.",
            "Mathematicians' convolution does that; deep learning's does not.",
            edits=(("t : t + M], w)", "t : t + M], w.flip(2))"),),
        ),
        Mistake(
            "last_place_missing",
            "The last place where the filter fits is left out.",
            "There are N − M + 1 places; `range` stops before its end.",
            edits=(("x.shape[2] - M + 1", "x.shape[2] - M"),),
        ),
        Mistake(
            "stride_ignored",
            "The filter moves by one whatever the stride is.",
            "With a stride s the places are 0, s, 2s, …",
            edits=(("M + 1, stride)", "M + 1)"),),
        ),
        Mistake(
            "first_channel",
            "Only the first channel counts.",
            "The sum runs over the channels, too.",
            edits=((("x[:, :, t : t + M], w", "x[:, :1, t : t + M], w[:, :1]"),),),
        ),
    ),
    signature={"convolve": ("x", "w", "stride")},
    equivalent={"dim=-1": "the last axis is the third one"},
)

BOTH = ("out=result.0", "weights=result.1")
ATTENTION = compare(
    "attention",
    "A head of attention",
    cases=joined(
        calls(
            "attend",
            tensor(array("B", "T", "D", extremes=("zeros", "thousands"))),
            tensor(array("B", "S", "D", extremes=("ties",))),
            tensor(array("B", "S", "E", extremes=())),
            group="all",
        ),
        calls(
            "attend",
            *(tensor(array("B", "T", size, extremes=())) for size in ("D", "D", "E")),
            causal=fixed(True),
            group="causal",
        ),
    ),
    parts=(
        Part("weights", "The weights", 3, "weights=result.1", groups=("all",)),
        Part("out", "The means", 3, "out=result.0", groups=("all",), follows="weights"),
        Part("causal", "Later keys unseen", 2, BOTH, groups=("causal",), follows="weights"),
    ),
    mistakes=(
        Mistake(
            "not_scaled",
            "The scores are not divided by √D, or by D itself.",
            "A sum of D products grows like √D; without the scale the softmax saturates.",
            edits=((" / q.shape[-1] ** 0.5", ""), (" ** 0.5", "")),
        ),
        Mistake(
            "over_queries",
            "The softmax runs over the queries.",
            "Each query shares its attention out among the keys: its weights add up to 1.",
            edits=(("softmax(dim=-1)", "softmax(dim=1)"),),
        ),
        Mistake(
            "itself_hidden",
            "With causal=True a query does not see its own key.",
            "Keys 0 … t are seen, t included: the mask begins one above the diagonal.",
            edits=(("triu(1)", "triu(0)"),),
        ),
        Mistake(
            "masked_with_zero",
            "Later keys get the score 0, and with it a weight.",
            "exp(0) is 1, not 0. A weight of 0 needs a score of −∞.",
            edits=(("-torch.inf", "0.0"),),
        ),
    ),
    signature={"attend": ("q", "k", "v", "causal")},
    equivalent={
        "k.shape[-1]": "queries and keys have one size",
        "1 - 1:": "a mask for every batch hides the same",
        "scores.shape,": "likewise",
        "transpose(2, 1)": "two axes are exchanged either way",
    },
)


def _steps(rng: np.random.Generator):
    """Two steps with an optimizer of torch's own, on a layer whose weights are given."""
    for said, B, rate in (("two steps", 3, 0.5), ("B = 1", 1, 0.1), ("a small rate", 4, 0.01)):
        x = Tensor.of(rng.normal(size=(B, 2)).round(2))
        y = Tensor.of(rng.integers(0, 3, B))
        weights = {"weight": rng.normal(size=(3, 2)).round(2), "bias": rng.normal(size=3).round(2)}
        step = Call("train_step", (Ref("model"), Ref("optimizer"), x, y))
        yield Case(
            said,
            {
                "model": Build("Linear", (2, 3), given="torch.nn"),
                "set": Load(Ref("model"), weights),
                "parameters": Call(Ref("model"), method="parameters", keep=True),
                "optimizer": Build("SGD", (Ref("parameters"), rate), given="torch.optim"),
                "first": step,
                "after_first": Fetch(Ref("model"), "parameters"),
                "second": step,
                "after_second": Fetch(Ref("model"), "parameters"),
            },
        )


TRAIN_STEP = compare(
    "train_step",
    "One step of training",
    cases=_steps,
    parts=(
        Part("loss", "The loss before the step, a number", 2, ("loss=first", "first@dtype")),
        Part("step", "One step downhill", 2, "parameters=after_first"),
        Part("fresh", "Earlier batches do not count", 2, "parameters=after_second", follows="step"),
    ),
    mistakes=(
        Mistake(
            "gradients_add_up",
            "The second step goes along the gradients of both batches.",
            "`backward` adds to the gradients that are there; `zero_grad` clears them.",
            edits=(("    optimizer.zero_grad()\n", ""),),
        ),
        Mistake(
            "no_step",
            "The parameters do not change.",
            "`backward` computes gradients; `optimizer.step` uses them.",
            edits=(("    optimizer.step()\n", ""),),
        ),
        Mistake(
            "loss_summed",
            "The losses of the batch are added up.",
            "With a mean the step does not depend on the size of the batch.",
            edits=(("model(x), y)", 'model(x), y, reduction="sum")'),),
        ),
        Mistake(
            "loss_afterwards",
            "The loss is that after the step.",
            "The loss before the step costs nothing: it has been computed already.",
            edits=(
                ("return loss.item()", "return nn.functional.cross_entropy(model(x), y).item()"),
            ),
        ),
    ),
    signature={"train_step": ("model", "optimizer", "x", "y")},
    equivalent={"model.zero_grad()": "the optimizer has all of the model's parameters"},
)

QUESTIONS = (PERCEPTRON, CONVOLUTION, ATTENTION, TRAIN_STEP)
