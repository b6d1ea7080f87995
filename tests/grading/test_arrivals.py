"""Submissions as they lie in a folder: which notebook counts, with which files, what is said."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
import toy
from nbformat import NotebookNode

from rnn_course.grading.host.kernel_factory import kernel_factory
from rnn_course.grading.intake.submission import Submission, read_submission, read_submission_file
from rnn_course.grading.judge.judge import grade
from rnn_course.grading.protocol.limits import MIB, Limits
from rnn_course.grading.result import Result

LIMITS = Limits(cell_seconds=5, submission_seconds=40, grace_seconds=0.5)


def hand_in(folder: Path, **files: str | bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def taken(folder: Path, limits: Limits = LIMITS) -> Submission:
    return read_submission(folder, "ada", toy.RELEASE, limits)


def said(submission: Submission) -> str:
    return " ".join(remark.message for remark in submission.remarks)


def judged(submission: Submission) -> Result:
    launch, sandbox = kernel_factory(submission.files, LIMITS)
    about = {"sandbox": sandbox}
    _, result = grade(
        submission, toy.RELEASE, launch=launch, seed=5, limits=LIMITS, environment=about
    )
    return result


def test_the_notebook_and_the_files_beside_it_are_taken(tmp_path: Path) -> None:
    hand_in(tmp_path, **{"toy.ipynb": toy.text(), "weights.safetensors": b"1", "a/b.txt": b"2"})
    submission = taken(tmp_path)
    assert submission.text == toy.text()
    assert submission.files == {"weights.safetensors": b"1", "a/b.txt": b"2"}
    assert not submission.remarks


@pytest.mark.parametrize(
    "name",
    ["Toy (1).ipynb", "ex2_ada.ipynb", "toy\nfinal.ipynb", "toy:2.ipynb", "Abgabe/toy.ipynb"],
)
def test_a_notebook_under_another_name_is_found_and_that_is_said(tmp_path: Path, name: str) -> None:
    hand_in(tmp_path, **{name: toy.text(), "notes.ipynb": "{}"})
    submission = taken(tmp_path)
    assert submission.text == toy.text()
    assert f"The notebook was found as {name!a}." in said(submission)
    assert f"2 notebooks came; {name!a} is graded." in said(submission)


def test_of_two_notebooks_the_one_with_the_right_name_is_graded(tmp_path: Path) -> None:
    hand_in(tmp_path, **{"toy.ipynb": toy.text(), "toy-Copy1.ipynb": toy.text(double="")})
    submission = taken(tmp_path)
    assert submission.text == toy.text()
    assert "2 notebooks came; 'toy.ipynb' is graded." in said(submission)


def test_files_are_found_beside_a_notebook_in_a_folder(tmp_path: Path) -> None:
    hand_in(tmp_path, **{"ada/toy.ipynb": toy.text(), "ada/weights.safetensors": b"1"})
    assert taken(tmp_path).files == {"weights.safetensors": b"1"}


def test_a_byte_order_mark_is_no_obstacle(tmp_path: Path) -> None:
    hand_in(tmp_path, **{"toy.ipynb": b"\xef\xbb\xbf" + toy.text().encode()})
    assert taken(tmp_path).text == toy.text()


def test_links_are_not_followed_and_that_is_said(tmp_path: Path) -> None:
    secret = tmp_path / "secret.ipynb"
    secret.write_text(toy.text())
    folder = tmp_path / "submitted"
    hand_in(folder, **{"notes.txt": "hello"})
    for name in ("toy.ipynb", "odd\nname.ipynb"):
        (folder / name).symlink_to(secret)
    os.symlink(tmp_path, folder / "up")
    submission = taken(folder)
    assert not submission.text
    assert "no file .ipynb among the 1 that were handed in" in submission.problem
    assert "'toy.ipynb' was left out: it cannot be opened as a plain file" in said(submission)


def test_an_empty_folder_is_a_submission_too(tmp_path: Path) -> None:
    assert taken(tmp_path).problem == "no file .ipynb among the 0 that were handed in"


def test_a_notebook_that_is_too_large_is_named(tmp_path: Path) -> None:
    hand_in(tmp_path, **{"toy.ipynb": b" " * (3 * MIB)})
    submission = taken(tmp_path, replace(LIMITS, disk_bytes=4 * MIB))
    assert "'toy.ipynb' was left out: it is too large" in submission.problem


def test_of_one_file_only_weights_and_modules_beside_it_are_taken(tmp_path: Path) -> None:
    beside = {"w.safetensors": b"1", "helper.py": b"2", "gradebook.db": b"3", "a/b.py": b"4"}
    hand_in(tmp_path, **{"toy.ipynb": toy.text(), "other.ipynb": "{}"}, **beside)
    submission = read_submission_file(tmp_path / "toy.ipynb", toy.RELEASE, LIMITS)
    assert submission.files == {"w.safetensors": b"1", "helper.py": b"2"}
    assert submission.text == toy.text()


# From here on behind the wall

linux = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")


def shuffled(notebook: NotebookNode) -> NotebookNode:
    """Move every answer to the end, as copied cells without marks, in reverse order."""
    answers = [c for c in notebook.cells if c.id in ("double", "square", "eighth", "essay")]
    rest = [c for c in notebook.cells if c not in answers and c.id != "ask_essay"]
    asked = next(c for c in notebook.cells if c.id == "ask_essay")
    for number, cell in enumerate(answers):
        cell["id"], cell.metadata = f"moved{number}", NotebookNode()
    notebook.cells = [*rest, asked, *reversed(answers)]
    return notebook


def merged(notebook: NotebookNode) -> NotebookNode:
    """Write all answers into one new cell; delete the others and the checks."""
    source = "\n\n".join((toy.DOUBLE, toy.SQUARE, toy.EIGHTH))
    kept = [cell for cell in notebook.cells if cell.id in ("setup", "ask_essay", "essay")]
    notebook.cells = [*kept, nbformat.v4.new_code_cell(source)]
    return notebook


def with_errors(notebook: NotebookNode) -> NotebookNode:
    """Save the notebook with an error and 20 MiB of output in every cell."""
    error = nbformat.v4.new_output("error", ename="E", evalue="x", traceback=["x"])
    flood = nbformat.v4.new_output("stream", text="x" * (20 * MIB))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [error, flood]
    return notebook


def checks_edited(notebook: NotebookNode) -> NotebookNode:
    """Put an infinite loop and a forged result into the check cells."""
    for cell in notebook.cells:
        if cell.id.startswith("check_"):
            cell.source = "while True: pass\n99.0"
            cell.metadata.nbgrader.points = 99
    return notebook


@linux
@pytest.mark.parametrize("change", [shuffled, merged, with_errors, checks_edited])
def test_rearranged_notebooks_earn_what_they_deserve(change) -> None:
    result = judged(Submission("ada", json.dumps(change(toy.solved()))))
    assert [r.status for r in result.questions] == ["passed", "passed", "passed", "manual"]
    assert {incident.kind for incident in result.incidents} <= {"recovered"}


@linux
def test_a_deleted_answer_costs_what_was_deleted_and_what_needs_it() -> None:
    notebook = toy.solved()
    notebook.cells = [cell for cell in notebook.cells if cell.id != "square"]
    result = judged(Submission("ada", json.dumps(notebook)))
    assert [r.status for r in result.questions] == ["passed", "missing", "failed", "manual"]
    assert "There is no answer cell for square." in [i.message for i in result.incidents]


@linux
def test_files_that_would_shadow_modules_change_nothing() -> None:
    bomb = b"raise SystemExit('shadowed')"
    names = ("torch.py", "numpy.py", "sitecustomize.py", "conftest.py", "rnn_course/__init__.py")
    files = {**dict.fromkeys(names, bomb), "helper.py": b"factor = 2"}
    uses = "import torch\nfrom helper import factor\ndef double(x):\n    return factor * x"
    result = judged(Submission("ada", toy.text(double=uses), files))
    assert result.score == 12


@linux
@pytest.mark.parametrize("problem", ["no file .ipynb among the 2 that were handed in", ""])
def test_without_a_notebook_there_are_no_points_and_a_message(problem: str) -> None:
    result = judged(Submission("ada", "", {}, (), problem))
    assert (result.status, result.score, result.max_score) == ("unreadable", 0, 14)
    assert [report.status for report in result.questions] == [*["missing"] * 3, "manual"]
    assert (problem or "JSONDecodeError") in result.incidents[0].message
    assert (problem or "JSONDecodeError") in result.questions[0].verdicts[0].message


@linux
def test_a_bug_in_a_check_costs_its_own_question_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(subject: object, seed: int, marking: object) -> None:
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setitem(toy.RELEASE.course.by_id["square"].__dict__, "judge", broken)
    result = judged(Submission("ada", toy.text()))
    assert [r.status for r in result.questions] == ["passed", "failed", "passed", "manual"]
    (incident,) = [i for i in result.incidents if i.kind == "check"]
    assert incident.cell == "square"
    assert incident.message.startswith("ZeroDivisionError: a bug of ours (test_arrivals.py, line")
    assert "The check itself broke down" in result.questions[1].verdicts[0].message
