"""Every word of a statement is looked at: tables of what each sentence asks for, and who breaks it.

``tests/statements/COURSEWORK.toml`` holds a table a sentence, in the order of the text: the
statement above a question, then the docstrings of its stub. Each has ``says``, the words, and one
or two of these:

- ``broken_by``: wrong answers of the corpus that do otherwise. They lose points for it by
  `test_corpus.py`.
- ``kept_by``: right answers that make use of what is left free. They lose none.
- ``explains = true``: nobody can do otherwise.
"""

import ast
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

from rnn_course.authoring.corpus import samples
from rnn_course.checks.courses import find

ROOT = Path(__file__).parents[2]
QUESTIONS = [
    (name, question.id)
    for name, folder in find(ROOT).items()
    for question in folder.coursework()
    if question.judge
]
WORDS = {"broken_by", "kept_by", "explains"}


@cache
def tables(name: str) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((ROOT / "tests" / "statements" / f"{name}.toml").read_text())


@cache
def known(name: str) -> set[tuple[str, bool, str]]:
    found = samples(ROOT / "tests" / "submissions", name)
    return {(sample.question, sample.right, sample.path.stem) for sample in found}


@cache
def released(name: str) -> dict[str, str]:
    (path,) = (ROOT / "assignments" / name).glob("*.ipynb")
    return {cell.id: cell.source for cell in nbformat.read(path, 4).cells}


def statement(name: str, question: str) -> str:
    """Return all that is said of a question: the text above it, and the stub's docstrings."""
    cells = released(name)
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef)
    inside = [node for node in ast.walk(ast.parse(cells[question])) if isinstance(node, holders)]
    said = [ast.get_docstring(node) or "" for node in inside]
    return " ".join(" ".join([cells[f"about_{question}"], *said]).split())


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_each_sentence_of_a_statement_is_broken_by_a_known_answer_or_asks_for_nothing(
    name: str, question: str
) -> None:
    rows = tables(name)[question]
    assert " ".join(" ".join(row["says"].split()) for row in rows) == statement(name, question)
    for row in rows:
        told = set(row) - {"says"}
        assert told, row["says"]
        assert told <= WORDS, row["says"]
        assert "explains" not in told or told == {"explains"}, row["says"]
        for word, right in (("broken_by", False), ("kept_by", True)):
            named = {(question, right, answer) for answer in row.get(word, ())}
            assert named <= known(name), row["says"]
            assert named or word not in row, row["says"]


@pytest.mark.parametrize("name", find(ROOT))
def test_there_are_tables_for_the_questions_and_for_nothing_else(name: str) -> None:
    assert set(tables(name)) == {question for course, question in QUESTIONS if course == name}
