"""What a wrong answer is told rests on what was seen of the same part."""

from dataclasses import replace

import numpy as np

from rnn_course.checks.cases import Case
from rnn_course.checks.judging import judged_by
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.recording import Source, record
from rnn_course.checks.requests import Call

RIGHT = "def both(x):\n    return x + 1, x * 2"


def _cases(rng):
    for said, group, size in (("T = 2", "sum", 2), ("T = 3", "twice", 3), ("T = 4", "twice", 4)):
        yield Case(said, {"result": Call("both", (np.arange(1.0, size + 1),))}, group)


def _ways(old, new):
    return ((old, new),)


QUESTION = compare(
    "both",
    "Two numbers",
    cases=_cases,
    signature={"both": ("x",)},
    parts=(
        Part("more", "One more", 1, "result.0", groups=("sum",)),
        Part("twice", "Twice", 1, "result.1", groups=("twice",)),
    ),
    mistakes=(
        Mistake("two_more", "2 is added", "1 is right", _ways("x + 1", "x + 2")),
        Mistake("squared", "A square", "Twice is right", _ways("x * 2", "x * x")),
        Mistake("no_pair", "No pair", "Return both", _ways("x + 1, x * 2", "{}")),
    ),
)
RECORDING = record(QUESTION.comparison, Source("both", RIGHT), 1, named=False)


def _named(body):
    known = {}
    exec(f"def both(x):\n    {body}", known)
    question = replace(QUESTION, judge=judged_by(RECORDING), comparison=None)
    return {m.id for m in question.report(LocalSubject(known), 1).misconceptions}


def test_an_exception_on_the_first_case_of_a_part_is_no_constant_size():
    assert _named("return x + 1, x * np.ones(9)") == {"unknown_name"}
    assert "hard_coded_size" not in _named("return x + 1, x @ [[1.0, 2.0]] if len(x) > 2 else 0")
    assert "hard_coded_size" in _named("return x + 1, x * 2 if len(x) < 4 else x @ [1.0]")


def test_what_returns_nothing_is_said_before_a_mistake_that_has_no_such_part_either():
    assert _named("x + 1, x * 2") == {"returns_nothing"}
    assert _named("print(x)") == {"prints_instead_of_returning"}
    assert _named("return {}") == {"no_pair"}


def test_mistakes_of_different_parts_are_told_without_having_been_run_together():
    assert not [v for v in RECORDING.variants if v.kind == "pair" and v.id != "no_pair"]
    assert _named("return x + 2, x * x") == {"two_more", "squared"}
