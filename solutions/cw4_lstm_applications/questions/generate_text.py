"""Writing text: what a model is fed, and how a character is drawn from its logits."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from rnn_course.checks.cases import Case, Step
from rnn_course.checks.measuring import Measure
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.requests import Build, Call, Fetch
from rnn_course.checks.values import Ref, Rng
from rnn_course.courseworks.cw4_lstm_applications.stand_ins import (
    MODULUS,
    NEVER,
    begun,
    fed,
    law,
    one_a_call,
    walk,
    wrote,
)

STAND_INS = "rnn_course.courseworks.cw4_lstm_applications.stand_ins"
VOCABULARY = "rnn_course.data.vocabulary"
READ = "Writing text"
LETTERS = "abcdefg "
TOKENS = ("<unk>", *sorted(LETTERS))
DRAWS = 240
SPREADS = {3.0: 6.0, 0.25: 0.8, 0.04: 0.13}
"""Temperatures, and how far the logits reach: so that other temperatures are told for certain."""


def _steps(model: str, numbers: np.ndarray, result: str, *asked: object) -> dict[str, Step]:
    """Let it write with a model of ours; asked are prefix, n, temperature and seed."""
    prefix, n, temperature, seed = asked
    rng = Rng(seed, "torch")
    return {
        f"model_{result}": Build(model, (numbers,), given=STAND_INS, seed=seed),
        "vocab": Build("Vocabulary", (list(LETTERS),), given=VOCABULARY, seed=seed + 1),
        result: Call(
            "generate_text",
            (Ref(f"model_{result}"), prefix, n, Ref("vocab"), temperature, rng),
        ),
    }


def _logits(rng: np.random.Generator, reach: float) -> np.ndarray:
    return np.append(-NEVER, rng.permutation(np.linspace(-reach, reach, len(LETTERS))))


def _prefix(rng: np.random.Generator, length: int) -> str:
    return "".join(rng.choice(list(LETTERS[:-1]), length))


def _alike(rng: np.random.Generator, length: int, n: int, space: bool = False) -> Case:
    """Write greedily with a model that always predicts the same; perhaps a space."""
    prefix, logits = _prefix(rng, length), _logits(rng, 1.0)
    if space:
        logits = np.append(-NEVER, np.roll(logits[1:], -int(logits[1:].argmax())))
    steps = _steps("ConstantLM", logits, "text", prefix, n, 0, 1)
    read = {
        "begun": Measure(begun, (Ref("text"), prefix)),
        "wrote": Measure(wrote, (Ref("text"), prefix, n)),
    }
    return Case(f"prefix {prefix!r}, n = {n}, temperature 0", steps, "form", measured=read)


def _table(rng: np.random.Generator, scale: float) -> np.ndarray:
    table = scale * np.round(rng.normal(size=(MODULUS, len(TOKENS))), 2)
    table[:, 0] = -NEVER
    return table


def _is_tied(table: np.ndarray) -> bool:
    ordered = np.sort(table, axis=1)
    return bool((ordered[:, -1] == ordered[:, -2]).any())


def _goes(table: np.ndarray, prefix: str, n: int) -> list[int]:
    """Go on from where a prefix leads, to each place's likeliest token."""
    place, new = 0, [TOKENS.index(letter) for letter in prefix]
    for k in range(len(prefix) + n):
        place = walk(place, new[k])
        new += [int(table[place].argmax())] if k >= len(prefix) - 1 else []
    return new[len(prefix) :]


def _walk(rng: np.random.Generator, group: str, length: int, n: int) -> Case:
    """Write greedily with a model whose predictions depend on all that it has read."""
    prefix, table = _prefix(rng, length), _table(rng, 2.0)
    # no two letters equally likely, and no few letters over and over
    while _is_tied(table) or len(set(_goes(table, prefix, n)[n // 2 :])) < n // 4:
        table = _table(rng, 2.0)
    steps = _steps("ReadingLM", table, "walk", prefix, n, 0.0, 1)
    read = {"walked": Measure(wrote, (Ref("walk"), prefix, n))}
    return Case(f"prefix {prefix!r}, n = {n}, temperature 0", steps, group, measured=read)


def _fed(rng: np.random.Generator, temperature: float) -> Case:
    """Write above temperature 0, and see what was read."""
    prefix, n, seed = _prefix(rng, 5), 25, int(rng.integers(9999))
    table = _table(rng, min(1.0, temperature))
    steps = _steps("ReadingLM", table, "drawn", prefix, n, temperature, seed)
    steps["record"] = Fetch(Ref("model_drawn", ("record",)))
    read = {
        "fed": Measure(fed, (Ref("drawn"), prefix, Ref("record"), TOKENS)),
        "single": Measure(one_a_call, (Ref("record"), prefix, n)),
    }
    return Case(f"temperature {temperature}", steps, "fed", measured=read)


def _law(rng: np.random.Generator, temperature: float, reach: float) -> Case:
    """Draw many times from one prediction."""
    logits, seed = _logits(rng, reach), int(rng.integers(9999))
    steps = _steps("ConstantLM", logits, "many", "ab", DRAWS, temperature, seed)
    read = {"law": Measure(law, (Ref("many"), "ab", TOKENS, logits, temperature, DRAWS))}
    said = f"{DRAWS} characters at temperature {temperature:g}"
    return Case(said, steps, "law", measured=read)


def _again(rng: np.random.Generator, group: str, temperature: float) -> Case:
    """The same rng twice, or another; each time with another state of the global generators."""
    seed, logits = int(rng.integers(9999)), _logits(rng, temperature)
    other = seed if group == "same rng" else seed + 1
    steps = _steps("ConstantLM", logits, "first", "ab", 12, temperature, seed)
    more = _steps("ConstantLM", logits, "second", "ab", 12, temperature, other)
    more["vocab"] = Build("Vocabulary", (list(LETTERS),), given=VOCABULARY, seed=seed + 7)
    model, vocab, call = more.values()
    call = replace(call, args=(*call.args[:3], Ref("vocab_2"), *call.args[4:]))
    steps |= {"model_second": model, "vocab_2": vocab, "second": call}
    if group == "other rng":
        steps = {
            f"{name}_2" if name in ("first", "second") else name: s for name, s in steps.items()
        }
    said = "manual_seed(s) twice" if group == "same rng" else "two generators"
    return Case(f"{said}, temperature {temperature:g}", steps, group)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Greedy ones that can be known, then those that are drawn."""
    for length, n in ((2, 3), (5, 8)):
        yield _alike(rng, length, n)
    yield _alike(rng, 3, 4, space=True)
    for length, n in ((6, 14), (3, 9)):
        yield _walk(rng, "walk", length, n)
    yield _walk(rng, "one letter", 1, 6)
    for temperature in (1.5, 0.3):
        yield _fed(rng, temperature)
    for temperature, reach in SPREADS.items():
        yield _law(rng, temperature, reach)
    for group in ("same rng", "other rng"):
        for temperature in (2.0, 1.0):
            yield _again(rng, group, temperature)


IDS = "torch.as_tensor(vocab.encode(prefix))[None]"
FIRST = f"logits, state = model({IDS})"
LAST = "last = logits[0, -1]"
GREEDY = "token = last.argmax()"
ZERO = "if temperature == 0:"
CHANCES = "torch.softmax(last / temperature, dim=0)"
TOKEN = "torch.multinomial(chances, 1, generator=rng)"
APPEND = "written.append(int(token))"
NEXT = "logits, state = model(token.view(1, 1), state)"
RETURN = 'return prefix + "".join(vocab.decode(written))'
mistake = partial(Mistake, read=READ)


def _instead(old: str, *others: str) -> tuple:
    return tuple((old, other) for other in others)


def _after(old: str, more: str, blanks: int) -> tuple[str, str]:
    return old, f"{old}\n{' ' * blanks}{more}"


def _before(old: str, more: str, blanks: int) -> tuple[str, str]:
    return old, f"{more}\n{' ' * blanks}{old}"


QUESTION = compare(
    "generate_text",
    "Writing text",
    cases=cases,
    signature={"generate_text": ("model", "prefix", "n", "vocab", "temperature", "rng")},
    parts=(
        Part(
            "text",
            "The prefix and n new characters, as a str",
            1,
            (
                "a str=begun.text",
                "beginning with the prefix=begun.begins",
                "the number of new characters=begun.new",
            ),
            groups=("form",),
        ),
        Part(
            "greedy",
            "At temperature 0 always the likeliest character",
            2,
            ("what it wrote=wrote", "temperature 0=text@raised"),
            groups=("form",),
            follows="text",
        ),
        Part(
            "state",
            "The state has read the prefix, and is carried on",
            2,
            ("what it wrote=walked", "what the model has read=fed"),
            groups=("walk", "one letter", "fed"),
            follows="greedy",
            apart=("fed",),
        ),
        Part(
            "one_step",
            "After the prefix one character a call",
            1,
            "one character a call=single",
            groups=("fed",),
        ),
        Part(
            "temperature",
            "Drawn from softmax(logits / temperature)",
            2,
            "the law of the draws=law",
            groups=("law",),
        ),
        Part(
            "rng",
            "All randomness comes from rng",
            1,
            ("the first text=first==second", "the first text=first_2==second_2"),
            groups=("same rng", "other rng"),
            follows="temperature",
            apart=("same rng",),
        ),
        Part("frozen", "No gradients", 1, "gradients on=record.gradients", groups=("fed",)),
    ),
    mistakes=(
        mistake(
            "prefix_not_returned",
            "The result does not begin with the prefix.",
            "Return the prefix followed by what was written.",
            edits=_instead(RETURN, RETURN.replace("prefix + ", "")),
        ),
        mistake(
            "wrong_count",
            "The number of new characters is not n.",
            "n counts new characters only; the prefix comes on top.",
            edits=(
                *_instead("range(n)", "range(n + 1)", "range(n - 1)", "range(n - len(prefix))"),
                *_instead(RETURN, RETURN.replace('""', '" "')),
                _before(RETURN, "written = written[:-1]", 4),
                _after(APPEND, 'if vocab.decode([token]) == [" "]:\n                break', 12),
            ),
        ),
        mistake(
            "not_text",
            "The result is not a str.",
            "Join the tokens that vocab.decode returns.",
            edits=_instead(
                RETURN,
                "return [*prefix, *vocab.decode(written)]",
                "return vocab.decode(written)",
                "return written",
                "return [*vocab.encode(prefix).tolist(), *written]",
                "return prefix, vocab.decode(written)",
            ),
        ),
        mistake(
            "numbers_not_decoded",
            "Numbers of characters were written in place of the characters.",
            "vocab.decode(numbers) gives the characters; join those.",
            edits=_instead(
                RETURN,
                'return prefix + "".join(map(str, written))',
                "return prefix + str(written)",
                'return prefix + " ".join(map(str, written))',
            ),
        ),
        mistake(
            "not_greedy_at_zero",
            "At temperature 0 the most likely character is not always taken.",
            "Division by zero must be avoided: take the argmax instead.",
            edits=(
                *_instead(
                    GREEDY,
                    "token = last.argmin()",
                    "token = torch.multinomial(torch.softmax(last, 0), 1, generator=rng)",
                    "token = last.topk(2).indices[1]",
                    "token = torch.multinomial(torch.ones_like(last), 1, generator=rng)",
                ),
                *_instead(ZERO, "if False:", "if temperature < 0:", "if temperature is None:"),
            ),
        ),
        mistake(
            "not_warmed_up",
            "The model has not read the whole prefix.",
            "Feed the whole prefix before the first prediction, so that the state knows it.",
            edits=_instead(
                IDS,
                f"{IDS}[:, -1:]",
                f"{IDS}[:, :1]",
                f"{IDS}[:, 1:] if len(prefix) > 1 else {IDS}",
            ),
        ),
        mistake(
            "last_character_twice",
            "The last character of the prefix is fed twice.",
            "The logits of the last step of the prefix already predict the next character.",
            edits=(_after(FIRST, f"logits, state = model({IDS}[:, -1:], state)", 8),),
        ),
        mistake(
            "prefix_twice",
            "The prefix is read twice.",
            "Feed it once: the state that comes back already knows it.",
            edits=(_after(FIRST, f"logits, state = model({IDS}, state)", 8),),
        ),
        mistake(
            "state_dropped",
            "The state is not carried from step to step.",
            "Each call must get the state that the last one returned, or the model forgets the "
            "text.",
            edits=(
                *_instead(
                    NEXT,
                    "logits, state = model(token.view(1, 1))",
                    "logits, _ = model(token.view(1, 1), state)",
                ),
                (FIRST, f"logits, state = model({IDS})[0], None"),
                (
                    (FIRST, f"for k in {IDS}[0]:\n            logits, _ = model(k.view(1, 1))"),
                    (NEXT, "logits, state = model(token.view(1, 1))"),
                ),
                ((FIRST, f"for k in {IDS}[0]:\n            logits, state = model(k.view(1, 1))"),),
            ),
        ),
        mistake(
            "wrong_step_read",
            "The next character is chosen from the logits of another step.",
            "The last step of the prefix predicts what follows it: logits[:, -1].",
            edits=(
                *_instead(LAST, "last = logits[0, 0]", "last = logits[0].mean(0)"),
                *_instead(
                    LAST,
                    "last = logits[0, min(1, logits.shape[1] - 1)]",
                    "last = logits[0, -2 if logits.shape[1] > 1 else -1]",
                ),
                (IDS, f"{IDS}[:, :-1]"),
            ),
        ),
        mistake(
            "prefix_reversed",
            "The prefix is read backwards.",
            "The model reads from the first character to the last.",
            edits=_instead(IDS, f"{IDS}.flip(1)"),
        ),
        mistake(
            "fed_again_and_again",
            "Each new character is fed twice.",
            "One call for each new character: its logits choose the next one.",
            edits=(_after(NEXT, NEXT, 12),),
        ),
        mistake(
            "not_fed_back",
            "What was written is not fed back.",
            "The next input is the character that was just chosen.",
            edits=(
                *_instead(
                    NEXT,
                    f"logits, state = model({IDS}[:, -1:], state)",
                    "pass",
                    "logits, state = model(torch.zeros(1, 1, dtype=torch.int64), state)",
                    "logits, state = model(torch.tensor([[written[0]]]), state)",
                    "logits, state = model(torch.tensor([[written[-2:][0]]]), state)",
                ),
            ),
        ),
        mistake(
            "fed_what_was_not_written",
            "Above temperature 0 the model is fed another character than the one written.",
            "Draw once for each character; what is drawn is written, and fed to the next call.",
            edits=_instead(
                NEXT,
                "logits, state = model(last.argmax().view(1, 1), state)",
                "if temperature:\n"
                "                token = torch.multinomial(chances, 1, generator=rng)\n"
                f"            {NEXT}",
            ),
        ),
        mistake(
            "whole_text_again",
            "The whole text is fed again for each new character.",
            "The state already holds it: one new character a call, or the work grows with n "
            "squared.",
            edits=_instead(
                NEXT,
                f"logits, state = model(torch.cat([{IDS}[0], torch.tensor(written)])[None])",
                f"logits, state = model(torch.cat([{IDS}[0], torch.tensor(written)])[None], state)",
                f"logits, state = model(torch.cat([{IDS}[0], torch.tensor(written)])[None, -4:])",
            ),
        ),
        mistake(
            "unlikely_preferred",
            "Unlikely characters are drawn more often than likely ones.",
            "Somewhere a sign is wrong: the larger its logit, the likelier a character.",
            edits=_instead(CHANCES, CHANCES.replace("(last", "(-last")),
        ),
        mistake(
            "always_greedy",
            "The most likely character is taken at every temperature.",
            "Above 0 the character is drawn from the softmax of logits / temperature.",
            edits=(*_instead(TOKEN, "chances.argmax()"), *_instead(ZERO, "if True:")),
        ),
        mistake(
            "temperature_ignored",
            "The temperature makes no difference.",
            "Divide the logits by it, before the softmax: dividing probabilities by a number "
            "changes nothing once they are normalised.",
            edits=_instead(
                CHANCES, "torch.softmax(last, dim=0)", "torch.softmax(last, dim=0) / temperature"
            ),
        ),
        mistake(
            "temperature_inverted",
            "A high temperature makes the text surer instead of wilder.",
            "Divide the logits by the temperature; do not multiply.",
            edits=_instead(CHANCES, CHANCES.replace(" / ", " * ")),
        ),
        mistake(
            "temperature_bounded",
            "Temperatures below or above a bound are not taken as they are.",
            "Only 0 is special. Every other temperature divides the logits, however small it is.",
            edits=_instead(
                "last / temperature",
                *(f"last / max(temperature, {bound})" for bound in (0.1, 0.2, 0.5, 1.0)),
                "last / min(temperature, 1.0)",
                "last / (temperature + 0.1)",
            ),
        ),
        mistake(
            "temperature_twice",
            "The temperature enters in another power.",
            "The logits are divided by the temperature itself, once.",
            edits=_instead(
                "last / temperature", "last / temperature**2", "last / temperature**0.5"
            ),
        ),
        mistake(
            "draws_uniformly",
            "Characters are drawn without regard to their probability.",
            "Draw from the softmax of logits / temperature, over the characters, e.g. with "
            "torch.multinomial.",
            edits=_instead(
                CHANCES,
                "torch.ones_like(last)",
                "torch.ones_like(last).index_fill(0, torch.tensor([0]), 0)",
            ),
        ),
        mistake(
            "wrong_distribution",
            "Characters are drawn with other probabilities than softmax(logits / temperature).",
            "multinomial takes probabilities, or numbers in their proportion: no logits, no "
            "logarithms, and a softmax once.",
            edits=_instead(
                CHANCES,
                f"torch.softmax({CHANCES}, dim=0)",
                "(last - last.min()) / temperature",
                "torch.sigmoid(last / temperature)",
                f"{CHANCES} ** 2",
                "(last - last[1:].min()).clamp(min=0) + 1e-9",
            ),
        ),
        mistake(
            "global_randomness",
            "The draws do not come from rng.",
            "Pass it on, torch.multinomial(p, 1, generator=rng): then a text can be written again.",
            edits=_instead(
                TOKEN,
                "torch.multinomial(chances, 1)",
                "torch.tensor(np.random.choice(len(chances), p=chances.numpy()))",
            ),
        ),
        mistake(
            "reseeded",
            "Every rng gives the same text.",
            "Do not seed inside the function, and draw from rng each time.",
            edits=(
                _before("written = []", "rng.manual_seed(0)", 4),
                (
                    _before("written = []", "torch.manual_seed(0)", 4),
                    (TOKEN, "torch.multinomial(chances, 1)"),
                ),
                _before("written = []", "rng = torch.Generator().manual_seed(0)", 4),
            ),
        ),
        mistake(
            "seeded_for_each_character",
            "The generator is seeded anew for each character, so that all draws are one.",
            "Seed it once, outside the function; each draw moves it on.",
            edits=(_before(ZERO, "rng.manual_seed(0)", 12),),
        ),
        mistake(
            "with_gradients",
            "The model is used with gradients on.",
            "Nothing is learned here: torch.no_grad() saves time and memory.",
            edits=(("with torch.no_grad():", "if True:"),),
        ),
    ),
    read=READ,
)
