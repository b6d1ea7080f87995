"""A class is graded whole: any number of workers, killed, resumed, regraded, marked by hand."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
import toy
from conftest import NAME, hand_in
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from rich.console import Console

from rnn_course.errors import GradingError
from rnn_course.grading.classroom import cluster
from rnn_course.grading.classroom.autograde import Settings, Tally, autograde
from rnn_course.grading.classroom.commands import autograde_with_progress
from rnn_course.grading.gradebook.course import Course, load_config
from rnn_course.grading.judge.result_store import ResultStore

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux"),
]

WRONG = "def double(x):\n    return 3 * x"
CRASH = "import os\nos._exit(1)"
CLASS = {
    "ada": toy.text(),
    "blank": toy.text(toy.STUB, toy.STUB, toy.STUB),
    "bob": toy.text(double=WRONG),
    "cyd": toy.text(square=CRASH),
    "dan": "{ this is not JSON",
}
EARNED = {"ada": 12, "blank": 0, "bob": 8, "cyd": 4, "dan": 0}


def fill(root: Path) -> Path:
    for student, text in CLASS.items():
        hand_in(root, student, toy_ipynb=text)
    return root


def marks(root: Path, students: list[str] | None = None) -> dict[str, dict[str, float]]:
    course = Course(root)
    found = course.marks(NAME, students or course.students(NAME))
    return {one.student: one.scores for one in found}


def totals(root: Path) -> dict[str, float]:
    return {student: sum(scores.values()) for student, scores in marks(root).items()}


def command(root: Path, *arguments: str) -> subprocess.Popen:
    words = [sys.executable, "-m", "rnn_course.cli", *arguments]
    out = subprocess.PIPE
    return subprocess.Popen(
        words, cwd=root, stdout=out, stderr=out, text=True, start_new_session=True
    )


@pytest.fixture(scope="module")
def graded(released: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A class graded with one worker, and what was printed."""
    root = fill(Path(shutil.copytree(released, tmp_path_factory.mktemp("graded") / "course")))
    console = Console(record=True, width=200)
    autograde_with_progress(root, NAME, Settings(), console)
    return root, console.export_text()


@pytest.fixture
def again(graded: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of the graded class, for one test."""
    return Path(shutil.copytree(graded[0], tmp_path / "course"))


def test_everyone_who_handed_in_has_marks_and_a_line(graded: tuple[Path, str]) -> None:
    root, printed = graded
    assert totals(root) == EARNED
    lines = {line.split(":")[0]: line for line in printed.splitlines()}
    assert lines["ada"] == "ada: 12 of 14"
    assert lines["cyd"] == "cyd: 4 of 14  (crashed)"
    assert lines["dan"] == "dan: 0 of 14  (unreadable)"
    assert "5 graded, 0 unchanged, 0 not graded" in printed
    assert (root / "autograded" / "dan" / NAME / "toy.ipynb").is_file()


def test_two_workers_give_the_same_marks(graded: tuple[Path, str], course: Path) -> None:
    tally = autograde(fill(course), NAME, Settings(workers=2))
    assert sorted(tally.graded) == sorted(CLASS)
    assert marks(course) == marks(graded[0])


# nbgrader's own way of making a submission; SQLAlchemy finds it odd, and does it all the same
@pytest.mark.filterwarnings("ignore:Object of type <Submitted:sqlalchemy.exc.SAWarning")
def test_nbgrader_gives_the_same_marks(graded: tuple[Path, str], course: Path) -> None:
    api = NbGraderAPI(config=load_config(fill(course)))
    for student in CLASS:
        outcome = api.autograde(NAME, student)
        assert outcome["success"], outcome
    assert marks(course) == marks(graded[0])
    # and what nbgrader graded, we need not grade again
    assert outdated(course) == 0


def test_only_what_changed_is_graded_again(again: Path) -> None:
    hand_in(again, "ada", weights=b"new")
    hand_in(again, "bob", toy_ipynb=toy.text())
    hand_in(again, "eve", notes=b"no notebook")
    with Gradebook(f"sqlite:///{again / 'gradebook.db'}") as gradebook:
        gradebook.remove_submission(NAME, "cyd")
    tally = autograde(again, NAME, Settings())
    assert sorted(tally.graded) == ["ada", "bob", "cyd", "eve"]
    assert tally.unchanged == ["blank", "dan"]
    assert totals(again) == {**EARNED, "bob": 12, "eve": 0}


def outdated(root: Path, **settings: object) -> int:
    """Return how many submissions would be graded."""

    class Stop(Exception):
        pass

    def stop(number: int) -> None:
        if number:
            raise Stop(number)

    try:
        return len(autograde(root, NAME, Settings(**settings), on_start=stop).graded)
    except Stop as stopped:
        return stopped.args[0]


def test_changed_checks_make_every_result_outdated(
    again: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rnn_course.grading.judge.grading_task.code_digest", lambda: "other")
    assert outdated(again) == len(CLASS)


def test_lost_results_and_force_make_every_result_outdated(again: Path) -> None:
    assert outdated(again) == 0
    assert outdated(again, force=True) == len(CLASS)
    assert outdated(again, force=True, students=["ada", "bob", "ada"]) == 2
    shutil.rmtree(again / "results" / NAME / "dan")
    (again / "results" / NAME / "bob" / "result.json").write_text("{")
    assert outdated(again) == 2


def test_workers_of_another_version_are_refused() -> None:
    future = SimpleNamespace(result=lambda: ("other code", None))
    with pytest.raises(GradingError, match=r"Expected workers with the same version .*again"):
        cluster._outcome(future)


def test_marks_given_by_hand_survive(again: Path) -> None:
    with Gradebook(f"sqlite:///{again / 'gradebook.db'}") as gradebook:
        essay = gradebook.find_grade("essay", "toy", NAME, "bob")
        essay.manual_score, essay.needs_manual_grade = 1.5, False
        gradebook.find_comment("essay", "toy", NAME, "bob").manual_comment = "Nice."
        gradebook.db.commit()
    hand_in(again, "bob", toy_ipynb=toy.text())
    tally = autograde(again, NAME, Settings(students=["ada", "bob"], force=True))
    assert sorted(tally.graded) == ["ada", "bob"]
    with Gradebook(f"sqlite:///{again / 'gradebook.db'}") as gradebook:
        essay = gradebook.find_grade("essay", "toy", NAME, "bob")
        assert (essay.manual_score, essay.needs_manual_grade) == (1.5, True)
        assert gradebook.find_comment("essay", "toy", NAME, "bob").manual_comment == "Nice."
    assert totals(again)["bob"] == 13.5


def test_a_run_that_is_killed_is_continued(course: Path) -> None:
    for number in range(6):
        hand_in(course, f"student{number}", toy_ipynb=CLASS["ada"])
    first = command(course, "autograde", NAME)
    results = course / "results" / NAME
    deadline = time.monotonic() + 240
    while len(list(results.glob("*/result.json"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    whole = {student: scores for student, scores in marks(course).items() if scores}
    assert 2 <= len(whole) < 6
    assert {sum(scores.values()) for scores in whole.values()} == {12}
    tally = autograde(course, NAME, Settings())
    assert len(tally.unchanged) >= 2
    assert sorted(tally.graded + tally.unchanged) == [f"student{n}" for n in range(6)]
    assert set(totals(course).values()) == {12}


def test_who_kills_a_worker_twice_gets_no_points_and_nobody_else_suffers(course: Path) -> None:
    once = course / "died"
    hand_in(course, "killer", toy_ipynb=CLASS["ada"], deadly=b"")
    hand_in(course, "unlucky", toy_ipynb=CLASS["ada"], deadly=str(once))
    for number in range(3):
        hand_in(course, f"innocent{number}", toy_ipynb=CLASS["ada"])
    run = command(course, "autograde", NAME)
    printed, errors = run.communicate(timeout=300)
    assert run.returncode == 1, errors
    assert "killer: NOT GRADED. Two workers died while they graded it alone." in printed
    assert "4 graded, 0 unchanged, 1 not graded" in printed
    assert once.exists()
    earned = totals(course)
    assert earned.pop("killer") == 0
    assert set(earned.values()) == {12}
    result = ResultStore(course, NAME).result("killer")
    assert (result["status"], result["score"]) == ("crashed", 0)
    assert [incident["kind"] for incident in result["incidents"]] == ["crashed"]
    essay = (course / "autograded" / "killer" / NAME / "toy.ipynb").read_text()
    assert "def double" in essay


class Scheduler(NamedTuple):
    address: str
    process: subprocess.Popen[bytes]


@pytest.fixture
def scheduler(instructor: None, tmp_path: Path) -> Iterator[Scheduler]:
    """A Dask scheduler with one worker, started as a cluster's administrator would."""
    dask = [sys.executable, "-m", "dask"]
    log = (tmp_path / "log").open("w+")
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    started = [subprocess.Popen([*dask, "scheduler", *local, "--port", "0"], stderr=log)]
    address, deadline = None, time.monotonic() + 120
    while address is None and time.monotonic() < deadline:
        time.sleep(0.1)
        address = re.search(r"Scheduler at:\s+(tcp://\S+)", (tmp_path / "log").read_text())
    worker = ["worker", address[1], "--host", "127.0.0.1", "--no-dashboard", "--nthreads", "1"]
    worker += ["--resources", "GPU=1"]
    started.append(
        subprocess.Popen([*dask, *worker, "--local-directory", str(tmp_path)], stderr=log)
    )
    yield Scheduler(address[1], started[0])
    for process in reversed(started):
        process.terminate()
    for process in started:
        process.wait(30)
    log.close()


def test_a_scheduler_that_is_already_there_does_the_same(
    graded: tuple[Path, str], course: Path, scheduler: Scheduler
) -> None:
    tally = autograde(fill(course), NAME, Settings(scheduler=scheduler.address))
    assert sorted(tally.graded) == sorted(CLASS)
    assert marks(course) == marks(graded[0])
    on_gpus = Settings(scheduler=scheduler.address, students=("ada",), force=True, gpu=True)
    assert autograde(course, NAME, on_gpus).graded == ["ada"]
    assert marks(course) == marks(graded[0])


def test_a_scheduler_that_dies_ends_the_run_and_what_was_graded_stays(
    course: Path, scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_ANSWER_SECONDS", 2)  # it will not come back
    done: list[str] = []

    def kill(student: str, *_: object) -> None:
        done.append(student)
        scheduler.process.kill()

    with pytest.raises(GradingError, match=r"that answers until .*What was finished is recorded"):
        autograde(fill(course), NAME, Settings(scheduler=scheduler.address), kill)
    assert done
    again = autograde(course, NAME, Settings())
    assert again.graded
    assert again.unchanged == sorted(done)
    assert sorted([*done, *again.graded]) == sorted(CLASS)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x"])
def test_a_scheduler_that_is_not_there_is_named(
    course: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_ANSWER_SECONDS", 0.5)  # there is none to wait for
    hand_in(course, "ada", toy_ipynb=CLASS["ada"])
    with pytest.raises(GradingError, match=r"Expected a Dask scheduler at .*Start one with"):
        autograde(course, NAME, Settings(scheduler=address))


def test_unknown_students_and_empty_courses_are_named(course: Path) -> None:
    with pytest.raises(GradingError, match=r"Expected submissions of .* Got none at all\. Collect"):
        autograde(course, NAME, Settings())
    hand_in(course, "ada", toy_ipynb=CLASS["ada"])
    with pytest.raises(GradingError, match=r"Got none of eve, mallory\. Collect"):
        autograde(course, NAME, Settings(students=["mallory", "ada", "eve"]))


def test_nothing_to_do_says_so(again: Path) -> None:
    console = Console(record=True)
    assert autograde_with_progress(again, NAME, Settings(), console) == Tally(
        unchanged=sorted(CLASS)
    )
    assert "0 graded, 5 unchanged, 0 not graded" in console.export_text()
