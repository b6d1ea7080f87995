"""The pages of docs/: links lead somewhere, pictures have a text, nothing is left out."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest

from rnn_course.checks import packed
from rnn_course.checks.notebook import opened
from rnn_course.errors import CheckError

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(p for p in DOCS.rglob("*.md") if "_build" not in p.parts)]
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
each = pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())


def prose(page: Path) -> str:
    """Return a page without its code."""
    return re.sub(r"^```.*?^```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ +(.+?) *$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each
def test_links_within_the_repository_lead_somewhere(page):
    for _, text, target in LINK.findall(prose(page)):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), (text, target)
        if anchor and found.suffix == ".md":
            assert anchor in anchors(found), (text, target)


@each
def test_every_picture_has_a_text_for_those_who_cannot_see_it(page):
    for picture, text, target in LINK.findall(prose(page)):
        assert not picture or len(text.split()) >= 3, target


@each
def test_links_to_elsewhere_are_written_as_links_are(page):
    """Whether they lead anywhere is not looked at: tests run without a network."""
    for _, text, target in LINK.findall(prose(page)):
        if "://" in target:
            parts = urlsplit(target)
            assert parts.scheme == "https", (text, target)
            assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.netloc), (text, target)
    loose = re.sub(r"\]\([^)\s]*\)|<https?://[^>\s]+>", "", prose(page))
    assert "://" not in loose


def test_words_are_spelt_as_they_are(tmp_path):
    """Pages, the package's texts and the notebooks', against a list of misspellings."""
    for notebook in sorted(ROOT.glob("solutions/*/*.ipynb")):
        cells = nbformat.read(notebook, as_version=4).cells
        said = [cell.source for cell in cells if cell.cell_type == "markdown"]
        (tmp_path / f"{notebook.stem}.md").write_text("\n\n".join(said), encoding="utf-8")
    looked = [*PAGES, ROOT / "CHANGELOG.md", ROOT / "rnn_course", *sorted(tmp_path.iterdir())]
    command = [sys.executable, "-m", "codespell_lib", "--toml", ROOT / "pyproject.toml", *looked]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_misspelt_word_is_found(tmp_path):
    (tmp_path / "page.md").write_text("Teh network forgets.")
    command = [sys.executable, "-m", "codespell_lib", "--toml", ROOT / "pyproject.toml", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.strip().endswith("Teh ==> The")


def test_the_errors_that_students_look_up_are_told_in_these_words(tmp_path, monkeypatch):
    """The table *When something is wrong* quotes what a student sees."""
    page = (DOCS / "students.md").read_text(encoding="utf-8")
    with pytest.raises(CheckError) as alone:
        opened("NAME", tmp_path)
    (quoted,) = re.findall(r"^\| (Expected the file .*?) \|", page, re.MULTILINE)
    assert str(alone.value).startswith(quoted.replace("`", "").rstrip("."))
    recorded = (ROOT / "assignments/cw1_bptt/cw1_bptt.checks").read_bytes()
    monkeypatch.setattr(packed, "VERSION", packed.VERSION + 1)
    with pytest.raises(CheckError) as other:
        packed.unpack(recorded)
    (quoted,) = re.findall(r"^\| `(Expected checks .*?) ?…?` \|", page, re.MULTILINE)
    assert str(other.value).startswith(quoted)
    assert "| the check says `NotImplementedError` |" in page


def test_every_page_is_in_the_table_of_contents():
    trees = re.findall(r"```\{toctree\}(.*?)```", (DOCS / "index.md").read_text(), re.DOTALL)
    listed = {line for tree in trees for line in tree.split("\n") if line and line[0] != ":"}
    pages = {p.relative_to(DOCS).with_suffix("").as_posix() for p in PAGES[1:]}
    assert pages - {"index"} == listed


@each
def test_a_page_has_one_title(page):
    code_free = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    assert len(re.findall(r"^# ", code_free, re.MULTILINE)) == 1
