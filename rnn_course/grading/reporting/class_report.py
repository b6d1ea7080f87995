"""The class report: one page that needs nothing beside it, and the table it rests on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from rnn_course.checks.display import points, printable
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.intake.release import Release
from rnn_course.grading.judge.result_store import replace_file
from rnn_course.grading.reporting import mistakes, pictures, review, statistics
from rnn_course.grading.reporting.class_results import ClassResults, read_class
from rnn_course.grading.reporting.marks_table import marks_table
from rnn_course.grading.reporting.naming import command_to_name
from rnn_course.grading.reporting.similarity import Pair, similar_pairs
from rnn_course.grading.reporting.submitted_code import submitted_code

FORMGRADER = "http://localhost:8888/formgrader"
REPORTS = "reports"


@dataclass(frozen=True)
class Alike:
    """Who is alike, whose notebook could not be read to be compared, and what was read.

    Attributes:
        codes: by student and question.
    """

    pairs: tuple[Pair, ...] = ()
    unread: tuple[str, ...] = ()
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def write_report(root: Path, coursework: str, formgrader: str = FORMGRADER) -> tuple[Path, Path]:
    """Write the report of a class to reports/COURSEWORK/; an earlier one is replaced.

    Args:
        root: the course's folder.
        coursework: its name.
        formgrader: where formgrader answers, for links to its pages.

    Returns:
        The page and the table.

    Raises:
        GradingError: nobody has been graded.
    """
    root = root.resolve()
    results = read_class(root, coursework)
    alike = _alike(root, results)
    folder = root / REPORTS / coursework
    folder.mkdir(parents=True, exist_ok=True)
    page, table = folder / "report.html", folder / "marks.csv"
    replace_file(page, report_page(results, formgrader, alike))
    replace_file(table, marks_table(results))
    return page, table


def _alike(root: Path, results: ClassResults) -> Alike:
    release = Release.load(results.coursework.name, root)
    students = [one.member.id for one in results.submitted]
    codes = submitted_code(Course(root), release, students)
    given = [cell.source for cell in release.notebook.cells if cell.cell_type == "code"]
    unread = tuple(student for student in students if student not in codes)
    return Alike(tuple(similar_pairs(codes, given)), unread, codes)


def report_page(
    results: ClassResults, formgrader: str = FORMGRADER, alike: Alike | None = None
) -> str:
    """Return the report as HTML.

    Every text goes through the template's escaping: names, messages and code may be a student's.
    """
    environment = Environment(
        loader=PackageLoader("rnn_course.grading.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"points": points, "plain": printable, "text": _text, "span": _span}
    base = formgrader.rstrip("/")
    environment.globals["to_name"] = partial(command_to_name, results.coursework.name)
    environment.globals["page"] = lambda ident: f"{base}/submissions/{quote(ident, safe='')}/"
    return (
        environment.get_template("report.html")
        .render(_content(results), alike=alike or Alike())
        .lstrip()
    )


def _content(results: ClassResults) -> dict[str, Any]:
    marks, questions = statistics.marks_figures(results), statistics.question_figures(results)
    ahead = statistics.before_deadline(results)
    return {
        "results": results,
        "marks": marks,
        "questions": questions,
        "criteria": statistics.criterion_figures(results),
        "few": len(results.submitted) < statistics.FEW,
        "mistakes": mistakes.named_mistakes(results),
        "groups": mistakes.unnamed_groups(results),
        "review": review.for_review(results),
        "incidents": review.incidents(results),
        "essays": review.essays_to_mark(results),
        "ahead": ahead,
        "late": [one for one, time in ahead.items() if time < timedelta()],
        "pages": {one.member.id: one.member.page for one in results.submitted},
        "titles": {question.id: question.title for question in results.coursework},
        "marks_picture": Markup(pictures.marks_picture(marks, results.max_score)),
        "questions_picture": Markup(pictures.questions_picture(questions)),
        "times_picture": Markup(pictures.times_picture(list(ahead.values()))) if ahead else "",
    }


def _text(message: str) -> Markup:
    """Escape a sentence and set what stands between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(printable(message)))))


def _span(time: timedelta) -> str:
    """Write a time in the largest units that matter: 2 d 3 h, 45 min."""
    minutes = round(abs(time.total_seconds()) / 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{days} d" if days else "", f"{hours} h" if hours else ""]
    return " ".join(filter(None, parts if days else [*parts[1:], f"{rest} min"]))
