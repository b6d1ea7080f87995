"""Answers of the corpus are read from files and from edits of files."""

import re

import pytest

from rnn_course.authoring.corpus import of_question, samples, text_of
from rnn_course.errors import CheckError

DOUBLED = '''\
"""By adding.

A docstring says of an answer what a student would not.
"""

import math


def double(x):
    y = x

    y = y + x
    return y
'''
OFF = """
[off]
base = "adding"
expected = ["off_by_one"]
edits = '''
-    return y
+    return y + 1
'''
"""


@pytest.fixture
def place(tmp_path):
    place = tmp_path / "cw1_bptt" / "double"
    for side in ("right", "wrong"):
        (place / side).mkdir(parents=True)
    (place / "right" / "adding.py").write_text(DOUBLED)
    (place / "wrong" / "blank.py").write_text('"""misconception: missing | crashed"""\nx = 1\n')
    return place


def only(place, edits):
    """Put in one wrong answer with these edits; return its text."""
    entry = f"[it]\nbase = \"adding\"\nexpected = ['a']\nedits = '''\n{edits}'''\n"
    (place / "wrong.toml").write_text(entry)
    return next(s.text for s in of_question(place) if s.path.stem == "it")


def test_answers_are_listed_by_name_whether_files_or_edits(place):
    (place / "wrong.toml").write_text(OFF + OFF.replace("[off]", "[almost]"))
    (place / "right.toml").write_text('[also]\nbase = "adding"\nedits = "-import math"\n')
    names = [sample.name for sample in samples(place.parents[1], "cw1_bptt")]
    assert names == [
        f"cw1_bptt/double/{name}"
        for name in ("right/adding", "right/also", "wrong/almost", "wrong/blank", "wrong/off")
    ]


def test_an_answer_says_what_it_is_and_what_is_expected(place):
    (place / "wrong.toml").write_text(OFF)
    adding, blank, off = of_question(place)
    assert (adding.right, blank.right, off.right) == (True, False, False)
    assert (adding.expected, blank.expected) == ((), ("missing", "crashed"))
    assert off.expected == ("off_by_one",)
    assert (off.coursework, off.question) == ("cw1_bptt", "double")
    assert off.path == place / "wrong" / "off.py"


def test_the_text_of_a_file_is_without_its_docstring(place):
    assert text_of(place.parents[1], "cw1_bptt/double/right/adding") == DOUBLED.split('"""\n\n')[1]
    assert text_of(place.parents[1], "cw1_bptt/double/wrong/blank") == "x = 1\n"


def test_an_edit_replaces_whole_lines(place):
    assert only(place, "-    return y\n+    return y + 1\n+\n") == (
        "import math\n\n\ndef double(x):\n    y = x\n\n    y = y + x\n    return y + 1\n\n"
    )


def test_edits_follow_one_another_and_lines_that_stay_say_where(place):
    edits = "-    y = y + x\n+    y = y * x\n\n\n     y = y * x\n+    y = y * x\n\n-import math\n"
    assert only(place, edits) == (
        "\n\ndef double(x):\n    y = x\n\n    y = y * x\n    y = y * x\n    return y\n"
    )


def test_an_empty_line_can_be_taken_away_and_lines_put_first(place):
    assert only(place, "+x = 0\n import math\n-\n-\n def double(x):\n").startswith(
        "x = 0\nimport math\ndef double(x):\n"
    )


def test_a_line_must_match_as_a_whole(place):
    with pytest.raises(CheckError, match=r"Got 0 times:\n    y = y\n\. Copy the lines"):
        only(place, "-    y = y\n")


def test_an_edit_that_applies_twice_asks_for_lines_around(place):
    (place / "right" / "adding.py").write_text("x = 1\nx = 1\n")
    told = (
        f"Expected the lines of an edit exactly once in the base of [it] in {place}/wrong.toml. "
        "Got 2 times:\nx = 1\n. Add lines that stay around it."
    )
    with pytest.raises(CheckError, match=f"^{re.escape(told)}$"):
        only(place, "-x = 1\n+x = 2\n")


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ("+import re\n", "Got only lines to add. Write it as a diff; a line that stays says where"),
        ("-import math\nimport re\n", "Got 'import re'. Write it as a diff"),
    ],
)
def test_what_is_no_diff_is_refused(place, edits, told):
    with pytest.raises(CheckError, match=re.escape(told)):
        only(place, edits)


BASE, EXPECTED, EDITS = "base = 'adding'\n", "expected = ['a']\n", "edits = '-import math'\n"


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        (
            "[it]\nbase = 'adden'\n" + EXPECTED + EDITS,
            "Expected the base of [it] in {place}/wrong.toml to be the stem of a file in right/ or "
            "wrong/. Got 'adden'. Name one that is there; the base of an edit is not itself an "
            "edit.",
        ),
        (
            "[it]\n" + BASE + EDITS,
            "Expected [it] in {place}/wrong.toml to have base, edits, expected and perhaps a note. "
            "Got base: str, edits: str. Say which mistakes would do, as a list of ids.",
        ),
        ("[it]\n" + BASE + EDITS + "expected = 'a'\n", "Got base: str, edits: str, expected: str."),
        ("[it]\n" + BASE + EDITS + "expected = []\n", "Say which mistakes would do"),
        ("[it]\n" + BASE + EDITS + EXPECTED + "notes = ''\n", "expected: list, notes: str."),
        ("[it]\n", "Got nothing."),
        ("it = 3\n", "Got 3."),
        (
            "[blank]\n" + BASE + EDITS + EXPECTED,
            "Expected one answer called blank in {place}. Got a file in wrong/ and [blank] in "
            "{place}/wrong.toml. Rename one of them.",
        ),
        (
            ("[it]\n" + BASE + EDITS + EXPECTED) * 2,
            "Expected a table for each answer, each name once, in {place}/wrong.toml. "
            "Got no valid TOML: Cannot declare ('it',) twice",
        ),
    ],
)
def test_an_entry_that_cannot_be_read_says_why(place, toml, told):
    (place / "wrong.toml").write_text(toml)
    with pytest.raises(CheckError, match=re.escape(told.format(place=place))):
        of_question(place)


def test_a_right_answer_expects_no_mistake(place):
    (place / "right.toml").write_text("[it]\n" + BASE + EDITS + EXPECTED)
    with pytest.raises(CheckError, match=r"to have base, edits and perhaps a note\. Got base: str"):
        of_question(place)


def test_a_name_that_is_not_there_is_an_error(place):
    with pytest.raises(CheckError, match=r"Expected an answer cw1_bptt/double/right/no in .*none"):
        text_of(place.parents[1], "cw1_bptt/double/right/no")
