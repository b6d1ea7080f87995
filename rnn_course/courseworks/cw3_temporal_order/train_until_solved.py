"""Judges ``train_until_solved`` with models whose course of learning is known beforehand."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_course.checks.coursework import Marking
from rnn_course.checks.generic import Finding, explain_error, shown, usable
from rnn_course.checks.requests import Build, Call, Fetch, Load, Program
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Ref, Rng, plain
from rnn_course.courseworks.cw3_temporal_order import training_mistakes as m
from rnn_course.seeding import derive

NAME = "train_until_solved"
_FIELDS = ("sequences", "errors", "solved")
_WINDOW, _TEST = 2000, 2560
_SLIP = 400
_RATE, _DEFAULT_RATE = 0.02, 3e-3
# What the models do, and how many sequences they are trained on. "easy" and "hard" err on one test
# sequence in 300 and in 30: 99.7 % and 97 % are right.
_RUNS: dict[str, tuple[dict, int]] = {
    "hopeless": ({"wrong_at": tuple(range(1000))}, 400),
    "learner": ({"learns": True, "wrong_share": 300, "lr": _RATE}, 2500),
    "slip": ({"wrong_at": (_SLIP,), "unsure": (1, 1, 1.5), "unsure_within": (100, 350)}, 3000),
    "unsure": ({"unsure": (512, 128, 0.8)}, 2150),
    "memoriser": ({"wrong_share": 30, "lr": _RATE}, 2100),
}


@dataclass(frozen=True)
class Seen:
    """What one run of the student's loop did.

    Attributes:
        limit: max_sequences.
        sequences, errors, solved: the fields of its result, None where missing.
        record: what the model noted, see `stubs.Scripted`.
        wrong: why there is no result, if there is none.
    """

    limit: int
    sequences: Any = None
    errors: Any = None
    solved: Any = None
    record: Any = None
    wrong: Finding | None = None

    @property
    def stopped(self) -> bool:
        """Whether it ended because it found the problem solved, and not at the limit."""
        return not self.wrong and bool(self.solved) and self.trained < self.limit

    @property
    def trained(self) -> int:
        """The number of sequences that it was trained on; a test like a batch is none."""
        return int(self.sequences) if self.unfrozen else int(self.record["trained"])

    @property
    def unfrozen(self) -> bool:
        """Whether a test was made in training mode with gradients, as batches are."""
        if self.record["tested"] or not _number(self.sequences):
            return False
        return bool(self.record["trained"] >= int(self.sequences) + _TEST)

    @property
    def relooks(self) -> bool:
        """Whether batches are looked at after their step as a rule, and not as a test."""
        return bool(self.record["relooked"] > self.record["batches"] // 2)

    @property
    def miscounted(self) -> bool:
        """Whether `sequences` is not the number that was trained on."""
        return not _number(self.sequences) or int(self.sequences) != self.trained


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on ``train_until_solved``."""
    if not usable(subject, marking, NAME, ("model", "rng", "max_sequences"), "function"):
        return
    runs: dict[str, Seen] = {}
    over = 1  # times the limit that it trains for where nothing else ends it: seen first
    for name, (script, limit) in _RUNS.items():
        # Who stops too soon comes to a test after every batch: a few will do.
        hasty = name == "memoriser" and runs["slip"].stopped and runs["slip"].trained < _WINDOW
        least = 400 if hasty else limit
        runs[name] = _run(subject, derive(seed, NAME, name), script, least, over)
        if name == "hopeless" and not runs[name].wrong:
            over = max(1, runs[name].trained // limit)
    learner, hopeless = runs["learner"], runs["hopeless"]
    never, tried = None, learner
    if not learner.wrong and not learner.solved and not learner.record["tested"]:
        never, tried = _never_stops(subject, seed, learner)
    _judge_limit(hopeless, runs["memoriser"], marking)
    if learner.wrong:
        marking.fail_rest(*learner.wrong)
        return
    _judge_learner(learner, marking)
    _judge_step(learner, hopeless, marking)
    if learner.relooks:
        said = "A batch was looked at again after its step."
        marking.failed("all_right", said, m.RIGHT_AFTER_STEP)
    _judge_window(runs["slip"], marking, never)
    _judge_error(runs["unsure"], marking)
    _judge_test(runs["memoriser"], tried, marking)


def _run(subject: Subject, seed: int, script: dict, limit: int, over: int = 1) -> Seen:
    """Let it train a scripted model.

    Args:
        limit: sequences that it is to see at most.
        over: times its limit that it goes on for, so it is told that much less. One that counts
            batches would take minutes.
    """
    build = Build(
        "Scripted",
        (),
        script,
        dtype="float32",
        given="rnn_course.courseworks.cw3_temporal_order.stubs",
    )
    steps: list[Build | Call | Load | Fetch] = [
        build,
        Call(NAME, (Ref(0), Rng(seed), max(1, limit // over))),
        Fetch(Ref(0, ("record",))),
    ]
    steps += [Fetch(Ref(1, (field,))) for field in _FIELDS]
    outcomes = subject.ask(Program(tuple(steps)))
    if len(outcomes) < 3 or outcomes[1].error:
        return Seen(limit, wrong=explain_error(outcomes[-1].error))
    result, record = plain(outcomes[1].value), plain(outcomes[2].value)
    fetched = len(outcomes) == len(steps) and not outcomes[-1].error
    if not (isinstance(result, (tuple, list)) and len(result) == len(_FIELDS)):
        result = [plain(outcome.value) for outcome in outcomes[3:]] if fetched else None
    if result is not None:
        return Seen(limit, result[0], result[1], result[2], record)
    said = f"It returned {shown(outcomes[1].value)}."
    return Seen(limit, record=record, wrong=Finding(said, m.RESULT_NOT_ASKED))


def _never_stops(subject: Subject, seed: int, learner: Seen) -> tuple[Finding, Seen]:
    """Find out when a loop stops that did not where it should have, after a first wrong batch."""
    batch = learner.record["largest"]

    def run(name: str, limit: int, *wrong_at: int) -> Seen:
        script = {"lr": _RATE, "wrong_at": wrong_at}
        return _run(subject, derive(seed, NAME, name), script, limit)

    patient = run("patient", learner.limit)
    if not patient.wrong and patient.stopped:
        said = f"With everything right it stopped after {patient.record['trained']} sequences; with"
        said += f" sequence 0 wrong it had not stopped after {learner.limit}"
        later = run("later", 3 * _WINDOW, 0)
        if later.wrong or not later.stopped:
            return Finding(f"{said}, nor after {later.limit}.", m.MEAN_OVER_EVERYTHING), patient
        said += f", but after {later.record['trained']}."
        return Finding(said, m.LOOKS_SELDOM), later
    said = f"It was trained on {learner.limit} sequences in batches of {batch}, all of them right, "
    return Finding(said + "and did not stop.", m.NEVER_STOPS), learner


def _judge_learner(seen: Seen, marking: Marking) -> None:
    record = seen.record
    said = f"A small model was trained on {record['trained']} sequences"
    if record["accumulated"] > record["batches"] // 2:
        said += "; gradients of earlier batches were left."
        marking.failed("learns", said, m.GRADIENTS_ADD_UP)
    elif record["retrained"]:
        said += f", {record['retrained']} of them seen before."
        marking.failed("learns", said, m.SAME_DATA_AGAIN)
    elif record["moved"] > 0:
        marking.passed("learns", said + " and learned.")
    else:
        marking.failed("learns", said + "; its parameters did not move.", m.NEVER_UPDATED)
    _judge_result(seen, marking)


def _judge_step(learner: Seen, hopeless: Seen, marking: Marking) -> None:
    """Decide how a step is made: the rate, the gradient's norm, one optimizer for the whole run."""
    record = learner.record
    rates = [rate for _, rate in record["rates"]]
    wrong = [(left, now) for left, now in record["gradients"] if now and not 0.98 < now < 1.02]
    if rates and not np.isclose(rates, _RATE).any():
        said = f"model.lr was {_RATE:g}; the optimizer's rate was {rates[0]:g}."
        marking.failed("step", said, m.RATE_IGNORED)
    elif wrong:
        said = "backward() left a gradient of norm {:.3g}, and the step used one of {:.3g}; "
        marking.failed("step", said.format(*wrong[0]) + "1 is right.", m.NOT_CLIPPED)
    elif record["restarts"] > record["batches"] // 2:
        said = f"{record['restarts'] + 1} optimizers made the steps of {record['batches']} batches."
        marking.failed("step", said, m.NEW_OPTIMIZER)
    elif hopeless.wrong:
        said = f"For a model without an attribute lr: {hopeless.wrong.message}"
        marking.failed("step", said, hopeless.wrong.misconception)
    elif adam := [rate for kind, rate in hopeless.record["rates"] if kind == "Adam"]:
        said = f"For a model without an attribute lr the rate was {adam[0]:g}"
        if np.isclose(adam, _DEFAULT_RATE).any():
            marking.passed("step", f"{said}, for one with it that, and the gradients are clipped.")
        else:
            marking.failed("step", f"{said}; {_DEFAULT_RATE:g} is right.", m.RATE_IGNORED)
    else:
        marking.passed("step", "The rate is model.lr, and the gradients are clipped.")


def _passed_tests(record: dict, solved: bool = False) -> bool:
    """Tell whether a test went well enough; if solved, whether one did before the last."""
    tests = record["tests"][:-1] if solved else record["tests"]
    return any(size >= _TEST and wrong <= size / 100 for size, wrong, _ in tests)


def _judge_result(seen: Seen, marking: Marking) -> None:
    trained = seen.trained
    if seen.miscounted:
        said = f"sequences is {shown(seen.sequences)}; {trained} were trained on."
        marking.failed("result", said, m.SEQUENCES_MISCOUNTED)
    elif not _errors_right(seen):
        marking.failed("result", f"errors is {_listed(seen.errors)}.", m.ERRORS_NOT_KEPT)
    elif not isinstance(seen.solved, (bool, np.bool_)):
        marking.failed("result", f"solved is {shown(seen.solved)}.", m.RESULT_NOT_ASKED)
    else:
        marking.passed("result", "sequences, errors and solved say what happened.")


def _number(value: Any) -> bool:
    return isinstance(value, (int, float, np.generic, np.ndarray)) and np.size(value) == 1


def _numbers(errors: Any) -> np.ndarray | None:
    try:
        return np.asarray(errors, dtype=float).ravel()
    except (TypeError, ValueError):
        return None


def _listed(errors: Any) -> str:
    came = _numbers(errors)
    if came is None or not came.size:
        return shown(errors)
    return f"{came.size} numbers, {', '.join(f'{error:.4g}' for error in came[:3])}, …"


def _errors_right(seen: Seen) -> bool:
    """One error a batch, or a sequence; the model gives all sequences of a batch the same one."""
    came, right = _numbers(seen.errors), np.array(seen.record["losses"])
    if seen.unfrozen:  # the test is among them, and costs elsewhere
        return came is not None and came.size > 0 and abs(came[0] - right[0]) < 1e-3
    if came is None or came.size not in (len(right), seen.record["trained"]):
        return False
    if came.size == len(right):
        return bool(np.allclose(came, right, atol=1e-3))
    return abs(came[0] - right[0]) < 1e-3 and abs(came[-1] - right[-1]) < 1e-3


def _judge_window(seen: Seen, marking: Marking, never: Finding | None) -> None:
    """One sequence is wrong, and those after 100 are unsure, but nothing later than 400 is."""
    if seen.wrong:
        marking.failed("all_right", *seen.wrong)
        return
    trained, earliest = seen.trained, _SLIP + 1 + _WINDOW
    said = f"Training sequence {_SLIP} was wrong, all others right; it "
    said += "stopped" if seen.stopped else "went on until the limit"
    said += f" at {trained}; about {earliest} is right."
    if seen.stopped and trained < _WINDOW:
        marking.failed("all_right", said, m.STOPS_TOO_SOON)
    elif seen.stopped and trained < earliest:
        marking.failed("all_right", said, m.STOPS_EARLY)
    elif seen.stopped and trained <= earliest + max(4 * seen.record["largest"], 500):
        marking.passed("all_right", said)
    else:
        marking.failed("all_right", *(never or Finding(said, m.MEAN_OVER_EVERYTHING)))


def _judge_error(seen: Seen, marking: Marking) -> None:
    """The mean error stays at 0.2, in bursts: a last batch may look far better."""
    if seen.wrong:
        marking.failed("mean_error", *seen.wrong)
        return
    trained = seen.record["trained"]
    said = "All right with a mean error of 0.2: it "
    said += f"stopped at {trained}." if seen.stopped else f"went on until {trained}."
    if seen.stopped:
        mistake = m.STOPS_TOO_SOON if trained < _WINDOW else m.ERROR_IGNORED
        marking.failed("mean_error", said, mistake)
    else:
        marking.passed("mean_error", said)


def _judge_test(seen: Seen, learner: Seen, marking: Marking) -> None:
    """Every training sequence right, one fresh sequence in thirty wrong."""
    if seen.wrong:
        marking.failed("fresh_test", *seen.wrong)
        return
    record, tested = seen.record, learner.record["tested"]
    said = "Training all right, 3 % of fresh sequences wrong: it "
    said += f"stopped at {record['trained']}" if seen.stopped else "went on"
    said += f", after tests with {record['tested']} sequences in all."
    wrong = _frozen_problem(learner.record) or _frozen_problem(record)
    retested = max(record["retested"], learner.record["retested"])
    if wrong:
        marking.failed("fresh_test", *wrong)
    elif learner.unfrozen:
        marking.failed("fresh_test", m.TEST_NOT_FROZEN.seen, m.TEST_NOT_FROZEN)
    elif not record["tested"] and not tested and not (seen.stopped or learner.stopped):
        marking.failed("fresh_test", "Not reached: no run came to a test.")
    elif not record["tested"] and not tested:
        same = learner.record["relooked"] and not learner.relooks
        marking.failed("fresh_test", said, m.TEST_NOT_FRESH if same else m.TEST_SKIPPED)
    elif retested:
        said = f"{retested} test sequences had been seen before."
        marking.failed("fresh_test", said, m.TEST_NOT_FRESH)
    elif seen.stopped and record["lucky"]:
        marking.failed("fresh_test", said, m.TESTED_UNTIL_LUCKY)
    elif seen.stopped and not 0 < tested < _TEST:
        marking.failed("fresh_test", said, m.TEST_SKIPPED)
    elif 0 < tested < _TEST and learner.stopped:
        said = f"The test had {tested} sequences; {_TEST} are asked for."
        marking.failed("fresh_test", said, m.TEST_TOO_SMALL)
    elif _passed_tests(learner.record, learner.solved):
        said = "A test that found 99.7 % right did not end the run."
        marking.failed("fresh_test", said, m.TEST_TOO_STRICT)
    else:
        marking.passed("fresh_test", said)


def _frozen_problem(record: dict) -> Finding | None:
    if record["trained_on_test"]:
        return Finding(m.TRAINED_IN_EVAL.seen, m.TRAINED_IN_EVAL)
    if record["steps_in_test"]:
        said = f"{record['steps_in_test']} steps were made between a test and the next batch."
        return Finding(said, m.STEP_IN_TEST)
    if record["unfrozen"] or record["graded"]:
        said = f"{record['unfrozen']} sequences were tested in training mode, "
        said += f"{record['graded']} with gradients."
        return Finding(said, m.TEST_NOT_FROZEN)
    return None


def _judge_limit(hopeless: Seen, memoriser: Seen, marking: Marking) -> None:
    """A model that is always wrong is trained up to the limit; a failed test ends nothing."""
    if hopeless.wrong:
        marking.failed("limit", *hopeless.wrong)
        return
    trained, batch = hopeless.record["trained"], hopeless.record["largest"]
    said = f"With max_sequences={hopeless.limit} and everything wrong it trained on {trained}"
    said += f" in batches of {batch}"
    if trained > hopeless.limit + batch:
        marking.failed("limit", said + ".", m.LIMIT_IGNORED)
    elif hopeless.solved:
        marking.failed("limit", f"{said}; solved is {shown(hopeless.solved)}.", m.SOLVED_WRONGLY)
    elif trained < hopeless.limit - 2 * batch:
        marking.failed("limit", said + ".", m.SEQUENCES_MISCOUNTED if hopeless.miscounted else None)
    elif not memoriser.wrong and (ended := _gives_up(memoriser)):
        marking.failed("limit", *ended)
    else:
        marking.passed("limit", said + ", solved=False.")


def _gives_up(seen: Seen) -> Finding | None:
    """Find out why a run ended before its limit that was not solved."""
    record = seen.record
    if seen.stopped or record["trained_on_test"]:
        return None
    if record["trained"] >= seen.limit - 2 * record["largest"] or not record["tested"]:
        return None
    said = f"With max_sequences={seen.limit} it ended after {record['trained']} and a failed test"
    if seen.miscounted and _number(seen.sequences) and seen.sequences >= seen.limit:
        said += f"; it had counted {int(seen.sequences)}"
        return Finding(said + ".", m.SEQUENCES_MISCOUNTED)
    return Finding(said + ".", m.GIVES_UP)
