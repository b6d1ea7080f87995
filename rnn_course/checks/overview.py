"""All questions of a coursework at a glance, as ``check()`` shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from rnn_course.checks.coursework import Coursework
from rnn_course.checks.display import LEFT, RIGHT, opening, points
from rnn_course.checks.report import Report

_UNCHECKED = "not checked since the kernel was started"


@dataclass(frozen=True)
class Overview:
    """The questions of a coursework with what each earned so far."""

    course: Coursework
    reports: Mapping[str, Report]

    def _rows(self) -> list[tuple[str, str, str]]:
        rows = []
        for question in self.course:
            report = self.reports.get(question.id)
            state = "a person marks it" if question.judge is None else _UNCHECKED
            earned = points(report.score) if report else "–"
            rows.append(
                (
                    question.title,
                    f"{earned} / {points(question.points)}",
                    report.status if report else state,
                )
            )
        return rows

    def _total(self) -> str:
        """Sum up; what a person marks, or has not been checked since the start, is not in it."""
        earned = sum(report.score for report in self.reports.values())
        checked = sum(report.max_score for report in self.reports.values())
        left = sum(question.points for question in self.course) - checked
        text = f"Together: {points(earned)} of {points(checked)} points that were checked"
        return text + (f"; {points(left)} more are not in this sum." if left else ".")

    def __repr__(self) -> str:
        rows = self._rows()
        width = max(len(row[0]) for row in rows)
        lines = [f"{title:<{width}}  {earned:>9}  {state}" for title, earned, state in rows]
        return "\n".join([*lines, self._total()])

    def _repr_html_(self) -> str:
        body = "".join(
            f'<tr><td style="{LEFT}">{escape(title)}</td><td style="{RIGHT}">{earned}</td>'
            f'<td style="{LEFT}">{escape(state)}</td></tr>'
            for title, earned, state in self._rows()
        )
        return (
            f"{opening('All questions')}"
            f'<table><thead><tr><th scope="col" style="{LEFT}">Question</th>'
            f'<th scope="col" style="{RIGHT}">Points</th><th scope="col" style="{LEFT}">State</th>'
            f"</tr></thead><tbody>{body}</tbody></table></div>"
            f"<p>{escape(self._total())}</p>"
        )
