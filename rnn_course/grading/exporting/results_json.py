"""Results as Gradescope and PrairieLearn take them: one JSON file a submission.

References:
    Gradescope: https://gradescope-autograders.readthedocs.io/en/latest/specs/
    PrairieLearn: https://prairielearn.readthedocs.io/en/latest/externalGrading/
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rnn_course.checks.coursework import Coursework, Question
from rnn_course.checks.display import points, printable
from rnn_course.grading.gradebook.class_list import Mark

_CODE = re.compile(r"(`[^`\n]+`)")
_MEANS = re.compile(r"([\\`*_{}\[\]()<>#+!|~&$-])")
_BY_HAND = "Marked by a person."
_PENDING = "A person will mark this."
_MOST = 1_000_000
"""Bytes of a results.json that PrairieLearn still takes."""
_CUT = 2000


def gradescope(
    result: Mapping[str, Any],
    coursework: Coursework,
    marks: Mapping[str, Mark] | None = None,
    penalty: float = 0.0,
) -> dict[str, Any]:
    """Return Gradescope's ``results.json``: a test a criterion.

    Args:
        result: as `Result.as_dict` writes it.
        coursework: for the titles.
        marks: by question, as the gradebook has them, where there is one.
        penalty: points that lateness costs.
    """
    tests: list[dict[str, Any]] = [
        {
            "name": name,
            "number": f"{number}.{part}",
            "score": score,
            "max_score": most,
            **({} if message == _PENDING else {"status": "passed" if score >= most else "failed"}),
            "output": markdown(message),
            "output_format": "md",
            "visibility": "visible",
        }
        for number, part, name, score, most, message in _parts(result, coursework, marks or {})
    ]
    earned = round(max(0.0, sum(test["score"] for test in tests) - penalty), 6)
    late = f" Late: {points(penalty)} points off." if penalty else ""
    return {
        "score": earned,
        "output": f"{points(earned)} of {points(result['max_score'])} points.{late}",
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",  # what the judge prints is for instructors
        "tests": tests,
        "extra_data": {"status": result["status"], "environment": dict(result["environment"])},
    }


def prairielearn(
    result: Mapping[str, Any],
    coursework: Coursework,
    marks: Mapping[str, Mark] | None = None,
    penalty: float = 0.0,
) -> dict[str, Any]:
    """Return PrairieLearn's ``results.json`` of an external grader; see `gradescope`.

    What could not be read is said to be not gradable: it costs no attempt.
    """
    if result["status"] == "unreadable":
        why = "; ".join(incident["message"] for incident in result["incidents"])
        return {"gradable": False, "format_errors": [printable(why)[:_CUT]]}
    tests: list[dict[str, Any]] = [
        {
            "name": name,
            "points": score,
            "max_points": most,
            "output": printable(message)[:_CUT],
        }
        for _, _, name, score, most, message in _parts(result, coursework, marks or {})
    ]
    most = sum(test["max_points"] for test in tests) or 1.0
    earned = max(0.0, sum(test["points"] for test in tests) - penalty)
    return {
        "gradable": True,
        "score": round(min(1.0, earned / most), 6),  # extra credit cannot be said here
        "message": f"{points(earned)} of {points(most)} points.",
        "tests": tests,
    }


def _parts(
    result: Mapping[str, Any], coursework: Coursework, marks: Mapping[str, Mark]
) -> Iterator[tuple[int, int, str, float, float, str]]:
    """Yield question, part, name, score, most and message of every criterion.

    Where a person has put other points in place of the machine's, the question is one part: which
    of its criteria they meant, nobody knows.
    """
    answers = {question["id"]: question for question in result["questions"]}
    for number, question in enumerate(coursework, 1):
        answer, mark = answers.get(question.id), marks.get(question.id)
        if answer is None or answer["status"] == "manual" or (mark and _differs(mark, answer)):
            yield (number, 1, question.title, *_whole(question, mark))
            continue
        titles = {criterion.id: criterion.title for criterion in question.criteria}
        for part, verdict in enumerate(answer["criteria"], 1):
            name = f"{question.title}: {titles.get(verdict['id'], verdict['id'])}"
            yield number, part, name, verdict["score"], verdict["max_score"], verdict["message"]


def _differs(mark: Mark, answer: Mapping[str, Any]) -> bool:
    return abs(mark.score - answer["score"]) > 1e-6


def _whole(question: Question, mark: Mark | None) -> tuple[float, float, str]:
    if mark is None or mark.unmarked:
        return 0.0, question.points, _PENDING
    return mark.score, mark.max_score, _BY_HAND


def markdown(message: str) -> str:
    """Write a sentence as Markdown in which nothing is markup but code between backticks."""
    return "".join(
        part if _CODE.fullmatch(part) else _MEANS.sub(r"\\\1", part)
        for part in _CODE.split(printable(message)[:_CUT])
    )
