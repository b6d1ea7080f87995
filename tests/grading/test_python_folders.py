"""What the wall shows of this machine's Python."""

import sys

from rnn_course.grading.host.bubblewrap import python_folders


def test_packages_of_another_environment_are_shown_and_a_courses_folder_is_not(
    monkeypatch, tmp_path
):
    packages, course = tmp_path / "other/lib/site-packages", tmp_path / "course"
    for folder in (packages, course):
        folder.mkdir(parents=True)
    before = python_folders()
    monkeypatch.setattr(sys, "path", [*sys.path, str(packages), str(course), ""])
    assert set(python_folders()) - set(before) == {packages}
