"""A training step whose loss goes down for nothing, repaired; and where it stopped."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from rnn_course.checks.cases import Case
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.requests import Build, Call, Fetch
from rnn_course.checks.values import Ref, Tensor

STUBS = "rnn_course.courseworks.cw3_temporal_order.stubs"
READ = "A loss that goes down for nothing"


def _step(
    rng: np.random.Generator,
    group: str,
    said: str,
    *sizes: int,
    scale: float = 1.0,
    lengths: np.ndarray | None = None,
) -> Case:
    """Two in three sequences are right at their end, and one of the others comes second."""
    B, T, D, K = sizes
    x, matrix = np.round(rng.normal(size=(B, T, D)), 2), np.round(rng.normal(size=(D, K)), 2)
    matrix *= scale
    if lengths is None:
        lengths = rng.permutation(np.append(rng.integers(1, T, B - 1), T))
    order = (x @ matrix)[np.arange(B), lengths - 1].argsort(1)
    labels = order[np.arange(B), np.where(np.arange(B) % 3 == 1, -2, -1)]
    labels[2::6] = order[2::6, 0]
    batch = Tensor.of(x, requires_grad=True), Tensor.of(lengths), Tensor.of(np.eye(K)[labels])
    weights = (1.0, None) if group == "gradient" else None
    result = "back" if group == "gradient" else "result"
    steps = {
        "model": Build("StepLogits", (matrix,), given=STUBS),
        result: Call("training_step", (Ref("model"), batch), cotangents=weights),
    }
    return Case(said, steps, group)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Ordinary batches, sequences of one step, extremes, and the way back."""
    yield _step(rng, "small", "B = 4, T = 5, K = 3", 4, 5, 2, 3)
    yield _step(rng, "small", "B = 12, T = 9, K = 8", 12, 9, 4, 8)
    yield _step(rng, "one step", "T = 1", 6, 1, 3, 8, lengths=np.ones(6, int))
    yield _step(rng, "one step", "T = 1", 9, 1, 4, 8, lengths=np.ones(9, int))
    yield _step(rng, "extreme", "B = 1", 1, 4, 2, 3, lengths=np.array([2]))
    yield _step(rng, "extreme", "one length", 5, 4, 3, 8, lengths=np.full(5, 3))
    yield _step(rng, "extreme", "large logits", 4, 5, 2, 8, scale=20.0)
    yield _step(rng, "gradient", "the gradient for the inputs", 4, 5, 2, 3)
    yield _step(rng, "gradient", "the gradient for the inputs", 5, 6, 3, 8)
    yield Case("the floor", {"floor": Fetch("floor")}, "floor")


END = "logits[torch.arange(len(inputs)), lengths - 1]"
LABELS = "one_hot.argmax(1)"
LOSS = "nn.functional.cross_entropy(at_end, labels)"
COUNT = "int((at_end.argmax(1) == labels).sum())"
RETURN = f"return loss, {COUNT}"
FLOOR = "floor = -(1 / 8 * math.log(1 / 8) + 7 / 8 * math.log(7 / 8))"
PROBABILITIES = "at_end.softmax(1)"
ALL = "nn.functional.cross_entropy(logits.transpose(1, 2), labels[:, None].repeat(1, {}), {})"
VALID = "(torch.arange(logits.shape[1]) < lengths[:, None])"
mistake = partial(Mistake, read=READ)


def _instead(old: str, *others: str) -> tuple:
    return tuple((old, other) for other in others)


def _loss(*others: str) -> tuple:
    """Other losses of the logits at the end."""
    return _instead(LOSS, *others)


def _floors(*others: str) -> tuple:
    return _instead(FLOOR, *(f"floor = {other}" for other in others))


def _every(reduced: str) -> str:
    every = ALL.format("logits.shape[1]", 'reduction="none"')
    return f"({every} * {VALID}).sum(1).div(lengths).{reduced}"


QUESTION = compare(
    "the_bug",
    READ,
    cases=cases,
    signature={"training_step": ("model", "batch")},
    parts=(
        Part(
            "loss",
            "The loss is the cross-entropy at each sequence's end",
            4,
            "the loss=result.0",
            within=1e-6,
            groups=("small", "one step", "extreme"),
        ),
        Part(
            "gradient",
            "Its gradient reaches the inputs",
            2,
            ("the gradient=back.inputs.1.0@gradients", "the way back=back@raised"),
            within=1e-6,
            groups=("gradient",),
            follows="loss",
        ),
        Part(
            "n_right",
            "The right sequences are counted",
            2,
            "n_right=result.1",
            groups=("small", "one step", "extreme"),
            follows="loss",
            apart=("one step",),
        ),
        Part(
            "floor",
            "The floor of the broken loss",
            2,
            "floor",
            within=5e-5,
            groups=("floor",),
            told=False,
        ),
    ),
    mistakes=(
        mistake(
            "time_as_class",
            "The loss still takes time as the class axis.",
            "CrossEntropyLoss reads axis 1 as classes: (B, T, K) offers it T classes.",
            edits=_loss("nn.functional.cross_entropy(logits, one_hot.long())"),
        ),
        mistake(
            "loss_at_last_padded_step",
            "The loss is taken at the last step of the padded batch.",
            "Sequence i ends at lengths[i] - 1; what stands after it is padding.",
            edits=_instead(END, "logits[:, -1]"),
        ),
        mistake(
            "loss_at_wrong_step",
            "The loss is taken at another step than the last of each sequence.",
            "Sequence i ends at lengths[i] - 1.",
            edits=_instead(
                END,
                "logits[:, 0]",
                "logits[torch.arange(len(inputs)), lengths - 2]",
                "logits[torch.arange(len(inputs)), (lengths - 2).clamp(min=0)]",
                "logits[torch.arange(len(inputs)), lengths.clamp(max=logits.shape[1] - 1)]",
                "logits[torch.arange(len(inputs)), lengths % logits.shape[1]]",
                "logits[:, lengths.max() - 1]",
                "logits[:, lengths.min() - 1]",
                "logits[:, lengths[0] - 1]",
            ),
        ),
        mistake(
            "loss_over_all_steps",
            "The loss is taken over many steps of a sequence.",
            "The class is known at the end only: asking before punishes the network for not "
            "guessing.",
            edits=(
                *_loss(
                    ALL.format("logits.shape[1]", 'reduction="mean"'),
                    f"nn.functional.cross_entropy(logits[{VALID}], "
                    "labels.repeat_interleave(lengths))",
                    _every("mean()"),
                    "nn.functional.cross_entropy(logits.mean(1), labels)",
                ),
                *_instead(
                    END,
                    "logits.mean(1)",
                    "logits.sum(1)",
                    "logits.amax(1)",
                    f"(logits * {VALID}[..., None]).sum(1) / lengths[:, None]",
                ),
            ),
        ),
        mistake(
            "loss_summed",
            "The loss is a sum over the batch.",
            "A mean does not change its size, nor the step that follows, with the batch size.",
            edits=_loss(
                LOSS.replace("labels)", 'labels, reduction="sum")'),
                LOSS.replace("labels)", 'labels, reduction="sum") / one_hot.shape[1]'),
            ),
        ),
        mistake(
            "softmax_before_loss",
            "The logits go through a softmax before the cross-entropy.",
            "Cross-entropy has its own softmax; with two the gradient almost vanishes.",
            edits=_loss(
                LOSS.replace("at_end", PROBABILITIES), LOSS.replace("at_end", "at_end.sigmoid()")
            ),
        ),
        mistake(
            "labels_smoothed",
            "The labels are smoothed: some of the probability is asked for the other classes.",
            "A sequence has one class, and its cross-entropy is −ln of that class's probability.",
            edits=_loss(
                LOSS.replace("labels)", "labels, label_smoothing=0.1)"),
                LOSS.replace("labels)", "labels, label_smoothing=0.05)"),
            ),
        ),
        mistake(
            "other_loss",
            "The loss is not cross-entropy over the classes, in nats.",
            "One of eight classes is right: softmax over the classes, then minus the natural "
            "logarithm of the right one.",
            edits=_loss(
                "nn.functional.nll_loss(at_end, labels)",
                f"nn.functional.nll_loss({PROBABILITIES}, labels)",
                "nn.functional.binary_cross_entropy_with_logits(at_end, one_hot)",
                f"nn.functional.binary_cross_entropy({PROBABILITIES}, one_hot)",
                "nn.functional.mse_loss(at_end, one_hot)",
                f"nn.functional.mse_loss({PROBABILITIES}, one_hot)",
                "nn.functional.l1_loss(at_end, one_hot)",
                "nn.functional.multi_margin_loss(at_end, labels)",
                f"{LOSS} / math.log(2)",
                f"torch.exp(-{LOSS})",
            ),
        ),
        mistake(
            "loss_without_gradient",
            "No gradient flows from the loss, or it was used up.",
            "Return the tensor itself: after .item(), .detach(), no_grad or a backward() of your "
            "own nothing is left to learn from.",
            edits=(
                ("logits = model(inputs)", "logits = model(inputs).detach()"),
                (RETURN, RETURN.replace("loss,", "loss.item(),")),
                (RETURN, f"loss.backward()\n    {RETURN}"),
            ),
        ),
        mistake(
            "labels_wrong_axis",
            "The class numbers are not those that the one-hot labels stand for.",
            "Row i of (B, K) belongs to sequence i, and its largest entry tells the class: argmax "
            "over the last axis.",
            edits=_instead(
                LABELS,
                "torch.arange(len(one_hot)) % one_hot.shape[1]",
                "one_hot.argmin(1)",
                "one_hot.max(dim=1).values.long()",
                "one_hot.sum(1).long()",
            ),
        ),
        mistake(
            "share_instead_of_count",
            "A share is returned where a number of sequences is asked for.",
            "Counts of batches can be added; shares of batches of different size cannot.",
            edits=_instead(COUNT, f"{COUNT} / len(labels)", f"100 * {COUNT} / len(labels)"),
        ),
        mistake(
            "count_at_wrong_step",
            "The right answers are counted at another step than the loss is taken.",
            "Use the same logits for both.",
            edits=_instead(
                COUNT,
                "int((logits[:, -1].argmax(1) == labels).sum())",
                "int((logits[:, 0].argmax(1) == labels).sum())",
                "int((logits.mean(1).argmax(1) == labels).sum())",
                "int((logits[torch.arange(len(inputs)), lengths - 2].argmax(1) == labels).sum())",
            ),
        ),
        mistake(
            "largest_over_the_batch",
            "The largest logit is looked for among the sequences and not among the classes.",
            "argmax over axis 0 compares sequences; the classes of a sequence lie along axis 1.",
            edits=_instead(
                COUNT,
                "sum(a == b for a, b in zip(at_end.argmax(0).tolist(), labels.tolist()))",
                "int((at_end == at_end.amax(0))[torch.arange(len(labels)), labels].sum())",
            ),
        ),
        mistake(
            "count_of_elements",
            "The count compares more than one number per sequence.",
            "A sequence is right if the largest of its logits belongs to its class.",
            edits=_instead(
                COUNT,
                "int((logits.argmax(2) == labels[:, None]).sum())",
                "float((logits.argmax(2) == labels[:, None]).double().mean())",
                "int(((at_end > 0) == one_hot.bool()).sum())",
                "int((nn.functional.one_hot(at_end.argmax(1), one_hot.shape[1]) == one_hot).sum())",
            ),
        ),
        mistake(
            "count_of_nearly_right",
            "Sequences count as right whose class comes second.",
            "Right is what has the largest logit: argmax.",
            edits=_instead(COUNT, "int((at_end.topk(2, 1).indices == labels[:, None]).sum())"),
        ),
        mistake(
            "count_of_wrong",
            "The wrong answers are counted.",
            "n_right counts the right ones.",
            edits=_instead(
                COUNT, COUNT.replace("==", "!="), f"{COUNT.replace('==', '!=')} / len(labels)"
            ),
        ),
        mistake(
            "no_pair",
            "training_step does not return the pair (loss, n_right).",
            "The loop needs both: the loss to go back from, the count to know when to stop.",
            edits=_instead(
                RETURN,
                "return loss",
                f"return {COUNT}, loss",
                f'return {{"loss": loss, "n_right": {COUNT}}}',
            ),
        ),
        mistake(
            "floor_of_eight_classes",
            "The floor is ln 8, the loss of guessing among eight classes.",
            "The broken loss does not see eight classes: it sees ids 0 and 1, in shares 7/8 and "
            "1/8.",
            edits=_floors("math.log(8)"),
        ),
        mistake(
            "floor_of_a_coin",
            "The floor is ln 2, as if the ids 0 and 1 were equally frequent.",
            "Count them: how many of the eight entries of a one-hot label are 1?",
            edits=_floors("math.log(2)"),
        ),
        mistake(
            "floor_in_bits",
            "The floor is not in nats.",
            "PyTorch takes the natural logarithm, so its losses are in nats.",
            edits=_floors(
                "-(1 / 8 * math.log2(1 / 8) + 7 / 8 * math.log2(7 / 8))",
                "-(1 / 8 * math.log10(1 / 8) + 7 / 8 * math.log10(7 / 8))",
            ),
        ),
        mistake(
            "floor_one_term",
            "The floor is a single term of the entropy.",
            "Both ids cost something: add up share times −ln share over the ids 0 and 1.",
            edits=_floors(
                "-math.log(1 / 8) / 8",
                "-7 / 8 * math.log(7 / 8)",
                "-math.log(7 / 8)",
                "-math.log(1 / 8) / 7",
            ),
        ),
        mistake(
            "floor_other_shares",
            "The floor is an entropy of other shares than those of the ids.",
            "A one-hot label has eight entries, and one of them is 1: one in eight, not one in "
            "seven.",
            edits=_floors(
                "-(1 / 7 * math.log(1 / 7) + 6 / 7 * math.log(6 / 7))",
                "-(1 / 9 * math.log(1 / 9) + 8 / 9 * math.log(8 / 9))",
                "-(1 / 4 * math.log(1 / 4) + 3 / 4 * math.log(3 / 4))",
                "-(1 / 8 * math.log(7 / 8) + 7 / 8 * math.log(1 / 8))",
            ),
        ),
        mistake(
            "floor_sign",
            "The floor has the wrong sign.",
            "A logarithm of a share is negative, and a cross-entropy is minus its mean.",
            edits=_floors("1 / 8 * math.log(1 / 8) + 7 / 8 * math.log(7 / 8)"),
        ),
        mistake(
            "floor_summed",
            "The floor is multiplied or divided by the number of classes.",
            "The loss is a mean over all its decisions, so the entropy of one of them is enough.",
            edits=_floors(
                "-(math.log(1 / 8) + 7 * math.log(7 / 8))",
                "-(1 / 8 * math.log(1 / 8) + 7 / 8 * math.log(7 / 8)) / 8",
                "-(1 / 8 * math.log(1 / 8) + 7 / 8 * math.log(7 / 8)) / 2",
            ),
        ),
        mistake(
            "floor_read_off",
            "The floor is near, but rounded or read off a run.",
            "Write the formula with the two shares and let Python compute it.",
            edits=_floors("0.377", "0.38", "0.3804", "0.3767", "0.37", "0.376"),
        ),
        mistake(
            "floor_no_number",
            "The floor is not a number.",
            "Assign the value of your formula to floor.",
            edits=_floors("None", '"0.3768"', '"0.377"', "lambda: 0"),
        ),
    ),
    read=READ,
)
