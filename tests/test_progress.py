import io
import sys

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from rnn_course.progress import progress_bar


@pytest.fixture
def published(monkeypatch):
    """What a notebook gets, message by message."""
    shell = InteractiveShell.instance()
    monkeypatch.setattr(shell, "display_pub", CapturingDisplayPublisher())
    monkeypatch.setattr(shell, "kernel", object(), raising=False)
    yield shell.display_pub.outputs
    InteractiveShell.clear_instance()


def texts(published):
    return [out["data"]["text/plain"] for out in published]


def test_a_notebook_s_bar_is_text_in_one_place_that_is_empty_at_the_end(published):
    for _ in progress_bar(range(3), desc="training", leave=False):
        pass
    assert "training:   0%" in texts(published)[1]
    assert texts(published)[-1] == ""
    assert {tuple(out["data"]) for out in published} == {("text/plain",)}
    assert len({out["transient"]["display_id"] for out in published}) == 1
    assert next(out["update"] for out in published) is False
    assert all(out["update"] for out in published[1:])


def test_a_bar_that_is_to_stay_ends_full(published):
    for _ in progress_bar(range(3), leave=True):
        pass
    assert "100%" in texts(published)[-1]


def test_a_bar_that_is_switched_off_says_nothing(published):
    assert list(progress_bar(range(3), disable=True)) == [0, 1, 2]
    assert published == []


def test_a_terminal_gets_tqdm_s_own(monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython", None)
    said = io.StringIO()
    assert list(progress_bar(range(3), desc="sweep", file=said)) == [0, 1, 2]
    assert "sweep: 100%" in said.getvalue()
