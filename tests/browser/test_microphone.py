"""The microphone's button, in a browser that has a microphone which beeps."""

import base64
import io
from collections.abc import Iterator

import numpy as np
import pytest
import soundfile
from conftest import CHROMIUM
from playwright.sync_api import Page, Playwright

from rnn_course.data.recording import own_clip
from rnn_course.plotting.listening import record_button

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 240_000  # milliseconds
FAKE = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--no-sandbox"]
BOX = f'<div class="widget-vbox">{record_button()}<textarea></textarea></div>'


@pytest.fixture(params=[True, False], ids=["a microphone", "none"])
def box(request: pytest.FixtureRequest, browsers: Playwright) -> Iterator[tuple[Page, bool]]:
    """Return a page with the button as JupyterLab has it; localhost may use a microphone."""
    browser = browsers.chromium.launch(
        executable_path=CHROMIUM, args=FAKE if request.param else FAKE[2:]
    )
    page = browser.new_page()
    page.route(
        "http://localhost/*", lambda route: route.fulfill(body=BOX, content_type="text/html")
    )
    page.goto("http://localhost/")
    yield page, request.param
    browser.close()


def test_what_is_recorded_arrives_as_a_sound_file(box: tuple[Page, bool]) -> None:
    page, there = box
    page.click("button")
    if not there:
        page.wait_for_function("document.body.innerText.includes('file instead')", timeout=PATIENCE)
        assert page.input_value("textarea") == ""
        return
    page.wait_for_function("document.querySelector('textarea').value", timeout=PATIENCE)
    sound = base64.b64decode(page.input_value("textarea"))
    samples, rate = soundfile.read(io.BytesIO(sound))
    assert rate == 16000
    assert len(samples) > 16000
    assert np.abs(own_clip(sound)).max() == pytest.approx(0.5)
