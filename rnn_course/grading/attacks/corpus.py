"""The corpus of attacks: a file each, which says what it tries.

An attack is a file whose docstring begins ``tries: …`` and whose code stands in an answer cell;
lines after it say ``bomb: yes`` where it exhausts something, ``plain: no`` where it would harm
this machine if there were no wall, and ``after: marks`` where it lies to the judge rather than
leaving. A file that says ``after: folder`` is a program that makes what is handed in, in the
folder that it is started in. A ``.ipynb`` file is handed in as it is; what it tries stands in its
metadata, under ``attack``.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from rnn_course.errors import GradingError

_DOCSTRING = re.compile(r'"""(.*?)"""', re.DOTALL)


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
class AttackOutcome:
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
