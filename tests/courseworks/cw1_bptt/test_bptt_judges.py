"""Right answers stay right under any seed, and no result of a function upsets a judge."""

import importlib
import json
import pkgutil
from dataclasses import replace
from pathlib import Path

import pytest

from rnn_course.authoring.corpus import text_of
from rnn_course.checks.courses import located
from rnn_course.checks.judging import judged_by
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.recording import record
from rnn_course.checks.report import Misconception
from rnn_course.courseworks import cw1_bptt as bptt

CORPUS = Path(__file__).parents[2] / "submissions"
FOLDER = located("cw1_bptt", Path(__file__).parents[3])
COURSEWORK = FOLDER.coursework()
FUNCTIONS = ("cell_fn_forward", "rnn_forward", "cell_fn_backward")


def answer(question):
    name = f"cw1_bptt/{question}/right/plain"
    namespace = {}
    exec(compile(text_of(CORPUS, name), name, "exec"), namespace)
    return namespace


def at_seed(question, seed):
    """Return a question recorded for a seed without its mistakes: they name what is not right."""
    asked = FOLDER.declared[question]
    if asked.comparison is None:
        return COURSEWORK[question]
    bare = replace(asked.comparison, mistakes=())
    recording = record(bare, FOLDER.source(asked), seed, named=False)
    return replace(COURSEWORK[question], judge=judged_by(recording, asked.judge))


@pytest.mark.parametrize("question", [*FUNCTIONS, "recurrent_classifier"])
@pytest.mark.parametrize("seed", range(1, 9))
def test_a_right_answer_is_right_under_any_seed(question, seed):
    found = at_seed(question, seed).report(LocalSubject(answer(question)), seed)
    assert found.score == found.max_score, found.text()


def test_points_of_the_coursework():
    points = {question.id: question.points for question in COURSEWORK}
    assert points["cell_fn_backward"] == 15


def test_every_explanation_points_to_a_heading_of_the_notebook():
    notebook = Path(__file__).parents[3] / "solutions" / "cw1_bptt" / "bptt.ipynb"
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    lines = [line.strip() for cell in cells for line in cell["source"] if line.startswith("#")]
    headings = {line.lstrip("# ") for line in lines}
    modules = [
        importlib.import_module(f"rnn_course.courseworks.cw1_bptt.{info.name}")
        for info in pkgutil.iter_modules(bptt.__path__)
    ]
    known = {m for module in modules for m in vars(module).values() if isinstance(m, Misconception)}
    assert known
    assert {misconception.read for misconception in known} <= headings
    assert len({misconception.id for misconception in known}) == len(known)
