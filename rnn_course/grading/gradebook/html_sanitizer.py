"""Makes a student's HTML and Markdown safe to show in an instructor's browser.

nbconvert's own list of harmless tags has no table headings and no styles, so that our reports
would lose their shape; this one keeps them, and pictures that are part of the page.
"""

import re
from collections.abc import Callable
from html import escape

import bleach
from bleach.css_sanitizer import CSSSanitizer
from bleach.html5lib_shim import Filter
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_TAGS = frozenset(
    {
        "a",
        "b",
        "blockquote",
        "br",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "hr",
        "i",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "ul",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
)
_STYLES = (
    "background-color",
    "border-collapse",
    "border-bottom",
    "color",
    "font-weight",
    "max-width",
    "min-width",
    "overflow-x",
    "padding",
    "text-align",
    "vertical-align",
    "white-space",
)
# by these a table is found without a mouse
_SPOKEN = {("th", "scope"): ("col",), ("div", "role"): ("group",), ("div", "tabindex"): ("0",)}
LONGEST = 20_000  # characters that are rendered; a parser can be made to take minutes over more
_COLOURS = re.compile(r"(highlight|[a-z]{1,3}\d?)( [a-z]{1,3}\d?)*")
_PICTURES = ("data:image/png;base64,", "data:image/jpeg;base64,")


def _allowed(tag: str, name: str, value: str) -> bool:
    if tag == "img":
        return name == "alt" or (name == "src" and value.startswith(_PICTURES))
    if name == "class":  # others make a button of formgrader's out of a word in an essay
        return _COLOURS.fullmatch(value) is not None
    if (tag, name) in _SPOKEN:
        return value in _SPOKEN[tag, name]
    if tag == "a" and name == "href":
        return not value.strip().lower().startswith("data:")
    return name in ("style", "title", "aria-label")


def clean_html(element: object) -> str:
    """Escape everything in a piece of HTML that could load, send or execute something."""
    text = element.decode() if isinstance(element, bytes) else str(element)
    return cleaner().clean(text)


def cleaner(*filters: Callable[..., Filter]) -> bleach.Cleaner:
    """Return what cleans HTML.

    Args:
        filters: html5lib's, for what has been cleaned.
    """
    return bleach.Cleaner(
        tags=_TAGS,
        attributes=_allowed,
        protocols=frozenset({"http", "https", "mailto", "data"}),
        css_sanitizer=CSSSanitizer(allowed_css_properties=_STYLES),
        filters=filters,
    )


@pass_context
def markdown_to_html(context: Context, source: str) -> str:
    """Render Markdown as nbconvert does, and clean what comes of it.

    nbgrader's pages for feedback and for marking by hand use this without any cleaning of their
    own. What cannot be rendered, or only in minutes, is shown as it was written.
    """
    plain = f"<pre>{escape(source)}</pre>"
    if len(source) > LONGEST:
        return plain
    attachments = (context.get("cell") or {}).get("attachments") or {}
    renderer = IPythonRenderer(escape=False, attachments=attachments)
    try:
        return clean_html(MarkdownWithMath(renderer=renderer).render(source))
    except Exception:  # the parser's own limits, which an essay can be written to reach
        return plain
