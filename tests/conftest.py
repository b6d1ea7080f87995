"""In which order modules are tested: of two workers none is to end with a long one alone."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
LONGEST_FIRST = (
    "end_to_end/test_notebooks.py",
    "end_to_end/test_other_course.py",
    "checks/test_corpus.py",
    "grading/test_file_attacks.py",
    "grading/test_sandbox.py",
    "browser/test_main_moments.py",
    "courseworks/cw4_lstm_applications/test_draws.py",
    "grading/test_library.py",
    "grading/test_withheld.py",
    "grading/test_whole_term.py",
    "grading/test_marks.py",
    "grading/test_class.py",
    "grading/test_full_disk.py",
    "grading/test_instructors_page.py",
    "end_to_end/test_demo.py",
    "data/test_synthetic_speech.py",
)
"""What takes longer than half a minute, by `pytest --durations=0`; all others follow."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long modules first. `--no-loadscope-reorder` hands them out as they stand."""
    rank = {HERE / name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))
