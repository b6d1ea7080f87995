import csv
import subprocess
import sys
from pathlib import Path

import pytest

from rnn_course.grading.classroom.demo import CLASS, COURSEWORK, wrong

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "rnn_course.cli", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("demo") / "course"
    done = run("demo", "--folder", str(folder), folder=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


def marks(folder: Path) -> dict[str, float]:
    with (folder / "marks.csv").open() as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def test_everyone_is_in_the_table_the_feedback_and_the_marks(demo: tuple[Path, str]) -> None:
    folder, printed = demo
    assert len(CLASS) >= 12
    for student in CLASS:
        assert student in printed
        assert list((folder / "feedback" / student / COURSEWORK).glob("*.html"))
    assert set(marks(folder)) == set(CLASS)


def test_the_model_answer_earns_all_a_blank_nothing_and_a_mistake_less(
    demo: tuple[Path, str],
) -> None:
    folder, _ = demo
    scores = marks(folder)
    assert scores.pop("ada") == 75
    assert scores.pop("blank") == 0
    right = {s for s, answers in CLASS.items() if answers and "wrong/" not in str(answers)}
    complete = {student for student in right if "trained_model" not in CLASS[student]} - {"trudy"}
    assert len(complete) >= 2
    assert all(scores[student] == 75 for student in complete)
    without_weights = right - complete - {"blank", "trudy"}
    assert len(without_weights) >= 2
    assert all(scores[student] == 65 for student in without_weights)
    assert scores["trudy"] == 70
    mistaken = {student for student, answers in CLASS.items() if "wrong/" in str(answers)}
    assert len(mistaken) >= 6
    assert all(0 < scores[student] < 75 for student in mistaken)


def test_it_ends_with_the_class_on_one_page(demo: tuple[Path, str]) -> None:
    folder, printed = demo
    page = folder / "reports" / COURSEWORK / "report.html"
    assert printed.rstrip().endswith(f"Report:   {page}")
    text = page.read_text()
    assert "reverse reads last frame" in text
    assert "which it was to implement" in text  # mallory's, for review


def test_a_demo_folder_can_be_used_again_and_another_is_left_alone(
    demo: tuple[Path, str], tmp_path: Path
) -> None:
    (tmp_path / "gradebook.db").write_text("precious")
    done = run("demo", "--folder", str(tmp_path), folder=ROOT)
    assert done.returncode == 2
    assert "Expected an empty place for the demo" in done.stderr
    assert (tmp_path / "gradebook.db").read_text() == "precious"


def test_what_was_wrong_is_said_in_a_few_words() -> None:
    criterion = {"id": "gates", "passed": False, "misconception": "sigmoid_candidate"}
    partial = {"id": "lstm_cell", "status": "partial", "criteria": [criterion]}
    missing = {"id": "gru_cell", "status": "missing", "criteria": []}
    crashed = {"id": "rnn_model", "status": "crashed", "criteria": [criterion]}
    passed = {"id": "curves", "status": "passed", "criteria": [{**criterion, "passed": True}]}
    found = wrong({"questions": [partial, missing, crashed, passed]})
    assert found == "lstm_cell: sigmoid candidate; gru_cell: missing; rnn_model: crashed"
