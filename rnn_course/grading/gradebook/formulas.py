"""Formulas as MathML, which browsers show by themselves: no script, no network."""

import re
from collections.abc import Iterator
from html import escape, unescape
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

_LONGEST = 2000  # characters; longer than any formula that a person has to read
_DEEPEST = 60
_TAG = re.compile(
    "math|mrow|m[inos]|mtext|mspace|mfrac|msqrt|mroot|msub|msup|msubsup|munder|mover|munderover|"
    "mtable|mtr|mtd|mstyle|mpadded|mphantom|menclose"
)
_ATTRIBUTE = re.compile(
    "display|displaystyle|scriptlevel|stretchy|fence|form|separator|accent|accentunder|"
    "movablelimits|lspace|rspace|width|height|depth|minsize|maxsize|linebreak|linethickness|"
    "mathvariant|columnalign|rowspacing|columnspacing|columnlines|rowlines|notation"
)
_VALUE = re.compile(r"[\w.%+ -]{0,40}")
_RENAMED = {"aligned": "align*", "gathered": "align*", "split": "align*"}


class _NotShownError(Exception):
    """What a formula holds is not known, or is none of MathML's harmless parts."""


def to_mathml(latex: str, *, block: bool = False) -> str:
    """Return a formula as MathML; as it was written where it cannot be converted.

    What comes back is made of harmless elements and escaped text alone, whatever the formula.

    Args:
        latex: between the dollars.
        block: it stands on a line of its own.
    """
    try:
        if len(latex) > _LONGEST:
            raise _NotShownError
        tree = convert_to_element(_usual(latex), display="block" if block else "inline")
        return "".join(_written(tree, latex, 0))
    except Exception:  # the converter has many ways to give up, and no list of them
        shown = f"$${latex}$$" if block else f"${latex}$"
        return f"<code>{escape(shown)}</code>"


def _usual(latex: str) -> str:
    """Write environments that the converter does not know as those that it does."""
    for name, known in _RENAMED.items():
        for word in ("begin", "end"):
            latex = latex.replace(f"\\{word}{{{name}}}", f"\\{word}{{{known}}}")
    return latex.strip()


def _written(element: Element, latex: str, depth: int) -> Iterator[str]:
    if not _TAG.fullmatch(element.tag) or depth > _DEEPEST:
        raise _NotShownError
    # the converter writes characters as references, and would not escape any other text
    text = unescape(element.text or "")
    if element.tag == "mi" and text.startswith(("\\", "&")):
        raise _NotShownError
    kept = {
        name: value
        for name, value in element.attrib.items()
        if _ATTRIBUTE.fullmatch(name) and _VALUE.fullmatch(value)
    }
    if element.tag == "math":
        kept["alttext"] = latex.strip()
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
    yield f"<{element.tag}{attributes}>{escape(text)}"
    for child in element:
        yield from _written(child, latex, depth + 1)
        yield escape(unescape(child.tail or ""))
    yield f"</{element.tag}>"
