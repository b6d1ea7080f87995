"""Who is alike: a disguised copy is found, independent right answers are not."""

import ast
import io
import random
import re
import tokenize
from pathlib import Path

import nbformat
import pytest
import toy
from invented_results import class_of, record, submitted

from rnn_course.authoring.corpus import of_question
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.reporting.canonical_code import canonical
from rnn_course.grading.reporting.class_report import Alike, report_page, write_report
from rnn_course.grading.reporting.similarity import Pair, Text, similar_pairs
from rnn_course.grading.reporting.submitted_code import OTHER, submitted_code

CORPUS = Path(__file__).parents[1] / "submissions"


def right_answers(coursework: str) -> dict[str, list[str]]:
    """Return the right answers of a coursework that are files of their own, by question."""
    found = {
        place.name: [s.text for s in of_question(place) if s.right and s.path.exists()]
        for place in sorted((CORPUS / coursework).iterdir())
    }
    return {question: answers for question, answers in found.items() if len(answers) >= 5}


def independent(answers: dict[str, list[str]]) -> dict[str, dict[str, str]]:
    """Return a class of which no two have an answer in common."""
    number = min(map(len, answers.values()))
    return {f"s{i}": {q: texts[i] for q, texts in answers.items()} for i in range(number)}


def disguised(source: str, seed: int = 0) -> str:
    """Rename, reorder and reformat a program; it still does the same."""
    draw = random.Random(seed)
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            draw.shuffle(node.body)
    draw.shuffle(tree.body)
    own = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    own |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)} - {"self"}
    renamed = {name: f"my_{'abcdefgh'[i % 8]}{i}" for i, name in enumerate(sorted(own))}
    tokens = [
        (kind, renamed.get(text, text))
        for kind, text, *_ in tokenize.generate_tokens(io.StringIO(ast.unparse(tree)).readline)
    ]
    text = tokenize.untokenize(tokens)  # with blanks between all of them
    lines = (f"{line}  # step {i}" if line.strip() else line for i, line in
             enumerate(text.splitlines()))  # fmt: skip
    return '"""My own work."""\n\n' + "\n\n".join(lines) + "\n"


@pytest.mark.parametrize("coursework", ["cw1_bptt", "cw2_speech_commands", "cw4_lstm_applications"])
def test_a_disguised_copy_is_found_among_independent_right_answers(coursework: str) -> None:
    codes = independent(right_answers(coursework))
    assert similar_pairs(codes, []) == []
    codes["copier"] = {place: disguised(source) for place, source in codes["s3"].items()}
    (pair,) = similar_pairs(codes, [])
    assert pair.students == ("s3", "copier")
    assert pair.share > 0.9
    assert pair.typical < 0.2
    assert len(pair.texts) == 3


def test_one_question_is_enough_to_see_a_copy() -> None:
    answers = right_answers("cw2_speech_commands")["lstm_cell"]
    codes = {f"s{i}": {"lstm_cell": text} for i, text in enumerate(answers)}
    assert similar_pairs(codes, []) == []
    longest = max(range(len(answers)), key=lambda i: len(answers[i]))
    codes["copier"] = {"lstm_cell": disguised(answers[longest])}
    assert [pair.students for pair in similar_pairs(codes, [])] == [(f"s{longest}", "copier")]


def test_a_class_of_two_explains_nothing_and_short_answers_say_nothing() -> None:
    answers = right_answers("cw2_speech_commands")
    one, other = (independent(answers)[f"s{i}"] for i in (3, 4))
    assert similar_pairs({"a": one, "b": other}, []) == []
    copy = {place: disguised(source) for place, source in one.items()}
    assert len(similar_pairs({"a": one, "b": copy}, [])) == 1
    short = {"double": toy.DOUBLE, "square": toy.SQUARE, "eighth": toy.EIGHTH}
    assert similar_pairs({"a": short, "b": short}, []) == []


def test_what_all_have_says_nothing() -> None:
    shared = independent(right_answers("cw2_speech_commands"))["s3"]
    codes = {f"s{i}": dict(shared) for i in range(12)}
    assert similar_pairs(codes, []) == []


def test_what_was_handed_out_is_taken_away() -> None:
    given = right_answers("cw2_speech_commands")["bidir_model"][0]
    codes = {"a": {"x": f"{given}\nanswer = 1"}, "b": {"x": f"{given}\nreply = 2"}}
    assert len(similar_pairs(codes, [])) == 1
    assert similar_pairs(codes, [given]) == []


def test_nobody_is_alike_alone_or_with_nothing() -> None:
    assert similar_pairs({}, []) == []
    assert similar_pairs({"a": {"x": "y = 1"}}, []) == []
    assert similar_pairs({"a": {"x": ""}, "b": {}, "c": {"x": "# nothing"}}, []) == []
    assert similar_pairs({"a": {"x": "pass"}, "b": {"x": "pass"}}, ["pass"]) == []


def test_shared_lines_are_marked_in_both_texts() -> None:
    source = right_answers("cw2_speech_commands")["lstm_cell"][0]
    own = "\n".join(f"table_{i} = {{'k{i}': [{i}, {i + 1}]}}[torch.arange({i})]" for i in range(3))
    codes = {"a": {"q": source}, "b": {"q": f"{source}\n{own}\n"}}
    (pair,) = similar_pairs(codes, [])
    ((place, left, right),) = pair.texts
    assert place == "q"
    assert "\n".join(line for line, _ in right.lines) == f"{source}\n{own}"
    code = [shared for line, shared in left.lines if line.strip() and "#" not in line]
    assert sum(code) > 0.8 * len(code)
    assert [shared for line, shared in right.lines if "table_" in line] == [False] * 3


def test_canonical_code_forgets_what_is_easily_changed() -> None:
    one = '''
def gate(x, h=None, *, flag: bool = True) -> int:
    """Say what it does."""
    total: int = x.sum(dim=1, keepdim=True) + h  # a comment
    if total > 3 and flag:
        raise ValueError(f"bad {total}")
    self.kept = torch.sigmoid(total)
'''
    other = """
def door(inp, state=None, *, on=True):
    if on and 3 < summe:
        raise ValueError('other words')
    summe = (state
             + inp.sum(keepdim=True, dim=1))
    self.saved = torch.sigmoid(summe)
"""
    first, second = ({line.text for line in canonical(text)} for text in (one, other))
    assert first == second
    assert "self.v = torch.sigmoid(v)" in first
    tanh = {line.text for line in canonical(one.replace("sigmoid", "tanh"))}
    assert len(tanh - first) == 1


def test_lines_know_where_they_stand() -> None:
    source = "for i in range(\n    3,\n):\n    x = [\n        1,\n    ]\nelse:\n    y = 2\n"
    places = {line.text: (line.first, line.last) for line in canonical(source)}
    assert places == {"for v in range(3):": (1, 3), "v = [1]": (4, 6), "v = 2": (8, 8)}


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 90 + "1" + ")" * 90,
        "x = " + "+".join(["a"] * 3000),
        "x = " + "-" * 3000 + "1",
        "def broken(:\n  what is this",
        "%timeit x\n!ls\nx = 1",
        "x = 'half \ud800'",
        "\0\0",
        "match x:\n    case [1, *rest]:\n        y = rest\n",
        "try:\n    a = 1\nexcept* E as e:\n    b = 2\nfinally:\n    c = 3\n",
        "async def f():\n    async with g() as h:\n        yield h\n",
    ],
)
def test_no_source_breaks_it(source: str) -> None:
    assert canonical(source)
    assert similar_pairs({"a": {"x": source}, "b": {"x": source}}, []) == []


def test_canonical_leaves_the_parsed_source_alone() -> None:
    source = "alpha = beta + 1"
    first = canonical(source)
    canonical.cache_clear()
    assert canonical(source) == first


def test_code_is_read_by_question_without_what_was_handed_out(course: Path) -> None:
    notebook = toy.notebook(toy.DOUBLE, toy.STUB, toy.EIGHTH)
    notebook.cells.insert(3, nbformat.v4.new_code_cell("helper = 3"))
    place = course / "autograded" / "ada" / "toy"
    place.mkdir(parents=True)
    nbformat.write(notebook, place / "toy.ipynb")
    broken = course / "autograded" / "bob" / "toy"
    broken.mkdir(parents=True)
    (broken / "toy.ipynb").write_text("{")
    found = submitted_code(Course(course), toy.RELEASE, ["ada", "bob", "cyd"])
    assert found == {"ada": {"double": toy.DOUBLE, "eighth": toy.EIGHTH, OTHER: "helper = 3"}}


def test_the_report_shows_both_texts_and_escapes_them(course: Path) -> None:
    long = "\n".join(
        f"row_{i} = np.linalg.solve(matrix_{i} @ matrix_{i}.T, vector_{i} * {i})" for i in range(30)
    )
    record(course, "cyd", {})
    (course / "autograded" / "cyd" / "toy" / "toy.ipynb").write_text("{")
    for student in ("ada", "bob"):
        record(course, student, {})
        notebook = toy.notebook(f"{toy.DOUBLE}\n{long}\nx = '<script>alert(1)</script>'")
        nbformat.write(notebook, course / "autograded" / student / "toy" / "toy.ipynb")
    page, _ = write_report(course, "toy")
    text = page.read_text()
    assert ">ada</a> and " in text
    assert ">bob</a>: 100 % alike" in text
    assert text.count("<mark>= row_7 = np.linalg.solve(matrix_7 @ matrix_7.T") == 2
    assert "&lt;script&gt;alert(1)" in text
    assert "<script" not in text
    assert re.search(r"Not compared, for want of a notebook[^:]*: <a [^>]*>cyd</a>\.", text)


def test_names_in_a_pair_are_text() -> None:
    evil = "<script>alert(1)</script>"
    text = Text(((evil, True), (evil, False)))
    pair = Pair((evil, evil), 0.9, 0.1, ((evil, text, text),))
    page = report_page(class_of(submitted("ada")), alike=Alike((pair,), (evil,)))
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 12
