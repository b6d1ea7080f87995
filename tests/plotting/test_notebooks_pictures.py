"""Every stored picture of these notebooks says what it shows."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = [
    next((ROOT / "solutions" / name).glob("*.ipynb"))
    for name in ("cw3_temporal_order", "cw4_lstm_applications")
]

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.parent.name)


def pictures(path):
    return [
        (cell.id, output.data)
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]


@each
def test_every_picture_has_a_description_of_its_own(path):
    found = pictures(path)
    assert len(found) >= 8
    for cell, data in found:
        (told,) = re.findall(r'<img [^>]*alt="([^"]*)"', data.get("text/html", ""))
        assert len(told) > 60, cell
        assert data["text/plain"], cell
    assert len({data["text/plain"] for _, data in found}) == len(found)


@each
def test_the_goals_at_the_top_are_met_by_name_at_the_end(path):
    cells = {cell.id: cell.source for cell in nbformat.read(path, as_version=4).cells}
    goals = re.findall(r"^- \*\*([\w ]+)\*\*:", cells["title"], re.MULTILINE)
    assert len(goals) == 7
    assert re.findall(r"^- \*\*([\w ]+)\*\*:", cells["close"], re.MULTILINE) == goals
