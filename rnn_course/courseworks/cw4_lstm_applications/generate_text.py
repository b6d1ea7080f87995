"""Judges ``generate_text``: what it feeds to a model, and how it draws from the logits."""

from typing import Any

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, explain_error, shown, usable
from rnn_course.checks.mistakes import PRINTS, RETURNS_NOTHING
from rnn_course.checks.report import Misconception
from rnn_course.checks.requests import Build, Call, Fetch, Outcome, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Ref, Rng, plain
from rnn_course.courseworks.cw4_lstm_applications import text_mistakes as m
from rnn_course.courseworks.cw4_lstm_applications.stand_ins import MODULUS, walk
from rnn_course.seeding import derive, numpy_generator

NAME = "generate_text"
SIGNATURE = ("model", "prefix", "n", "vocab", "temperature", "rng")
_LETTERS = "abcdefg "
_N, _DRAWS = 14, 500
_TEMPERATURES = (2.5, 0.5)
_NEVER = -40.0


class Case:
    """One call of ``generate_text`` with a given model."""

    def __init__(self, model: str, table: np.ndarray) -> None:
        self.model, self.table = model, table

    def ask(
        self,
        subject: Subject,
        prefix: str,
        n: int,
        temperature: float,
        seeds: tuple[int, int] = (1, 1),
    ) -> list[Outcome]:
        """Call it; steps for model, vocabulary, the call, the record; seeds of rng and torch."""
        rng = Rng(seeds[0], "torch")
        args = (Ref(0), prefix, n, Ref(1), temperature, rng)
        steps = (
            Build(
                self.model,
                (self.table,),
                given="rnn_course.courseworks.cw4_lstm_applications.stand_ins",
            ),
            Build(
                "Vocabulary", (list(_LETTERS),), seed=seeds[1], given="rnn_course.data.vocabulary"
            ),
            Call(NAME, args),
            Fetch(Ref(0, ("record",))),
        )
        return subject.ask(Program(steps, seed=seeds[1]))


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on ``generate_text``."""
    if not usable(subject, marking, NAME, SIGNATURE, "function"):
        return
    rng = numpy_generator(seed, NAME)
    table = rng.normal(size=(MODULUS, len(_LETTERS) + 1)) * 2
    table[:, 0] = _NEVER
    prefix = "".join(rng.choice(list(_LETTERS[:-1]), 6))
    walker = Case("WalkLM", table)
    warm = walker.ask(subject, prefix, _N, 1.0)
    greedy = walker.ask(subject, prefix, _N, 0.0)
    if len(warm) < 4 and len(greedy) < 4:
        marking.fail_rest(*explain_error(warm[-1].error))
        return
    text = (greedy if len(greedy) == 4 else warm)[2]
    wrong = _text_problem(text, prefix)
    if wrong:
        marking.failed("text", *wrong)
        if not isinstance(text.value, str):
            marking.fail_rest(*wrong)
            return
    marking.passed("text", f"It returned the prefix and {_N} new characters.")
    _judge_greedy(subject, greedy, walker, prefix, marking)
    _judge_use(greedy if len(greedy) == 4 else warm, len(prefix), marking)
    _judge_draws(subject, rng, marking)
    _judge_rng(subject, walker, prefix, derive(seed, NAME), marking)


def _text_problem(outcome: Outcome, prefix: str) -> Finding | None:
    value = outcome.value
    if value is None:
        return Finding(
            "The result is None.", PRINTS if outcome.printed.strip() else RETURNS_NOTHING
        )
    if not isinstance(value, str):
        return Finding(f"The result is {shown(value)}.", m.NOT_TEXT)
    said = f"From the prefix {prefix!r} with n = {_N} it wrote {value[:40]!r}"
    if not value.startswith(prefix):
        return Finding(said + ".", m.PREFIX_LOST)
    count = len(value.replace("<unk>", "?")) - len(prefix)
    if count != _N:
        return Finding(f"{said}, {count} new characters.", m.WRONG_COUNT)
    return None


def _written(table: np.ndarray, prefix: str, n: int, way: str = "") -> str:
    """Write greedily, right or in a known wrong way."""
    vocab = ("<unk>", *sorted(_LETTERS))
    ids = [vocab.index(letter) for letter in prefix]
    place, places = 0, []
    read = {"not warmed": ids[-1:], "first only": ids[:1], "first left out": ids[1:]}.get(way, ids)
    for token in read:
        place = walk(place, token)
        places.append(place)
    if way == "fed twice":
        place = walk(place, ids[-1])
    if way == "one early":
        place = places[-2]
    written, warmed = [], place
    for step in range(n):
        at = places[0] if way == "first step" and step == 0 else place
        at = warmed if way == "repeated" else at
        token = int(table[at].argmin() if way == "least" else table[at].argmax())
        written.append(vocab[token])
        if way == "not fed back":
            token = ids[-1]
        place = walk({"dropped": 0, "stale": warmed}.get(way, place), token)
    return "".join(written)


_WAYS: tuple[tuple[str, Misconception], ...] = (
    ("fed twice", m.FED_TWICE),
    ("dropped", m.STATE_DROPPED),
    ("stale", m.STATE_DROPPED),
    ("not warmed", m.NOT_WARMED),
    ("first only", m.NOT_WARMED),
    ("first left out", m.NOT_WARMED),
    ("repeated", m.NOT_FED_BACK),
    ("first step", m.WRONG_STEP),
    ("one early", m.WRONG_STEP),
    ("not fed back", m.NOT_FED_BACK),
    ("least", m.NOT_GREEDY),
)


def _judge_greedy(
    subject: Subject, seen: list[Outcome], case: Case, prefix: str, marking: Marking
) -> None:
    """What is written at temperature 0 tells what was fed."""
    if len(seen) < 4:
        said = f"At temperature 0 it raised {seen[-1].error}."
        marking.failed("greedy", said, m.NOT_GREEDY)
        marking.failed("state", "Not reached: at temperature 0 it fails.")
        return
    right = _written(case.table, prefix, _N)
    wrote = seen[2].value
    new = wrote[len(prefix) :] if wrote.startswith(prefix) else wrote
    said = f"After {prefix!r} it wrote {new[:_N]!r}"
    if _agree(new, right):
        marking.passed("greedy", said + ".")
        marking.passed("state", "The state has read the prefix, and goes from step to step.")
        return
    said += f"; {right!r} is right."
    few = sum(plain(seen[3].value)["lengths"]) < len(prefix) + _N - 1
    for way, mistake in _WAYS:
        if way == "fed twice" and few:
            continue
        if _agree(new, _written(case.table, prefix, _N, way)):
            marking.failed("greedy" if way == "least" else "state", said, mistake)
            marking.passed("greedy" if way != "least" else "state", "At 0 it takes the likeliest.")
            return
    if _all_digits(new):
        marking.failed("greedy", said, m.NOT_DECODED)
        marking.failed("state", said, m.NOT_DECODED)
        return
    likeliest = _takes_likeliest(subject)
    lengths = plain(seen[3].value)["lengths"]
    fed = sum(lengths[:1]) if lengths and lengths[0] > 1 else len(lengths)
    place = m.LATER_WRONG if new[:1] == right[:1] else m.FIRST_WRONG
    marking.failed("state", said, m.NOT_WARMED if fed < len(prefix) else place)
    if likeliest:
        marking.passed("greedy", "At 0 it takes the likeliest.")
    else:
        marking.failed("greedy", said, m.NOT_GREEDY)


def _all_digits(text: str) -> bool:
    return any(c.isdigit() for c in text) and not text.strip("0123456789 ,[]")


def _takes_likeliest(subject: Subject) -> bool:
    """Whether it takes the argmax at temperature 0, where state and input do not matter."""
    logits = np.array([_NEVER, *np.roll(np.linspace(-1.0, 1.0, len(_LETTERS)), 3)])
    seen = Case("ConstantLM", logits).ask(subject, "ab", 3, 0.0)
    likeliest = ("<unk>", *sorted(_LETTERS))[int(logits.argmax())]
    return len(seen) == 4 and str(seen[2].value).endswith(3 * likeliest)


def _agree(came: str, right: str) -> bool:
    """Tell whether two texts begin alike; a wrong number of characters is marked elsewhere."""
    length = min(len(came), len(right))
    return length >= _N - 2 and came[:length] == right[:length]


def _judge_use(seen: list[Outcome], prefix: int, marking: Marking) -> None:
    record = plain(seen[3].value)
    lengths = record["lengths"]
    said = f"{len(lengths)} calls fed {sum(lengths)} tokens"
    if sum(lengths) > 2 * (prefix + _N) or any(n > 1 for n in lengths[prefix:]):
        marking.failed("one_step", f"{said}, up to {max(lengths)} at once.", m.WHOLE_TEXT_AGAIN)
    elif record["fresh"] > 1:
        said = f"{record['fresh']} of {len(lengths)} calls had no state."
        marking.failed("one_step", said, m.STATE_DROPPED)
    else:
        marking.passed("one_step", f"{said}, for {prefix} of prefix and {_N} new.")
    if record["gradients"]:
        said = f"Of {len(lengths)} calls {record['gradients']} were with gradients."
        marking.failed("frozen", said, m.WITH_GRADIENTS)
    else:
        marking.passed("frozen", f"None of {len(lengths)} calls was with gradients.")


def _judge_draws(subject: Subject, rng: np.random.Generator, marking: Marking) -> None:
    """Draw from one distribution many times, at two temperatures."""
    logits = rng.permutation(np.linspace(-1.8, 1.8, len(_LETTERS)))
    case = Case("ConstantLM", np.array([_NEVER, *logits]))
    found: list[tuple[float, np.ndarray]] = []
    for temperature in _TEMPERATURES:
        seen = case.ask(subject, "ab", _DRAWS, temperature, (int(rng.integers(2**31)), 7))
        if len(seen) < 4:
            marking.failed("temperature", *explain_error(seen[-1].error))
            return
        text = seen[2].value
        if not isinstance(text, str):
            marking.failed("temperature", f"The result is {shown(text)}.", m.NOT_TEXT)
            return
        new = text[2:] if text.startswith("ab") else text
        unlikely = new.count("<unk>") > len(new) // 10
        if unlikely or _all_digits(new):
            said = f"At temperature {temperature} it wrote {new[:20]!r}."
            marking.failed("temperature", said, m.UNLIKELY if unlikely else m.NOT_DECODED)
            return
        counts = np.array([new.count(letter) for letter in sorted(_LETTERS)])
        if counts.sum() < _DRAWS // 2:
            said = f"At temperature {temperature} it wrote {counts.sum()} of {_DRAWS} characters."
            marking.failed("temperature", said, m.WRONG_COUNT)
            return
        found.append((temperature, counts))
    if all(_likely(counts, logits / t) for t, counts in found):
        marking.passed("temperature", f"{_DRAWS} draws at {_TEMPERATURES} are as likely as asked.")
        return
    shares = "; ".join(f"{t}: {100 * c.max() / max(c.sum(), 1):.0f} %" for t, c in found)
    right = "; ".join(
        f"{t}: {100 * _softmax(logits / t)[counts.argmax()]:.0f} %" for t, counts in found
    )
    said = f"Share of the most frequent character at temperature {shares} (right is {right})."
    marking.failed("temperature", said, _mistaken_draws(found, logits))


def _mistaken_draws(found: list, logits: np.ndarray) -> Misconception:
    top = int(logits.argmax())
    ways = (
        (lambda t: logits, m.TEMPERATURE_IGNORED),
        (lambda t: logits * t, m.TEMPERATURE_INVERTED),
        (lambda t: 0 * logits, m.DRAWS_UNIFORMLY),
        (lambda t: _softmax(logits) / t, m.WRONG_DISTRIBUTION),
    )
    if all(counts[top] == counts.sum() > 0 for _, counts in found):
        return m.ALWAYS_GREEDY
    if all(counts @ (logits - logits.mean()) <= 0 for _, counts in found) and not all(
        _likely(counts, 0 * logits) for _, counts in found
    ):
        return m.UNLIKELY
    for act, mistake in ways:
        if all(_likely(counts, act(t)) for t, counts in found):
            return mistake
    return m.WRONG_DISTRIBUTION


def _softmax(logits: np.ndarray) -> np.ndarray:
    weights = np.exp(logits - logits.max())
    return weights / weights.sum()


def _likely(counts: np.ndarray, logits: np.ndarray) -> bool:
    """Tell whether counts may come from softmax(logits): fails one time in a million by luck."""
    from scipy.stats import chi2

    expected = _softmax(logits) * counts.sum()
    if counts.sum() < _DRAWS // 2:
        return False
    rare = expected < 5  # chi-square needs a few of each: rare ones are counted together
    pooled = np.append(expected[~rare], expected[rare].sum())
    came = np.append(counts[~rare], counts[rare].sum())
    kept = pooled > 0
    statistic = ((came[kept] - pooled[kept]) ** 2 / np.maximum(pooled[kept], 0.5)).sum()
    return bool(chi2.sf(statistic, max(kept.sum() - 1, 1)) > 1e-6)


def _judge_rng(subject: Subject, case: Case, prefix: str, seed: int, marking: Marking) -> None:
    """Same rng, other global state: same text. Other rng: other text."""
    same, again, other = (
        case.ask(subject, prefix, 40, 2.0, seeds)[-2:]
        for seeds in ((seed, 1), (seed, 2), (seed + 1, 1))
    )
    texts: list[Any] = [seen[0].value for seen in (same, again, other)]
    if any(seen[-1].error for seen in (same, again, other)):
        marking.failed("rng", "Not reached: it raises an exception.")
    elif texts[0] != texts[1]:
        said = "The same rng gave two different texts."
        marking.failed("rng", said, m.GLOBAL_RANDOMNESS)
    elif texts[0] == texts[2]:
        said = "Two different rng gave the same text at temperature 2."
        marking.failed("rng", said, m.RESEEDED if _varied(texts[0]) else m.ALWAYS_GREEDY)
    else:
        marking.passed("rng", "The text follows from rng alone.")


def _varied(text: Any) -> bool:
    return isinstance(text, str) and len(set(text)) > 1
