"""Tries attacks that stand in a cell: against the sandbox, the judge, and plain nbgrader beside."""

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat

from rnn_course.checks.courses import located
from rnn_course.checks.packed import SUFFIX
from rnn_course.grading.attacks.active_content import executes
from rnn_course.grading.attacks.corpus import Attack, AttackOutcome
from rnn_course.grading.attacks.decoys import Decoys
from rnn_course.grading.attacks.plain_nbgrader import run_cells
from rnn_course.grading.host.fork_server_process import own_launcher
from rnn_course.grading.host.kernel_client import running_kernel
from rnn_course.grading.intake.release import Release, grade_id
from rnn_course.grading.intake.submission import Submission
from rnn_course.grading.judge.grading_task import Terms, grade_submission
from rnn_course.grading.protocol.limits import MIB, Limits
from rnn_course.grading.result import Result
from rnn_course.seeding import PUBLIC_SEED

TIGHT = Limits(cell_seconds=4.0, memory_bytes=1024 * MIB, disk_bytes=64 * MIB, output_bytes=2 * MIB)
COURSEWORK, QUESTION = Attack.of
_SLACK = 5.0  # seconds to end a world of many processes, where no other work shares the cores
_IMPORTS = """
import numpy as np, torch
from torch import nn
from rnn_course.checks.notebook import notebook
""".strip()
_HTML = "text/html"
_ACTIVE = {_HTML, "application/javascript", "image/svg+xml", "text/markdown", "text/latex"}

Grade = Callable[[str], tuple[nbformat.NotebookNode, Result]]


def try_on_sandbox(attack: Attack, limits: Limits = TIGHT) -> AttackOutcome:
    """Try one attack behind the wall, as a submission of its own."""
    own_launcher()  # started for every submission, not at this one's expense
    with Decoys() as decoys:
        begin = time.monotonic()
        with running_kernel({"weights.txt": b"mine"}, limits) as kernel:
            done = kernel.run(decoys.fill(attack.code))
        seconds = time.monotonic() - begin
        harm = decoys.harm(done.outputs)
    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    allowed = limits.cell_seconds + limits.grace_seconds + _SLACK * busy
    if seconds > allowed:
        harm.append(f"held up the class for {seconds:.0f} s, {allowed:.0f} s were allowed")
    return AttackOutcome(attack, harm, seconds, done.limit or "")


def try_on_judge(attack: Attack, grade: Grade, blank: float) -> AttackOutcome:
    """Hand in an attack and see whether it earns more than it should.

    Args:
        attack: what to try.
        grade: grades a submission with this text in its first answer cell.
        blank: what it earns without the attack. More is harm unless a person is told.
    """
    own_launcher()
    with Decoys() as decoys:
        begin = time.monotonic()
        notebook, result = grade(decoys.fill(attack.code))
        seconds = time.monotonic() - begin
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
        harm = decoys.harm(outputs)
    stopped_by = {incident.kind for incident in result.incidents}
    if result.score > blank and "review" not in stopped_by:
        harm.append(f"earned {result.score:g} points")
    harm += [f"left {kind} for a browser" for kind in sorted(_active(outputs, decoys))]
    return AttackOutcome(attack, harm, seconds, ", ".join(sorted(stopped_by)))


def try_cells_plainly(attack: Attack) -> list[str]:
    """Try an attack under plain nbgrader; return what it achieved."""
    coursework, question = attack.of
    setup = f"{_IMPORTS}\ncheck = notebook('{coursework}')"
    recorded = Path("assignments", coursework, f"{coursework}{SUFFIX}")
    with Decoys() as decoys, tempfile.TemporaryDirectory() as folder:
        shutil.copy(recorded, folder)
        cells = [setup, decoys.fill(attack.code), f"check('{question}')"]
        ran = run_cells(cells[1:2] if attack.way == "wall" else cells, Path(folder))
        harm = decoys.harm([output for outputs in ran for output in outputs])
        if attack.way in ("marks", "borrow") and ran:
            points = [_points(output) for output in ran[-1]]
            harm += [f"earned {max(points):g} points"] if max(points, default=0) > 0 else []
            harm += [f"left {kind} for a browser" for kind in sorted(_active(ran[1], decoys))]
    return harm


def grader(root: Path, of: tuple[str, str] = Attack.of) -> Grade:
    """Return what grades a released coursework with one answer extended.

    Args:
        root: the course's folder.
        of: the coursework and the question.
    """
    coursework, question = of
    release = Release.load(coursework, root)
    terms = terms_for(release, root)

    def grade(code: str) -> tuple[nbformat.NotebookNode, Result]:
        notebook = nbformat.reads(release.text, 4)
        for cell in notebook.cells:
            if grade_id(cell) == question:
                cell.source += f"\n\n{code}"
        done = grade_submission(Submission("eve", nbformat.writes(notebook)), terms)
        return nbformat.reads(done.notebook, 4), done.result

    return grade


def terms_for(release: Release, root: Path) -> Terms:
    """Return terms to try attacks on marks by: a seed that nobody knows, and tight limits.

    Only the coursework that most attacks are on is recorded for such a seed, which takes minutes
    for some: a borrowed answer is as good at every seed.
    """
    limits = replace(TIGHT, cell_seconds=20.0, memory_bytes=3072 * MIB)
    name = release.course.name
    if name == COURSEWORK:
        return Terms.of(located(name, root), release, secrets.randbits(62), limits=limits)
    recorded = (root / "assignments" / name / f"{name}{SUFFIX}").read_bytes()
    return Terms(recorded, release.text, PUBLIC_SEED, limits)


def _active(outputs: list[dict], decoys: Decoys) -> set[str]:
    """Return the kinds of output that a browser would execute and that carry the attack's mark."""
    data = (output.get("data", {}) for output in outputs)
    shown = [(kind, str(d[kind])) for d in data for kind in _ACTIVE & set(d)]
    # in a report of ours the mark may stand as text
    return {
        k
        for k, text in shown
        if decoys.mark in text and (k != _HTML or executes(text, decoys.mark))
    }


def _points(output: dict) -> float:
    """Return the points that nbgrader reads from an output."""
    try:
        return float(output["data"]["text/plain"])
    except (KeyError, ValueError):
        return 0.0
