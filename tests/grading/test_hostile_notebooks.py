"""Notebooks and files that are made to cost the one who reads them: time, memory, the terminal."""

import json
import os
import sys
import time
from pathlib import Path

import nbformat
import pytest
import toy
from conftest import NAME, hand_in
from nbformat import NotebookNode

from rnn_course.checks.coursework import Marking
from rnn_course.checks.display import as_html, printable
from rnn_course.checks.report import Criterion
from rnn_course.errors import GradingError
from rnn_course.grading.classroom.autograde import Settings, autograde
from rnn_course.grading.classroom.commands import grade_file
from rnn_course.grading.intake.notebook_reader import MAX_SOURCE, read_notebook
from rnn_course.grading.intake.release import defined_names, definition
from rnn_course.grading.intake.submission import read_submission
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.protocol.scratch_folder import write_files
from rnn_course.grading.result import Incident, Result

LIMITS = Limits()


def text(cells: list[dict] | str, version: int = 4) -> str:
    shown = cells if isinstance(cells, str) else json.dumps(cells)
    return f'{{"nbformat": {version}, "nbformat_minor": 0, "metadata": {{}}, "cells": {shown}}}'


def test_more_source_than_anyone_writes_is_refused_before_it_is_parsed() -> None:
    cell = {"cell_type": "code", "source": "x = [a, b]\n" * 20_000, "metadata": {}}
    begin = time.monotonic()
    with pytest.raises(GradingError, match=f"at most {MAX_SOURCE} .* Got 660000 .* files beside"):
        read_notebook(text([cell] * 3))
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize(
    ("hostile", "said"),
    [
        (text("[" + "[]," * 2_000_000 + "{}]"), r"200000\d lists and objects, and 1000000 may be"),
        (text("[" + "{}," * 60_000 + "{}]", 3), r"6000\d lists and objects, and 50000 may be"),
        (text("[" * 100_000 + "]" * 100_000), "RecursionError"),
        (text('["' + '\\"[' * 2_000_000), "JSONDecodeError"),
    ],
    ids=["wide", "old", "deep", "endless"],
)
def test_more_parts_than_memory_is_worth_are_refused_unread(hostile: str, said: str) -> None:
    with pytest.raises(GradingError, match=said):
        read_notebook(hostile)


def test_a_long_list_that_was_printed_is_no_structure() -> None:
    shown = {"output_type": "stream", "text": '[{"a": [1]}], ' * 400_000, "name": "stdout"}
    cell = {"cell_type": "code", "source": "x", "metadata": {}, "outputs": [shown]}
    assert read_notebook(text([cell])).cells[0].source == "x"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("version", [-1, 10**9, "4", None, 4.5, [], {}])
def test_a_format_that_does_not_exist_is_no_notebook(version: object) -> None:
    with pytest.raises(GradingError, match="Expected a Jupyter notebook"):
        read_notebook(json.dumps({"nbformat": version, "cells": []}))


def test_cells_beyond_a_number_are_counted_and_not_read() -> None:
    found = read_notebook(text([{"cell_type": "code", "source": ""}] * 5000))
    assert (len(found.cells), found.metadata.surplus) == (2000, 3000)


@pytest.mark.parametrize(
    "attached",
    [
        {"x.png": {"image/png": "not base64!"}},
        {"x.svg": {"image/svg+xml": "<svg onload=alert(1)>"}},
        {"x": {"text/html": "<script>"}, "y": "text", "z": None},
        ["no mapping"],
    ],
)
def test_attachments_that_are_no_pictures_are_left_out(attached: object) -> None:
    cell = {"cell_type": "markdown", "source": "", "attachments": attached}
    assert "attachments" not in read_notebook(text([cell])).cells[0]


def test_the_last_definition_is_the_one_that_counts() -> None:
    twice = "%time 1\nclass Cell:\n    a = 1\n\n\nclass Cell:\n    !ls\n    b = 2"
    assert definition(twice, "Cell") == "class Cell:\n    !ls\n    b = 2"
    assert defined_names(twice) == {"Cell"}


def test_a_file_in_the_place_of_a_folder_gives_way(tmp_path: Path) -> None:
    folder = hand_in(tmp_path, "eve")
    (folder / "eve" / "x").mkdir(parents=True)
    (folder / "eve" / "toy.ipynb").write_text(toy.text())
    (folder / "eve" / "x" / "y").write_text("1")
    (folder / "x").write_text("2")
    submission = read_submission(folder, "eve", toy.RELEASE, LIMITS)
    assert submission.files == {"x/y": b"1"}
    write_files(submission.files, tmp_path)


def test_a_notebook_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "toy.ipynb").open("wb") as file:
        os.truncate(file.fileno(), 2 * 2**30)
    with pytest.raises(GradingError, match=r"Expected a notebook of at most \d+ bytes. Got 21474"):
        grade_file(tmp_path / "toy.ipynb", NAME, tmp_path)


def test_characters_that_command_a_terminal_are_spelled_out() -> None:
    marking = Marking((Criterion("c", "Right", 1),))
    marking.failed("c", "It raised \x1b[2J\x1b]0;mine\x07\u202etxt\x00 in naïve\xa0§ 3.")
    report = toy.RELEASE.course.by_id["double"].unreached("failed", "\x1b[31m")
    result = Result("", "", "graded", {}, (report,), (Incident("x", "\r\x08", "\x9b2J"),))
    for shown in (result.text(), report.text(), as_html(report)):
        assert not set("\x1b\x07\x08\r\x9b\u202e") & set(shown)
    (verdict,) = marking.verdicts()
    assert printable(verdict.message) == (
        "It raised \\x1b[2J\\x1b]0;mine\\x07\\u202etxt\\x00 in naïve\xa0§ 3."
    )


@pytest.mark.parametrize("share", [float("nan"), -1.0, float("-inf")])
def test_a_share_that_is_none_earns_nothing(share: float) -> None:
    marking = Marking((Criterion("c", "Right", 3),))
    marking.scored("c", share, "")
    assert [(v.passed, v.score) for v in marking.verdicts()] == [(False, 0)]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")
def test_a_folder_whose_name_is_a_script_is_not_graded_and_that_is_said(course: Path) -> None:
    odd = ['<img src=x onerror="alert(1)">', "\x1b[2J", "=1+1"]
    for student in ("ada", *odd):
        hand_in(course, student, toy_ipynb=toy.text())
    tally = autograde(course, NAME, Settings())
    assert tally.graded == ["ada"]
    assert set(tally.ungraded) == set(odd)
    assert "Rename it in submitted/" in tally.ungraded[odd[0]]
    assert not (course / "autograded" / odd[0]).exists()


def sneaky() -> NotebookNode:
    """Return a notebook whose metadata claim everything that metadata can."""
    notebook = toy.notebook(double="def double(x):\n    return x")
    for cell in notebook.cells:
        cell.metadata.update({"tags": ["skip-grading"], "score": 99, "jupyter": {"x": 1}})
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader |= {"points": float("nan"), "grade": True, "schema_version": 99}
            cell.metadata.nbgrader |= {"score": 99, "cell_type": "markdown", "checksum": "x"}
    return notebook


def test_what_metadata_claim_is_not_read(tmp_path: Path) -> None:
    found = read_notebook(nbformat.writes(sneaky()))
    kept = {key for cell in found.cells for key in cell.metadata.get("nbgrader", {})}
    assert kept == {"grade_id", "points"}
    assert {key for cell in found.cells for key in cell.metadata} == {"nbgrader"}
