"""How a report looks: an HTML table for Jupyter, a text table for terminals.

Verdicts are told by words and signs, never by colour alone, and a coloured word brings its own
background: no colour can be read on a white page and on a black one. Everything that came from a
student is escaped.
"""

import re
import textwrap
from html import escape
from typing import Protocol

from rnn_course.checks.verdict import Verdict

_WIDTH = 88
LEFT = "text-align:left;vertical-align:top;padding:4px 10px"
RIGHT = "text-align:right;vertical-align:top;padding:4px 10px;white-space:nowrap"
SEEN = f"{LEFT};min-width:14em"  # a page at 200 % scrolls sideways before words become columns
_GREEN, _AMBER, _RED = "#1a7f37", "#8a5a00", "#b42318"


class Shown(Protocol):
    """What is shown of a question. A `rnn_course.checks.report.Report` is one, and uses this."""

    @property
    def title(self) -> str:
        """The question's."""

    @property
    def status(self) -> str:
        """What became of it, in a word."""

    @property
    def score(self) -> float:
        """Points earned."""

    @property
    def max_score(self) -> float:
        """Points there are."""

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """One for each criterion."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks that cost nothing."""

    @property
    def incidents(self) -> tuple[str, ...]:
        """What only a person can decide."""


def points(number: float) -> str:
    """Write points without needless zeros: 3, 2.5."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def printable(text: str) -> str:
    """Spell out characters that would move a cursor, clear a screen or turn a line around."""
    return "".join(
        c if c.isprintable() or c in "\n\t\xa0" else c.encode("unicode_escape").decode()
        for c in text
    )


def _sign(verdict: Verdict) -> str:
    return "✓ yes" if verdict.passed else "~ partly" if verdict.score else "✗ no"


def _badge(verdict: Verdict) -> str:
    ground = _GREEN if verdict.passed else _AMBER if verdict.score else _RED
    style = f"color:#ffffff;background-color:{ground};padding:0 6px"
    return f'<span style="{style}">{_sign(verdict)}</span>'


def as_html(report: Shown) -> str:
    """Return a report as an HTML table with a caption."""
    shown: set[str] = set()
    rows = "".join(_row(verdict, shown) for verdict in report.verdicts)
    notes = "".join(f"<li>{_html(note)}</li>" for note in _remarks(report))
    return (
        f"{opening(report.title)}"
        f'<table style="border-collapse:collapse;max-width:60em">'
        f'<caption style="text-align:left;padding:4px 10px"><b>{escape(report.title)}</b> — '
        f"{points(report.score)} of {points(report.max_score)} points ({report.status})</caption>"
        f'<thead><tr><th scope="col" style="{LEFT}">Criterion</th>'
        f'<th scope="col" style="{LEFT}">Met?</th><th scope="col" style="{RIGHT}">Points</th>'
        f'<th scope="col" style="{SEEN}">What was seen</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>" + (f"<ul>{notes}</ul>" if notes else "")
    )


def opening(title: str) -> str:
    """Open the box of a table: where it is too wide, arrow keys scroll it once it has the focus."""
    return f'<div role="group" tabindex="0" aria-label="{escape(title)}" style="overflow-x:auto">'


def _row(verdict: Verdict, shown: set[str]) -> str:
    seen = "<br>".join(_html(text) for text in _sentences(verdict, shown)) + _example(verdict)
    earned = f"{points(verdict.score)} / {points(verdict.criterion.points)}"
    return (
        f'<tr><td style="{LEFT}">{escape(verdict.criterion.title)}</td>'
        f'<td style="{LEFT};white-space:nowrap">{_badge(verdict)}</td>'
        f'<td style="{RIGHT}">{earned}</td><td style="{SEEN}">{seen}</td></tr>'
    )


def _example(verdict: Verdict) -> str:
    """Fold the call on which a mistake was seen behind a line."""
    if not verdict.example:
        return ""
    code = escape(printable(verdict.example))
    return f"<details><summary>Try it yourself</summary><pre>{code}</pre></details>"


def _sentences(verdict: Verdict, shown: set[str]) -> list[str]:
    """Tell what was seen; nothing is said twice in a table."""
    sentences = [verdict.message]
    if found := verdict.misconception:
        sentences += [found.seen, found.why, f"Read again: {found.read}."]
    fresh = [text for text in dict.fromkeys(sentences) if text and text not in shown]
    shown.update(fresh)
    return fresh or ["As above."] if any(sentences) else []


def _html(text: str) -> str:
    """Escape a sentence and set what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(printable(text)))


def _remarks(report: Shown) -> list[str]:
    """Return the notes, and what an instructor will look at: a student hears it first."""
    return [
        *report.notes,
        *(f"For your instructor to look at: {said}" for said in report.incidents),
    ]


def as_text(report: Shown) -> str:
    """Return a report as plain text, wrapped to a terminal's width."""
    shown: set[str] = set()
    lines = [
        f"{report.title}: {points(report.score)} of {points(report.max_score)} points "
        f"({report.status})"
    ]
    for verdict in report.verdicts:
        earned = f"{points(verdict.score)}/{points(verdict.criterion.points)}"
        lines.append(f"  {_sign(verdict):<9} {earned:>6}  {verdict.criterion.title}")
        for sentence in _sentences(verdict, shown):
            lines += textwrap.wrap(
                sentence, _WIDTH, initial_indent=" " * 10, subsequent_indent=" " * 10
            )
        if verdict.example:
            lines.append(textwrap.indent(f"Try it yourself:\n{verdict.example}", " " * 10))
    lines += [f"  note: {note}" for note in _remarks(report)]
    return printable("\n".join(lines))
