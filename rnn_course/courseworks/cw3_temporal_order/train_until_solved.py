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
from rnn_course.courseworks.cw3_temporal_order.stubs import CHANCE
from rnn_course.seeding import derive

NAME = "train_until_solved"
_FIELDS = ("sequences", "errors", "solved")
_WINDOW, _TEST = 2000, 2560
_SLIP, _LIMIT = 400, 2100
_ERRS = {"hard": 30, "easy": 300}  # one test sequence in so many is wrong: 97 % and 99.7 % right


@dataclass(frozen=True)
class Seen:
    """What one run of the student's loop did.

    Attributes:
        sequences, errors, solved: the fields of its result, None where missing.
        record: what the model noted, see `stubs.Scripted`.
        error: an exception, if there was one.
        complete: whether the result has all fields.
    """

    sequences: Any = None
    errors: Any = None
    solved: Any = None
    record: Any = None
    error: Any = None
    complete: bool = False


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Decide on ``train_until_solved``."""
    if not usable(subject, marking, NAME, ("model", "rng", "max_sequences"), "function"):
        return
    script = {"learns": True, "wrong_share": _ERRS["easy"]}
    learner = _run(subject, derive(seed, NAME, "learner"), 2500, script)
    if learner.error:
        marking.fail_rest(*explain_error(learner.error))
        return
    if not learner.complete:
        said = f"It returned {shown(learner.sequences)}."
        marking.fail_rest(said, m.RESULT_NOT_ASKED)
        return
    _judge_learner(learner, marking)
    slip = {"wrong_at": (_SLIP,), "unsure": (1, 1, 1.5), "unsure_within": (100, 350)}
    if learner.record["relooked"]:
        said = "A batch was looked at again after its step."
        marking.failed("all_right", said, m.RIGHT_AFTER_STEP)
    _judge_window(_run(subject, derive(seed, NAME, "slip"), 3000, slip), marking)
    unsure = {"unsure": (512, 128, 0.8)}
    _judge_error(_run(subject, derive(seed, NAME, "unsure"), 2150, unsure), marking)
    memoriser = {"wrong_share": _ERRS["hard"]}
    _judge_test(_run(subject, derive(seed, NAME, "memoriser"), _LIMIT, memoriser), learner, marking)


def _run(subject: Subject, seed: int, limit: int, script: dict) -> Seen:
    build = Build(
        "Scripted",
        (),
        script,
        dtype="float32",
        given="rnn_course.courseworks.cw3_temporal_order.stubs",
    )
    steps: list[Build | Call | Load | Fetch] = [
        build,
        Call(NAME, (Ref(0), Rng(seed), limit)),
        Fetch(Ref(0, ("record",))),
    ]
    steps += [Fetch(Ref(1, (field,))) for field in _FIELDS]
    outcomes = subject.ask(Program(tuple(steps)))
    if len(outcomes) < 3 or outcomes[1].error:
        return Seen(error=outcomes[-1].error)
    result, record = plain(outcomes[1].value), plain(outcomes[2].value)
    if isinstance(result, (tuple, list)) and len(result) == len(_FIELDS):
        sequences, errors, solved = result
        return Seen(sequences, errors, solved, record, complete=True)
    if len(outcomes) == len(steps) and not outcomes[-1].error:
        sequences, errors, solved = (plain(outcome.value) for outcome in outcomes[3:])
        return Seen(sequences, errors, solved, record, complete=True)
    return Seen(sequences=outcomes[1].value, record=record)


def _judge_learner(seen: Seen, marking: Marking) -> None:
    record = seen.record
    sure = record["moved"] > 0 and (seen.solved or _passed_tests(record))
    said = f"A model of one parameter was trained on {record['trained']} sequences"
    if record["accumulated"] > record["batches"] // 2:
        marking.failed(
            "learns", said + "; gradients of earlier batches were left.", m.GRADIENTS_ADD_UP
        )
    elif record["retrained"]:
        said += f", {record['retrained']} of them seen before."
        marking.failed("learns", said, m.SAME_DATA_AGAIN)
    elif sure:
        marking.passed("learns", said + " and learned.")
    elif record["moved"] or not record["tested"]:
        mistake = m.NEVER_STOPS if record["tested"] or record["moved"] else m.NEVER_UPDATED
        marking.failed("learns", said + " and not solved.", mistake)
    else:
        marking.failed("learns", said + "; its parameter did not move.", m.NEVER_UPDATED)
    _judge_result(seen, marking)


def _passed_tests(record: dict, solved: bool = False) -> bool:
    """Tell whether a test went well enough; if solved, whether one did before the last."""
    tests = record["tests"][:-1] if solved else record["tests"]
    return any(size >= _TEST and wrong <= size / 100 for size, wrong, _ in tests)


def _judge_result(seen: Seen, marking: Marking) -> None:
    trained = seen.record["trained"]
    if not _number(seen.sequences) or int(seen.sequences) != trained:
        said = f"sequences is {shown(seen.sequences)}; {trained} were trained on."
        marking.failed("result", said, m.SEQUENCES_MISCOUNTED)
    elif not _errors_right(seen):
        marking.failed("result", f"errors is {shown(seen.errors)}.", m.ERRORS_NOT_KEPT)
    elif not isinstance(seen.solved, (bool, np.bool_)):
        marking.failed("result", f"solved is {shown(seen.solved)}.", m.RESULT_NOT_ASKED)
    else:
        marking.passed("result", "sequences, errors and solved say what happened.")


def _number(value: Any) -> bool:
    return isinstance(value, (int, float, np.generic, np.ndarray)) and np.size(value) == 1


def _errors_right(seen: Seen) -> bool:
    """One error a batch, or a sequence, from chance down to nothing."""
    try:
        errors = np.asarray(seen.errors, dtype=float).ravel()
    except (TypeError, ValueError):
        return False
    if errors.size not in (seen.record["batches"], seen.record["trained"]):
        return False
    return abs(errors[0] - CHANCE) < 0.05 and (errors[-1] < 0.1 or not seen.solved)


def _judge_window(seen: Seen, marking: Marking) -> None:
    """One sequence is wrong, and those after 100 are unsure, but nothing later than 400 is."""
    if _broke(seen, marking, "all_right"):
        return
    trained, earliest = seen.record["trained"], _SLIP + 1 + _WINDOW
    said = f"Training sequence {_SLIP} was wrong; it stopped at {trained}, solved={seen.solved}."
    if seen.solved and trained < _WINDOW:
        marking.failed("all_right", said, m.STOPS_TOO_SOON)
    elif seen.solved and trained < earliest:
        marking.failed("all_right", said, m.STOPS_EARLY)
    elif seen.solved and trained <= earliest + max(4 * seen.record["largest"], 500):
        marking.passed("all_right", said)
    else:
        marking.failed("all_right", said, m.MEAN_OVER_EVERYTHING)


def _judge_error(seen: Seen, marking: Marking) -> None:
    """The mean error stays at 0.2, in bursts: a last batch may look far better."""
    if _broke(seen, marking, "mean_error"):
        return
    trained = seen.record["trained"]
    said = f"All right with a mean error of 0.2: it stopped at {trained}, solved={seen.solved}."
    if seen.solved:
        marking.failed(
            "mean_error", said, m.STOPS_TOO_SOON if trained < _WINDOW else m.ERROR_IGNORED
        )
    else:
        marking.passed("mean_error", said)


def _judge_test(seen: Seen, learner: Seen, marking: Marking) -> None:
    """Every training sequence right, one fresh sequence in thirty wrong."""
    if _broke(seen, marking, "fresh_test") or _broke(seen, marking, "limit"):
        return
    _judge_limit(seen, marking)
    record = seen.record
    share = sum(wrong for _, wrong, _ in record["tests"]) / max(record["tested"], 1)
    said = (
        f"Training all right, {100 * share:.0f} % of fresh sequences wrong: solved={seen.solved}."
    )
    tested = learner.record["tested"]
    wrong = _frozen_problem(learner.record) or _frozen_problem(record)
    if wrong:
        marking.failed("fresh_test", *wrong)
    elif not record["tested"] and not tested:
        marking.failed("fresh_test", said, _untested(seen, learner))
    elif seen.solved:
        mistake = m.TEST_TOO_SMALL if 0 < tested < _TEST else m.TEST_SKIPPED
        marking.failed("fresh_test", said, mistake)
    elif record["retested"] or learner.record["retested"]:
        count = max(record["retested"], learner.record["retested"])
        said = f"{count} test sequences had been seen before."
        marking.failed("fresh_test", said, m.TEST_NOT_FRESH)
    elif 0 < tested < _TEST and learner.solved:
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
    if record["unfrozen"] or record["graded"]:
        said = f"{record['unfrozen']} sequences were tested in training mode, "
        said += f"{record['graded']} with gradients."
        return Finding(said, m.TEST_NOT_FROZEN)
    return None


def _untested(seen: Seen, learner: Seen) -> Any:
    """Without a test in evaluation mode: was there one in training mode?"""
    counted = learner.sequences
    more = _number(counted) and learner.record["trained"] >= int(counted) + _TEST
    return m.TEST_NOT_FROZEN if more else m.TEST_SKIPPED


def _judge_limit(seen: Seen, marking: Marking) -> None:
    trained, batch = seen.record["trained"], seen.record["largest"]
    said = f"With max_sequences={_LIMIT} it trained on {trained} in batches of {batch}"
    if trained > _LIMIT + batch:
        marking.failed("limit", said + ".", m.LIMIT_IGNORED)
    elif seen.solved:
        marking.failed("limit", said + ", solved=True.", m.SOLVED_WRONGLY)
    elif trained < _LIMIT - 2 * batch:
        marking.failed("limit", said + ".", m.GIVES_UP)
    else:
        marking.passed("limit", said + ", solved=False.")


def _broke(seen: Seen, marking: Marking, criterion: str) -> bool:
    if seen.error:
        marking.failed(criterion, *explain_error(seen.error))
    elif not seen.complete:
        marking.failed(criterion, "The result is not complete.", m.RESULT_NOT_ASKED)
    return bool(seen.error) or not seen.complete
