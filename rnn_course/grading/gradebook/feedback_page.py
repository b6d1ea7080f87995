"""A student's feedback as one small page: what was found beside the code that it is about.

It needs no network and executes nothing; what a student wrote is cleaned before it is shown.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from jinja2 import Environment, PackageLoader, Template
from markupsafe import Markup
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from rnn_course.checks.display import LEFT, points, printable
from rnn_course.grading.gradebook.html_sanitizer import LONGEST, clean_html
from rnn_course.grading.gradebook.rendered_markdown import rendered
from rnn_course.grading.gradebook.returned import Change
from rnn_course.grading.intake.outputs import harmless

_PRINTED = 2000  # characters of what a cell printed
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_UNMARKED = "… not marked yet"
_PLAIN = re.compile(r'<span class="(?:n|p|w)">([^<]*)</span>')
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Section:
    """What a page says of one question."""

    id: str
    title: str
    score: str = ""
    max_score: str = ""
    sign: str = ""
    answer: list[Markup] = field(default_factory=list)
    comments: list[Markup] = field(default_factory=list)
    report: Markup | None = None
    by_hand: str = "A person has marked this question."

    @property
    def anchor(self) -> str:
        """The name that links lead to."""
        return f"question-{re.sub(r'[^A-Za-z0-9_-]', '-', self.id)}"


@dataclass(frozen=True)
class Page:
    """All that a page says."""

    student: str
    notebook: str
    score: str
    max_score: str
    late_penalty: str
    changes: list[dict[str, str]]
    sections: list[Section]
    errors: list[Markup]

    @property
    def waiting(self) -> int:
        """How many questions a person is still to mark."""
        return sum(section.sign == _UNMARKED for section in self.sections)


def feedback_page(
    notebook: NotebookNode,
    about: Mapping[str, object],
    changes: list[Change],
    unmarked: Container[str] = (),
) -> str:
    """Return the page of one student.

    Args:
        notebook: as it was graded, with scores and comments in its cells' metadata, as nbgrader's
            `GetGrades` writes them.
        about: ``student``, ``notebook``, ``score``, ``max_score`` and ``late_penalty``.
        changes: what is not as it was when the student last read feedback.
        unmarked: grade ids that wait for a person's marks.
    """
    sections = list(_sections(notebook.cells, unmarked))
    titles = {section.id: section.title for section in sections}
    penalty = float(str(about["late_penalty"]))
    page = Page(
        str(about["student"]),
        str(about["notebook"]),
        points(float(str(about["score"]))),
        points(float(str(about["max_score"]))),
        points(penalty) if penalty else "",
        [
            {
                "title": titles.get(change.question, change.question.replace("_", " ")),
                "before": _or_none(change.before),
                "now": _or_none(change.now),
                "why": change.why,
            }
            for change in changes
        ],
        sections,
        [part for cell in notebook.cells for part in _error_of(cell)],
    )
    return _template().render(page=page, colours=Markup(_colours()))


def _sections(cells: Sequence[NotebookNode], unmarked: Container[str]) -> Iterator[Section]:
    """Yield what is said of each graded cell, with the answers that stand above it."""
    heading, used = "", set[str]()
    answers: list[Markup] = []
    comments: list[Markup] = []
    for cell in cells:
        marks = cell.metadata.get("nbgrader", {})
        if not (is_grade(cell) or is_solution(cell)):
            if cell.cell_type == "markdown" and (found := _HEADING.search(cell.source)):
                heading = re.sub(r"[*_`$]", "", found[1])
            continue
        question = str(marks["grade_id"]).removeprefix("check_")
        if is_solution(cell):
            answers += _answer(cell, question)
            if comment := marks.get("comment"):
                comments.append(Markup(rendered(comment, "a comment")))
        if is_grade(cell):
            title = heading if heading and heading not in used else question.replace("_", " ")
            used.add(heading)
            section = _section(cell, question, title, answers, comments)
            if marks["grade_id"] in unmarked:
                section.sign, section.by_hand = _UNMARKED, "A person is still to mark this."
            yield section
            answers, comments = [], []


def _section(
    cell: NotebookNode,
    question: str,
    title: str,
    answers: list[Markup],
    comments: list[Markup],
) -> Section:
    marks = cell.metadata.nbgrader
    score, most = float(marks.get("score") or 0.0), float(marks.get("points") or 0.0)
    sign = "✓ all points" if score >= most else "~ some points" if score > 0 else "✗ no points"
    report = None if is_solution(cell) else _report(cell)
    return Section(question, title, points(score), points(most), sign, answers, comments, report)


def _answer(cell: NotebookNode, question: str) -> Iterator[Markup]:
    if cell.cell_type == "markdown":
        yield Markup(rendered(cell.source, f"the answer to {question}", cell.get("attachments")))
        return
    yield _code(cell.source)
    yield from _shown(cell, question)


def _code(source: str) -> Markup:
    if len(source) > LONGEST:
        return Markup("<pre>{}</pre>").format(printable(source))
    coloured = highlight(printable(source), PythonLexer(), HtmlFormatter())
    return Markup(_PLAIN.sub(r"\1", coloured))  # names and blanks have no colour: half of the page


def _shown(cell: NotebookNode, question: str) -> Iterator[Markup]:
    """Yield what a cell printed and drew."""
    number = 0
    for output in harmless(cell.get("outputs", [])):
        if output.output_type == "stream":
            yield _printed(output.text)
        elif output.output_type == "error":
            yield _printed(f"{output.ename}: {output.evalue}")
        for kind, content in output.get("data", {}).items():
            if kind.startswith("image/"):
                number += 1
                alt = f"Picture {number} that the answer to {question} displayed"
                yield Markup('<img src="data:{};base64,{}" alt="{}">').format(kind, content, alt)


def _printed(text: str) -> Markup:
    plain = printable(_ANSI.sub("", text))
    more = "" if len(plain) <= _PRINTED else f"\n… and {len(plain) - _PRINTED} characters more"
    return Markup("<pre>{}</pre>").format(plain[:_PRINTED] + more)


def _report(cell: NotebookNode) -> Markup:
    """Return the judge's report, as it was written into the check cell."""
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if "text/html" in data:
            clean = clean_html(data["text/html"])
            return Markup(clean.replace(f' style="{LEFT};"', ""))  # what the page's own style says
        if "text/plain" in data:
            return _printed(str(data["text/plain"]))
    return Markup("<p>No outcome was recorded.</p>")


def _error_of(cell: NotebookNode) -> Iterator[Markup]:
    """Yield a cell that no marks depend on, where it ended with an error."""
    if cell.cell_type != "code" or "nbgrader" in cell.metadata:
        return
    for output in harmless(cell.get("outputs", [])):
        if output.output_type == "error":
            yield _code(cell.source)
            yield _printed(f"{output.ename}: {output.evalue}")


def _or_none(number: float | None) -> str:
    return "" if number is None else points(number)


@cache
def _template() -> Template:
    """Return the page's template, which escapes all that is not marked as clean."""
    loader = PackageLoader("rnn_course.grading.gradebook", "templates")
    return Environment(loader=loader, autoescape=True).get_template("feedback.html.j2")


@cache
def _colours() -> str:
    return str(HtmlFormatter(nobackground=True).get_style_defs(".highlight"))
