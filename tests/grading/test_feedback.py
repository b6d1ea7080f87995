"""What a student wrote is shown in an instructor's browser, and never executed there."""

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
import toy
from conftest import NAME, hand_in

from rnn_course.checks.display import as_html
from rnn_course.checks.report import Report
from rnn_course.checks.verdict import Criterion, Verdict
from rnn_course.grading.classroom.autograde import Settings, autograde
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.gradebook.formgrader import formgrader_page
from rnn_course.grading.gradebook.html_sanitizer import clean_html, markdown_to_html

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
TAKES_OVER = "document.documentElement.id=`taken`"
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
HOSTILE = [
    f"<script>{TAKES_OVER}</script>",
    f'<img src=x onerror="{TAKES_OVER}">',
    f'<svg onload="{TAKES_OVER}"></svg>',
    f'<svg><animate onbegin="{TAKES_OVER}" attributeName=x dur=1s></svg>',
    f'<iframe srcdoc="<script>parent.{TAKES_OVER}</script>"></iframe>',
    f'<details open ontoggle="{TAKES_OVER}">x</details>',
    f'<style onload="{TAKES_OVER}">*{{display:none}}</style>',
    f'<input autofocus onfocus="{TAKES_OVER}">',
    f"<math><mtext><table><mglyph><style><img src=x onerror='{TAKES_OVER}'>",
    f'<noscript><p title="</noscript><img src=x onerror={TAKES_OVER}>">',
    f'![x](x"onerror="{TAKES_OVER})',
    f"```mermaid\n</pre><img src=x onerror='{TAKES_OVER}'>\n```",
    f"# x<img src=x onerror='{TAKES_OVER}'>",
    f"$</script><img src=x onerror='{TAKES_OVER}'>$",
    '<meta http-equiv="refresh" content="0;url=https://example.org/">',
    '<base href="https://example.org/"><form action="/"><button>Full credit</button></form>',
    "[x](javascript:alert(1)) <a href='data:text/html,<script>1</script>'>y</a>",
    '<span class="full-credit">see the plot</span> <div class="modal-backdrop score">x</div>',
]
ESSAY = "\n\n".join(["*Twice* is $2x$.", "![pixel](attachment:pixel.png)", *HOSTILE])
OUTPUTS = f"""
from IPython.display import HTML, Javascript, display
display(HTML({HOSTILE[1]!r}), Javascript({TAKES_OVER!r}))
display({{"image/svg+xml": {HOSTILE[2]!r}, "text/markdown": {HOSTILE[1]!r}}}, raw=True)
display({{"image/png": {'x"onerror="' + TAKES_OVER!r}}}, raw=True)
print({HOSTILE[1]!r})
raise ValueError({HOSTILE[1]!r})
"""


def hostile() -> str:
    """Return a submission that tries everything, in essay, own cells, outputs and attachments."""
    notebook = toy.notebook(toy.DOUBLE, f"{toy.SQUARE}\n{OUTPUTS}", toy.EIGHTH, ESSAY)
    notebook.cells[-1].attachments = {
        "pixel.png": {"image/png": PIXEL},
        'x"onerror="': {"text/html": HOSTILE[1], "image/svg+xml": HOSTILE[2]},
    }
    notebook.cells.append(nbformat.v4.new_markdown_cell(ESSAY))
    notebook.cells.append(nbformat.v4.new_raw_cell(ESSAY, metadata={"raw_mimetype": "text/html"}))
    views = {"application/vnd.jupyter.widget-state+json": {"state": {"x": HOSTILE[0]}}}
    notebook.metadata.update({"widgets": views, "title": HOSTILE[1]})
    return nbformat.writes(notebook)


class Page(HTMLParser):
    """Collects what of a page a browser would execute, load or follow."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.active: list[str] = []
        self.links: set[str] = set()
        self.classes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("iframe", "object", "embed", "base", "form", "svg", "animate"):
            self.active.append(tag)
        if tag == "math" and {name for name, _ in attrs} - {"display", "alttext"}:
            self.active.append(f"math {attrs}")
        for name, value in attrs:
            if name.startswith("on") and "toggle_name" not in (value or ""):
                self.active.append(f"{tag} {name}={value}")
            if name in ("href", "src"):
                self.links.add((value or "").partition(":")[0])
            if name == "class" and tag != "button":
                self.classes.update((value or "").split())


def pages(root: Path, student: str) -> dict[str, str]:
    """Return the feedback and what formgrader shows, as they reach a browser."""
    course = Course(root)
    feedback = next(course.feedback(NAME, student).glob("*.html")).read_text()
    file = next(course.path("autograded", student, NAME).glob("*.ipynb"))
    shown = formgrader_page(nbformat.read(file, as_version=4), root)
    return {"feedback": feedback, "formgrader": shown}


@pytest.fixture
def shown(course: Path) -> dict[str, str]:
    hand_in(course, "eve", toy_ipynb=hostile())
    assert autograde(course, NAME, Settings()).graded == ["eve"]
    return pages(course, "eve")


def taken_over(page: Path) -> bool:
    """Open a page in a browser; tell whether a script of the student's ran in it."""
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    command += ["--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=3000", "--dump-dom"]
    command += [f"--user-data-dir={page.parent / 'profile'}", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)
    assert "</html>" in done.stdout
    return 'id="taken"' in done.stdout[:2000]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")
def test_nothing_a_student_wrote_is_executed_where_it_is_read(
    shown: dict[str, str], tmp_path: Path
) -> None:
    for name, text in shown.items():
        page = Page(text)
        assert page.active == [], name
        assert "javascript" not in page.links
        assert not page.classes & {"modal-backdrop", "full-credit"}
        assert "<em>Twice</em>" in text
        assert PIXEL in text
        if CHROMIUM:
            (tmp_path / f"{name}.html").write_text(text)
            assert not taken_over(tmp_path / f"{name}.html"), name


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
@pytest.mark.parametrize("text", [HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[5], HOSTILE[9]])
def test_a_page_that_shows_it_as_it_came_would_be_taken_over(text: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<!DOCTYPE html><html><body>{text}</body></html>")
    assert taken_over(page)


@pytest.mark.parametrize("text", HOSTILE)
def test_rendered_markdown_holds_nothing_active(text: str) -> None:
    shown = markdown_to_html({}, text)
    assert "<math" not in shown
    page = Page(shown)
    assert not page.active
    assert page.links <= {"", "x", "#x", 'x"onerror="document.documentElement.id=`taken`'}
    assert not page.classes & {"full-credit", "score", "modal-backdrop"}


def test_markdown_is_rendered_and_code_stays_coloured() -> None:
    shown = markdown_to_html({}, "# Why\n\n*so* $a<b$\n\n```python\ndef f(): pass\n```")
    assert "<em>so</em>" in shown
    assert "$a&lt;b$" in shown
    assert '<span class="k">def</span>' in shown
    assert clean_html(b'<p style="color:red;position:fixed">x</p>') == (
        '<p style="color:red;">x</p>'
    )


def test_a_check_s_table_is_shown_as_it_is_in_a_notebook_and_nothing_poses_as_a_button() -> None:
    verdict = Verdict(Criterion("right", "It is right", 2), False, 1, "Half of it.")
    shown = as_html(Report("q", "One < two", "partial", (verdict,)))
    assert re.sub(r";? *(?=[;\"])", "", clean_html(shown).replace(": ", ":")) == shown
    assert clean_html('<div role="button" tabindex="5">x</div>') == "<div>x</div>"


@pytest.mark.parametrize("text", ["*a* " * 10_000, "<" * 30_000, "> " * 15_000 + "<script>"])
def test_what_takes_long_to_render_is_shown_as_written(text: str) -> None:
    shown = markdown_to_html({}, text)
    assert shown.startswith("<pre>")
    assert not Page(shown).active
