"""A notebook by keyboard, by ear, in the dark and at 200 %: in JupyterLab and in Notebook 7."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PATIENCE, new_window
from playwright.sync_api import Browser, Locator, Page, TimeoutError

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# a workspace of its own: another would open again what was open in it
HOSTS = {"JupyterLab": "lab/workspaces/tour/tree", "Notebook 7": "notebooks"}
OUTPUT = ".jp-OutputArea-output"
CONTRAST = Path(__file__).with_name("contrast.js").read_text()
FOCUSED = "document.activeElement"
TABS = 12  # from a cell to the next thing in an output; the cell's own buttons lie between
# the handle of a slider of ipywidgets has no name of its own; its label stands before it
NOT_OURS = {"rules": {"aria-input-field-name": {"enabled": False}}}


@pytest.fixture(scope="module", params=HOSTS)
def notebook(
    request: pytest.FixtureRequest, address: str, browser: Browser, course: Path
) -> Iterator[Page]:
    """Return a notebook all cells of which were run, with keys only."""
    page = new_window(browser)
    cells = len(nbformat.read(course / "home" / "tour.ipynb", as_version=4).cells)
    page.host = request.param
    page.goto(f"{address}/{HOSTS[request.param]}/home/tour.ipynb")
    page.locator(".jp-Cell").nth(cells - 1).wait_for(state="attached")
    for cell in page.locator(".jp-CodeCell").all():
        run_with_keys(cell)
    page.locator(f"{OUTPUT} .widget-slider").wait_for(state="attached")
    yield page
    page.close()


def run_with_keys(cell: Locator) -> None:
    """Run a cell, until it was run: keys that come before the kernel or the focus are lost."""
    ran = cell.locator(".jp-InputPrompt", has_text=re.compile(r"\[\d+\]"))
    for _ in range(PATIENCE):
        cell.focus()
        cell.press("Control+Enter")
        with suppress(TimeoutError):
            return ran.wait_for(timeout=1000)
    raise AssertionError(f"not run: {cell.inner_text()}")


def the_picture(page: Page) -> Locator:
    return page.locator(f'{OUTPUT} img[alt^="A wave of speed "]')


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUSED}.matches({selector!r})"):
            return
    raise AssertionError(f"{selector} is not reached: {page.evaluate(f'{FOCUSED}.outerHTML')}")


def begin_at(page: Page, cell: str) -> None:
    page.locator(".jp-Cell", has_text=cell).first.focus()


def test_the_call_that_shows_a_mistake_is_opened_with_keys(notebook: Page) -> None:
    begin_at(notebook, 'check("moving_average")')
    tab_to(notebook, "summary")
    inside = notebook.locator(f"{OUTPUT} details").first.locator("pre")
    assert not inside.is_visible()
    notebook.keyboard.press("Enter")
    inside.wait_for()
    assert "moving_average(" in inside.inner_text()
    notebook.keyboard.press("Enter")
    inside.wait_for(state="hidden")


def test_a_slider_is_moved_with_keys_and_the_picture_says_what_it_shows(notebook: Page) -> None:
    begin_at(notebook, "touch(wave")
    tab_to(notebook, "[role=slider]")
    assert the_picture(notebook).get_attribute("alt") == "A wave of speed 1."
    # Notebook 7 takes the arrows for itself; docs/students.md says so
    for key, speed in (("End", 3), ("Home", 1)):
        notebook.keyboard.press(key)
        notebook.locator(f'img[alt="A wave of speed {speed}."]').wait_for(state="attached")
    if notebook.host == "JupyterLab":
        notebook.keyboard.press("ArrowRight")
        notebook.locator('img[alt="A wave of speed 2."]').wait_for(state="attached")
        notebook.keyboard.press("Home")
        notebook.locator('img[alt="A wave of speed 1."]').wait_for(state="attached")


def test_a_screen_reader_finds_names_headers_and_words(notebook: Page) -> None:
    told = notebook.locator(OUTPUT, has_text="The means of all windows").aria_snapshot()
    assert '- group "A moving average"' in told
    assert '- table "A moving average — 1 of 5 points (partial)"' in told
    for header in ("Criterion", "Met?", "Points", "What was seen"):
        assert f'- columnheader "{header}"' in told
    assert '- cell "✗ no"' in told
    assert '- cell "✓ yes"' in told
    found = Axe().run(notebook, context=f".jp-Notebook {OUTPUT}", options=NOT_OURS).response
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found["violations"]] == []
    assert {rule["id"] for rule in found["passes"]} >= {"image-alt", "summary-name"}


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_every_word_stands_out_from_what_is_behind_it(notebook: Page, theme: str) -> None:
    for entry in ("Settings", "Theme", theme):
        notebook.locator(".lm-MenuBar-item, .lm-Menu-item").get_by_text(entry, exact=True).click()
    notebook.locator(f'body[data-jp-theme-name="{theme}"]').wait_for(state="attached")
    found = notebook.evaluate(
        CONTRAST, f"{OUTPUT} table, {OUTPUT} table + ul, {OUTPUT} .widget-label"
    )
    assert found["looked"] > 40
    assert found["faint"] == []


def test_at_200_percent_words_stay_words_and_what_is_too_wide_scrolls(notebook: Page) -> None:
    notebook.set_viewport_size({"width": 650, "height": 500})
    assert notebook.evaluate("document.documentElement.scrollWidth") <= 650
    seen = notebook.locator(f"{OUTPUT} td:last-child", has_text="is right").first
    size = float(seen.evaluate("e => parseFloat(getComputedStyle(e).fontSize)"))
    assert seen.bounding_box()["width"] > 13 * size
    for wide in notebook.locator(f"{OUTPUT} img, {OUTPUT} .widget-slider").all():
        room = wide.evaluate(f"e => e.closest('{OUTPUT}').getBoundingClientRect().right")
        assert wide.evaluate("e => e.getBoundingClientRect().right") <= room + 1
    found = Axe().run(notebook, context=f".jp-Notebook {OUTPUT}", options=NOT_OURS).response
    assert [violation["id"] for violation in found["violations"]] == []
