"""The class report: figures, mistakes, the page and the table, and what students put into them."""

import csv
import io
import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from statistics import correlation
from xml.etree import ElementTree

import pytest
import toy
from invented_results import answer, class_of, record, submitted
from nbgrader.api import Gradebook

from rnn_course.checks.coursework import Coursework
from rnn_course.checks.report import Criterion
from rnn_course.errors import GradingError
from rnn_course.grading.gradebook.class_list import Mark, Member
from rnn_course.grading.reporting import mistakes, pictures, review, statistics
from rnn_course.grading.reporting.class_report import report_page, write_report
from rnn_course.grading.reporting.class_results import ClassResults, read_class
from rnn_course.grading.reporting.marks_table import harmless, marks_table
from rnn_course.grading.result import Incident

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}"


class Page(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.refers: list[str] = []
        self.handlers: list[str] = []
        self.headings: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        self.tags[tag] += 1
        if about.get("id"):
            self.ids[str(about["id"])] += 1
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        self.handlers += [name for name in about if name.startswith("on")]
        for name in ("aria-labelledby", "aria-describedby"):
            self.refers += str(about.get(name) or "").split()
        for name in ("href", "src", "xlink:href"):
            if about.get(name):
                self.links.append(str(about[name]))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def strong_and_weak() -> list:
    """Twelve students: double tells strong from weak, square is the other way round."""
    strong = [
        submitted(f"strong{n}", square=answer(3, 0), double=answer(3, n % 2)) for n in range(6)
    ]
    weak = [submitted(f"weak{n}", double=answer(0, 0), eighth=answer(0, n % 2)) for n in range(6)]
    return [*strong, *weak]


def test_figures_of_a_question() -> None:
    by_id = {f.question.id: f for f in statistics.question_figures(class_of(*strong_and_weak()))}
    double, essay = by_id["double"], by_id["essay"]
    assert (double.marked, double.full, double.partly, double.none) == (12, 3, 3, 6)
    assert double.mean == pytest.approx((3 * 4 + 3 * 3) / 12)
    assert (essay.marked, essay.pending, essay.mean, essay.discrimination) == (0, 12, None, None)


def test_item_rest_correlation_leaves_the_question_itself_out() -> None:
    # everywhere else alike: with itself in the sum, each would correlate perfectly
    alone = [submitted("ada"), submitted("bob", double=answer(0, 0)), submitted("cyd")]
    (double, *_) = statistics.question_figures(class_of(*alone))
    assert double.discrimination is None
    by_id = {f.question.id: f for f in statistics.question_figures(class_of(*strong_and_weak()))}
    double, rest = [3, 4, 3, 4, 3, 4] + [0] * 6, [7] * 6 + [4, 5, 4, 5, 4, 5]
    assert by_id["double"].discrimination == pytest.approx(correlation(double, rest))
    assert by_id["square"].discrimination < -0.9


def test_an_essay_that_is_marked_for_some_does_not_tell_strong_from_weak() -> None:
    students = strong_and_weak()
    before = statistics.question_figures(class_of(*students))[0].discrimination
    essay = Mark(2.0, 2.0, None, overridden=False, pending=False)
    for i in (0, 7):
        marks = {**students[i].member.marks, "essay": essay}
        students[i] = replace(students[i], member=replace(students[i].member, marks=marks))
    after = statistics.question_figures(class_of(*students))
    assert after[0].discrimination == before
    assert (after[3].marked, after[3].pending, after[3].mean) == (2, 10, 2.0)


def test_a_question_worth_nothing_and_a_class_without_questions_have_a_page() -> None:
    essay = toy.COURSEWORK["essay"]
    nothing = replace(essay, criteria=(Criterion("essay", "For fun", 0.0),))
    ada = submitted("ada")
    for questions in ((essay,), (nothing,), ()):
        course = Coursework("e", "Essays", "e.ipynb", questions)
        mark = Mark(0.0, 0.0, 0.0, overridden=False, pending=questions == (essay,))
        one = replace(ada, answers={}, member=replace(ada.member, marks={"essay": mark}))
        results = ClassResults(course, (one,), (), ())
        assert "Essays" in report_page(results)
        assert [f.partly for f in statistics.question_figures(results)] == [0] * len(questions)


def test_criteria_are_counted() -> None:
    found = statistics.criterion_figures(class_of(*strong_and_weak()))
    double = {f.criterion.id: (f.met, f.partly, f.failed) for f in found[:2]}
    assert double == {"value": (6, 0, 6), "pure": (3, 0, 9)}
    assert [f.question.id for f in found] == ["double"] * 2 + ["square"] * 2 + ["eighth"] * 2


def test_mistakes_with_a_name_come_with_one_finding() -> None:
    wrong = answer(0, 0, "off by 3", "not_doubled")
    crashed = replace(answer(0, 0, "It ended."), status="crashed")
    found = mistakes.named_mistakes(
        class_of(
            submitted("ada", square=crashed), submitted("bob", double=wrong), submitted("cyd"),
            submitted("dan", double=wrong),
        )
    )  # fmt: skip
    assert [(m.question.id, m.name, m.students) for m in found] == [
        ("double", "not doubled", ("bob", "dan")),
        ("square", "the kernel died", ("ada",)),
    ]
    assert (found[0].example, found[0].finding) == ("bob", "off by 3")


def test_answers_without_a_name_that_behave_alike_are_grouped() -> None:
    found = mistakes.unnamed_groups(
        class_of(
            submitted("ada", double=answer(0, 1, "off by 0.123456789 at T = 5")),
            submitted("bob", double=answer(0, 1, "off by 0.123456781 at T = 5")),
            submitted("cyd", double=answer(0, 1, "off by 0.2 at T = 5")),
            submitted("dan", double=answer(0, 0, "off by 0.123456789 at T = 5")),
            submitted("eve", double=answer(0, 1, "off by 0.1234567 at T = 6")),
            submitted("fay", double=answer(0, 1, "off by 0.1234567 at T = 5", "named")),
        )
    )
    assert [group.students for group in found] == [
        ("ada", "bob"), ("cyd",), ("dan",), ("eve",)
    ]  # fmt: skip
    assert found[0].criteria == ("Right numbers",)
    assert found[0].findings == ("off by 0.123456789 at T = 5",)


def test_numbers_are_rounded_to_two_digits() -> None:
    text = mistakes.rounded("h[2] is -1.23456e-05, 0.30000001 is right; B = 12")
    assert text == "h[2] is -1.2e-05, 0.3 is right; B = 12"


def test_review_is_what_a_person_decides() -> None:
    seen = tuple(
        {"kind": kind, "cell": "double", "message": kind}
        for kind in ("review", "check", "linked", "crashed", "recovered", "memory", "new to us")
    )
    one = submitted("ada", seen)
    marks = {**one.member.marks, "double": Mark(1, 4, 4, overridden=True, pending=True)}
    results = class_of(replace(one, member=replace(one.member, marks=marks)))
    assert [item.message for item in review.for_review(results)] == [
        "review", "check", "linked", "new to us", "1 by hand, 4 by the machine.",
    ]  # fmt: skip
    assert [i.message for i in review.incidents(results)] == ["crashed", "recovered", "memory"]
    assert review.essays_to_mark(results) == {"Essay": 1}


def test_nothing_that_a_student_wrote_is_markup_in_the_page() -> None:
    bad = answer(0, 0, f"It returned `{EVIL}` \u202e\x1b[31m", EVIL)
    unnamed = answer(0, 0, EVIL)
    seen = ({"kind": EVIL, "cell": EVIL, "message": EVIL},)
    one = submitted(EVIL, seen, double=bad, square=unnamed)
    member = replace(one.member, first_name=EVIL, last_name="", page='"><script>')
    missing = (Member("'\"><script>", email=EVIL),)
    text = report_page(class_of(replace(one, member=member), submitted("ada"), missing=missing))
    page = Page(text)
    assert page.tags["script"] == page.tags["img"] == 0
    assert page.handlers == []
    assert EVIL in "".join(page.text)  # shown as it is
    assert "49" not in "".join(page.text)  # and not evaluated by the template
    assert "&amp;lt;" not in text  # escaped once
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert not [link for link in page.links if not link.startswith(("#", "http://localhost"))]


def test_the_page_needs_nothing_beside_it_and_can_be_walked_through() -> None:
    results = class_of(*strong_and_weak(), missing=(Member("zoe"),))
    text = report_page(results, "https://jupyter.example/hub/formgrader/")
    page = Page(text)
    outside = [link for link in page.links if not link.startswith("#")]
    assert set(outside) == {
        f"https://jupyter.example/hub/formgrader/submissions/page-of-{one.member.id}/"
        for one in results.submitted
    }
    assert page.tags["link"] == page.tags["script"] == page.tags["img"] == 0
    assert "url(http" not in text
    assert "@import" not in text
    assert [ident for ident, number in page.ids.items() if number > 1] == []
    assert set(page.refers) <= set(page.ids)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert page.headings[0] == "h1"
    assert set(page.headings[1:]) == {"h2"}
    assert page.tags["main"] == page.tags["nav"] == page.tags["header"] == 1
    assert page.tags["table"] == page.tags["caption"]
    assert page.tags["svg"] == page.tags["figure"] == page.tags["desc"] == 2
    assert text.startswith("<!DOCTYPE html>")
    assert '<html lang="en">' in text
    assert "With fewer than 10 students" not in text


def test_pictures_say_what_they_show_and_have_ids_of_their_own() -> None:
    results = class_of(*strong_and_weak())
    marks = statistics.marks_figures(results)
    drawn = {
        "marks": pictures.marks_picture(marks, results.max_score),
        "questions": pictures.questions_picture(statistics.question_figures(results)),
        "times": pictures.times_picture([timedelta(hours=h) for h in (50, 3, 0.2, -1, -80)]),
    }
    for name, text in drawn.items():
        root = ElementTree.fromstring(text)
        described = {
            e.attrib["id"]: e.text for e in root.iter() if e.tag.endswith(("title", "desc"))
        }
        assert set(described) == {f"{name}-title", f"{name}-desc"}
        ids = {element.attrib["id"] for element in root.iter() if "id" in element.attrib}
        assert all(ident.startswith(f"{name}-") for ident in ids)
        used = re.findall(r'(?:url\(|href=")#([^)"]+)', text)
        assert used
        assert set(used) <= ids
    assert "12 students, from 4 to 11; the median is" in drawn["marks"]
    assert "Double: 3 all, 3 some, 6 none" in drawn["questions"]
    assert "5 students; 2 came after" in drawn["times"]
    assert drawn["marks"] == pictures.marks_picture(marks, results.max_score)


def test_any_title_and_any_time_can_be_drawn() -> None:
    results = class_of(*strong_and_weak())
    (first, *others) = statistics.question_figures(results)
    title = "损失 $\\frac{ <b>&\x07 " + "long " * 20
    odd = replace(first, question=replace(first.question, title=title))
    root = ElementTree.fromstring(pictures.questions_picture([odd, *others]))
    assert "损失 $\\frac{ <b>&\\x07" in "".join(root.itertext())
    for ahead in ([0.0], [1e6, -1e6], [-3.0], [5.0], [0.1, 0.2]):
        text = pictures.times_picture([timedelta(hours=hours) for hours in ahead])
        assert f"of {len(ahead)} students" in text
    one = class_of(submitted("ada", double=answer(0, 0)))
    assert "1 students" in pictures.marks_picture(statistics.marks_figures(one), 0.0)


def test_the_table_has_a_row_a_student_and_a_column_a_criterion() -> None:
    bob = submitted("bob", square=answer(3, 0))
    one = replace(bob, member=replace(bob.member, last_name="=1+1", email="-b@x", penalty=2.0))
    text = marks_table(class_of(submitted("ada"), one, missing=(Member("zoe"),)))
    assert text.startswith("\ufeff")
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(text[1:]))}
    assert list(rows) == ["ada", "bob", "zoe"]
    assert (rows["bob"]["square"], rows["bob"]["square.value"], rows["bob"]["square.pure"]) == (
        "3.0", "3.0", "0.0",
    )  # fmt: skip
    assert (rows["ada"]["total"], rows["bob"]["total"], rows["bob"]["essay"]) == ("12.0", "9.0", "")
    assert (rows["bob"]["last_name"], rows["bob"]["email"]) == ("'=1+1", "'-b@x")
    assert rows["zoe"]["status"] == "missing"


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_no_text_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_a_class_without_marks_is_a_sentence(course: Path) -> None:
    with pytest.raises(GradingError, match=r"Expected graded submissions of toy .*Got none\. Run"):
        read_class(course, "toy")


@pytest.fixture
def graded(course: Path) -> Path:
    due = datetime(2026, 11, 20, 12)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment("toy", duedate=due)
        gradebook.add_student("zoe", first_name="Zoë", last_name="Last")
    record(course, "ada", {}, handed_in=due - timedelta(hours=5))
    record(course, "bob", {"double": (0, 1)}, handed_in=due + timedelta(hours=5))
    seen = (Incident("review", "square", EVIL),)
    record(course, "cyd", {"square": (3, 0)}, message=EVIL, incidents=seen)
    (course / "submitted" / "new" / "toy").mkdir(parents=True)
    for attempt in ("1", "2", ".writing-3"):
        (course / "collected" / "toy" / "ada" / attempt).mkdir(parents=True)
    return course


def test_a_report_of_a_real_gradebook(graded: Path) -> None:
    with Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as gradebook:
        essay = gradebook.find_grade("essay", "toy", "toy", "ada")
        essay.manual_score, essay.needs_manual_grade = 1.5, False
        gradebook.db.commit()
        place = gradebook.find_submission_notebook("toy", "toy", "bob").id
    results = read_class(graded, "toy")
    totals = {one.member.id: one.member.total for one in results.submitted}
    assert totals == {"ada": 13.5, "bob": 9, "cyd": 11}
    assert [member.id for member in results.missing] == ["zoe"]
    assert results.ungraded == ("new",)
    page, table = write_report(graded, "toy")
    shown = Page(page.read_text())
    assert f"http://localhost:8888/formgrader/submissions/{place}/" in shown.links
    said = re.sub(r"\s+", " ", " ".join(shown.text))
    assert "1 of 2 came late" in said
    assert "Handed in more than once: ada (2)" in said
    assert "tripled" in said
    assert EVIL in said
    assert shown.tags["script"] == 0
    written = io.StringIO(table.read_text("utf-8-sig"))
    rows = {row["student"]: row for row in csv.DictReader(written)}
    assert rows["ada"]["essay"] == "1.5"
    assert (rows["new"]["status"], rows["zoe"]["first_name"]) == ("not graded", "Zoë")


def test_a_damaged_result_costs_nobody_the_report(graded: Path) -> None:
    (graded / "results" / "toy" / "bob" / "result.json").write_text("{")
    results = read_class(graded, "toy")
    (item,) = [item for item in review.for_review(results) if item.student == "bob"]
    assert item.why == "no result is stored"
    assert {one.member.id: one.member.total for one in results.submitted}["bob"] == 9
    assert "bob" in report_page(results)
