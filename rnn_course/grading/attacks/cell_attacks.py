"""Tries the corpus of attacks against the wall and the judge, and against plain nbgrader beside.

An attack is a file whose docstring begins ``tries: …`` and whose code stands in an answer cell;
lines after it say ``bomb: yes`` where it exhausts something, ``plain: no`` where it would harm
this machine if there were no wall, and ``after: marks`` where it lies to the judge rather than
leaving; for ``after: folder`` see `handins`.
"""

import json
import os
import re
import secrets
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from rnn_course.errors import GradingError
from rnn_course.grading.attacks.active_content import executes
from rnn_course.grading.attacks.decoys import Bait
from rnn_course.grading.attacks.plain_nbgrader import run_plainly
from rnn_course.grading.host.fork_server_process import shared_wall
from rnn_course.grading.host.kernel_client import confined_kernel
from rnn_course.grading.intake.release import Release, grade_id
from rnn_course.grading.judge.grading_task import Submission, Terms, grade_submission
from rnn_course.grading.protocol.limits import MIB, Limits
from rnn_course.grading.result import Result

TIGHT = Limits(cell_seconds=4.0, memory_bytes=1024 * MIB, disk_bytes=64 * MIB, output_bytes=2 * MIB)
COURSEWORK, QUESTION = "cw2_speech_commands", "lstm_cell"
_DOCSTRING = re.compile(r'"""(.*?)"""', re.DOTALL)
_SLACK = 5.0  # seconds to end a world of many processes, where no other work shares the cores
_HTML = "text/html"
_ACTIVE = {_HTML, "application/javascript", "image/svg+xml", "text/markdown", "text/latex"}

Grade = Callable[[str], tuple[nbformat.NotebookNode, Result]]


@dataclass(frozen=True)
class Attack:
    """One attack of the corpus.

    Attributes:
        name: of its file.
        tries: what it tries, a few words.
        code: its cell.
        bomb: it exhausts something rather than reaching something.
        plain: it may be tried without a wall.
        way: ``wall`` where it tries to leave, ``marks`` where it lies to the judge, ``folder``
            where it is handed in as files.
    """

    name: str
    tries: str
    code: str
    bomb: bool = False
    plain: bool = True
    way: str = "wall"


@dataclass(frozen=True)
class Outcome:
    """What came of an attack.

    Attributes:
        harm: what it achieved here, a few words each; nothing if the wall and the judge hold.
        seconds: how long it took.
        stopped_by: the limit it ran into, "" if none.
        plain: what it achieved under plain nbgrader; None if it was not tried there.
    """

    attack: Attack
    harm: list[str]
    seconds: float
    stopped_by: str = ""
    plain: list[str] | None = None


def read_attacks(folder: Path) -> list[Attack]:
    """Read a folder of attacks.

    Raises:
        GradingError: there are none, or a file does not say what it tries.
    """
    files = sorted([*folder.glob("*.py"), *folder.glob("*.ipynb")])
    attacks = [read_attack(path) for path in files]
    if not attacks:
        raise GradingError(f"attacks in {folder}", "none", "Name the folder they are in.")
    return attacks


def read_attack(path: Path) -> Attack:
    """Read one attack; see `read_attacks`."""
    code = path.read_text()
    if path.suffix == ".ipynb":
        about = {"after": "folder", **json.loads(code)["metadata"].get("attack", {})}
    else:
        docstring = _DOCSTRING.match(code)
        lines = docstring[1].splitlines() if docstring else ()
        about = dict(line.split(": ", 1) for line in lines if ": " in line)
    if "tries" not in about:
        raise GradingError(
            "a docstring that begins with `tries:`", repr(code[:40]), f"Mend {path}."
        )
    bomb = about.get("bomb") == "yes"
    plain, name = not bomb and about.get("plain") != "no", path.name.removesuffix(".py")
    return Attack(name, about["tries"], code, bomb, plain, about.get("after", "wall"))


def try_attack(attack: Attack, limits: Limits = TIGHT) -> Outcome:
    """Try one attack behind the wall, as a submission of its own."""
    shared_wall()  # started for every submission, not at this one's expense
    with Bait() as bait:
        begin = time.monotonic()
        with confined_kernel({"weights.txt": b"mine"}, limits) as kernel:
            done = kernel.run(bait.fill(attack.code))
        seconds = time.monotonic() - begin
        harm = bait.harm(done.outputs)
    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    allowed = limits.cell_seconds + limits.grace_seconds + _SLACK * busy
    if seconds > allowed:
        harm.append(f"held up the class for {seconds:.0f} s, {allowed:.0f} s were allowed")
    return Outcome(attack, harm, seconds, done.limit or "")


def try_on_marks(attack: Attack, grade: Grade, blank: float) -> Outcome:
    """Hand in an attack and see whether it earns more than it should.

    Args:
        attack: what to try.
        grade: grades a submission with this text in its first answer cell.
        blank: what it earns without the attack.
    """
    shared_wall()
    with Bait() as bait:
        begin = time.monotonic()
        notebook, result = grade(bait.fill(attack.code))
        seconds = time.monotonic() - begin
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
        harm = bait.harm(outputs)
    if result.score > blank:
        harm.append(f"earned {result.score:g} points")
    harm += [f"left {kind} for a browser" for kind in sorted(_active(outputs, bait))]
    return Outcome(attack, harm, seconds, ", ".join({i.kind for i in result.incidents}))


def try_plainly(attack: Attack) -> list[str]:
    """Try an attack under plain nbgrader; return what it achieved."""
    setup = f"from rnn_course.checks.notebook import notebook\ncheck = notebook('{COURSEWORK}')"
    with Bait() as bait, tempfile.TemporaryDirectory() as folder:
        cells = [setup, bait.fill(attack.code), f"check('{QUESTION}')"]
        ran = run_plainly(cells[1:2] if attack.way == "wall" else cells, Path(folder))
        harm = bait.harm([output for outputs in ran for output in outputs])
        if attack.way == "marks" and ran:
            points = [_points(output) for output in ran[-1]]
            harm += [f"earned {max(points):g} points"] if max(points, default=0) > 0 else []
            harm += [f"left {kind} for a browser" for kind in sorted(_active(ran[1], bait))]
    return harm


def grader(root: Path) -> Grade:
    """Return what grades the released speech coursework with one answer extended."""
    release = Release.load(COURSEWORK, root)
    terms = terms_for(release)

    def grade(code: str) -> tuple[nbformat.NotebookNode, Result]:
        notebook = nbformat.reads(release.text, 4)
        for cell in notebook.cells:
            if grade_id(cell) == QUESTION:
                cell.source += f"\n\n{code}"
        done = grade_submission(Submission("eve", nbformat.writes(notebook)), terms)
        return nbformat.reads(done.notebook, 4), done.result

    return grade


def terms_for(release: Release) -> Terms:
    """Return terms to try attacks on marks by: a seed that nobody knows, and tight limits."""
    limits = replace(TIGHT, cell_seconds=20.0, memory_bytes=3072 * MIB)
    return Terms(COURSEWORK, release.text, secrets.randbits(62), limits)


def _active(outputs: list[dict], bait: Bait) -> set[str]:
    """Return the kinds of output that a browser would execute and that carry the attack's mark."""
    data = (output.get("data", {}) for output in outputs)
    shown = [(kind, str(d[kind])) for d in data for kind in _ACTIVE & set(d)]
    # in a report of ours the mark may stand as text
    return {
        k for k, text in shown if bait.mark in text and (k != _HTML or executes(text, bait.mark))
    }


def _points(output: dict) -> float:
    """Return the points that nbgrader reads from an output."""
    try:
        return float(output["data"]["text/plain"])
    except (KeyError, ValueError):
        return 0.0
