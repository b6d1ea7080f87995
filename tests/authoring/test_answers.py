import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from rnn_course.authoring import answers
from rnn_course.authoring.corpus import Sample, samples
from rnn_course.authoring.declared import declared, without_example
from rnn_course.checks.courses import find
from rnn_course.checks.coursework import Coursework, Question
from rnn_course.checks.report import Criterion, Misconception
from rnn_course.checks.requests import Describe
from rnn_course.errors import CheckError

OFF_BY_ONE = Misconception("off_by_one", "One too many was seen.", "Counting began at 1.", "Q")


def judge(subject, seed, marking):
    value = subject.ask(Describe("answer")).value
    assert not isinstance(value, str), "no number"
    if value == 42:
        marking.passed("value")
    elif value == 43:
        marking.failed("value", "43", OFF_BY_ONE)
    elif value == 50:
        marking.scored("value", 1.0 * (seed != 3), "Not at seed 3.")


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    question = Question("q", "Q", (Criterion("value", "Is it 42?", 2),), judge, ("answer",))
    unknown = Question("unknown", "U", (Criterion("value", "Is it 42?", 2),), judge, ("answer",))
    essay = Question("essay", "E", (Criterion("value", "Is it clear?", 2),), None, ("answer",))
    course = Coursework("cw1_bptt", "CW", "x.ipynb", (question, unknown, essay))
    monkeypatch.setattr(answers, "_coursework", lambda name: course)
    monkeypatch.setattr(answers, "_declared", lambda name: course.questions)
    texts = {
        "right/plain": "answer = 42",
        "right/own_folder": "open('x', 'w').write('42')\nanswer = int(open('x').read())",
        "wrong/off": '"""misconception: off_by_one"""\nanswer = 43',
        "wrong/either": '"""misconception: no_such | off_by_one\n\nMore.\n"""\nanswer = 43',
        "wrong/nothing": '"""misconception: missing"""',
        "wrong/breaks": '"""misconception: crashed"""\nanswer = 42\n1 / 0',
    }
    for name, text in texts.items():
        path = tmp_path / "cw1_bptt" / "q" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def add(corpus, name, text):
    (corpus / "cw1_bptt" / "q" / f"{name}.py").write_text(text)


def test_a_sound_corpus_meets_the_bars(corpus):
    result = answers.run("cw1_bptt", corpus)
    (row,) = result.rows()
    assert (row.right, row.right_accepted, row.wrong, row.wrong_named) == (2, 2, 4, 4)
    assert result.ok
    assert not result.complaints()


def test_a_right_answer_that_is_rejected_is_a_complaint(corpus):
    add(corpus, "right/other", "answer = 41")
    result = answers.run(None, corpus)
    assert not result.ok
    assert result.complaints()[0].startswith("cw1_bptt/q/right/other: right, but earned 0")


def test_a_wrong_answer_that_is_accepted_is_a_complaint(corpus):
    add(corpus, "wrong/passes", '"""misconception: off_by_one"""\nanswer = 42')
    result = answers.run(None, corpus)
    assert not result.ok
    assert "wrong, but earned full marks; expected off_by_one" in result.complaints()[0]


def test_a_wrong_answer_under_another_name_is_a_complaint(corpus):
    add(corpus, "wrong/unnamed", '"""misconception: off_by_one"""\nanswer = 7')
    result = answers.run(None, corpus)
    assert not result.ok
    assert "expected off_by_one, found failed" in result.complaints()[0]


def test_marks_that_differ_between_seeds_are_a_complaint(corpus):
    add(corpus, "right/lucky", "answer = 50")
    assert answers.run(None, corpus, seeds=3).ok
    result = answers.run(None, corpus, seeds=5)
    assert not result.ok
    assert result.complaints() == ["cw1_bptt/q/right/lucky: At seed 3: value 0, not 2."]
    assert [row.by_luck for row in result.rows()] == [1]


def test_a_check_that_breaks_down_is_a_complaint(corpus):
    add(corpus, "wrong/breaks_check", '"""misconception: failed"""\nanswer = "a word"')
    result = answers.run(None, corpus)
    assert not result.ok
    (complaint,) = result.complaints()
    assert "breaks_check: the check broke down: AssertionError: no number" in complaint


def test_a_declared_mistake_that_no_answer_shows_is_a_complaint(corpus):
    (corpus / "cw1_bptt" / "q" / "wrong" / "off.py").unlink()
    (corpus / "cw1_bptt" / "q" / "wrong" / "either.py").unlink()
    result = answers.run(None, corpus)
    assert not result.ok
    (complaint,) = result.complaints()
    assert complaint.startswith("cw1_bptt: off_by_one: a declared mistake that no known answer")


def test_mistakes_are_found_where_judges_have_them():
    place = Question("q", "Q", (), judge, ("answer",))
    assert declared([place]) == ("off_by_one",)
    assert without_example([place], {"off_by_one"}) == ()
    data = find(Path(__file__).parents[2])["cw1_bptt"].declared
    known = declared([data["cell_fn_backward"]])
    assert "label_not_subtracted" in known  # made by an edit
    assert "label_not_subtracted" not in without_example([data["cell_fn_backward"]], ())
    assert "rows_mixed" in without_example([data["cell_fn_backward"]], ())  # known by its place
    assert "wrong_shape" not in declared(data.values())  # everybody's


def test_the_table_shows_counts(corpus):
    console = Console(width=120, record=True, file=io.StringIO())
    answers.run(None, corpus).show(console)
    text = console.export_text()
    assert "2 of 2" in text
    assert "4 of 4" in text
    assert re.search(r"unknown.* – .*not covered", text)
    assert "essay" not in text


def test_an_answer_cannot_leave_global_state_behind(corpus):
    import torch

    add(corpus, "right/vandal", "import torch\ntorch.set_default_dtype(torch.float64)\nanswer = 42")
    answers.run(None, corpus)
    assert torch.get_default_dtype() == torch.float32


def test_elsewhere_the_error_says_what_to_do(tmp_path):
    with pytest.raises(CheckError, match="Run it in a checkout of the repository"):
        answers.run(None, tmp_path)


def test_a_wrong_answer_must_say_what_is_wrong(corpus):
    add(corpus, "wrong/silent", "answer = 3")
    with pytest.raises(CheckError, match="Say which mistake the file makes"):
        answers.run(None, corpus)


@pytest.mark.parametrize("coursework", find(Path(__file__).parents[2]))
def test_the_readme_counts_the_answers_that_there_are(coursework):
    root = Path(__file__).parents[2]
    line = next(
        line
        for line in (root / "README.md").read_text(encoding="utf-8").splitlines()
        if line.startswith(f"| `{coursework}`") and " of " in line
    )
    known = list(samples(root / "tests" / "submissions", coursework))
    assert _counted(line) == _counts(known)


def test_the_readme_counts_all_of_them_and_every_question_has_some():
    root = Path(__file__).parents[2]
    readme = (root / "README.md").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in readme if line.startswith("| all |")]
    known = list(samples(root / "tests" / "submissions"))
    assert _counted(line) == _counts(known)
    covered = {(sample.coursework, sample.question) for sample in known}
    judged = {(n, q.id) for n, f in find(root).items() for q in f.coursework() if q.judge}
    assert covered == judged


def _counted(line: str) -> list[int]:
    """Return the numbers in a row of the table: questions, right ones, wrong ones, named ones."""
    (questions,) = re.findall(r"\| (\d+) \|", line)[:1]
    return [int(questions), *map(int, re.findall(r" of (\d+)", line))]


def _counts(known: list[Sample]) -> list[int]:
    right = sum(sample.right for sample in known)
    wrong = len(known) - right
    return [len({(s.coursework, s.question) for s in known}), right, wrong, wrong]
