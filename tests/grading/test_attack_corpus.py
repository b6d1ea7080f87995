"""The corpus of attacks: files and tables that say what they try, and parts that fit a job."""

from pathlib import Path

import pytest

from rnn_course.errors import GradingError
from rnn_course.grading.attacks.corpus import Attack, parted, read_alike, read_attacks

CORPUS = Path(__file__).parents[1] / "submissions" / "attacks"
ATTACKS = read_attacks(CORPUS)
TABLES = """
of = "week_1/double"
frame = "def double(x): return engine(x)"
[by_eval]
tries = "evaluate it"
code = "engine = eval"
"""


def test_the_corpus_is_large_and_every_name_is_there_once() -> None:
    names = [attack.name for attack in ATTACKS]
    assert len(set(names)) == len(names) >= 200
    assert {attack.way for attack in ATTACKS} == {"wall", "marks", "folder", "borrow"}
    assert all(compile(a.code, a.name, "exec") for a in ATTACKS if a.way == "borrow")


def test_a_table_becomes_an_attack_on_the_question_that_its_file_names(tmp_path: Path) -> None:
    (tmp_path / "cheap.toml").write_text(TABLES)
    code = "engine = eval\ndef double(x): return engine(x)"
    attack = Attack("cheap.by_eval", "evaluate it", code, way="borrow", of=("week_1", "double"))
    assert read_alike(tmp_path / "cheap.toml") == read_attacks(tmp_path) == [attack]


@pytest.mark.parametrize(
    ("text", "came"),
    [
        ("[x]\ntries = 'a'\ncode = 'b'", "only x"),
        (TABLES.replace("week_1/double", "week_1"), "only of, frame, by_eval"),
        (TABLES.replace("tries =", "title ="), "none in by_eval"),
    ],
)
def test_a_file_of_tables_that_lacks_something_is_named(
    text: str, came: str, tmp_path: Path
) -> None:
    path = tmp_path / "cheap.toml"
    path.write_text(text)
    with pytest.raises(GradingError) as error:
        read_alike(path)
    assert str(error.value) == (
        "Expected `of` and `frame` at the top, and `tries` and `code` in every table. "
        f"Got {came}. Mend {path}."
    )


def test_parts_are_all_of_it_and_each_has_some_of_every_way() -> None:
    parts = [parted(ATTACKS, f"{number}/4") for number in (1, 2, 3, 4)]
    found = [attack.name for part in parts for attack in part]
    assert sorted(found) == sorted(attack.name for attack in ATTACKS)
    assert all({attack.way for attack in part} >= {"wall", "marks", "borrow"} for part in parts)
    assert parted(ATTACKS, "") == ATTACKS
    assert {attack.way for attack in parted(ATTACKS, "borrowed_layers")} == {"borrow"}


@pytest.mark.parametrize("part", ["0/4", "5/4", "/", "a/b", "nothing_is_called_so"])
def test_a_part_that_is_none_is_named(part: str) -> None:
    with pytest.raises(GradingError) as error:
        parted(ATTACKS, part)
    assert str(error.value).startswith("Expected a part such as 2/4, or the beginning of a name")
    assert f"Got {part!r}. Name one of those, or leave --part out" in str(error.value)
