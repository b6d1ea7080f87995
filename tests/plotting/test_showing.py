"""How pictures reach the reader: seen, read aloud, touched, and still."""

import base64
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure

from rnn_course.errors import CourseError
from rnn_course.plotting import Live, describe, show, touch
from rnn_course.plotting.showing import bundle


@pytest.fixture
def published(monkeypatch):
    """What a notebook would get, message by message."""
    shell = InteractiveShell.instance()
    monkeypatch.setattr(shell, "display_pub", CapturingDisplayPublisher())
    yield shell.display_pub.outputs
    InteractiveShell.clear_instance()


class Images(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs))


def line(slope=1):
    axes = Figure().subplots()
    axes.plot([0, slope])
    describe(axes, f"A line of slope {slope}.")
    return axes


def test_a_picture_comes_as_an_image_as_html_with_its_description_and_as_words():
    content = bundle(line(), 'A line\n   that "rises" & ends <soon>.')
    assert base64.b64decode(content["image/png"]).startswith(b"\x89PNG")
    assert 'alt="A line that &quot;rises&quot; &amp; ends &lt;soon&gt;."' in content["text/html"]
    assert content["image/png"] in content["text/html"]
    assert content["text/plain"] == 'A line that "rises" & ends <soon>.'


def test_a_figure_is_as_good_as_its_axes():
    axes = line()
    assert bundle(axes.figure, "A line.") == bundle(axes, "A line.")


def test_a_drawing_describes_itself_unless_somebody_knows_better():
    assert bundle(line())["text/plain"] == "A line of slope 1."
    assert bundle(line(), "Up.")["text/plain"] == "Up."
    assert bundle(line().figure, "Up.")["text/plain"] == "Up."


@pytest.mark.parametrize("alt", ["", "  \n "])
def test_a_picture_without_words_is_refused(alt):
    with pytest.raises(CourseError, match=r"a description of the picture\. Got none\. Say what it"):
        show(Figure().subplots(), alt)


def test_pyplot_does_not_show_it_again():
    from matplotlib import pyplot

    axes = pyplot.subplots()[1]
    bundle(axes, "Nothing.")
    assert not pyplot.fignum_exists(axes.figure.number)


def test_a_live_picture_stays_in_one_place(published):
    live = Live()
    live(line(), "First.")
    live(line(2), "Second.")
    live(line(3), "Third.")
    assert [out["update"] for out in published] == [False, True, True]
    assert len({out["transient"]["display_id"] for out in published}) == 1
    assert [out["data"]["text/plain"] for out in published][-1] == "Third."


def touched():
    touch(line, start={"slope": 2}, slope=[1, 2, 3])


def test_a_slider_replaces_the_picture(published, monkeypatch):
    import ipywidgets

    made = []

    class Slider(ipywidgets.SelectionSlider):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            made.append(self)

    monkeypatch.setattr(ipywidgets, "SelectionSlider", Slider)
    touched()
    (slider,) = made
    assert slider.description == "slope"
    slider.value = 3
    pictures = [out for out in published if "image/png" in out["data"]]
    words = ["A line of slope 2.", "A line of slope 3."]
    assert [out["data"]["text/plain"] for out in pictures] == words
    assert [out["update"] for out in pictures] == [False, True]


def test_without_ipywidgets_there_is_the_picture_alone(published, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    touched()
    assert [out["data"]["text/plain"] for out in published] == ["A line of slope 2."]


@pytest.mark.parametrize("start", [{}, {"slope": 4}, {"slope": 1, "height": 2}])
def test_a_start_that_is_no_choice_is_told(start):
    with pytest.raises(CourseError, match=r"a start among the values of slope\. Got start=.*Name"):
        touch(line, start=start, slope=[1, 2, 3])


def test_what_an_instructor_sees_of_it_is_the_same():
    room = "rnn_course.grading.gradebook.html_sanitizer"
    sanitizer = pytest.importorskip(room, exc_type=ModuleNotFoundError)
    shown = bundle(line(), "A line")
    found = Images(sanitizer.clean_html(shown["text/html"])).found
    assert [image["alt"] for image in found] == ["A line"]
    assert found[0]["src"] == "data:image/png;base64," + shown["image/png"]


def test_importing_the_pictures_needs_no_widgets():
    code = (
        "import sys; sys.modules['ipywidgets'] = None\n"
        "import rnn_course.plotting\n"
        "assert 'librosa' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
