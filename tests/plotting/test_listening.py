import base64
import sys
from datetime import datetime

import pytest
from matplotlib.figure import Figure

from rnn_course.errors import DataError
from rnn_course.plotting import listening
from rnn_course.plotting.listening import listen_to
from rnn_course.plotting.showing import described


def draw(recording):
    if recording == b"noise":
        raise DataError("a <word>", "noise", "Record again.")
    return described(Figure(figsize=(2, 1)), f"heard {recording.decode()}")


@pytest.fixture
def widget():
    ipywidgets = pytest.importorskip("ipywidgets")
    return listening._buttons(ipywidgets, draw)


def put_in(widget, content):
    button, _, _, shown = widget.children
    button.value = [
        {"name": "a.wav", "type": "audio/wav", "size": 1, "content": memoryview(content),
         "last_modified": datetime(2026, 1, 1)}
    ]  # fmt: skip
    return shown.value


def test_a_file_that_is_put_in_is_drawn(widget):
    assert 'alt="heard one"' in put_in(widget, b"one")
    assert 'alt="heard two"' in put_in(widget, b"two")


def test_what_cannot_be_heard_is_said_in_its_place(widget):
    said = put_in(widget, b"noise")
    assert said == "<p>Expected a &lt;word&gt;. Got noise. Record again.</p>"


def test_what_the_microphone_wrote_is_drawn(widget):
    _, microphone, recorded, shown = widget.children
    assert "<button onclick=" in microphone.value
    recorded.value = base64.b64encode(b"three").decode()
    assert 'alt="heard three"' in shown.value
    recorded.value = "no base64"
    assert 'alt="heard"' in shown.value


def test_without_widgets_a_sentence_says_how_to_get_them(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    listen_to(draw)
    assert "pip install ipywidgets" in capsys.readouterr().out
