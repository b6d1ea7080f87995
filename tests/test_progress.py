"""What a progress bar leaves behind in a saved notebook."""

import sys

import pytest

from rnn_course.progress import progress_bar

NOTEBOOK = """
from rnn_course.progress import progress_bar
for _ in progress_bar(range(4), desc="going", leave=False):
    pass
with progress_bar(total=2, desc="staying") as bar:
    bar.update(2)
progress_bar(total=2, desc="silent", disable=True).close()
"""


@pytest.fixture(scope="module")
def outputs():
    """Return what a real kernel leaves, as nbclient stores it."""
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(NOTEBOOK)])
    nbclient.NotebookClient(book, timeout=300, kernel_name="python3").execute()
    return [out.data for out in book.cells[0].outputs if "data" in out]


@pytest.mark.slow
def test_a_bar_that_goes_leaves_nothing_and_one_that_stays_its_end(outputs):
    gone, stayed = outputs
    assert gone == {"text/plain": ""}
    assert "staying: 100%" in stayed["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in stayed


def test_in_a_terminal_it_is_a_line(capsys, monkeypatch):
    import tqdm.auto
    import tqdm.std

    monkeypatch.setattr(tqdm.auto, "tqdm", tqdm.std.tqdm)
    assert list(progress_bar(range(3), desc="going", file=sys.stderr)) == [0, 1, 2]
    assert "going: 100%" in capsys.readouterr().err
