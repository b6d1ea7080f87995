"""A judge of ours that breaks down: the student gets a report, and nobody is blamed."""

from collections.abc import Callable

import pytest

from rnn_course.checks.coursework import Coursework, Marking, Question
from rnn_course.checks.notebook import Checker
from rnn_course.checks.report import Criterion
from rnn_course.errors import ObservationError

CRITERIA = (Criterion("easy", "The easy part", 2), Criterion("hard", "The hard part", 3))


def checker(judge: Callable) -> Checker:
    question = Question("sum", "A sum", CRITERIA, judge, ("answer",))
    course = Coursework("toy", "Toy", "toy.ipynb", (question,))
    return Checker(lambda: course, {"answer": [1, 2]})


def breaks(subject: object, seed: int, marking: Marking) -> None:
    marking.passed("easy", "All well.")
    marking.incidents.append("answer uses torch.nn.GRU")
    raise IndexError("list index\nout of range")


def test_the_student_gets_a_report_without_points_that_blames_nobody() -> None:
    report = checker(breaks)("sum")
    assert (report.status, report.score, report.max_score, repr(report)) == ("failed", 0, 5, "0.0")
    text = " ".join(report.text().split())
    assert "The check itself broke down on this answer (IndexError: list index out of" in text
    assert "That is not your mistake. Tell your instructor" in text
    assert "IndexError: list index out of range" in report._repr_html_()


def test_the_instructor_learns_where_and_what_was_noticed_before() -> None:
    report = checker(breaks)("sum")
    assert report.breakdown.startswith("IndexError: list index out of range (test_breakdown.py, li")
    assert report.incidents == ("answer uses torch.nn.GRU",)


def test_notes_that_no_report_can_hold_are_a_breakdown_too() -> None:
    def judge(subject: object, seed: int, marking: Marking) -> None:
        marking.notes.append([])

    assert "unhashable" in checker(judge)("sum").breakdown


@pytest.mark.parametrize("error", [RecursionError("too deep"), AssertionError(), MemoryError()])
def test_whatever_breaks_there_is_a_report(error: Exception) -> None:
    def judge(subject: object, seed: int, marking: Marking) -> None:
        raise error

    assert checker(judge)("sum").breakdown.startswith(type(error).__name__)


def test_a_long_text_is_cut() -> None:
    def judge(subject: object, seed: int, marking: Marking) -> None:
        raise ValueError("x" * 10_000)

    report = checker(judge)("sum")
    assert len(report.breakdown) < 300
    assert len(report.text()) < 800


def test_an_answer_that_cannot_be_observed_is_no_breakdown() -> None:
    def judge(subject: object, seed: int, marking: Marking) -> None:
        marking.passed("easy")
        raise ObservationError("an answer", "noise", "Return data.")

    report = checker(judge)("sum")
    assert (report.score, report.breakdown) == (2, "")


def test_an_interruption_is_the_students_own_wish() -> None:
    def judge(subject: object, seed: int, marking: Marking) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        checker(judge)("sum")
