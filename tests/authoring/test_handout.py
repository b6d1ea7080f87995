"""What students get: complete, without solutions, and it works where nothing else is installed."""

import base64
import csv
import hashlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from rnn_course.authoring.handout import handout
from rnn_course.authoring.student_wheel import student_wheel
from rnn_course.errors import AuthoringError

ROOT = Path(__file__).parents[2]
NAME, NOTEBOOK, QUESTION = "cw4_lstm_applications", "lstm_applications.ipynb", "word_tokens"


EXECUTES = """
import nbclient, nbformat
notebook = nbformat.read("mine.ipynb", as_version=4)
nbclient.NotebookClient(notebook, timeout=300).execute()
nbformat.write(notebook, "mine.ipynb")
"""


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """The hand-out of one coursework."""
    folder = tmp_path_factory.mktemp("handout") / "course"
    handout(ROOT, folder, [NAME])
    return folder


@pytest.fixture(scope="module")
def student(tmp_path_factory, given):
    """A student's Python: what the package needs is there, the package itself from the wheel."""
    place = tmp_path_factory.mktemp("student's own machine")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    python = place / "bin" / "python"
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    packages = Path(done.stdout.strip())
    (wheel,) = given.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(packages)
    # a path that a .pth file names is not searched for further .pth files: no editable install
    (packages / "others.pth").write_text(sysconfig.get_path("purelib"))
    return python


def run(student, *arguments, cwd):
    environment = {"HOME": str(cwd), "PATH": os.defpath, "OMP_NUM_THREADS": "1"}
    command = [student, *arguments]
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_it_is_complete_and_says_how_to_begin(given):
    found = {path.relative_to(given).as_posix() for path in given.rglob("*") if path.is_file()}
    (wheel,) = (path for path in found if path.endswith(".whl"))
    assert found == {
        "README.md",
        "requirements.txt",
        "environment.yml",
        "constraints.txt",
        "Dockerfile",
        ".dockerignore",
        ".devcontainer/devcontainer.json",
        "handout.json",
        "docs/glossary.md",
        wheel,
        f"{NAME}/{NOTEBOOK}",
        f"{NAME}/{NAME}.checks",
    }
    readme = (given / "README.md").read_text()
    assert f"| LSTMs at work | `{NAME}/{NOTEBOOK}` |" in readme
    assert f"./{wheel}\n" in (given / "requirements.txt").read_text()


def test_its_image_holds_what_a_student_installs_and_tries_it(given):
    lines = (given / "Dockerfile").read_text().splitlines()
    copied = shlex.split(next(line for line in lines if line.startswith("COPY ")))[1:-1]
    assert all((given / path).is_file() for path in copied), copied
    assert "RUN rnn-course check-setup" in lines
    assert lines.index("USER jovyan") < lines.index("RUN rnn-course check-setup")
    container = json.loads((given / ".devcontainer" / "devcontainer.json").read_text())
    place = given / ".devcontainer"
    assert (place / container["build"]["dockerfile"]).resolve() == given / "Dockerfile"
    assert (place / container["build"]["context"]).resolve() == given


def test_the_images_versions_are_those_that_the_package_allows(given):
    pinned = {}
    for line in (given / "constraints.txt").read_text().splitlines():
        if not line.startswith("#"):
            requirement = Requirement(line)
            (exact,) = requirement.specifier
            assert exact.operator == "==", line
            pinned[canonicalize_name(requirement.name)] = exact.version
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["lab"], "jupyterhub>=5"]
    torch = re.findall(r"torch==([\d.]+)", (given / "Dockerfile").read_text())
    for requirement in map(Requirement, asked):
        name = canonicalize_name(requirement.name)
        assert requirement.specifier.contains(torch[0] if name == "torch" else pinned[name]), name


def test_links_to_the_courses_pages_lead_somewhere(given):
    text = (given / NAME / NOTEBOOK).read_text()
    targets = re.findall(r"\]\((\.\./[^)#]+)", text)
    assert "../docs/glossary.md" in targets
    assert all((given / NAME / target).is_file() for target in targets)


def test_the_wheel_is_what_its_record_says_and_leaves_out_the_instructors_side(given):
    name, content = student_wheel()
    assert (given / name).read_bytes() == content, "the same bytes each time"
    archive = zipfile.ZipFile(io.BytesIO(content))
    names = archive.namelist()
    assert not [n for n in names if n.startswith(("rnn_course/grading", "rnn_course/authoring"))]
    (record,) = (n for n in names if n.endswith("/RECORD"))
    rows = list(csv.reader(archive.read(record).decode().splitlines()))
    assert [row[0] for row in rows] == names
    for path, digest, size in rows[:-1]:
        data = archive.read(path)
        made = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
        assert (digest, int(size)) == (f"sha256={made}", len(data))
    (metadata,) = (n for n in names if n.endswith("/METADATA"))
    said = archive.read(metadata).decode()
    assert "Requires-Dist: torch>=2.8\n" in said
    assert "nbgrader" not in said
    assert "ipykernel" not in said, "a host such as Colab pins its own"


@pytest.mark.slow
def test_all_works_where_nothing_else_is_installed(student, given, tmp_path):
    where = run(student, "-c", "import rnn_course; print(rnn_course.__file__)", cwd=tmp_path)
    assert "student's own machine" in where.stdout
    said = run(student, "-m", "rnn_course.cli", "check-setup", str(given), cwd=tmp_path)
    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout.endswith(f"ok      a notebook starts and checks {NAME}\n")
    assert f"ok      {NAME}: 12 questions\n" in said.stdout


@pytest.mark.slow
def test_a_question_is_solved_there(student, given, tmp_path):
    solved = nbformat.read(given / NAME / NOTEBOOK, as_version=4)
    model = nbformat.read(ROOT / "solutions" / NAME / NOTEBOOK, as_version=4)
    answer = next(cell for cell in model.cells if cell.id == QUESTION).source
    upto = next(i for i, cell in enumerate(solved.cells) if cell.id == f"check_{QUESTION}")
    solved.cells = [
        cell
        for cell in solved.cells[: upto + 1]
        if cell.cell_type == "code"
        and cell.id in ("setup", "install", QUESTION, f"check_{QUESTION}")
    ]
    next(cell for cell in solved.cells if cell.id == QUESTION).source = answer
    folder = shutil.copytree(given / NAME, tmp_path / NAME)
    nbformat.write(solved, folder / "mine.ipynb")
    done = run(student, "-c", EXECUTES, cwd=folder)
    assert done.returncode == 0, done.stderr
    cells = nbformat.read(folder / "mine.ipynb", as_version=4).cells
    (shown,) = (out.data["text/plain"] for out in cells[-1].outputs)
    assert shown == f"{float(cells[-1].metadata.nbgrader.points)}"


def test_setup_says_what_is_missing(student, given, tmp_path):
    empty = run(student, "-m", "rnn_course.cli", "check-setup", cwd=tmp_path)
    assert empty.returncode == 1
    assert (
        f"MISSING courseworks in {tmp_path}. Run this where you unpacked the hand-out."
        in empty.stdout
    )
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / f"{NAME}.checks").write_bytes((given / NAME / f"{NAME}.checks").read_bytes())
    alone = run(student, "-m", "rnn_course.cli", "check-setup", cwd=tmp_path)
    assert alone.returncode == 1
    assert (
        f"MISSING {NOTEBOOK} beside {NAME}.checks. Put the two into one folder again."
        in alone.stdout
    )


def test_an_instructors_command_says_what_it_needs(student, tmp_path):
    done = run(student, "-m", "rnn_course.cli", "grade", "some.ipynb", cwd=tmp_path)
    assert done.returncode == 2
    assert 'Run: pip install "rnn-course[instructor]"' in done.stderr


def test_a_zip_unpacks_into_one_folder_and_is_never_written_over(tmp_path):
    handout(ROOT, tmp_path / "week 1.zip", [NAME])
    names = zipfile.ZipFile(tmp_path / "week 1.zip").namelist()
    assert {name.partition("/")[0] for name in names} == {"week 1"}
    assert f"week 1/{NAME}/{NOTEBOOK}" in names
    with pytest.raises(
        AuthoringError, match=r"Expected no file .*week 1\.zip yet\. Got one\. Move"
    ):
        handout(ROOT, tmp_path / "week 1.zip", [NAME])


def test_a_folder_is_brought_up_to_date_and_nobodys_work_is_lost(tmp_path):
    handout(ROOT, tmp_path, [NAME, "cw1_bptt"])
    (tmp_path / ".git").mkdir()
    (tmp_path / "notes.txt").write_text("mine")
    handout(ROOT, tmp_path, [NAME])
    assert not (tmp_path / "cw1_bptt" / "bptt.ipynb").exists()
    assert (tmp_path / "notes.txt").read_text() == "mine"
    mine = tmp_path / NAME / NOTEBOOK
    mine.write_text("solved")
    with pytest.raises(AuthoringError) as told:
        handout(ROOT, tmp_path, [NAME])
    assert str(told.value) == (
        f"Expected in {tmp_path} only what an earlier hand-out wrote. Got files that somebody "
        f"changed or put there: {NAME}/{NOTEBOOK}. Move them away, or choose an empty folder."
    )
    assert mine.read_text() == "solved"


def test_a_list_of_an_earlier_hand_out_that_leads_elsewhere_is_not_followed(tmp_path):
    (tmp_path / "victim").write_text("precious")
    digest = hashlib.sha256(b"precious").hexdigest()
    place = tmp_path / "out"
    place.mkdir()
    (place / "handout.json").write_text(json.dumps({"../victim": digest}))
    handout(ROOT, place, [NAME])
    assert (tmp_path / "victim").read_text() == "precious"


def test_what_is_not_released_is_named(tmp_path):
    with pytest.raises(AuthoringError, match=r"Got cw9\. Correct the name, or release it first"):
        handout(ROOT, tmp_path / "out", ["cw9"])
    with pytest.raises(AuthoringError, match=r"there are none\. Got no name\."):
        handout(tmp_path, tmp_path / "out")


def test_a_notebook_installs_from_where_the_instructor_says(tmp_path):
    url = "https://example.org/rnn_course.whl"
    handout(ROOT, tmp_path / "a", [NAME], source=url)
    handout(ROOT, tmp_path / "b", [NAME])
    (wheel,) = (path.name for path in tmp_path.glob("b/*.whl"))
    for place, source in (("a", url), ("b", f"../{wheel}")):
        cells = nbformat.read(tmp_path / place / NAME / NOTEBOOK, as_version=4).cells
        assert f'RNN_COURSE_SOURCE = "{source}"  #' in "".join(cell.source for cell in cells)
