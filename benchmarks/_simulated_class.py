"""A class whose submissions take a given time and come to a real result, for `benchmarks.scale`.

Scheduler, head, store and gradebook are the product's own, each in the process that it has on a
cluster. Simulated are the workers, and only in what they grade: all of them live in one further
process, each a Dask worker with a connection and a thread of its own, and each sleeps as long as
grading is to take, and returns the result of a submission that was graded behind the wall.

Run as ``python -m benchmarks._simulated_class ROLE …``.
"""

import asyncio
import json
import os
import pickle
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._course_folder import environment

ROOT = Path(__file__).parents[1]
NAME = "cw2_speech_commands"
RESULT = "graded.pickle"  # ours, and read by us
_PATIENCE = 1200.0  # seconds
_MIB = 2**20
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Told:
    """What a head tells of a run.

    Attributes:
        graded: how many submissions.
        seconds: from the first finished one to the last.
        cpu: seconds of the head meanwhile.
        looked: seconds until it knew whom to grade.
        early, late: MiB that it held after a tenth of the class, and after all.
    """

    graded: int
    seconds: float
    cpu: float
    looked: float
    early: float
    late: float


def make(root: Path, number: int) -> None:
    """Make a course with a class, and grade one submission for all.

    Args:
        root: an empty folder.
        number: of students. Their notebooks differ in the blanks at their end.
    """
    from rnn_course.grading.gradebook.course import CONFIG_FILE, Course

    shutil.copytree(ROOT / "solutions" / NAME, root / "solutions" / NAME)
    shutil.copy(ROOT / CONFIG_FILE, root)
    Course(root).release(NAME)
    solved = root / "solutions" / NAME
    text = (solved / "speech_commands.ipynb").read_text()
    weights = (solved / "speech_model.safetensors").read_bytes()
    for n in range(number):
        folder = root / "submitted" / f"student{n:05}" / NAME
        folder.mkdir(parents=True)
        (folder / "speech_commands.ipynb").write_text(text + " " * n)
        (folder / "speech_model.safetensors").write_bytes(weights)
    _run(root, "sample", str(root))


@contextmanager
def cluster(root: Path, workers: int, seconds: float) -> Iterator[tuple[str, int]]:
    """Yield the address and the process of a scheduler with simulated workers."""
    file = root / "scheduler.json"
    file.unlink(missing_ok=True)
    dask = [sys.executable, "-W", "ignore", "-m", "dask", "scheduler", "--no-dashboard"]
    where = ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)]
    running = [_start(root, [*dask, *where])]
    try:
        _wait(running[0], file)
        address = json.loads(file.read_text())["address"]
        about = [address, str(workers), str(seconds), str(root / RESULT)]
        ready = root / "ready"
        ready.unlink(missing_ok=True)
        running.append(_start(root, _command("workers", *about, str(ready))))
        _wait(running[1], ready)
        yield address, running[0].pid
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()


def grade(root: Path, address: str, students: int) -> Told | None:
    """Let a head grade so many students who were not graded yet, or have changed.

    Returns:
        None where it did not come to an end.
    """
    try:
        return Told(**json.loads(_run(root, "head", str(root), address, str(students))))
    except subprocess.TimeoutExpired:
        return None


def held(pid: int) -> float:
    """Return the MiB that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / _MIB


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", "benchmarks._simulated_class", *arguments]


def _start(root: Path, command: list[str]) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, env=environment(root), stdout=quiet, stderr=quiet)


def _run(root: Path, *arguments: str) -> str:
    ran = subprocess.run(
        _command(*arguments),
        cwd=ROOT,
        env=environment(root),
        check=True,
        stdout=subprocess.PIPE,
        timeout=_PATIENCE,
    )
    return ran.stdout.decode().splitlines()[-1]


def _wait(process: subprocess.Popen[bytes], file: Path) -> None:
    while not file.exists():
        assert process.poll() is None, process.args
        time.sleep(0.05)  # between two looks


# The roles


def _sample(root: str) -> None:
    """Grade the first submission behind the wall."""
    from rnn_course.checks.courses import located
    from rnn_course.grading.gradebook.course import Course
    from rnn_course.grading.intake.release import Release
    from rnn_course.grading.intake.submission import read_submission
    from rnn_course.grading.judge.grading_task import Terms, grade_submission
    from rnn_course.grading.judge.secret_seed import secret_seed

    release = Release.load(NAME, Path(root))
    terms = Terms.of(located(NAME, Path(root)), release, secret_seed())
    folder = Course(Path(root)).path("submitted", "student00000", NAME)
    submission = read_submission(folder, "student00000", release, terms.limits)
    Path(root, RESULT).write_bytes(pickle.dumps(grade_submission(submission, terms)))
    print("graded")


def _workers(address: str, number: str, seconds: str, result: str, ready: str) -> None:
    """Be so many workers until the process is ended."""
    from distributed import Worker

    from rnn_course.grading.classroom import cluster as product

    graded = pickle.loads(Path(result).read_bytes())

    def after_a_while(*_: Any) -> Any:
        time.sleep(float(seconds))
        return graded

    product.grade_submission = after_a_while

    async def work() -> None:
        made = [
            Worker(address, nthreads=1, name=n, dashboard=False, memory_limit=0)
            for n in range(int(number))
        ]
        await asyncio.gather(*made)
        Path(ready).touch()
        await asyncio.gather(*(worker.finished() for worker in made))

    asyncio.run(work())


def _head(root: str, address: str, students: str) -> None:
    """Grade a class by the product's own function, and tell how it went."""
    from rnn_course.grading.classroom.autograde import Settings, autograde

    begin, number = time.monotonic(), int(students)
    marks: list[tuple[float, float]] = []
    memory: list[float] = []

    def started(_: int) -> None:
        marks.append((time.monotonic() - begin, 0.0))
        memory.append(held(os.getpid()))

    def done(*_: Any) -> None:
        marks.append((time.monotonic() - begin, time.process_time()))
        memory.append(held(os.getpid()))

    names = [f"student{n:05}" for n in range(number)]
    autograde(Path(root), NAME, Settings(scheduler=address, students=names), done, started)
    looked, *finished = marks
    first, last = (finished[0], finished[-1]) if finished else (looked, looked)
    early = memory[len(finished) // 10]
    spans = last[0] - first[0], last[1] - first[1]
    told = Told(len(finished), *spans, looked[0], early, memory[-1])
    print(json.dumps(vars(told)))


_ROLES: Mapping[str, Any] = {"sample": _sample, "workers": _workers, "head": _head}

if __name__ == "__main__":
    _ROLES[sys.argv[1]](*sys.argv[2:])
