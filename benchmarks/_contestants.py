"""Ways to grade the same submissions; each prints a line for every one it has graded.

Run as ``python -m benchmarks._contestants WAY FOLDER``.
"""

import contextlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

COURSEWORK = "cw2_speech_commands"


def plain(root: Path) -> None:
    """nbgrader as it comes: a new kernel for each submission, the checks in it."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.source_directory = "solutions"
    config.CourseDirectory.release_directory = "assignments"
    api = NbGraderAPI(config=config)
    api.log.setLevel("ERROR")
    for student in sorted(api.get_submitted_students(COURSEWORK)):
        outcome = api.autograde(COURSEWORK, student)
        assert outcome["success"], outcome
        print(student, flush=True)


def one(root: Path, workers: int = 1) -> None:
    """Ours, with one worker."""
    from rnn_course.grading.classroom.autograde import Settings, autograde

    settings = Settings(workers=workers, force=True)
    autograde(root, COURSEWORK, settings, lambda student, *_: print(student, flush=True))


def two(root: Path) -> None:
    """Ours, with two workers."""
    one(root, workers=2)


def floor(root: Path) -> None:
    """The same cells and checks in one warm process: no wall, no kernel, no gradebook."""
    from rnn_course.checks.local import LocalSubject
    from rnn_course.grading.intake.notebook_reader import read_notebook
    from rnn_course.grading.intake.release import Release, grade_id
    from rnn_course.grading.intake.repair import repair
    from rnn_course.grading.sandbox.preload import preload

    release = Release.load(COURSEWORK, root)
    preload(release.modules)
    for folder in sorted((root / "submitted").glob(f"*/{COURSEWORK}")):
        text = (folder / release.course.notebook).read_text()
        repaired = repair(read_notebook(text), release)
        namespace: dict = {"__name__": "student"}
        for cell in repaired.notebook.cells:
            question = release.course.by_id.get(grade_id(cell).removeprefix("check_"))
            if cell.cell_type != "code" or cell.id in repaired.idle:
                continue
            if grade_id(cell).startswith("check_"):
                if question and question.judge:
                    question.report(LocalSubject(namespace, folder), 5)
            else:
                _execute(cell.source, namespace)
        print(folder.parent.name, flush=True)


def _execute(source: str, namespace: dict) -> None:
    with (
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.suppress(Exception),
    ):
        exec(compile(source, "cell", "exec"), namespace)


def otter(root: Path) -> None:
    """Otter-Grader without a container: a process for each submission, its own kind of tests."""
    from benchmarks import _otter

    command, place = _otter.otter(), root / "otter"
    assert command is not None
    shutil.rmtree(place, ignore_errors=True)
    tests = _otter.autograder(command, place)
    for folder in sorted((root / "submitted").glob(f"*/{COURSEWORK}")):
        own = place / folder.parent.name
        shutil.copytree(folder, own)
        (notebook,) = own.glob("*.ipynb")
        notebook.write_text(_otter.without_checks(notebook.read_text()))
        _otter.grade(command, tests, notebook, own)
        print(folder.parent.name, flush=True)


WAYS: dict[str, Callable[[Path], None]] = {
    "plain": plain,
    "one": one,
    "two": two,
    "floor": floor,
    "otter": otter,
}

if __name__ == "__main__":
    WAYS[sys.argv[1]](Path(sys.argv[2]))
