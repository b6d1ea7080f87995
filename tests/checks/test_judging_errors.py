"""An answer that raises has not changed its inputs: it has raised."""

from dataclasses import replace

from rnn_course.checks import Part, array, calls, compare
from rnn_course.checks.judging import judged_by
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.recording import Source, record

QUESTION = compare(
    "twice",
    "Twice",
    cases=calls("twice", array("N")),
    parts=(Part("value", "Twice", 2), Part("pure", "Left alone", 1, "result@changed")),
)


def test_a_part_that_looks_at_changes_tells_of_the_exception():
    assert QUESTION.comparison is not None
    recording = record(QUESTION.comparison, Source("twice", "def twice(x):\n    return 2 * x"), 1)
    question = replace(QUESTION, judge=judged_by(recording))

    def twice(x):
        raise NotImplementedError

    report = question.report(LocalSubject({"twice": twice}), 1)
    assert {found.id for found in report.misconceptions} == {"not_written"}
    assert report.score == 0
