"""Nothing that students get holds a model answer: neither the package nor what is handed out."""

import re
from pathlib import Path

import nbformat
import pytest

from rnn_course.checks.packed import texts

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(ROOT.glob("solutions/*/*.ipynb"))
REGION = re.compile(r"BEGIN SOLUTION[^\n]*\n(.*?)\n[^\n]*END SOLUTION", re.DOTALL)
TELLING = 30  # characters without white space: a line this long is no coincidence


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def distinctive(source: Path) -> set[str]:
    """Return the telling lines of all model answers of a notebook."""
    cells = nbformat.read(source, as_version=4).cells
    answers = [
        region
        for cell in cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
        for region in REGION.findall(cell.source)
    ]
    lines = {squeezed(line) for region in answers for line in region.splitlines()}
    return {line for line in lines if len(line) >= TELLING and not line.startswith("#")}


def test_the_model_answers_have_telling_lines():
    assert all(len(distinctive(source)) > 10 for source in NOTEBOOKS)


@pytest.mark.parametrize("source", NOTEBOOKS, ids=lambda path: path.parent.name)
def test_the_package_holds_no_line_of_a_model_answer(source):
    lines = distinctive(source)
    for path in ROOT.glob("rnn_course/**/*.py"):
        text = squeezed(path.read_text(encoding="utf-8"))
        assert not [line for line in lines if line in text], path


@pytest.mark.parametrize("source", NOTEBOOKS, ids=lambda path: path.parent.name)
def test_the_recorded_checks_hold_no_line_of_a_model_answer(source):
    """The notebooks themselves: `authoring.leaks`, at every build."""
    (packed,) = (ROOT / "assignments" / source.parent.name).glob("*.checks")
    text = squeezed("\n".join(texts(packed.read_bytes())))
    assert text
    assert not [line for line in distinctive(source) if line in text]
