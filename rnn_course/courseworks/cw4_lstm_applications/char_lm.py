"""Judges ``CharLM``: a recurrent network that predicts the next token at every step."""

from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, close, difference, usable
from rnn_course.checks.mistakes import CONSTANT_SIZE, FIXED_DTYPE, RAISES
from rnn_course.checks.requests import Anatomy, Build, Inspect, Outcome, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import plain
from rnn_course.courseworks.cw4_lstm_applications import model_mistakes as m
from rnn_course.courseworks.cw4_lstm_applications.carried import (
    carried_problem,
    cut_or_frozen,
    drawn_parameters,
    output_problem,
)
from rnn_course.courseworks.cw4_lstm_applications.model_sizes import (
    cells_by_size,
    embedding_by_size,
)
from rnn_course.courseworks.cw4_lstm_applications.recurrent import (
    CELLS,
    Design,
    Responses,
    complete,
    mistaken,
    right,
    with_biases,
)
from rnn_course.seeding import numpy_generator

NAME = "CharLM"
SIGNATURE = ("vocab_size", "hidden_size", "cell", "embedding")
B, T, V, H, E = 3, 6, 7, 4, 2


class CharLMCandidate:
    """A student's language model, looked at.

    Args:
        dtype: the floating type to judge it in.
    """

    def __init__(self, subject: Subject, rng: np.random.Generator, dtype: str) -> None:
        self.subject, self.rng, self.dtype = subject, rng, dtype
        # Every token occurs, or its row of an embedding would have no gradient.
        self.ids = rng.permutation(np.arange(B * T) % V).reshape(B, T)
        self.cotangents = rng.normal(size=(B, T, V))
        self.tolerance = 1e-9 if dtype == "float64" else 1e-4

    def build(self, *args: Any) -> Build:
        """Describe how to make one, with vocabulary V and H hidden units."""
        return Build(NAME, (V, H, *args), dtype=self.dtype)

    def responses(self, *args: Any) -> Responses:
        """Ask it with all parameters equal."""
        return Responses(self.subject, self.build(*args), (self.ids,), self.cotangents)

    @cached_property
    def one_hot(self) -> np.ndarray:
        """The inputs (B, T, V), one-hot."""
        return np.eye(V)[self.ids]

    @cached_property
    def embedded(self) -> Responses:
        """An LSTM with an embedding."""
        return self.responses("LSTM", E)

    @cached_property
    def anatomy(self) -> Anatomy:
        """Of an LSTM with an embedding."""
        return self.subject.ask(Inspect(self.embedded.build))

    def run(self, build: Build, *cases: Pass) -> list[Outcome]:
        """Run cases on one freshly built module."""
        return self.subject.ask(Run(build, cases))


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on ``CharLM``."""
    if not usable(subject, marking, NAME, SIGNATURE):
        return
    found = _opened(subject, numpy_generator(seed, NAME))
    if isinstance(found, Finding):
        marking.fail_rest(*found)
        return
    candidate, wrong = found
    design, gradients = _recognised(candidate)
    _judge_shapes(candidate, marking, wrong)
    _judge_causality(candidate, marking, design)
    _judge_state(candidate, marking)
    _judge_equations(candidate, marking, design, gradients)
    other = (
        design is None or bool(design.mistakes) or not design.complete
    )  # has cost, and shows in all kinds of cells
    _judge_cells(candidate, marking, other)
    _judge_embedding(candidate, marking, other)


def _opened(
    subject: Subject, rng: np.random.Generator, dtype: str = "float64"
) -> tuple[CharLMCandidate, Finding | None] | Finding:
    """Run it once: in float64, or in float32 (and say so) where only that works."""
    candidate, wrong = CharLMCandidate(subject, rng, dtype), None
    for width in (E, None):
        (outcome,) = candidate.run(candidate.build("LSTM", width), Pass((candidate.ids,)))
        wrong = wrong or output_problem(outcome, (B, T, V), dtype)
    if wrong is None:
        return candidate, None
    if dtype == "float64" and wrong.misconception is FIXED_DTYPE:
        found = _opened(subject, rng, "float32")
        return wrong if isinstance(found, Finding) else (found[0], wrong)
    return wrong


def _judge_shapes(candidate: CharLMCandidate, marking: Marking, wrong: Finding | None) -> None:
    if wrong:
        marking.failed("shapes", *wrong)
    for args, shape in (
        ((V, H, "LSTM", E), (1, T)),
        ((V, H, "LSTM", None), (2, 1)),
        ((V + 4, H + 3, "LSTM", E + 1), (4, T + 3)),
        ((V - 2, H - 1, "LSTM", None), (1, 1)),
    ):
        build = Build(NAME, args, dtype=candidate.dtype)
        # Without the highest token: nothing may be guessed from the ids that happen to come.
        ids = candidate.rng.integers(0, args[0] - 1, shape)
        (outcome,) = candidate.run(build, Pass((ids,)))
        wrong = output_problem(outcome, (*shape, args[0]), candidate.dtype)
        if wrong:
            said = f"With V, H = {args[:2]} and ids {shape}: {wrong.message}"
            sizes = args[0] != V
            known = CONSTANT_SIZE if sizes else wrong.misconception
            if args[3] is None and not sizes and outcome.error:
                known = m.ONE_HOT_WIDTH
            marking.failed("shapes", said, known)
    marking.passed("shapes", "Logits are (B, T, V) for several B, T, V and H, and for B = 1.")


def _judge_causality(candidate: CharLMCandidate, marking: Marking, design: Design | None) -> None:
    """Change what comes later, earlier, and beside: who notices?"""
    ids, cut = candidate.ids, T // 2
    later, first, beside = ids.copy(), ids.copy(), ids.copy()
    later[:, cut:] = (later[:, cut:] + 1) % V
    first[:, 0] = (first[:, 0] + 1) % V
    beside[1] = (beside[1] + 2) % V
    cotangents = candidate.cotangents.copy()
    cotangents[:, cut:] = 0
    build = candidate.embedded.build
    drawn = drawn_parameters(candidate.subject, build)
    cases = [
        Pass((x,), parameters=drawn, cotangents=(cotangents, None))
        for x in (ids, later, first, beside, ids)
    ]
    seen = candidate.run(build, *cases)
    known = design.mistakes[:1] if design else ()
    if any(outcome.error for outcome in seen):
        said = "It raised an exception on other ids of the same shape."
        marking.failed("causal", said, RAISES)
        return
    whole, changed, earlier, neighbour, again = (plain(outcome.value)[0] for outcome in seen)
    future = difference(whole[:, :cut], changed[:, :cut])
    if not close(whole, again, candidate.tolerance):
        said = "The same ids give other logits the second time."
        marking.failed(
            "causal", said, m.STATE_RANDOM if _random(candidate, cases[0]) else m.STATE_LEAKS
        )
    elif not close(whole[0], neighbour[0], candidate.tolerance):
        said = "Other ids in sequence 1 change the logits of sequence 0."
        marking.failed("causal", said, m.TIME_IS_BATCH)
    elif future > candidate.tolerance or not _same_gradients(seen[0], seen[1], candidate):
        said = f"Other ids from step {cut} on change the logits before it by up to {future:.2g}."
        mistake = known[0] if known and known[0] is not m.STATE_CUT else m.SEES_FUTURE
        marking.failed("causal", said, mistake)
    elif close(whole[:, -1], earlier[:, -1], candidate.tolerance * 1e-3):
        said = "Another first id leaves the logits at the last step as they were."
        marking.failed("causal", said, known[0] if known else m.NO_RECURRENCE)
    else:
        marking.passed(
            "causal", f"Logits and gradients before step {cut} do not depend on later ids."
        )


def _random(candidate: CharLMCandidate, case: Pass) -> bool:
    """Tell whether two modules with the same parameters answer differently at their first call."""
    builds = [replace(candidate.embedded.build, seed=seed) for seed in (1, 2)]
    one, two = (candidate.run(build, case)[0] for build in builds)
    if one.error or two.error:
        return False
    return not close(plain(one.value)[0], plain(two.value)[0], candidate.tolerance)


def _same_gradients(one: Outcome, other: Outcome, candidate: CharLMCandidate) -> bool:
    if one.gradients is None or other.gradients is None:
        return True
    pairs = zip(
        one.gradients["parameters"].values(), other.gradients["parameters"].values(), strict=True
    )
    return all(a is None or b is None or close(a, b, 10 * candidate.tolerance) for a, b in pairs)


def _judge_state(candidate: CharLMCandidate, marking: Marking) -> None:
    for kind in CELLS:
        build = candidate.build(kind, E)
        wrong = carried_problem(candidate.subject, build, candidate.ids, candidate.tolerance)
        if wrong:
            marking.failed("state", f'cell="{kind}": {wrong.message}', wrong.misconception)
    marking.passed("state", "Two halves of a text, with the state between them, give the whole.")


def _recognised(candidate: CharLMCandidate) -> tuple[Design | None, bool]:
    """Recognise the LSTM with an embedding, right or wrong."""
    design = right("LSTM", (E, H, V), V)
    others = (d for wrong in mistaken(design) for d in with_biases(wrong))
    for designs in (complete(design), with_biases(design), others):
        found, gradients = candidate.embedded.find(designs, candidate.one_hot)
        if found:
            return found, gradients
    return None, False


def _judge_equations(
    candidate: CharLMCandidate, marking: Marking, design: Design | None, gradients: bool
) -> None:
    if design is None:
        marking.failed("equations", *_unrecognised(candidate))
    elif design.mistakes:
        mistake = design.mistakes[0]
        marking.failed("equations", f"With all parameters equal: {mistake.seen}", mistake)
    elif not design.complete:
        marking.failed("equations", m.BIAS_MISSING.seen, m.BIAS_MISSING)
    elif not gradients:
        case = Pass((candidate.ids,), cotangents=(candidate.cotangents, None))
        outcome = candidate.run(candidate.embedded.build, case)[0]
        mistake = m.TOKEN_FROZEN if _unlearned(outcome) else cut_or_frozen(outcome)
        marking.failed("equations", mistake.seen, mistake)
    elif candidate.dtype == "float64" and not candidate.embedded.corresponds(
        design, candidate.one_hot, candidate.anatomy, candidate.rng
    ):
        said = "No assignment of your parameters fits the equations."
        marking.failed("equations", said, m.OTHER_EQUATIONS)
    else:
        marking.passed("equations", "Logits and gradients agree with the equations to 1e-9.")


def _unlearned(outcome: Outcome) -> bool:
    """Tell whether some rows of a table (V, E) have no gradient; every token has been read."""
    found = (outcome.gradients or {}).get("parameters", {}).values()
    tables = [g for g in found if g is not None and g.shape == (V, E)]
    return any(table.any() and not table.any(1).all() for table in tables)


def _unrecognised(candidate: CharLMCandidate) -> Finding:
    """Say why an LSTM with an embedding is not one."""
    responses, one_hot = candidate.embedded, candidate.one_hot
    numbers = candidate.ids[..., None].astype(float)
    for scale in (1, 1 / V, 1 / (V - 1)):
        number = complete(right("LSTM", (1, H, V)))
        if responses.find(number, numbers * scale)[0]:
            return Finding("The logits are those of ids taken as numbers.", m.IDS_AS_NUMBERS)
    if responses.find(complete(right("LSTM", (V, H, V))), one_hot)[0]:
        said = f"With embedding={E} the inputs are one-hot vectors."
        return Finding(said, m.EMBEDDING_IGNORED)
    for kind in ("GRU", "RNN"):
        for width, table in ((E, V), (V, None)):
            if responses.find(complete(right(kind, (width, H, V), table)), one_hot)[0]:
                return Finding(f'cell="LSTM" gives a {kind}.', m.OTHER_CELL)
    for width in (H, V, *{8, 16, 32, 64} - {E}):
        if responses.find(complete(right("LSTM", (width, H, V), V)), one_hot)[0]:
            said = f"With embedding={E} the embedding has width {width}."
            return Finding(said, m.EMBEDDING_WIDTH)
    return _by_size(candidate.anatomy)


def _by_size(anatomy: Anatomy) -> Finding:
    numbers = sum(int(np.prod(shape)) for _, shape, _ in anatomy.parameters)
    least, most = (
        sum(int(np.prod(shape)) for shape in design.shapes().values())
        for design in (
            replace(right("LSTM", (E, H, V), V), biases=(False, False, False)),
            right("LSTM", (E, H, V), V),
        )
    )
    said = f"With V, H, embedding = {V}, {H}, {E} it has {numbers} parameters"
    if numbers < least:
        return Finding(f"{said}; {least} are the fewest that will do.", m.NOT_REGISTERED)
    if numbers > most:
        return Finding(f"{said}; {most} are right.", m.MORE_LAYERS)
    said = "With all parameters equal the logits are not those of the equations."
    return Finding(said, m.OTHER_EQUATIONS)


def _judge_cells(candidate: CharLMCandidate, marking: Marking, other: bool) -> None:
    """Each kind by itself, and one that does not exist."""
    for kind in () if other and cells_by_size(candidate.subject, candidate.build, E) else CELLS:
        responses = candidate.responses(kind, E)
        if responses.find(complete(right(kind, (E, H, V), V)), candidate.one_hot)[0]:
            continue
        others = [other for other in CELLS if other != kind]
        found = [
            other
            for other in others
            if responses.find(complete(right(other, (E, H, V), V)), candidate.one_hot)[0]
        ]
        if found:
            marking.failed("cells", f'cell="{kind}" gives a {found[0]}.', m.OTHER_CELL)
        elif kind != "LSTM":
            marking.failed("cells", *_wrong_kind(responses, kind, candidate))
    outcome = candidate.run(candidate.build("LTSM", E), Pass((candidate.ids,)))[0]
    if not outcome.error or outcome.error.type != "ValueError":
        came = f"raises {outcome.error.type}" if outcome.error else "is taken"
        mistake = m.OTHER_ERROR if outcome.error else m.UNKNOWN_CELL_TAKEN
        marking.failed("cells", f'cell="LTSM" {came}; ValueError is right.', mistake)
    default, named = (
        candidate.responses(*args).find(complete(right("LSTM", (V, H, V))), candidate.one_hot)[0]
        for args in ((), ("LSTM",))
    )
    if named and not default:
        said = f"CharLM({V}, {H}) is no LSTM with one-hot inputs."
        marking.failed("cells", said, m.OTHER_DEFAULTS)
    marking.passed("cells", "RNN, GRU and LSTM are what they are called; others are refused.")


def _wrong_kind(responses: Responses, kind: str, candidate: CharLMCandidate) -> Finding:
    """Say why a cell that is no other kind is not the one asked for; the LSTM has been judged."""
    case = Pass((candidate.ids,))
    (outcome,) = candidate.run(responses.build, case)
    wrong = output_problem(outcome, (B, T, V), candidate.dtype)
    if wrong:
        return Finding(f'cell="{kind}": {wrong.message}', wrong.misconception)
    designs = (d for x in mistaken(right(kind, (E, H, V), V)) for d in complete(x))
    found, _ = responses.find(designs, candidate.one_hot)
    if found:
        return Finding(f'cell="{kind}": {found.mistakes[0].seen}', found.mistakes[0])
    said = f'cell="{kind}": the logits are not those of the equations.'
    return Finding(said, m.OTHER_EQUATIONS)


def _judge_embedding(candidate: CharLMCandidate, marking: Marking, other: bool) -> None:
    """One-hot without, a table of the right width with an embedding; None is the default."""
    if other and embedding_by_size(candidate.subject, candidate.build, V, E):
        marking.passed("embedding", "Sizes are those of one-hot vectors and of embeddings.")
        return
    for args in (("LSTM", None), ("LSTM",)):
        plainly = candidate.responses(*args)
        one_hot = complete(right("LSTM", (V, H, V)))
        if not plainly.find(one_hot, candidate.one_hot)[0]:
            marking.failed("embedding", *_not_one_hot(plainly, candidate, args))
            return
    for kind in ("GRU", "RNN"):
        table, one_hot = complete(right(kind, (E, H, V), V)), complete(right(kind, (V, H, V)))
        known = candidate.responses(kind, E).find(table, candidate.one_hot)[0]
        if known and not candidate.responses(kind, None).find(one_hot, candidate.one_hot)[0]:
            said = f'CharLM({V}, {H}, "{kind}", None): {m.NOT_ONE_HOT.seen}'
            marking.failed("embedding", said, m.NOT_ONE_HOT)
    for width in (E, E + 3):
        table = complete(right("LSTM", (width, H, V), V))
        if candidate.responses("LSTM", width).find(table, candidate.one_hot)[0]:
            continue
        finding = _unrecognised(candidate)
        marking.failed("embedding", *finding)
        return
    for embedding in (None, E):
        if _tokens_alike(candidate, candidate.build("LSTM", embedding)):
            said = f"With embedding={embedding} two of {V} tokens give the same logits."
            marking.failed("embedding", said, m.TOKENS_ALIKE)
    marking.passed("embedding", "None gives one-hot vectors, a number an embedding of that width.")


def _tokens_alike(candidate: CharLMCandidate, build: Build) -> bool:
    """Whether two tokens are one to the network, with numbers drawn for all parameters."""
    drawn = drawn_parameters(candidate.subject, build)
    (outcome,) = candidate.run(build, Pass((np.arange(V)[:, None],), parameters=drawn))
    if output_problem(outcome, (V, 1, V), candidate.dtype):
        return False
    logits = plain(outcome.value)[0].reshape(V, -1).astype(float)
    return len(np.unique(np.round(logits, 9), axis=0)) < V


def _not_one_hot(responses: Responses, candidate: CharLMCandidate, args: tuple) -> Finding:
    said = f"CharLM({V}, {H}, {', '.join(map(repr, args))})"
    one_hot = right("LSTM", (V, H, V))
    designs = (d for wrong in mistaken(one_hot) for d in complete(wrong))
    found, _ = responses.find(designs, candidate.one_hot)
    if found:
        return Finding(f"{said}: {found.mistakes[0].seen}", found.mistakes[0])
    for width in (1, *range(2, 13), 16, 32, 64, 128):
        design = right("LSTM", (width, H, V), V)
        if responses.find(complete(design), candidate.one_hot)[0]:
            return Finding(f"{said} has an embedding of width {width}.", m.NOT_ONE_HOT)
    numbers = candidate.ids[..., None].astype(float)
    if responses.find(complete(right("LSTM", (1, H, V))), numbers)[0]:
        return Finding(f"{said} takes ids as numbers.", m.IDS_AS_NUMBERS)
    for kind in ("GRU", "RNN"):
        if responses.find(complete(right(kind, (V, H, V))), candidate.one_hot)[0]:
            return Finding(f"{said} is a {kind}.", m.OTHER_CELL)
    recognised = candidate.embedded.find(complete(right("LSTM", (E, H, V), V)), candidate.one_hot)
    mistake = m.NOT_ONE_HOT if recognised[0] else m.OTHER_EQUATIONS
    return Finding(f"{said}: the logits are not those of the equations.", mistake)
