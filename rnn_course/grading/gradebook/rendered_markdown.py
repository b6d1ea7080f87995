"""A student's Markdown for a page without scripts: cleaned, with formulas as MathML."""

import re
import secrets
from collections.abc import Iterator, Mapping
from functools import partial
from html import escape
from typing import Any

from bleach.html5lib_shim import Filter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from rnn_course.grading.gradebook.formulas import to_mathml
from rnn_course.grading.gradebook.html_sanitizer import LONGEST, cleaner

_PLACE = re.compile("\ue000(\\d{1,5})\ue001")
_ALT = (None, "alt")
_Formula = tuple[str, bool]


def rendered(source: str, about: str, attachments: Mapping[str, Any] | None = None) -> str:
    """Return Markdown as HTML that executes nothing and loads nothing.

    Args:
        source: Markdown.
        about: what a picture without a description is said to belong to.
        attachments: pictures that it may show, as in a notebook's cell.
    """
    plain = f"<pre>{escape(source)}</pre>"
    if len(source) > LONGEST:
        return plain
    renderer = _Renderer(dict(attachments or {}))
    try:
        html = MarkdownWithMath(renderer=renderer).render(re.sub("[\ue000\ue001]", "", source))
        return _with_formulas(html, renderer.formulas, about)
    except Exception:  # the parser's own limits, which an essay can be written to reach
        return plain


class _Renderer(IPythonRenderer):
    """Puts a place holder where a formula was, so that cleaning leaves it alone."""

    def __init__(self, attachments: dict[str, Any]) -> None:
        super().__init__(escape=False, exclude_anchor_links=True, attachments=attachments)
        self.formulas: list[_Formula] = []

    def inline_math(self, body: str) -> str:
        """Remember a formula within a line."""
        return self._place(body, block=False)

    def block_math(self, body: str) -> str:
        """Remember a formula of its own line."""
        return self._place(body, block=True)

    def latex_environment(self, name: str, body: str) -> str:
        """Remember an environment, such as ``align``."""
        return self._place(f"\\begin{{{name}}}{body}\\end{{{name}}}", block=True)

    def _place(self, latex: str, *, block: bool) -> str:
        self.formulas.append((latex, block))
        return f"\ue000{len(self.formulas) - 1}\ue001"


class _Finishing(Filter):
    """Names place holders in text as nobody could have foreseen; describes every picture.

    In an attribute a formula would end the attribute: there it stays as it was written. All this
    is done to parsed HTML, where no text can be taken for a tag.
    """

    def __init__(self, source: Any, formulas: list[_Formula], secret: str, about: str) -> None:
        super().__init__(source)
        self._formulas, self._secret, self._about = formulas, secret, about

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for token in super().__iter__():
            if token["type"] == "Characters":
                token["data"] = _PLACE.sub(rf"{self._secret}\1.", token["data"])
            elif token["type"] in ("StartTag", "EmptyTag"):
                attributes = token["data"]
                for name, value in attributes.items():
                    attributes[name] = _PLACE.sub(self._latex, value)
                if token["name"] == "img" and not attributes.get(_ALT, "").strip():
                    attributes[_ALT] = f"Picture in {self._about}, without a description"
            yield token

    def _latex(self, found: re.Match[str]) -> str:
        number = int(found[1])
        return self._formulas[number][0] if number < len(self._formulas) else ""


def _with_formulas(html: str, formulas: list[_Formula], about: str) -> str:
    secret = f"formula-{secrets.token_hex(16)}-"
    finishing = partial(_Finishing, formulas=formulas, secret=secret, about=about)
    clean = cleaner(finishing).clean(html)

    def formula(found: re.Match[str]) -> str:
        latex, block = formulas[int(found[1])]
        return to_mathml(latex, block=block)

    return re.sub(rf"{secret}(\d+)\.", formula, clean)
