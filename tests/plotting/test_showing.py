"""How pictures reach the reader: seen, read aloud, touched, and still."""

import base64
import io
import sys
from html.parser import HTMLParser

import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure
from PIL import Image

from rnn_course import plotting
from rnn_course.errors import CourseError
from rnn_course.grading.gradebook.html_sanitizer import clean_html
from rnn_course.plotting import touching
from rnn_course.plotting.showing import bundle


class Images(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs))


def figure(size=(3, 2)):
    made = Figure(figsize=size)
    made.subplots().plot([1, 2])
    return made


@pytest.fixture
def displayed(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append((data, raw)))
    return shown


def test_a_picture_carries_its_text_where_screen_readers_look():
    shown = bundle(figure(), 'A line, from "1" to 2 < 3')
    (image,) = Images(shown["text/html"]).found
    assert image["alt"] == 'A line, from "1" to 2 < 3'
    assert image["src"] == "data:image/png;base64," + shown["image/png"]
    assert shown["text/plain"] == 'A line, from "1" to 2 < 3'
    assert Image.open(io.BytesIO(base64.b64decode(shown["image/png"]))).size == (300, 200)


def test_what_an_instructor_sees_of_it_is_the_same():
    shown = bundle(figure(), "A line")
    assert Images(clean_html(shown["text/html"])).found == Images(shown["text/html"]).found


def test_a_picture_without_a_text_is_refused():
    with pytest.raises(CourseError, match=r"a text that says what is to be seen.*Write one"):
        plotting.show(figure(), " ")


def test_axes_of_pyplots_are_shown_once_and_closed(displayed):
    before = pyplot.get_fignums()
    ax = pyplot.subplots()[1]
    plotting.show(ax, "Empty axes")
    assert pyplot.get_fignums() == before
    ((data, raw),) = displayed
    assert raw
    assert data["text/plain"] == "Empty axes"


def draw(size):
    return plotting.View(figure((size, 2)), f"A figure {size:g} inches wide")


def test_a_picture_to_touch_has_a_still_one_beside_it(displayed):
    plotting.touchable(draw, size=plotting.Slider(3, 1, 6, 0.5, "width"))
    ((data, _),) = displayed
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"] == "A figure 3 inches wide"
    assert Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).size == (300, 200)


def test_moving_a_slider_draws_anew():
    ipywidgets = pytest.importorskip("ipywidgets")
    made = []
    real = ipywidgets.VBox

    def kept(children):
        made.extend(children)
        return real(children)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ipywidgets, "VBox", kept)
        slider = plotting.Slider(3, 1, 6, 0.5, "width")
        touching._moving(draw, {"size": slider}, "first")
    knob, picture = made
    assert (knob.min, knob.max, knob.step, knob.description) == (1, 6, 0.5, "width")
    assert picture.value == "first"
    knob.value = 4.5
    assert Images(picture.value).found[0]["alt"] == "A figure 4.5 inches wide"


def test_without_ipywidgets_the_still_picture_is_all(displayed, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    plotting.touchable(draw, size=plotting.Slider(3, 1, 6, 0.5, "width"))
    ((data, _),) = displayed
    assert set(data) == {"text/html", "image/png", "text/plain"}


def test_importing_the_pictures_needs_no_widgets():
    import subprocess

    code = (
        "import sys; sys.modules['ipywidgets'] = None\n"
        "import rnn_course.plotting\n"
        "assert 'librosa' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
