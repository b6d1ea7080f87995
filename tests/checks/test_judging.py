"""A small question, recorded and judged: what is forgiven, what costs once, what is named."""

from collections import deque
from dataclasses import replace

import numpy as np
import pytest

from rnn_course.checks import recording, recording_data
from rnn_course.checks.cases import Case
from rnn_course.checks.convert import returned
from rnn_course.checks.judging import judged_by
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.observation import Loose, Path, Trial, see
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.requests import Call, Outcome
from rnn_course.checks.wire import decode, encode

ABOVE = """
import numpy as np

def twice(x, kept=True):
    return 2 * x, "a note of its own"
"""
ANSWER = """
def total(rows):
    return sum(twice(row)[0] for row in rows)


def mean(rows, label):
    return rows.sum() / len(rows), label
"""


def cases(rng):
    for group, size in (("one", 1), ("several", 3), ("several", 4)):
        rows = np.round(rng.normal(size=(size, 2)), 2)
        steps = {
            "total": Call("total", (rows,)),
            "mean": Call("mean", (rows, 2.0)),
            "again": Call("mean", (rows, 2.0)),
        }
        yield Case(f"{size} rows", steps, group)


def question(**changed):
    given = {
        "cases": cases,
        "parts": (
            Part("total", "The sum of all rows, twice", 2, "total"),
            Part("mean", "The mean", 1, ("mean.0", "mean.0==again.0")),
            Part("label", "The label", 1, "label=mean.1", follows="mean", apart=("one",)),
        ),
        "mistakes": (
            Mistake("not_divided", "s", "w", ((" / len(rows)", ""),)),
            Mistake("label_changed", "s", "w", (("), label", "), label + 1"),)),
        ),
        "given": ("twice.0",),
    }
    return compare("total", "Sums", **given | changed)


def judged(answer, above=ABOVE, **changed):
    asked = question(**changed)
    source = recording.Source("total", ANSWER, ABOVE)
    recorded = recording.record(asked.comparison, source, 3)
    recorded = recording_data.from_data(decode(encode(recording_data.as_data(recorded))))
    namespace = {}
    exec(above + answer, namespace)
    report = replace(asked, judge=judged_by(recorded)).report(LocalSubject(namespace), 3)
    assert not report.breakdown
    return {v.criterion.id: v for v in report.verdicts}


def names(verdicts):
    return {v.criterion.id: v.misconception.id for v in verdicts.values() if v.misconception}


@pytest.mark.parametrize("body", ["raise NotImplementedError", "return 3 * x, None", "return x"])
def test_a_wrong_earlier_answer_costs_nothing_and_is_named(body):
    found = judged(ANSWER, f"import numpy as np\ndef twice(x, kept=True):\n    {body}\n")
    assert all(verdict.passed for verdict in found.values())
    assert "a right `twice`: yours is not right yet" in found["total"].message


def test_recorded_calls_are_found_however_the_arguments_are_passed():
    answer = ANSWER.replace("twice(row)", "twice(kept=True, x=row)")
    assert judged(answer, "def twice(x, kept=True):\n    raise ValueError\n")["total"].passed


def test_a_right_earlier_answer_is_not_stood_in_for():
    above = ABOVE.replace('"a note of its own"', "5 * x")
    found = judged(ANSWER.replace("twice(row)[0]", "twice(row)[1]"), above)
    assert not found["total"].passed


def test_an_answer_that_wants_its_own_back_is_told_what_comes_first():
    above = "def twice(x, kept=True):\n    return {'right': 3 * x}\n"
    found = judged(ANSWER.replace("[0]", "['right']"), above)
    assert found["total"].message == "`twice` comes first: yours is not right yet."


def test_a_mistake_beside_a_wrong_earlier_answer_is_named_by_recorded_calls():
    above = "def twice(x, kept=True):\n    raise ValueError\n"
    assert names(judged(ANSWER.replace(" / len(rows)", ""), above)) == {"mean": "not_divided"}


def test_two_mistakes_are_named_each_where_it_shows():
    answer = ANSWER.replace(" / len(rows)", "").replace("), label", "), label + 1")
    answer = answer.replace("rows.sum(), label", "(rows.sum()), label")
    assert names(judged(answer)) == {"mean": "not_divided", "label": "label_changed"}


def test_what_follows_costs_once():
    found = judged(
        "def total(rows):\n    return 0\ndef mean(rows, label):\n    return 1.5, label\n"
    )
    assert not found["mean"].passed
    assert found["label"].passed


def test_nothing_that_comes_back_is_told_as_that():
    answer = "def total(rows):\n    print(1)\ndef mean(rows, label):\n    pass\n"
    assert names(judged(answer)) == {
        "total": "prints_instead_of_returning",
        "mean": "returns_nothing",
        "label": "returns_nothing",
    }


def look(path, value, **loose):
    return Path.parse(path).look(Trial({"r": Outcome(value=returned(value))}), Loose(**loose))


def test_lengths_and_shapes_can_be_looked_at():
    assert look("r.0@length", ([1, "a", None],)).numbers.tolist() == [3]
    assert look("r@length", 3.0).structure == "nothing there"
    assert look("r@shape", np.zeros((2, 3))).structure == "shape (2, 3)"
    assert look("r@shape", "text").structure == "nothing there"
    assert look("r.a==r.b", {}).structure == "nothing there"


def test_axes_of_length_one_need_not_count():
    squeezed = Loose(shape="squeezed")
    shapes = ((3,), (1, 3), (3, 1), (1, 3, 1))
    assert len({see(np.zeros(shape), squeezed).structure for shape in shapes}) == 1
    assert see(np.zeros((3, 11)), squeezed).shape == (3, 11)
    assert see([[2.0]], squeezed).shape == ()


def test_a_deque_and_numbered_entries_are_data():
    assert returned(deque([1, 2])) == [1, 2]
    assert returned({0: "a"}) == {"0": "a"}


def test_each_part_of_a_result_that_is_named_has_to_be_right():
    above = ABOVE.replace('"a note of its own"', "5 * x")
    wrong = above.replace("5 * x", "7 * x")
    answer = ANSWER.replace("[0]", "[1]")
    given = ("twice.0", "twice.1")
    assert judged(ANSWER, wrong, given=given)["total"].passed
    assert not judged(answer, above, given=given)["total"].passed
