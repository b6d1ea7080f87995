"""How many predictions are wrong, in several trials."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from rnn_course.checks.cases import Case, Step
from rnn_course.checks.measuring import Measure
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.requests import Build, Call, Fetch
from rnn_course.checks.values import Ref, Rng
from rnn_course.courseworks.cw3_temporal_order.stubs import as_told, how_many, predicted

STUBS = "rnn_course.courseworks.cw3_temporal_order.stubs"
READ = "Counting errors"


def _steps(
    seed: int, counts: tuple[int, ...], size: int, *asked: int, result: str = "result", **named: int
) -> dict[str, Step]:
    """Let it judge a model that errs `counts` times in its trials."""
    model, record = f"model_{result}", "record" if result == "result" else f"{result}_record"
    return {
        model: Build("Examined", (counts, size), given=STUBS, dtype="float32"),
        result: Call("wrong_predictions", (Ref(model), Rng(seed), *asked), named),
        record: Fetch(Ref(model, ("record",))),
    }


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Ordinary trials, two trials, the defaults, and generators of one seed and of another."""
    seed = int(rng.integers(1, 10_000))
    for trials, n, counts in ((5, 53, (3, 9, 5, 7, 2)), (4, 120, (11, 2, 8, 4)), (2, 7, (1, 4))):
        more = tuple(int(count + rng.integers(2)) for count in counts)
        steps = _steps(seed, more, n, trials, n)
        read = {
            "seen": Measure(predicted, (Ref("record"), trials, n)),
            "pair": Measure(how_many, (Ref("result"),)),
        }
        yield Case(f"trials = {trials}, n = {n}", steps, "small", measured=read)
    steps = _steps(seed, (3, 9, 5, 7, 2), 31, 5, 31, result="own")
    told = {"told": Measure(as_told, (Ref("own"), Ref("own_record"), 5))}
    yield Case("what the model did", steps, "told", measured=told)
    for said, named, trials, n in (
        ("n = 4, trials not given", {"n": 4}, 10, 4),
        ("trials = 2, n not given", {"trials": 2}, 2, 3000),
    ):
        read = {"seen": Measure(predicted, (Ref("record"), trials, n))}
        yield Case(said, _steps(seed, (1, 3), n, **named), "defaults", measured=read)
    steps = {}
    for result, other in (("first", seed), ("same", seed), ("other", seed + 1)):
        steps |= _steps(other, (1, 2), 6, 2, 6, result=result)
    yield Case("default_rng(s) twice, and another", steps, "rng")


TRIAL = "range(trials)"
DRAW = "draw(n, rng)"
COUNT = "int((model(inputs, lengths).argmax(1) != labels).sum())"
MEAN, SPREAD = "np.mean(counts)", "np.std(counts, ddof=1)"
FROZEN = "with torch.no_grad():"
mistake = partial(Mistake, read=READ)


def _instead(old: str, *others: str) -> tuple:
    return tuple((old, other) for other in others)


QUESTION = compare(
    "evaluation",
    READ,
    cases=cases,
    signature={"wrong_predictions": ("model", "rng", "trials", "n")},
    parts=(
        Part(
            "trials",
            "`trials` times `n` fresh sequences",
            1,
            (
                "the number of sequences predicted=seen.how_many",
                "all of them new=seen.fresh",
                "what default_rng(s) draws=first_record.drawn==same_record.drawn",
                "what default_rng(s) draws=first_record.drawn==other_record.drawn",
            ),
            groups=("small", "defaults", "rng"),
        ),
        Part(
            "frozen",
            "Evaluation mode, no gradients",
            1,
            ("training mode=record.training", "gradients on=record.gradients"),
            groups=("small",),
        ),
        Part(
            "mean",
            "The mean number of wrong predictions",
            2,
            (
                "the mean=result.0",
                "other lengths=record.misread",
                "the mean=told.mean",
                "the number of results=pair",
            ),
            within=1e-5,
            groups=("small", "told"),
            follows="trials",
            apart=("told",),
        ),
        Part(
            "spread",
            "Its sample standard deviation",
            1,
            ("the spread=result.1", "the spread=told.spread"),
            within=1e-5,
            groups=("small", "told"),
            follows="trials",
            apart=("told",),
        ),
    ),
    mistakes=(
        mistake(
            "counts_right_answers",
            "The right predictions are counted.",
            "Count the wrong ones.",
            edits=(
                (COUNT, COUNT.replace("!=", "==")),
                (COUNT, "(model(inputs, lengths).argmax(1) == labels).double().mean().item()"),
                (
                    COUNT,
                    "100 * (model(inputs, lengths).argmax(1) == labels).double().mean().item()",
                ),
            ),
        ),
        mistake(
            "always_of_3000",
            "The right predictions are taken from 3000, whatever n is.",
            "The number of sequences is the argument n; count the wrong predictions themselves.",
            edits=((COUNT, f"3000 - {COUNT.replace('!=', '==')}"),),
        ),
        mistake(
            "share_of_errors",
            "A share comes back and not a number of predictions.",
            "The question asks how many of n are wrong.",
            edits=(
                *_instead(COUNT, f"{COUNT} / n", f"100 * {COUNT} / n"),
                (MEAN, f"{MEAN} / n"),
                (MEAN, f"100 * {MEAN} / n"),
            ),
        ),
        mistake(
            "mean_and_spread_exchanged",
            "The spread stands in the first place and the mean in the second.",
            "Return the pair (mean, spread).",
            edits=((f"{MEAN}, {SPREAD}", f"{SPREAD}, {MEAN}"),),
        ),
        mistake(
            "no_pair_of_numbers",
            "It does not return the pair (mean, spread).",
            "Return two numbers, the mean first.",
            edits=_instead(f"{MEAN}, {SPREAD}", "counts", MEAN, f"str({MEAN})", f"{SPREAD}"),
        ),
        mistake(
            "sum_of_trials",
            "The trials are added up.",
            "Average over the trials.",
            edits=_instead(MEAN, "np.sum(counts)"),
        ),
        mistake(
            "median_for_mean",
            "The mean is a median.",
            "Add the counts and divide by the trials.",
            edits=_instead(MEAN, "np.median(counts)"),
        ),
        mistake(
            "mean_rounded",
            "The mean is rounded to a whole number.",
            "A mean of counts is rarely whole: keep the fraction.",
            edits=_instead(MEAN, f"int({MEAN})", f"np.rint({MEAN})", f"np.ceil({MEAN})"),
        ),
        mistake(
            "one_trial_reported",
            "The mean is the count of a single trial.",
            "Average the counts of all trials.",
            edits=_instead(MEAN, "counts[-1]", "counts[0]", "max(counts)", "min(counts)"),
        ),
        mistake(
            "divided_by_one_less",
            "The sum of the counts is divided by another number than the trials.",
            "The mean divides by the number of trials; only the spread by one less.",
            edits=_instead(MEAN, "sum(counts) / (trials - 1)", "sum(counts) / 10"),
        ),
        mistake(
            "counter_not_reset",
            "The count of one trial contains those before it.",
            "Start every trial at zero.",
            edits=((COUNT, f"(counts[-1] if counts else 0) + {COUNT}"),),
        ),
        mistake(
            "spread_of_population",
            "The spread divides by the number of trials.",
            "The sample standard deviation divides by one less: ddof=1.",
            edits=((", ddof=1", ""),),
        ),
        mistake(
            "spread_is_variance",
            "The spread is a variance.",
            "The standard deviation is its root, and has the unit of the mean.",
            edits=_instead(SPREAD, "np.var(counts, ddof=1)", "np.var(counts)"),
        ),
        mistake(
            "spread_is_range",
            "The spread is a range of the counts, or their mean deviation.",
            "The standard deviation of the counts is asked for.",
            edits=_instead(
                SPREAD,
                "np.ptp(counts)",
                "np.ptp(counts) / 2",
                "np.abs(np.array(counts) - np.mean(counts)).mean()",
            ),
        ),
        mistake(
            "spread_is_standard_error",
            "The spread is the standard error: the deviation divided by the root of the trials.",
            "That tells how sure the mean is. Asked for is how much single trials differ.",
            edits=_instead(SPREAD, f"{SPREAD} / trials**0.5", "np.std(counts) / trials**0.5"),
        ),
        mistake(
            "spread_from_the_mean",
            "The spread is computed from the mean alone.",
            "The binomial formula says what chance would do; measure what the trials did.",
            edits=_instead(
                SPREAD,
                "np.sqrt(np.mean(counts) * (1 - np.mean(counts) / n))",
                "np.sqrt(np.mean(counts))",
                "0.0",
            ),
        ),
        mistake(
            "share_of_errors",
            "A share comes back and not a number of predictions.",
            "The question asks how many of n are wrong.",
            edits=_instead(SPREAD, f"{SPREAD} / n", f"100 * {SPREAD} / n", "np.std(counts) / n"),
        ),
        mistake(
            "other_lengths",
            "The model is told other lengths than draw returned.",
            "Hand inputs and lengths of one draw on together.",
            edits=_instead(
                "model(inputs, lengths)",
                "model(inputs, torch.full_like(lengths, 110))",
                "model(inputs, lengths - 1)",
            ),
        ),
        mistake(
            "same_sequences_each_trial",
            "The trials use the same sequences.",
            "Then the spread is zero by construction: draw new ones from rng for each trial.",
            edits=(
                (DRAW, "draw(n, np.random.default_rng(1))"),
                ((DRAW, "batch"), ("_ in range(trials)", "batch in [draw(n, rng)] * trials")),
            ),
        ),
        mistake(
            "rng_unused",
            "Two generators give the same sequences.",
            "Draw from the rng that was passed; with seeds of your own every call sees the same "
            "trials.",
            edits=(
                (DRAW, "draw(n, np.random.default_rng(len(counts)))"),
                ("    counts = []", "    rng, counts = np.random.default_rng(0), []"),
            ),
        ),
        mistake(
            "rng_ignored",
            "Two generators of one seed give other sequences.",
            "Draw everything from the rng that was passed, or nobody can repeat your numbers.",
            edits=(
                (DRAW, "draw(n, np.random.default_rng())"),
                (DRAW, "draw(n, np.random.default_rng(np.random.randint(2**31)))"),
            ),
        ),
        mistake(
            "trials_ignored",
            "The number of trials or of sequences is not the one asked for.",
            "Run `trials` trials of `n` fresh sequences each; unless given, 10 of 3000.",
            edits=(
                *_instead(TRIAL, "range(10)", "range(1)", "range(trials - 1)", "range(1, trials)"),
                *_instead(DRAW, "draw(3000, rng)", "draw(n // trials, rng)"),
                *_instead("trials=10", "trials=5", "trials=3", "trials=20", "trials=1"),
                *_instead("n=3000", "n=1000", "n=300", "n=2000", "n=10000"),
                ("trials=10, n=3000", "trials=5, n=1000"),
                ((COUNT, f"{COUNT} if n > 99 else 0"), (DRAW, "draw(n // 100 * 100 or 1, rng)")),
            ),
        ),
        mistake(
            "not_evaluation_mode",
            "The model was in training mode.",
            "Evaluate with model.eval(): dropout and the like behave differently in training.",
            edits=(("model.eval()", "pass"),),
        ),
        mistake(
            "gradients_on",
            "The model predicted with gradients on.",
            "Nothing is learned here: torch.no_grad() saves time and memory.",
            edits=((FROZEN, "if True:"),),
        ),
        mistake(
            "not_evaluation_mode",
            "The model was in training mode, with gradients on.",
            "Evaluate with model.eval() and torch.no_grad().",
            edits=((("model.eval()", "pass"), (FROZEN, "if True:")),),
        ),
    ),
    read=READ,
)
