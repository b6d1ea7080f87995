"""The pages of docs/: links lead somewhere, pictures have a text, nothing is left out."""

import re
from pathlib import Path

import pytest

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


def test_every_page_is_in_the_table_of_contents():
    trees = re.findall(r"```\{toctree\}(.*?)```", (DOCS / "index.md").read_text(), re.DOTALL)
    listed = {line for tree in trees for line in tree.split("\n") if line and line[0] != ":"}
    pages = {p.relative_to(DOCS).with_suffix("").as_posix() for p in PAGES[1:]}
    assert pages - {"index"} == listed


@each
def test_a_page_has_one_title(page):
    code_free = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    assert len(re.findall(r"^# ", code_free, re.MULTILINE)) == 1
