"""Tries attacks that are handed in as files: notebooks, weights, links, names."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat

from rnn_course.grading.attacks.active_content import executes
from rnn_course.grading.attacks.cell_attacks import COURSEWORK, terms_for
from rnn_course.grading.attacks.corpus import Attack, AttackOutcome
from rnn_course.grading.attacks.decoys import Decoys
from rnn_course.grading.attacks.plain_nbgrader import plain_course, run_nbgrader
from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.gradebook.formgrader import formgrader_page
from rnn_course.grading.host.fork_server_process import own_launcher
from rnn_course.grading.intake.release import Release
from rnn_course.grading.intake.submission import read_submission
from rnn_course.grading.judge.grading_task import grade_submission
from rnn_course.grading.protocol.limits import MIB
from rnn_course.grading.result import Result

GradeFolder = Callable[[Path], tuple[nbformat.NotebookNode, Result]]

_OWN_GROWTH = 1024 * MIB
_ALLOWED = 60.0  # seconds for a submission of which nothing trains, where nothing else runs
_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def hand_in(attack: Attack, decoys: Decoys, notebook: Path, blank: str) -> None:
    """Make what an attack hands in.

    Args:
        attack: what to hand in.
        decoys: what it is after.
        notebook: where it goes; its folder is empty.
        blank: the notebook where the attack has none.
    """
    folder, code = notebook.parent, decoys.fill(attack.code)
    if attack.name.endswith(".ipynb"):
        notebook.write_text(code)
        return
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, timeout=_ALLOWED)
    if not any(name.endswith(".ipynb") for _, _, names in os.walk(folder) for name in names):
        notebook.write_text(blank)


def folder_grader(root: Path) -> GradeFolder:
    """Return what grades a folder as a submission of the released speech coursework."""
    release = Release.load(COURSEWORK, root)
    terms = terms_for(release, root)

    def grade(folder: Path) -> tuple[nbformat.NotebookNode, Result]:
        submission = read_submission(folder, "eve", release, terms.limits)
        terms.made_from(submission)
        done = grade_submission(submission, terms)
        return nbformat.reads(done.notebook, 4), done.result

    return grade


def try_files(attack: Attack, grade: GradeFolder, root: Path) -> AttackOutcome:
    """Hand in files and see what becomes of the grader, the marks and the feedback."""
    own_launcher()
    release = Release.load(COURSEWORK, root)
    with Decoys() as decoys, tempfile.TemporaryDirectory() as place:
        hand_in(attack, decoys, Path(place, release.course.notebook), release.text)
        before, begin = _memory(), time.monotonic()
        try:
            notebook, result = grade(Path(place))
        except Exception as error:
            return AttackOutcome(attack, [f"stopped the grader with {type(error).__name__}"], 0.0)
        seconds, grown = time.monotonic() - begin, _memory() - before
        page = formgrader_page(notebook, root)
        harm = decoys.harm(
            [output for cell in notebook.cells for output in cell.get("outputs", ())]
        )
        shown = f"{nbformat.writes(notebook)}{json.dumps(result.as_dict())}{result.text()}{page}"
        harm += ["read a secret"] if decoys.reveals(shown) else []
    harm += [f"earned {result.score:g} points"] if result.score > 0 else []
    harm += ["left a script for a browser"] if executes(page, decoys.mark) else []
    harm += ["left commands for a terminal"] if _COMMANDS.search(result.text()) else []
    harm += [f"took {grown // MIB} MiB of the grader's memory"] if grown > _OWN_GROWTH else []
    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    if seconds > _ALLOWED * busy:
        harm.append(f"held up the class for {seconds:.0f} s")
    stopped_by = ", ".join(sorted({incident.kind for incident in result.incidents}))
    return AttackOutcome(attack, list(dict.fromkeys(harm)), seconds, stopped_by)


def try_files_plainly(attack: Attack, root: Path) -> list[str]:
    """Hand in files to a course of plain nbgrader's; return what they achieved."""
    course = plain_course(root, COURSEWORK)
    release = Release.load(COURSEWORK, root)
    with Decoys() as decoys:
        name = f"student{decoys.mark.replace('.', '')}"
        folder = course / "submitted" / name / COURSEWORK
        folder.mkdir(parents=True)
        hand_in(attack, decoys, folder / release.course.notebook, release.text)
        if not run_nbgrader(course, "autograde", COURSEWORK, "--student", name):
            return [*decoys.harm([]), "held up the class"]
        run_nbgrader(course, "generate_feedback", COURSEWORK, "--student", name)
        harm = decoys.harm([])
        texts = [
            path.read_text(errors="replace")
            for kind in ("autograded", "feedback")
            for path in (course / kind / name).rglob("*")
            if path.is_file()
        ]
        harm += ["read a secret"] if any(map(decoys.reveals, texts)) else []
        active = any(executes(text, decoys.mark) for text in texts)
        harm += ["left a script for a browser"] if active else []
    (marks,) = Course(course).marks(COURSEWORK, [name])
    score = sum(marks.scores.values())
    harm += [f"earned {score:g} points"] if score > 0 else []
    return list(dict.fromkeys(harm))


def _memory() -> int:
    """Return the most memory that we held since this was last asked, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    Path("/proc/self/clear_refs").write_text("5")
    return peak * 1024
