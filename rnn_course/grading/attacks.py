"""Tries the corpus of attacks against the wall, and against plain nbgrader for comparison.

An attack is a file whose docstring begins ``tries: …`` and whose code stands in an answer cell;
lines after it say ``bomb: yes`` where it exhausts something, ``plain: no`` where it would harm this
machine if there were no wall, and ``after: marks`` where it lies to the judge rather than leaving.
"""

import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rnn_course.errors import GradingError
from rnn_course.grading.bait import Bait
from rnn_course.grading.confined import ConfinedKernel, confined_kernel
from rnn_course.grading.limits import MIB, Limits
from rnn_course.grading.plain_run import run_plainly

TIGHT = Limits(cell_seconds=4.0, memory_bytes=1024 * MIB, disk_bytes=64 * MIB, output_bytes=2 * MIB)
_DOCSTRING = re.compile(r'"""(.*?)"""', re.DOTALL)
_SLACK = 8.0  # seconds to end a world of many processes on a busy machine


@dataclass(frozen=True)
class Attack:
    """One attack of the corpus.

    Attributes:
        name: of its file.
        tries: what it tries, a few words.
        bomb: it exhausts something rather than reaching something.
        plain: it may be tried without a wall.
        walled: it concerns the wall; the others are after marks and need a judge.
        code: its cell.
    """

    name: str
    tries: str
    code: str
    bomb: bool = False
    plain: bool = True
    walled: bool = True


@dataclass(frozen=True)
class Outcome:
    """What came of an attack.

    Attributes:
        walled: what it achieved behind the wall; nothing if the wall holds.
        plain: what it achieved under plain nbgrader; None if it was not tried there.
        seconds: how long it took behind the wall.
        stopped_by: the limit it ran into, "" if none.
    """

    attack: Attack
    walled: list[str]
    seconds: float
    stopped_by: str = ""
    plain: list[str] | None = field(default=None)


def read_attacks(folder: Path) -> list[Attack]:
    """Read a folder of attacks.

    Raises:
        GradingError: a file does not say what it tries.
    """
    return [read_attack(path) for path in sorted(folder.glob("*.py"))]


def read_attack(path: Path) -> Attack:
    """Read one attack; see `read_attacks`."""
    code = path.read_text()
    docstring = _DOCSTRING.match(code)
    lines = docstring[1].splitlines() if docstring else ()
    about = dict(line.split(": ", 1) for line in lines if ": " in line)
    if "tries" not in about:
        raise GradingError(
            "a docstring that begins with `tries:`", repr(code[:40]), f"Mend {path}."
        )
    bomb = about.get("bomb") == "yes"
    plain, walled = not bomb and about.get("plain") != "no", about.get("after") != "marks"
    return Attack(path.stem, about["tries"], code, bomb, plain, walled)


def run_attacks(
    attacks: Iterable[Attack], *, compare: bool = False, limits: Limits = TIGHT
) -> Iterator[Outcome]:
    """Try attacks one after the other, each as one submission; yield what came of each.

    Args:
        attacks: what to try.
        compare: also try those that can be under plain nbgrader.
        limits: what each may use.
    """
    for attack in attacks:
        outcome = try_attack(attack, limits)
        if compare and attack.plain:
            with Bait() as bait, tempfile.TemporaryDirectory() as folder:
                harm = bait.harm(run_plainly(bait.fill(attack.code), Path(folder)))
            outcome = Outcome(attack, outcome.walled, outcome.seconds, outcome.stopped_by, harm)
        yield outcome


def try_attack(
    attack: Attack,
    limits: Limits = TIGHT,
    after: Callable[[ConfinedKernel], None] = lambda kernel: None,
) -> Outcome:
    """Try one attack behind the wall.

    Args:
        attack: what to try.
        limits: what it may use.
        after: called when its cell is over, while its kernel may still run.
    """
    with Bait() as bait:
        begin = time.monotonic()
        with confined_kernel({"weights.txt": b"mine"}, limits) as kernel:
            done = kernel.run(bait.fill(attack.code))
            after(kernel)
        seconds = time.monotonic() - begin
        harm = bait.harm(done.outputs)
    allowed = limits.cell_seconds + limits.grace_seconds + _SLACK
    if seconds > allowed:
        harm.append(f"held up the class for {seconds:.0f} s, {allowed:.0f} s were allowed")
    return Outcome(attack, harm, seconds, done.limit or "")
