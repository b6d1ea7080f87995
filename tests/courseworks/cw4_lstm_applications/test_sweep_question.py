"""The record of a sweep is a student's file: whatever stands in it costs the judge no more."""

import json
import time

import pytest

from rnn_course.checks.coursework import Marking
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.report import Criterion
from rnn_course.checks.values import Opaque
from rnn_course.courseworks.cw4_lstm_applications.sweep import FILE, _numbers, judge

CRITERIA = ("grid", "results", "best", "slowest", "diverged")


def point(steps: object, hiddens: object = 1, lr: object = 1, **result: object) -> str:
    setting = {"num_steps": steps, "num_hiddens": hiddens, "lr": lr}
    found = {"setting": setting, "error": "", "seconds": 1, "result": {"perplexity": 9, **result}}
    return json.dumps(found)


def said(tmp_path, lines: list[str], **names: object) -> dict[str, tuple[bool, str]]:
    (tmp_path / FILE).write_text("\n".join(lines))
    marking = Marking(tuple(Criterion(name, name, 1) for name in CRITERIA))
    judge(LocalSubject(names, tmp_path), 1, marking)
    return {v.criterion.id: (v.passed, v.message) for v in marking.verdicts()}


def test_settings_that_combine_to_a_billion_are_counted_and_not_listed(tmp_path) -> None:
    begin = time.monotonic()
    found = said(tmp_path, [point(n, n, n) for n in range(1000)])
    assert time.monotonic() - begin < 5
    assert found["grid"] == (
        False,
        "1000 settings: 1000 num_steps, 1000 num_hiddens, 1000 lr; 999999000 are missing.",
    )


@pytest.mark.parametrize(
    "line",
    [point(10**400), "[" * 100_000, "{}", "1", point("x")],
    ids=["huge", "deep", "empty", "number", "text"],
)
def test_a_record_that_is_none_earns_nothing_and_is_named(tmp_path, line: str) -> None:
    found = said(tmp_path, [point(1), line])
    assert not any(passed for passed, _ in found.values())
    assert f"{FILE} cannot be read" in found["grid"][1]


def test_a_record_that_is_too_large_is_not_read(tmp_path) -> None:
    assert said(tmp_path, [point(1)] * 50_000)["grid"][1].startswith(f"{FILE} has ")


def test_the_numbers_of_a_set_are_read_and_nothing_is_evaluated() -> None:
    assert _numbers(Opaque("set", "{0.1, 2, 1e-05}")) == {0.1, 2.0, 1e-05}
    assert _numbers(Opaque("frozenset", "frozenset({3.0})")) == {3.0}
    for text in ("{__import__('os')}", "{'0.1'}", "{(1, 2)}", "[" * 1000):
        with pytest.raises(ValueError, match="could not convert"):
            _numbers(Opaque("set", text))
