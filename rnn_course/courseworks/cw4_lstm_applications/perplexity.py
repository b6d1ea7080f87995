"""Judges ``perplexity`` on a model whose logits are known, with batches of different sizes."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import explain_error, shown, unsound, usable
from rnn_course.checks.report import Misconception
from rnn_course.checks.requests import Build, Call, Fetch, Outcome, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Ref, Tensor, plain
from rnn_course.courseworks.cw4_lstm_applications import text_mistakes as m
from rnn_course.courseworks.cw4_lstm_applications.stand_ins import STATE_SHIFT, TRAINING_SCALE
from rnn_course.seeding import numpy_generator

NAME = "perplexity"
_V = 7
_EVEN = ((3, 4), (3, 4))
_UNEVEN = ((4, 6), (2, 6), (4, 6), (1, 2), (3, 1))


@dataclass(frozen=True)
class Text:
    """Batches, and the loss of every token of them.

    Attributes:
        losses: by way of using the model: one array (B, T) of losses in nats a batch.
    """

    batches: list[tuple[np.ndarray, np.ndarray]]
    losses: dict[str, list[np.ndarray]]

    @classmethod
    def drawn(cls, table: np.ndarray, sizes: tuple, rng: np.random.Generator) -> "Text":
        """Draw batches of these sizes (B, T) for a table of logits (V, V)."""
        return cls.of(table, [tuple(rng.integers(0, _V, (2, *size))) for size in sizes])

    @classmethod
    def of(cls, table: np.ndarray, batches: list[tuple[np.ndarray, np.ndarray]]) -> "Text":
        """Reckon the losses of batches for a table of logits (V, V)."""
        after = table + STATE_SHIFT * np.arange(_V) % 2
        softmaxed = np.exp(_log_softmax(table))
        ways = {"right": table, "training": TRAINING_SCALE * table, "softmax": softmaxed}
        losses = {
            way: [_losses(logits, *batch) for batch in batches] for way, logits in ways.items()
        }
        losses["carried"] = [_losses(after if i else table, *b) for i, b in enumerate(batches)]
        losses["inputs"] = [_losses(table, ids, ids) for ids, _ in batches]
        losses["later"] = [_losses(table, ids[:, :-1], t[:, 1:]) for ids, t in batches]
        losses["earlier"] = [_losses(table, ids[:, 1:], t[:, :-1]) for ids, t in batches]
        return cls(batches, losses)

    @property
    def value(self) -> float:
        """The right perplexity."""
        return float(np.exp(_flat(self.losses["right"]).mean()))


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


def _losses(logits: np.ndarray, ids: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return -np.take_along_axis(_log_softmax(logits)[ids], targets[..., None], -1)[..., 0]


def _flat(losses: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([part.ravel() for part in losses])


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on ``perplexity``."""
    if not usable(subject, marking, NAME, ("model", "batches"), "function"):
        return
    rng = numpy_generator(seed, NAME)
    table = rng.normal(size=(_V, _V)) * 2
    even, uneven = (Text.drawn(table, sizes, rng) for sizes in (_EVEN, _UNEVEN))
    first = _asked(subject, table, even)
    wrong = unsound(first[:3][-1], None, "the result")  # the call, or the step that raised before
    if wrong:
        marking.fail_rest(*wrong)
        return
    if np.size(plain(first[2].value)) != 1:
        marking.fail_rest(f"It returned {shown(first[2].value)}, not a number.", m.NOT_A_FLOAT)
        return
    second = _asked(subject, table, uneven)
    _judge_number(subject, table, "exponential", first[2], even, marking)
    _judge_number(subject, table, "tokens", second[2], uneven, marking)
    _judge_type(first[2], marking)
    _judge_use(second, marking)
    _judge_mode(subject, table, even, marking)
    _judge_once(subject, table, uneven, second[2], marking)


def _asked(
    subject: Subject, table: np.ndarray, text: Text, once: bool = False, training: bool = True
) -> list[Outcome]:
    """Call it; a step for the model, its mode, the call, the record, and the mode afterwards."""
    batches: Any = [tuple(Tensor.of(part) for part in batch) for batch in text.batches]
    build = Build(
        "TableLM", (table,), given="rnn_course.courseworks.cw4_lstm_applications.stand_ins"
    )
    if once:
        iterator = Build(
            "Once", (batches,), given="rnn_course.courseworks.cw4_lstm_applications.stand_ins"
        )
        steps = (build, iterator, Call(NAME, (Ref(0), Ref(1))))
        return subject.ask(Program(steps))
    steps = (
        *(build, Call(Ref(0), (training,), method="train", keep=True)),
        Call(NAME, (Ref(0), batches)),
        *(Fetch(Ref(0, ("record",))), Fetch(Ref(0, ("training",))), Fetch(Ref(0), "parameters")),
    )
    return subject.ask(Program(steps))


def _judge_number(
    subject: Subject,
    table: np.ndarray,
    criterion: str,
    outcome: Outcome,
    text: Text,
    marking: Marking,
) -> None:
    wrong = unsound(outcome, None, "the result")
    if wrong:
        marking.failed(criterion, *wrong)
        return
    came = float(np.reshape(plain(outcome.value), ()))
    sizes = ", ".join(f"{ids.shape}" for ids, _ in text.batches)
    said = f"On batches of {sizes} it returned {came:.6g}; {text.value:.6g} is right."
    if math.isclose(came, text.value, rel_tol=1e-5):
        marking.passed(criterion, said)
        return
    known = (mistake for value, mistake in _known(text) if math.isclose(came, value, rel_tol=1e-5))
    marking.failed(criterion, said, next(known, None) or _place(subject, table, text, came))


def _place(subject: Subject, table: np.ndarray, text: Text, came: float) -> Misconception | None:
    """Name what no list knows by the smallest part of the text for which it is wrong."""
    if came in (math.floor(text.value), *(round(text.value, digits) for digits in range(4))):
        return m.ROUNDED
    ids, targets = text.batches[0]
    parts = (
        ([(ids[:1, :1], targets[:1, :1])], m.TOKEN_WRONG),
        ([(ids[:1], targets[:1])], m.TOKENS_UNEQUAL),
        ([(ids, targets)], m.PAIRS_MIXED),
    )
    for batches, misconception in parts:
        part = Text.of(table, batches)
        outcome = _asked(subject, table, part)[2:3]
        if not outcome or unsound(outcome[0], None, "the result"):
            return misconception
        if not math.isclose(float(np.mean(plain(outcome[0].value))), part.value, rel_tol=1e-5):
            return misconception
    return m.BATCHES_UNEQUAL


def _known(text: Text) -> list[tuple[float, Misconception]]:
    """List what known mistakes give, the likeliest first."""
    right = text.losses["right"]
    flat = _flat(right)
    mean, means = flat.mean(), np.array([part.mean() for part in right])
    rows = np.concatenate([part.mean(1) for part in right])
    counts = np.array([len(part) for part in right])
    steps = np.concatenate([part[:, -1] for part in right])
    sums = np.array([part.sum() for part in right])
    table = [
        (mean, m.NO_EXPONENTIAL),
        (mean / np.log(2), m.NO_EXPONENTIAL),
        (2**mean, m.WRONG_BASE),
        (np.exp(mean / np.log(2)), m.WRONG_BASE),
        (10**mean, m.WRONG_BASE),
        (np.exp(means.mean()), m.BATCH_MEAN),
        (np.exp((means * counts).sum() / counts.sum()), m.SEQUENCE_MEAN),
        (np.exp(rows.mean()), m.SEQUENCE_MEAN),
        (np.exp(means).mean(), m.MEAN_OF_EXPONENTIALS),
        (np.exp(flat).mean(), m.MEAN_OF_EXPONENTIALS),
        (np.exp(rows).mean(), m.MEAN_OF_EXPONENTIALS),
        ((np.exp(means) * [p.size for p in right]).sum() / flat.size, m.MEAN_OF_EXPONENTIALS),
        (np.exp(means).sum(), m.MEAN_OF_EXPONENTIALS),
        (np.exp(flat).sum(), m.MEAN_OF_EXPONENTIALS),
        (np.exp(means.sum()), m.SUM_NOT_MEAN),
        (np.exp(sums.mean()), m.SUM_NOT_MEAN),
        (np.exp(sums.sum() / counts.sum()), m.SUM_NOT_MEAN),
        (np.exp(flat.sum()), m.SUM_NOT_MEAN),
        (np.exp(flat.sum() / len(right)), m.SUM_NOT_MEAN),
        (np.exp(steps.mean()), m.PART_OF_DATA),
        (1 / np.exp(-flat).mean(), m.INVERSE_PROBABILITY),
        (np.exp(-mean), m.INVERTED),
        (2**-mean, m.INVERTED),
        *((np.exp(part.mean()), m.PART_OF_DATA) for part in right),
        *((np.exp(_flat(right[:n]).mean()), m.PART_OF_DATA) for n in range(1, len(right))),
    ]
    for way, mistake in (
        ("training", m.TRAINING_MODE),
        ("softmax", m.SOFTMAX_TWICE),
        ("carried", m.STATE_CARRIED),
    ):
        losses = text.losses[way]
        table.append((np.exp(_flat(losses).mean()), mistake))
        table.append((np.exp(np.mean([part.mean() for part in losses])), mistake))
    for way in ("inputs", "later", "earlier"):
        if _flat(text.losses[way]).size:
            table.append((np.exp(_flat(text.losses[way]).mean()), m.OTHER_TARGETS))
    return table


def _judge_type(outcome: Outcome, marking: Marking) -> None:
    if isinstance(outcome.value, float):
        marking.passed("type", "The result is a float.")
    else:
        marking.failed("type", f"The result is {shown(outcome.value)}.", m.NOT_A_FLOAT)


def _judge_use(seen: list[Outcome], marking: Marking) -> None:
    """The model came in training mode."""
    if len(seen) < 5 or seen[2].error:
        marking.failed("frozen", *explain_error(seen[-1].error))
        return
    record, mode = plain(seen[3].value), seen[4].value
    said = f"Of {record['calls']} calls {record['training']} were in training mode"
    if record["training"]:
        marking.failed("frozen", said + ".", m.TRAINING_MODE)
    elif record["gradients"]:
        said = f"Of {record['calls']} calls {record['gradients']} were with gradients."
        marking.failed("frozen", said, m.WITH_GRADIENTS)
    elif not mode:
        said = "The model came in training mode and was left in evaluation mode."
        marking.failed("frozen", said, m.MODE_NOT_RESTORED)
    elif record["with_state"]:
        said = f"{record['with_state']} of {record['calls']} calls were given a state."
        marking.failed("frozen", said, m.STATE_CARRIED)
    else:
        marking.passed("frozen", said + ", none with gradients; its mode was put back.")


def _judge_mode(subject: Subject, table: np.ndarray, text: Text, marking: Marking) -> None:
    """A model that comes in evaluation mode is to be left in it."""
    mode = _asked(subject, table, text, training=False)[4:5]
    if mode and mode[0].value:
        said = "The model came in evaluation mode and was left in training mode."
        marking.failed("frozen", said, m.MODE_NOT_RESTORED)


def _judge_once(
    subject: Subject, table: np.ndarray, text: Text, before: Outcome, marking: Marking
) -> None:
    again = _asked(subject, table, text, once=True)[-1]
    if again.error:
        said = f"With batches that can be gone through once it raised {again.error}."
        marking.failed("once", said, m.NOT_ITERATED_ONCE)
    elif before.error or math.isclose(
        *(float(np.reshape(plain(o.value), ())) for o in (again, before)), rel_tol=1e-6
    ):
        marking.passed("once", "Batches that can be gone through once give the same.")
    else:
        said = "With batches that can be gone through once it gives another number."
        marking.failed("once", said, m.NOT_ITERATED_ONCE)
