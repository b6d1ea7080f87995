"""How good a language model is: e to the mean loss per token."""

from collections.abc import Iterator, Sequence

import numpy as np

from rnn_course.checks.cases import Case
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.requests import Build, Call, Fetch
from rnn_course.checks.values import Ref, Tensor

_GIVEN = "rnn_course.courseworks.cw4_lstm_applications.stand_ins"
_V = 7
_MODEL = Ref("model")
_ONE_SIZE, _WATCHED = ("token", "row", "batch", "alike"), ("alike", "uneven", "calm")

Sizes = Sequence[tuple[int, int]]


def _batch(rng: np.random.Generator, B: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw inputs and targets; where there are several targets, one is token 0."""
    ids, targets = rng.integers(0, _V, (B, T)), rng.integers(1, _V, (B, T))
    if targets.size > 1:
        targets[-1, -1] = 0
    return ids, targets


def _case(rng: np.random.Generator, group: str, said: str, sizes: Sizes) -> Case:
    """Ask about a model whose logits are a table, and batches of sizes (B, T)."""
    table = np.round(2 * rng.normal(size=(_V, _V)), 2)
    batches = [tuple(map(Tensor.of, _batch(rng, *size))) for size in sizes]
    once = {"batches": Build("Once", (batches,), given=_GIVEN)} if group == "once" else {}
    calm = {"before": Call(_MODEL, method="eval", keep=True)} if group == "calm" else {}
    steps = {
        "model": Build("TableLM", (table,), given=_GIVEN),
        **once,
        **calm,
        "result": Call("perplexity", (_MODEL, Ref("batches") if once else batches)),
    }
    if group in _WATCHED:
        steps |= {"used": Fetch(Ref("model", ("used",))), "after": Fetch(_MODEL, "mode")}
    return Case(said, steps, group)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """One token, one sequence, one batch, several; of one size and of several."""
    yield _case(rng, "token", "one token", [(1, 1)])
    yield _case(rng, "row", "one sequence, T = 5", [(1, 5)])
    yield _case(rng, "batch", "B = 2, T = 3", [(2, 3)])
    yield _case(rng, "batch", "B = 3, T = 4", [(3, 4)])
    yield _case(rng, "alike", "two batches, B = 2, T = 3", [(2, 3)] * 2)
    yield _case(rng, "alike", "three batches, B = 3, T = 2", [(3, 2)] * 3)
    yield _case(rng, "uneven", "a last batch with fewer sequences", [(3, 2), (1, 2)])
    yield _case(rng, "uneven", "a last batch with fewer steps", [(2, 4), (2, 1)])
    mixed = [(4, 6), (2, 6), (4, 6), (1, 2), (3, 1)]
    yield _case(rng, "uneven", "batches of many sizes", mixed)
    yield _case(rng, "once", "a generator of batches", mixed)
    yield _case(rng, "calm", "a model in evaluation mode", [(2, 3), (1, 2)])


LOSS = 'F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum")'
EACH = LOSS.replace('"sum"', '"none"')
MEAN = ('reduction="sum"', 'reduction="mean"')
ADDED, COUNTED = "nats += losses.item()", "tokens += targets.numel()"
RETURNED = "return math.exp(nats / tokens)"
LOGITS = "logits, _ = model(ids)"
LOOP = "for ids, targets in batches:"
START = "nats, tokens = 0.0, 0"
ROWS = f"{EACH}.view(targets.shape)"


def _returned(*others: str) -> tuple:
    """Ways to return something else."""
    return tuple((RETURNED, f"return {other}") for other in others)


def _added(nats: str, tokens: str, *more: tuple[str, str]) -> tuple:
    """A way to add up something else than losses and tokens."""
    return ((ADDED, f"nats += {nats}"), (COUNTED, f"tokens += {tokens}"), *more)


def _chosen(logits: str, targets: str) -> tuple:
    """A way to compare other predictions with other targets."""
    loss = f'F.cross_entropy({logits}.flatten(0, 1), {targets}.flatten(), reduction="sum")'
    return ((LOSS, loss), (COUNTED, f"tokens += {targets}.numel()"))


PLAIN = (RETURNED, "return nats / tokens")
COUNT_BATCHES = (COUNTED, "tokens += 1")

MISTAKES = (
    Mistake(
        "no_exponential",
        "The mean loss is returned as it is.",
        "Perplexity is its exponential: a number of equally likely choices.",
        _returned("nats / tokens", "nats / tokens / math.log(2)"),
    ),
    Mistake(
        "wrong_base",
        "The base of the power is not that of the logarithm.",
        "cross_entropy is in nats, so the power is of e; 2 goes with bits.",
        _returned(
            "2 ** (nats / tokens)",
            "math.exp(nats / tokens / math.log(2))",
            "10 ** (nats / tokens)",
            "math.exp(nats / tokens / math.log(10))",
        ),
    ),
    Mistake(
        "mean_over_batches",
        "Every batch counts the same, however many tokens it holds.",
        "The mean is over tokens: add up losses times tokens, and divide by all tokens.",
        ((MEAN, COUNT_BATCHES),),
    ),
    Mistake(
        "mean_over_sequences",
        "Every sequence counts the same, however long it is.",
        "The mean is over tokens: a short sequence has fewer.",
        (_added("losses.item() * len(targets)", "len(targets)", MEAN),),
    ),
    Mistake(
        "mean_over_steps",
        "A batch counts by its steps, however many sequences it holds.",
        "The mean is over tokens: a batch of B sequences and T steps has B times T of them.",
        (_added("losses.item() * targets.shape[1]", "targets.shape[1]", MEAN),),
    ),
    Mistake(
        "mean_of_exponentials",
        "The mean is taken of exponentials.",
        "First the mean of the losses over all tokens, then one exponential: "
        "the order matters, because the exponential is curved.",
        (
            (MEAN, (ADDED, "nats += losses.exp().item()"), COUNT_BATCHES, PLAIN),
            (*_added("losses.exp().item() * targets.numel()", "targets.numel()", MEAN), PLAIN),
            ((LOSS, EACH), (ADDED, "nats += losses.exp().sum().item()"), PLAIN),
            ((LOSS, ROWS), *_added("losses.mean(1).exp().sum().item()", "len(targets)"), PLAIN),
            ((LOSS, ROWS), *_added("losses.mean(1).exp().mean().item()", "1"), PLAIN),
            ((LOSS, EACH), *_added("losses.exp().mean().item()", "1"), PLAIN),
            (MEAN, (ADDED, "nats += losses.exp().item()"), (RETURNED, "return nats")),
            ((LOSS, EACH), (ADDED, "nats += losses.exp().sum().item()"), (RETURNED, "return nats")),
        ),
    ),
    Mistake(
        "sum_instead_of_mean",
        "The loss is summed and not averaged over the tokens.",
        "Then the number grows with the length of the text.",
        (
            *_returned("math.exp(nats)", "nats"),
            ((MEAN, (RETURNED, "return math.exp(nats)"))),
            (COUNT_BATCHES,),
            (_added("losses.item()", "len(targets)")),
            (_added("losses.item()", "targets.shape[1]")),
        ),
    ),
    Mistake(
        "other_mean",
        "The mean is of probabilities, not of their logarithms.",
        "Perplexity is the geometric mean of 1/p: the mean is taken of log p.",
        (
            (
                (LOSS, EACH),
                (ADDED, "nats += (-losses).exp().sum().item()"),
                (RETURNED, "return tokens / nats"),
            ),
            (
                (LOSS, EACH),
                *_added("(-losses).exp().mean().item()", "1"),
                (RETURNED, "return tokens / nats"),
            ),
        ),
    ),
    Mistake(
        "perplexity_inverted",
        "The result is one over the perplexity.",
        "The loss is minus the mean of ln p; without the minus the power is turned over.",
        _returned("math.exp(-nats / tokens)", "2 ** (-nats / tokens)"),
    ),
    Mistake(
        "rounded_result",
        "The perplexity is rounded.",
        "Round where you print. Others go on computing with this number.",
        _returned(
            *(f"round(math.exp(nats / tokens), {digits})" for digits in range(4)),
            "float(int(math.exp(nats / tokens)))",
            "float(math.ceil(math.exp(nats / tokens)))",
        ),
    ),
    Mistake(
        "part_of_the_data",
        "Only one batch, or a part of the tokens, is measured.",
        "Go through all batches, and count every step of every sequence.",
        (
            ((COUNTED, f"{COUNTED}\n            break"),),
            ((ADDED, "nats = losses.item()"), (COUNTED, "tokens = targets.numel()")),
            _chosen("logits[:, -1:]", "targets[:, -1:]"),
            _chosen("logits[:, :1]", "targets[:, :1]"),
            _chosen("logits[:, 1:]", "targets[:, 1:]"),
            _chosen("logits[:, :-1]", "targets[:, :-1]"),
            _chosen("logits[:1]", "targets[:1]"),
            ((LOOP, "for ids, targets in list(batches)[:-1]:"),),
            ((LOOP, "for ids, targets in batches[:-1]:"),),
            ((LOOP, "for ids, targets in list(batches)[1:]:"),),
            ((LOOP, "for ids, targets in [b for b in batches if len(b[0]) > 1] or batches:"),),
            ((ADDED, "nats = losses.item()"),),
        ),
    ),
    Mistake(
        "softmax_before_loss",
        "The logits go through a softmax before the cross-entropy.",
        "cross_entropy has its own softmax; with two, all predictions look alike.",
        ((LOGITS, f"{LOGITS}; logits = logits.softmax(-1)"),),
    ),
    Mistake(
        "other_targets",
        "The predictions are compared with other tokens than those that follow.",
        "targets is shifted already: logits[b, t] predicts targets[b, t].",
        (
            ((LOSS, LOSS.replace("targets", "ids")),),
            (
                *_chosen("logits[:, :-1]", "targets[:, 1:]"),
                (RETURNED, "return math.exp(nats / tokens) if tokens else math.nan"),
            ),
            (
                *_chosen("logits[:, 1:]", "targets[:, :-1]"),
                (RETURNED, "return math.exp(nats / tokens) if tokens else math.nan"),
            ),
            ((LOSS, LOSS.replace("targets.", "targets.roll(-1, 1).")),),
            ((LOSS, LOSS.replace("targets.", "targets.roll(1, 1).")),),
        ),
    ),
    Mistake(
        "classes_axis_wrong",
        "The softmax of the loss does not run over the vocabulary.",
        "cross_entropy takes the classes on axis 1: flatten (B, T, V) to (B · T, V), or exchange "
        "the last two axes.",
        (
            (
                LOSS,
                "-logits.log_softmax(1).gather(-1, targets[..., None]).sum()",
            ),
            (
                LOSS,
                "-logits.log_softmax(0).gather(-1, targets[..., None]).sum()",
            ),
        ),
    ),
    Mistake(
        "predictions_and_targets_mixed",
        "For one sequence it is right, for several in a batch it is not.",
        "Logits and targets must be flattened in the same order, or they meet at other places.",
        (
            ((LOSS, LOSS.replace("logits.", "logits.transpose(0, 1).")),),
            ((LOSS, LOSS.replace("targets.", "targets.t().")),),
            (
                (
                    LOSS,
                    "F.cross_entropy(logits.reshape(len(ids), -1, ids.shape[1]), targets, "
                    'reduction="sum")',
                ),
            ),
        ),
    ),
    Mistake(
        "predictions_and_targets_mixed",
        "For one sequence it is right, for several in a batch it is not.",
        "Logits and targets must be flattened in the same order, or they meet at other places.",
        where=("batch",),
        spares=("token", "row"),
    ),
    Mistake(
        "state_carried_over",
        "The state of one batch is carried into the next.",
        "The windows of a batch do not go on in the next one: each batch starts without a state.",
        (((START, f"{START}; state = None"), (LOGITS, "logits, state = model(ids, state)")),),
    ),
    Mistake(
        "training_mode",
        "The model is used in training mode.",
        "Dropout and the like would be on: call model.eval() first.",
        (("model.eval()", "pass"), ("model.eval()", "model.train()")),
    ),
    Mistake(
        "mode_not_restored",
        "The model is left in another mode than it came in.",
        "A training loop that measures in between would go on in evaluation mode.",
        (
            ("model.train(was_training)", "pass"),
            ("model.train(was_training)", "model.train()"),
            ("model.train(was_training)", "model.train(not was_training)"),
        ),
    ),
    Mistake(
        "with_gradients",
        "The model is used with gradients on.",
        "Nothing is learned here: torch.no_grad() saves time and memory.",
        (("torch.no_grad()", "torch.enable_grad()"),),
    ),
    Mistake(
        "not_a_float",
        "The result is no Python float.",
        "A tensor may drag a graph along and cannot be written to a file; use .item() or float().",
        _returned(
            "torch.tensor(nats / tokens, dtype=torch.float64).exp()",
            "np.array(math.exp(nats / tokens))",
            "np.float32(math.exp(nats / tokens))",
            "str(math.exp(nats / tokens))",
        ),
    ),
    Mistake(
        "not_iterated_once",
        "Batches that can be gone through only once are not enough.",
        "A generator has no length and no second round; do all in one loop.",
        (
            ((RETURNED, RETURNED.replace("tokens", "sum(t.numel() for _, t in batches)")),),
            ((START, "nats, tokens = 0.0, sum(t.numel() for _, t in batches)"), (COUNTED, "pass")),
        ),
    ),
    Mistake(
        "not_iterated_once",
        "Batches that can be gone through only once are not enough.",
        "A generator has no length and no second round; do all in one loop.",
        where=("once",),
        spares=("token",),
    ),
    Mistake(
        "token_loss_wrong",
        "Already for a text of one token it is not 1 / p.",
        "The loss of a token is −ln of the probability that the softmax gives to its target.",
        where=("token",),
        spares=(),
    ),
    Mistake(
        "tokens_not_alike",
        "For a text of one token it is right, for a sequence of several it is not.",
        "Every token counts once, whichever it is and wherever it stands.",
        (
            ((LOSS, LOSS.replace("reduction", "ignore_index=0, reduction")),),
            (
                (LOSS, LOSS.replace("reduction", "ignore_index=0, reduction")),
                (COUNTED, "tokens += int((targets != 0).sum())"),
                (RETURNED, "return math.exp(nats / max(tokens, 1))"),
            ),
            (
                (LOSS, LOSS.replace('reduction="sum"', 'ignore_index=0, reduction="mean"')),
                (ADDED, "nats += losses.item() * targets.numel()"),
            ),
            (
                (LOSS, LOSS.replace("reduction", "ignore_index=0, reduction")),
                (COUNTED, "tokens += int((targets != 0).sum())"),
            ),
        ),
    ),
    Mistake(
        "tokens_not_alike",
        "For a text of one token it is right, for a sequence of several it is not.",
        "Every token counts once, whichever it is and wherever it stands.",
        where=("row",),
        spares=("token",),
    ),
    Mistake(
        "batches_weighted_wrongly",
        "Each batch alone gives the right number, several together do not.",
        "Add up the losses of all tokens of all batches, and divide once by the number of tokens.",
        (
            (MEAN, (ADDED, "nats = losses.item() if not tokens else (nats + losses.item()) / 2"),
             (RETURNED, "return math.exp(nats)")),
        ),
    ),
    Mistake(
        "batches_weighted_wrongly",
        "Each batch alone gives the right number, several together do not.",
        "Add up the losses of all tokens of all batches, and divide once by the number of tokens.",
        where=("alike", "uneven"),
        spares=("token", "row", "batch"),
    ),
)  # fmt: skip

_NUMBER = {"within": 1e-5, "shape": "free"}

QUESTION = compare(
    "perplexity",
    "Perplexity",
    cases=cases,
    signature={"perplexity": ("model", "batches")},
    parts=(
        Part(
            "exponential",
            "e to the mean loss in nats",
            2,
            "the perplexity=result",
            groups=_ONE_SIZE,
            **_NUMBER,
        ),
        Part(
            "tokens",
            "The mean is over tokens, whatever the batches' sizes",
            4,
            "the perplexity=result",
            groups=("uneven",),
            **_NUMBER,
        ),
        Part(
            "frozen",
            "Evaluation mode, no gradients, no state; mode put back",
            2,
            (
                "a call in training mode=used.training",
                "a call with gradients=used.gradients",
                "a call with a state=used.with_state",
                "training mode afterwards=after",
            ),
            groups=_WATCHED,
        ),
        Part("type", "A Python float", 1, "the result=result@kind", groups=("alike",)),
        Part(
            "once",
            "One pass over the batches is enough",
            1,
            "the perplexity=result",
            groups=("once",),
            follows="tokens",
            **_NUMBER,
        ),
    ),
    mistakes=MISTAKES,
    read="Perplexity",
)
