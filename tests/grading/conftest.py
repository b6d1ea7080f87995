import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import nbformat
import pytest
import toy

from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.intake.submission import Submission
from rnn_course.grading.judge.grading_task import Terms, grade_submission

HERE = Path(__file__).parent
NAME = "toy"


@pytest.fixture(scope="module")
def instructor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Set what an instructor of the toy coursework has in the environment."""
    with pytest.MonkeyPatch.context() as patch:
        seed = tmp_path_factory.mktemp("instructor") / "seed"
        patch.setenv("RNN_COURSE_SECRET_SEED_FILE", str(seed))
        patch.setenv("OMP_NUM_THREADS", "1")
        yield


@pytest.fixture(scope="session")
def toy_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course's folder with the toy coursework released; take a copy, `released` or `course`."""
    root = tmp_path_factory.mktemp("toy_release")
    shutil.copy(HERE.parents[1] / "nbgrader_config.py", root)
    solved = toy.solved()
    for cell in solved.cells:
        if cell.id in ("double", "square", "eighth"):
            cell.source = f"### BEGIN SOLUTION\n{cell.source}\n### END SOLUTION"
    source = root / "solutions" / NAME
    source.mkdir(parents=True)
    nbformat.write(solved, source / "toy.ipynb")
    shutil.copy(HERE / "toy_course.py", source / "questions.py")
    Course(root).release(NAME)
    return root


@pytest.fixture(scope="module")
def released(instructor: None, toy_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course's folder with the toy coursework released, and nothing handed in."""
    return Path(shutil.copytree(toy_release, tmp_path_factory.mktemp("released") / "course"))


@contextmanager
def clock_in(zone: str) -> Iterator[None]:
    """Let this machine's clock be that of a time zone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def in_utc() -> Iterator[None]:
    """Let times that do not say their zone be UTC's."""
    with clock_in("UTC"):
        yield


@pytest.fixture
def course(released: Path, tmp_path: Path) -> Path:
    """A copy of the released course, for one test."""
    return Path(shutil.copytree(released, tmp_path / "course"))


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Grade classes in this process, behind its own wall: no workers have to be started."""

    def grade_all(client: None, submissions: Iterable[Submission], terms: Terms):
        for submission in submissions:
            yield [(submission, grade_submission(submission, terms))]

    room = "rnn_course.grading.classroom.autograde"
    monkeypatch.setattr(f"{room}.connect", lambda *words, **names: nullcontext())
    monkeypatch.setattr(f"{room}.grade_all", grade_all)


def hand_in(root: Path, student: str, **files: str | bytes) -> Path:
    """Put files into a student's submission; return its folder."""
    folder = root / "submitted" / student / NAME
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name.replace("_ipynb", ".ipynb")).write_bytes(data)
    return folder
