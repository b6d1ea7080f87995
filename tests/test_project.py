import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import rnn_course
from rnn_course import cli, errors
from rnn_course.errors import CourseError, ShapeError
from rnn_course.seeding import derive, numpy_generator, torch_generator
from rnn_course.shapes import expect_shape

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_conda_users_get_what_pyproject_states() -> None:
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())
    *names, last = conda["dependencies"]
    python = next(name for name in names if name.startswith("python"))
    assert python == "python" + PROJECT["project"]["requires-python"]
    makefile = (ROOT / "Makefile").read_text()
    torch, project = last["pip"]
    assert f"TORCH  ?= {torch}\n" in makefile
    assert project == "--editable .[dev]"
    assert '--editable ".[dev]"' in makefile


def test_dev_contains_instructor_and_instructor_contains_lab() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    assert "rnn-course[instructor]" in extras["dev"]
    assert "rnn-course[lab]" in extras["instructor"]


def test_students_do_not_install_what_only_instructors_need() -> None:
    names = " ".join(PROJECT["project"]["dependencies"])
    assert not any(name in names for name in ("nbgrader", "dask", "nbclient", "landlock"))


def test_importing_the_package_is_light() -> None:
    code = "import sys, rnn_course; sys.exit('torch' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_student_side_imports_without_the_instructor_side() -> None:
    blocked = "nbgrader", "nbclient", "nbconvert", "dask", "distributed", "psutil", "landlock"
    code = (
        f"import sys\nfor name in {blocked}: sys.modules[name] = None\n"
        "import rnn_course.data, rnn_course.training, rnn_course.plotting, rnn_course.cli\n"
        "import rnn_course.checks.notebook\n"
        "rnn_course.checks.notebook.notebook('cw2_speech_commands', {})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_student_side_is_tested_without_the_instructor_side() -> None:
    """What CI's job `student` collects, on a machine that has no more than a student."""
    workflow = (ROOT / ".github/workflows/ci.yml").read_text()
    (folders,) = re.findall(r"python -m pytest (tests/data .*)", workflow)
    blocked = {"nbgrader", "nbclient", "nbconvert", "dask", "distributed", "bleach", "jinja2"}
    blocked |= {"psutil", "landlock", "pandas", "playwright", "dulwich", "yaml"}
    code = (
        f"import sys, pytest\nfor name in {blocked}: sys.modules[name] = None\n"
        f"sys.exit(pytest.main(['--collect-only', '-q', *{folders.split()}]))"
    )
    program = [sys.executable, "-c", code]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "test_gpu.py" in done.stdout


def test_a_student_who_tries_to_grade_hears_what_is_missing(monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["rnn-course", "autograde", "cw2_speech_commands"])
    monkeypatch.setitem(sys.modules, "dask", None)  # as where it is not installed
    monkeypatch.delitem(sys.modules, "rnn_course.grading.classroom.cluster", raising=False)
    monkeypatch.delitem(sys.modules, "rnn_course.grading.classroom.autograde", raising=False)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "Expected the packages that grade and build courseworks. Got no dask." in said
    assert 'pip install "rnn-course[instructor]"' in said


def test_the_version_is_stated_once() -> None:
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert rnn_course.__version__


def test_an_error_says_what_was_expected_what_came_and_how_to_mend_it() -> None:
    error = CourseError("a", "b", "Do c.")
    assert str(error) == "Expected a. Got b. Do c."
    assert (error.expected, error.came, error.fix) == ("a", "b", "Do c.")


def test_every_error_is_drawn_in_the_tree() -> None:
    kinds = [cls for cls in vars(errors).values() if isinstance(cls, type)]
    assert all(f" {cls.__name__} " in errors.__doc__.replace("\n", " ") for cls in kinds)
    assert all(issubclass(cls, CourseError) for cls in kinds)


def test_streams_with_different_addresses_differ_and_repeat() -> None:
    assert derive(1, "a") == derive(1, "a")
    assert len({derive(1, "a"), derive(1, "b"), derive(2, "a"), derive(1, "a", "b")}) == 4
    assert derive(1, "1") != derive(1, 1)
    assert numpy_generator(1, "x").normal() == numpy_generator(1, "x").normal()
    assert torch_generator(1, "x").initial_seed() == derive(1, "x")


def test_a_seed_derives_the_same_number_on_every_machine() -> None:
    assert derive(7, "lstm_cell", 3) == 3628057763124958710


def test_a_wrong_shape_is_told_in_the_words_of_the_legend() -> None:
    array = type("Array", (), {"shape": (2, 3)})()
    assert expect_shape("x", array, "B D", D=3) == {"D": 3, "B": 2}
    with pytest.raises(ShapeError, match=r"Expected x of shape \(B, T, D\). Got shape \(2, 3\)"):
        expect_shape("x", array, "B T D")
    with pytest.raises(ShapeError, match=r"Expected x of shape \(B, D\) with D = 5. Got"):
        expect_shape("x", array, "B D", D=5)
    with pytest.raises(ShapeError, match="Check the order of the axes"):
        expect_shape("x", array, "B B")
