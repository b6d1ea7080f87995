"""Marks of submissions that were finished together are written at once, or none of them."""

from pathlib import Path

import nbformat
import pytest
import toy
from conftest import NAME

from rnn_course.grading.classroom.change_list import change_list
from rnn_course.grading.classroom.class_record import ClassRecord, Writers
from rnn_course.grading.classroom.cluster import _room
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.gradebook.recorder import Entry, Recorder, open_recorder
from rnn_course.grading.intake.submission import Submission
from rnn_course.grading.judge.grading_task import Graded
from rnn_course.grading.judge.judge import ungraded
from rnn_course.grading.judge.result_store import ResultStore
from rnn_course.grading.protocol.limits import Limits


class Terms:
    """Terms under which marks are made of the submission alone."""

    limits = Limits()

    def made_from(self, submission: Submission) -> dict[str, str]:
        return {"submission": submission.text}


def graded() -> Graded:
    """Return what comes of a submission that no kernel ever ran."""
    submission = Submission("", toy.text())
    notebook, result = ungraded(submission, toy.RELEASE, {}, "crashed", "not run in this test")
    return Graded(nbformat.writes(notebook), result)


def block(course: Path, student: str) -> None:
    """Let nothing be written for a student."""
    (course / "autograded").mkdir()
    (course / "autograded" / student).write_text("a file where a folder should be")


class Cluster:
    """A client of so many workers with a thread each.

    Args:
        workers: how many.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def nthreads(self) -> dict[str, int]:
        return {f"tcp://{number}": 1 for number in range(self._workers)}


@pytest.mark.parametrize(("workers", "under_way"), [(0, 8), (1, 2), (16, 32), (256, 288)])
def test_what_is_under_way_is_bounded(workers: int, under_way: int) -> None:
    assert _room(Cluster(workers)) == under_way


def test_none_is_written_where_one_cannot_be(course: Path) -> None:
    block(course, "bob")
    entries = [Entry(who, "toy.ipynb", graded().notebook) for who in ("ada", "bob")]
    Course(course).ensure_released(NAME, "toy.ipynb", toy.RELEASE.notebook)
    with open_recorder(Course(course), NAME) as recorder:
        with pytest.raises(OSError, match="autograded/bob"):
            recorder.record(*entries)
        assert not list(course.rglob("autograded/ada/*/*"))
        assert Course(course).automatic(NAME) == {}
        recorder.record(entries[0])
    assert set(Course(course).automatic(NAME)) == {"ada"}
    assert list(course.rglob("autograded/ada/*/toy.ipynb"))


def test_who_cannot_be_written_costs_those_beside_nothing(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block(course, "bob")
    Course(course).ensure_released(NAME, "toy.ipynb", toy.RELEASE.notebook)
    record, sizes = Recorder.record, []

    def counted(self: Recorder, *entries: Entry) -> None:
        sizes.append(len(entries))
        record(self, *entries)

    monkeypatch.setattr(Recorder, "record", counted)
    finished = [(Submission(who, toy.text()), graded()) for who in ("ada", "bob", "cyd")]
    with (
        open_recorder(Course(course), NAME) as recorder,
        change_list(course, NAME) as changes,
    ):
        writers = Writers(recorder, changes)
        taken = ClassRecord(Course(course), toy.RELEASE, Terms(), writers).take(finished)
        again = ClassRecord(Course(course), toy.RELEASE, Terms(), writers).take(finished[::2])
    assert sizes == [3, 1, 1, 1, 2]
    assert [one.why for one in (taken[0], taken[2], *again)] == [""] * 4
    assert taken[1].why.startswith("Its marks could not be written: NotADirectoryError: ")
    assert set(Course(course).automatic(NAME)) == {"ada", "cyd"}
    assert ResultStore(course, NAME).last("cyd")
    assert ResultStore(course, NAME).last("bob") is None
