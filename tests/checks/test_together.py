import pytest

from rnn_course.checks.requests import Describe
from rnn_course.checks.subject import Remembering, Subject, SubjectLostError
from rnn_course.checks.together import together


class Echo(Subject):
    """Answers a description's name, and is lost where the name is "lost"."""

    def __init__(self):
        self.messages = []

    def answers(self, requests):
        self.messages.append([request.name for request in requests])
        for request in requests:
            if request.name == "lost":
                raise SubjectLostError("crashed", "It died.")
            yield request.name

    def source(self, name):
        return name

    def file(self, name):
        return name.encode()


def asks(subject, *names):
    return lambda: [subject.ask(Describe(name)) for name in names]


def test_what_parts_ask_at_the_same_time_goes_out_in_one_message():
    echo = Echo()
    parts = together(asks(echo, "a", "b", "c"), asks(echo), asks(echo, "d", "e"))
    assert [part() for part in parts] == [["a", "b", "c"], [], ["d", "e"]]
    assert echo.messages == [["a", "d"], ["b", "e"], ["c"]]


def test_parts_within_a_part_share_the_message_too():
    echo = Echo()

    def outer():
        inner = together(asks(echo, "b"), asks(echo, "c", "d"))
        return [part() for part in inner]

    first, second = together(asks(echo, "a", "e"), outer)
    assert (first(), second()) == (["a", "e"], [["b"], ["c", "d"]])
    assert echo.messages == [["a", "b", "c"], ["e", "d"]]


def test_an_exception_belongs_to_the_part_that_raised_it():
    echo = Echo()
    good, bad = together(asks(echo, "a", "b"), lambda: [][echo.ask(Describe("c")) and 1])
    assert good() == ["a", "b"]
    with pytest.raises(IndexError):
        bad()


def test_a_subject_that_is_lost_is_lost_for_what_was_asked_after_it():
    echo = Echo()
    before, lost, after = together(asks(echo, "a"), asks(echo, "lost"), asks(echo, "b"))
    assert before() == ["a"]
    for part in (lost, after):
        with pytest.raises(SubjectLostError, match="It died"):
            part()


def test_a_part_may_go_on_after_its_subject_was_lost():
    echo = Echo()

    def stubborn():
        with pytest.raises(SubjectLostError):
            echo.ask(Describe("lost"))
        return echo.ask(Describe("b"))

    (part,) = together(stubborn)
    assert part() == "b"


def test_what_a_name_stands_for_is_asked_once():
    echo = Echo()
    remembering = Remembering(echo)
    parts = together(asks(remembering, "a", "b"), asks(remembering, "c", "a"))
    assert [part() for part in parts] == [["a", "b"], ["c", "a"]]
    assert echo.messages == [["a", "c"], ["b"]]
    assert (remembering.source("x"), remembering.file("x")) == ("x", b"x")
