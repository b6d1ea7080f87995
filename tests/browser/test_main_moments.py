"""The main moments of a student and an instructor, in a real browser."""

from contextlib import suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PATIENCE
from nbgrader.api import Gradebook
from playwright.sync_api import Locator, Page, TimeoutError

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_student_runs_a_check_and_reads_why(address: str, window: Page) -> None:
    window.goto(f"{address}/lab/tree/home/week_1.ipynb")
    window.get_by_text("| Idle").first.wait_for()  # what is run before the kernel is there is lost
    for entry in ("Run", "Run All Cells"):
        window.get_by_text(entry, exact=True).first.click()
    table = window.locator(".jp-OutputArea-output table").first
    table.wait_for(state="attached")  # it may have been scrolled out of sight
    shown = table.text_content() or ""
    assert "A moving average — " in shown
    assert "✗ no" in shown
    assert "The numbers of a window are added up, and not divided by how many they are" in shown
    assert table.locator("caption").count() == 1  # what a screen reader says first


def test_an_instructor_grades_one_from_formgrader(address: str, window: Page, course: Path) -> None:
    window.goto(f"{address}/formgrader/manage_submissions/week_1")
    row = window.locator("tr", has_text="ada").first
    row.wait_for()
    assert "12 / 16" in row.inner_text()
    (course / "autograded" / "ada" / "week_1" / "week_1.ipynb").unlink()
    row.locator(".autograde a").click()
    window.locator(".modal-title", has_text="Success").first.wait_for()
    assert "Successfully autograded 'week_1' for student 'ada'" in window.inner_text("body")
    assert (course / "autograded" / "ada" / "week_1" / "week_1.ipynb").is_file()


def write(window: Page, box: Locator, mark: str) -> None:
    """Write a mark until it is sent: what comes before the page's own marks is lost."""
    for _ in range(PATIENCE // 5):
        with suppress(TimeoutError):
            box.fill("")
            box.fill(mark)
            with window.expect_response(lambda a: "/formgrader/api/grade/" in a.url, timeout=5000):
                box.press("Tab")
            return
    raise AssertionError(f"not sent: {mark}")


def test_an_instructor_marks_an_essay_and_overrides_a_mark(
    address: str, window: Page, course: Path
) -> None:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        found = gradebook.find_submission_notebook("week_1", "week_1", "bob")
        notebook, earned = found.id, found.score
        first = gradebook.find_grade("check_moving_average", "week_1", "week_1", "bob").auto_score
    window.goto(f"{address}/formgrader/submissions/{notebook}/?index=0")
    window.locator("table caption", has_text="A moving average").wait_for()
    for box, mark in (
        (window.locator("input.score").last, 3),
        (window.locator("input.score").first, 4),
    ):
        write(window, box, str(mark))
    total = earned + 3 - first + 4
    window.goto(f"{address}/formgrader/manage_submissions/week_1")
    row = window.locator("tr", has_text="bob")
    row.locator("td.score", has_text=f"{total:g} / 16").wait_for()


def test_what_is_for_review_is_flagged_in_formgraders_list(address: str, window: Page) -> None:
    window.goto(f"{address}/formgrader/gradebook/week_1/week_1")
    flagged = window.locator("tr:has(.glyphicon-flag)")
    flagged.first.wait_for()
    assert flagged.count() == 1


def test_the_class_report_opens_without_a_server_and_leads_to_formgrader(
    address: str, window: Page, course: Path
) -> None:
    errors: list[str] = []
    window.on("console", lambda message: errors.append(message.text))
    window.goto((course / "reports" / "week_1" / "report.html").as_uri())
    assert window.locator("h1").count() == 1
    assert "gc (line 1), which an answer rarely needs" in window.inner_text("body")
    assert window.locator("svg").first.is_visible()
    link = window.locator("a", has_text="cyd").first.get_attribute("href") or ""
    assert "/formgrader/submissions/" in link
    assert errors == []
    assert Axe().run(window).response["violations"] == []
    window.goto(f"{address}/formgrader/{link.partition('/formgrader/')[2]}")
    window.locator("table caption", has_text="A moving average").wait_for()
