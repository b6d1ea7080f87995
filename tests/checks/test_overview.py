"""What `check()` shows: every question, and what they come to."""

from rnn_course.checks.coursework import Coursework, Question
from rnn_course.checks.overview import Overview
from rnn_course.checks.report import Criterion, Report, Verdict

CRITERION = Criterion("sum", "Adds up", 4)
COURSE = Coursework(
    "adding",
    "Adding <up>",
    "adding.ipynb",
    (
        Question("add", "Add <two>", (CRITERION,), lambda *_: None),
        Question("more", "Add more", (Criterion("sum", "Adds up", 3),), lambda *_: None),
        Question("essay", "Why", (Criterion("essay", "Why", 2),)),
    ),
)
HALF = Report("add", "Add <two>", "partial", (Verdict(CRITERION, False, 2.5, "one is wrong"),))


def test_before_any_check_nothing_is_summed_up():
    lines = repr(Overview(COURSE, {})).splitlines()
    assert lines[0].split("  ")[-1] == "not checked since the kernel was started"
    assert lines[2].split("  ")[-1] == "a person marks it"
    assert lines[3] == "Together: 0 of 0 points that were checked; 9 more are not in this sum."


def test_what_was_checked_is_summed_up():
    shown = Overview(COURSE, {"add": HALF})
    assert "Together: 2.5 of 4 points that were checked; 5 more are not in this sum." in repr(shown)
    html = shown._repr_html_()
    assert "Add &lt;two&gt;" in html
    assert html.endswith("5 more are not in this sum.</p>")
