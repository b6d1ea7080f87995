"""Questions are audited by what they declare."""

import textwrap
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from rnn_course.authoring import question_audit
from rnn_course.authoring.new import new
from rnn_course.checks.courses import CourseworkFolder, find

ANSWER = "def twice(x):\n    ### BEGIN SOLUTION\n    return 2 * x + 0\n    ### END SOLUTION"
GOOD = """
    from rnn_course.checks import Mistake, Part, array, calls, compare
    QUESTIONS = (compare(
        "twice", "Twice", cases=calls("twice", array("N")), parts=(Part("value", "Twice", 2),),
        mistakes=(Mistake("thrice", "Three times.", "It is two.", edits=(("2 * x", "3 * x"),)),),
    ),)
"""


def audited(folder: Path, questions: str, answer: str = ANSWER) -> question_audit.QuestionAudit:
    def marks(name, grade, points=None):
        found = {"grade_id": name, "grade": grade, "solution": not grade, "locked": grade}
        return {"nbgrader": found | ({"points": points} if points else {})}

    cells = [
        new_code_cell(answer, id="twice", metadata=marks("twice", False)),
        new_code_cell('check("twice")', id="check_twice", metadata=marks("check_twice", True, 2)),
    ]
    nbformat.write(new_notebook(cells=cells), folder / "toy.ipynb")
    (folder / "questions.py").write_text(textwrap.dedent(questions))
    (found,) = question_audit.run(CourseworkFolder("toy", folder)).questions
    return found


def test_what_new_makes_is_fit_without_a_remark(tmp_path):
    new("week_1", tmp_path)
    found = question_audit.run(find(tmp_path)["week_1"])
    assert found.ok
    assert list(found.lines()) == []
    assert {q.question: q.named for q in found.questions} == {
        "moving_average": 3,
        "smooth": 3,
        "outlier": 1,
    }


def test_survivors_are_told_with_their_lines_unless_they_are_declared(tmp_path):
    found = audited(tmp_path, GOOD)
    assert found.ok
    assert found.seen == (1, 1)
    assert any("`return 2 * x - 0` for `return 2 * x + 0` (sign)" in s for s in found.survivors)
    declared = "mistakes=(Mistake", 'equivalent={"- 0": "nothing is added"}, mistakes=(Mistake'
    fewer = audited(tmp_path, GOOD.replace(*declared))
    assert fewer.equivalent >= 1
    assert not any("- 0`" in line for line in fewer.survivors)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"2 * x", "3', '"2 * y", "3', "thrice does not apply: '2 * y', it is not there"),
        ('"2 * x", "3 * x"', '"+ 0", "- 0"', "thrice is not seen"),
        ('"Twice", 2)', '"Twice", 2, "result@raised", equal="reached")', "a blank answer earns 2"),
        ('calls("twice"', 'calls("trice"', "cannot be recorded"),
    ],
)
def test_what_makes_a_question_unfit(tmp_path, old, new, said):
    assert old in GOOD
    found = audited(tmp_path, GOOD.replace(old, new))
    assert not found.ok
    assert said in " ".join(found.faults)


def test_two_mistakes_that_look_alike_are_told(tmp_path):
    more = 'Mistake("half_more", "More.", "Less.", edits=(("2 * x", "(2 + 1) * x"),)),'
    found = audited(tmp_path, GOOD.replace('"3 * x"),)),', f'"3 * x"),)),{more}'))
    assert found.ok
    assert "thrice and half_more look alike on every case" in found.remarks
