"""Everything for a course that is not ours, with the package installed and no checkout."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux"),
]
pytest.importorskip("pandas")

CLASS: dict[str, dict[str, tuple[str, str] | None]] = {
    "ada": {},
    "blank": {},
    "cyd": {"softmax_loss": ("y].mean()", "y].sum()")},
    "dan": {"by_group": ('sales["price"] * sales["pieces"]', 'sales["price"]')},
    "eve": {"histogram": ("counts / len(values)", "counts"), "count_words": None},
}
"""What each student does otherwise than the model answer: an edit, or None for nothing at all."""


class Installed:
    """The package in an environment of its own, and the commands in it.

    Args:
        place: where the environment is made.
    """

    def __init__(self, place: Path) -> None:
        source = place / "source"
        kept = shutil.ignore_patterns("*.egg-info", "__pycache__")
        shutil.copytree(ROOT / "rnn_course", source / "rnn_course", ignore=kept)
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, source)
        wheel = ["wheel", "--no-deps", "--no-build-isolation", "-q", "-w", str(place / "wheels")]
        subprocess.run([sys.executable, "-m", "pip", *wheel, str(source)], check=True)
        shutil.rmtree(source)
        self.bin = place / "env" / "bin"
        venv.create(place / "env", with_pip=False)
        found = {"base": place / "env", "platbase": place / "env"}
        packages = Path(sysconfig.get_path("purelib", vars=found))
        (wheel_file,) = (place / "wheels").glob("*.whl")
        into = ["install", "--no-deps", "--no-index", "-q", "--prefix", str(place / "env")]
        command = [sys.executable, "-m", "pip", *into, "--ignore-installed", str(wheel_file)]
        subprocess.run(command, check=True)
        # everything else is what is installed already, behind what is installed here
        (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
        scripts = Path(sysconfig.get_path("scripts"))
        shutil.copy(scripts / "nbgrader", self.bin)
        for name in ("rnn-course", "nbgrader"):
            script = (self.bin / name).read_text().partition("\n")[2]
            (self.bin / name).write_text(f"#!{self.bin / 'python'}\n{script}")
            (self.bin / name).chmod(0o755)
        # nbgrader calls it by its name
        (self.bin / "alembic").symlink_to(scripts / "alembic")
        inherited = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
        self.variables = {
            **inherited,
            "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
            "RNN_COURSE_SECRET_SEED_FILE": str(place / "seed"),
            "OMP_NUM_THREADS": "1",
            "JUPYTER_PATH": str(Path(sys.prefix, "share", "jupyter")),  # nbconvert's templates
            "COLUMNS": "160",
        }

    def run(self, *command: str, at: Path, code: int = 0) -> str:
        """Run a command in a folder; return what it printed."""
        program = shutil.which(command[0], path=self.variables["PATH"])
        done = subprocess.run(
            [str(program), *command[1:]],
            cwd=at,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    found = Installed(tmp_path_factory.mktemp("installed"))
    place = found.run("python", "-c", "import rnn_course; print(rnn_course.__file__)", at=found.bin)
    assert Path(place.strip()).is_relative_to(found.bin.parent), place
    return found


@pytest.fixture(scope="module")
def course(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples, built where no checkout is."""
    root = tmp_path_factory.mktemp("elsewhere") / "course"
    shutil.copytree(ROOT / "examples", root, ignore=shutil.ignore_patterns("*.checks"))
    shutil.rmtree(root / "assignments", ignore_errors=True)
    assert "written" in installed.run("rnn-course", "build", at=root)
    assert "up to date" in installed.run("rnn-course", "build", "--check", at=root)
    return root


def cells(path: Path) -> dict[str, str]:
    book = json.loads(path.read_text())
    return {cell["id"]: "".join(cell["source"]) for cell in book["cells"]}


def hand_in(root: Path, name: str, student: str, changed: Mapping[str, str]) -> None:
    book = json.loads((root / "assignments" / name / f"{name}.ipynb").read_text())
    for cell in book["cells"]:
        cell["source"] = changed.get(cell["id"], "".join(cell["source"]))
    folder = root / "submitted" / student / name
    folder.mkdir(parents=True)
    (folder / f"{name}.ipynb").write_text(json.dumps(book))


def answers(root: Path, name: str, student: str) -> dict[str, str]:
    solved = cells(root / "solutions" / name / f"{name}.ipynb")
    if student == "blank":
        return {}
    for question, edit in CLASS[student].items():
        if edit is None:
            del solved[question]
        else:
            assert solved[question].count(edit[0]) == 1
            solved[question] = solved[question].replace(*edit)
    return solved


@pytest.fixture(scope="module")
def graded(installed: Installed, course: Path) -> tuple[Path, str]:
    name = "numpy_pandas"
    for student in CLASS:
        hand_in(course, name, student, answers(course, name, student))
    return course, installed.run("rnn-course", "autograde", name, at=course)


def test_every_question_of_the_examples_is_fit_and_every_mistake_has_its_name(
    installed: Installed, course: Path
) -> None:
    printed = installed.run("rnn-course", "audit", at=course)
    assert "NO" not in printed
    assert "is told as" not in printed
    assert "look alike" not in printed
    assert "no case tells" not in printed


def test_a_class_is_graded_behind_the_wall(graded: tuple[Path, str]) -> None:
    root, printed = graded
    for line in ("ada: 27 of 32", "blank: 0 of 32", "cyd: 23 of 32", "dan: 23 of 32"):
        assert line in printed
    assert "eve: 18 of 32" in printed
    assert "5 graded, 0 unchanged, 0 not graded" in printed
    assert not list(root.rglob("autograded/*/*/*.checks"))


def test_feedback_names_what_is_wrong(installed: Installed, graded: tuple[Path, str]) -> None:
    root, _ = graded
    installed.run("nbgrader", "generate_feedback", "numpy_pandas", at=root)
    said = (root / "feedback/cyd/numpy_pandas/numpy_pandas.html").read_text()
    assert "The losses of the batch are added up." in said
    assert "The losses" not in (root / "feedback/dan/numpy_pandas/numpy_pandas.html").read_text()


def test_a_single_notebook_is_graded_and_its_coursework_recognised(
    installed: Installed, graded: tuple[Path, str]
) -> None:
    root, _ = graded
    file = root / "submitted/dan/numpy_pandas/numpy_pandas.ipynb"
    result = json.loads(installed.run("rnn-course", "grade", "--json", str(file), at=root))
    assert result["score"] == 23
    found = {c["misconception"] for q in result["questions"] for c in q["criteria"]}
    assert "pieces_forgotten" in found


def test_a_student_checks_with_nothing_but_the_released_files(
    installed: Installed, course: Path, tmp_path: Path
) -> None:
    name = "torch_modules"
    shutil.copytree(course / "assignments" / name, tmp_path / name)
    solved = cells(course / "solutions" / name / f"{name}.ipynb")
    program = "\n".join(
        [
            solved["setup"].replace(f'notebook("{name}")', f'notebook("{name}", globals())'),
            solved["attention"].replace("dim=-1", "dim=1"),
            solved["convolution"],
            'print(check("attention").text(), check("convolution").text(), check())',
        ]
    )
    (tmp_path / name / "run.py").write_text(program)
    printed = installed.run("python", "run.py", at=tmp_path / name)
    assert "The softmax runs over the queries." in printed
    assert "8 of 8" in printed


def test_the_commands_for_authors_work_as_they_stand(installed: Installed, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "authors.md").read_text()
    commands = "\n".join(re.findall(r"```sh\n(.*?)```", page, re.DOTALL))
    (tmp_path / "week.sh").write_text(f"set -eux\n{commands}")
    root = tmp_path / "mine"
    root.mkdir()
    printed = installed.run("bash", "../week.sh", at=root)
    assert "questions.py" in printed  # new
    assert "NO" not in printed  # audit
    assert "sum for mean" in printed  # demo
    with (root / "demo/marks.csv").open() as file:
        marks = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert marks.pop("right") == 12
    assert marks.pop("blank") == 0
    assert all(0 < score < 12 for student, score in marks.items() if "mutant" not in student)
    assert "ada: 12 of 16" in printed  # autograde
    assert list((root / "feedback/ada/week_1").glob("*.html"))
    assert (root / "grades.csv").is_file()
