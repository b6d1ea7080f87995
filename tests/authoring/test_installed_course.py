"""A package that brings a coursework: it is found by its entry point and released from there."""

import shutil

import pytest

from rnn_course.authoring import build, question_audit
from rnn_course.authoring.new import new
from rnn_course.checks.courses import find

pytestmark = pytest.mark.slow


def test_a_coursework_of_a_package_is_released_into_a_course(tmp_path, monkeypatch):
    author, packages, course = tmp_path / "author", tmp_path / "packages", tmp_path / "course"
    new("smoothing", author)
    build(author, say=lambda line: None)
    package = packages / "our_course" / "smoothing"
    shutil.copytree(author / "solutions" / "smoothing", package)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    about = packages / "our_course-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: our-course\nVersion: 1.0\n")
    points = "[rnn_course.courseworks]\nsmoothing = our_course.smoothing\n"
    (about / "entry_points.txt").write_text(points)
    monkeypatch.syspath_prepend(str(packages))

    course.mkdir()
    shutil.copy(author / "nbgrader_config.py", course)
    build(course, ["smoothing"], say=lambda line: None)
    released = {path.name for path in (course / "assignments/smoothing").iterdir()}
    assert released == {"smoothing.ipynb", "smoothing.checks"}
    assert not (course / "solutions").exists()
    assert question_audit.run(find(course)["smoothing"]).ok
