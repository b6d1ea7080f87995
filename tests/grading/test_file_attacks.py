"""Files that are handed in to harm whoever grades them achieve nothing."""

import sys
from pathlib import Path

import pytest

from rnn_course.grading.attacks.active_content import executes
from rnn_course.grading.attacks.corpus import Attack, read_attack, read_attacks
from rnn_course.grading.attacks.decoys import Decoys
from rnn_course.grading.attacks.file_attacks import (
    GradeFolder,
    folder_grader,
    hand_in,
    try_files,
    try_files_plainly,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "submissions" / "attacks"
ATTACKS = [attack for attack in read_attacks(CORPUS) if attack.way == "folder"]


@pytest.fixture(scope="module")
def grade() -> GradeFolder:
    return folder_grader(ROOT)


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_what_is_handed_in_achieves_nothing(attack: Attack, grade: GradeFolder) -> None:
    assert try_files(attack, grade, ROOT).harm == []


@pytest.mark.slow
def test_a_grader_that_reads_links_and_believes_metadata_is_caught(grade: GradeFolder) -> None:
    def credulous(folder: Path):
        notebook, result = grade(folder)
        secret = (folder / "notes.txt").read_text()
        notebook.cells[0].source += f"{secret} <script>x</script>\n"
        return notebook, result

    attack = read_attack(CORPUS / "weights_symlink.py")
    assert try_files(attack, credulous, ROOT).harm == ["read a secret"]

    def broken(folder: Path):
        raise MemoryError

    assert try_files(attack, broken, ROOT).harm == ["stopped the grader with MemoryError"]


@pytest.mark.slow
def test_plain_nbgrader_shows_scripts_in_essays() -> None:
    harm = try_files_plainly(read_attack(CORPUS / "html_in_markdown.ipynb"), ROOT)
    assert harm == ["left a script for a browser"]


def test_a_program_makes_what_is_handed_in_and_a_notebook_is_added(tmp_path: Path) -> None:
    with Decoys() as decoys:
        hand_in(
            read_attack(CORPUS / "weights_fifo.py"),
            decoys,
            tmp_path / "speech_commands.ipynb",
            "blank",
        )
        assert (tmp_path / "speech_model.safetensors").is_fifo()
        assert (tmp_path / "speech_commands.ipynb").read_text() == "blank"


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<script>alert('7.5')</script>", True),
        ("<p onclick='f(7.5)'>x</p>", True),
        ("<a href='javascript:f(7.5)'>x</a>", True),
        ("<iframe srcdoc='7.5'></iframe>", True),
        ("<script>f()</script><p>7.5 onclick=7.5</p><a href='7.5'>x</a>", False),
        ("&lt;script&gt;7.5&lt;/script&gt;", False),
    ],
)
def test_what_a_browser_would_execute_is_told(page: str, found: bool) -> None:
    assert executes(page, "7.5") is found
