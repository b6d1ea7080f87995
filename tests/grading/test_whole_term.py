"""A class with every kind of broken hand-in, from the archive to the mark sheet, with stops.

`python -m benchmarks term` does the same with two hundred.
"""

import sys
from pathlib import Path

import pytest

from benchmarks.term import Term, broken_kinds

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux"),
]


def test_nothing_is_lost_between_the_archive_and_the_mark_sheet(tmp_path: Path) -> None:
    kinds = broken_kinds("text")
    term = Term.prepare(tmp_path, sound=4, broken=len(kinds))
    term.collect(kills=1)
    term.grade(kills=1, full_disks=1)
    found = term.finish()
    assert found.sound_at_full_marks == 4
    assert found.told == len(kinds)
    assert found.in_report == found.in_sheet == 4 + len(kinds)
    assert found.left_over == 0
