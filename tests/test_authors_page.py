"""The page for authors says what there is; `end_to_end/test_other_course.py` runs its commands."""

import re
from pathlib import Path

from rnn_course import checks
from rnn_course.checks.mutants import OPERATORS, STATEMENTS
from rnn_course.checks.question import Part

PAGE = (Path(__file__).parents[1] / "docs/authors.md").read_text()


def test_the_list_of_operators_is_complete():
    listed = re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE, re.MULTILINE)
    for name, kind, _ in (*OPERATORS, *STATEMENTS):
        assert (name, kind) in listed


def test_everything_that_can_be_imported_is_on_the_page_or_for_judges_only():
    for_judges = {"Coursework", "Frame", "Marking", "Rng", "Subject", "Tensor"}
    missing = [name for name in checks.__all__ if not re.search(rf"\b{name}\b", PAGE)]
    assert set(missing) <= for_judges


def test_every_option_of_a_part_is_on_the_page():
    for name in Part.__dataclass_fields__:
        assert re.search(rf"\b{name}\b", PAGE), name


def test_the_example_is_python():
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    known: dict = {}
    exec(example, known)
    assert known["QUESTION"].points == 4
