"""The corpus of attacks: a file each, or a table in a file of many, which says what it tries.

An attack is a file whose docstring begins ``tries: …`` and whose code stands in an answer cell;
lines after it say ``bomb: yes`` where it exhausts something, ``plain: no`` where it would harm
this machine if there were no wall, and ``after: marks`` where it lies to the judge rather than
leaving. A file that says ``after: folder`` is a program that makes what is handed in, in the
folder that it is started in. A ``.ipynb`` file is handed in as it is; what it tries stands in its
metadata, under ``attack``.

A ``.toml`` file holds many that are alike but for one piece: ways to borrow an answer. ``of`` is
the question that they answer, ``coursework/question``, and ``frame`` the text around it; each
table is an attack called after it, with ``tries`` and ``code``.
"""

import json
import re
import tomllib
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
            where it is handed in as files, ``borrow`` where it is handed in as an answer whose
            computation is somebody else's.
        of: the coursework and the question that it is handed in to.
    """

    name: str
    tries: str
    code: str
    bomb: bool = False
    plain: bool = True
    way: str = "wall"
    of: tuple[str, str] = ("cw2_speech_commands", "lstm_cell")


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
    attacks += [attack for path in sorted(folder.glob("*.toml")) for attack in read_alike(path)]
    if not attacks:
        raise GradingError(f"attacks in {folder}", "none", "Name the folder they are in.")
    return attacks


def read_alike(path: Path) -> list[Attack]:
    """Read the attacks of a file of many; see `read_attacks`."""
    about = tomllib.loads(path.read_text())
    coursework, _, question = str(about.get("of", "")).partition("/")
    entries = {name: entry for name, entry in about.items() if isinstance(entry, dict)}
    wanting = [name for name, entry in entries.items() if not {"tries", "code"} <= entry.keys()]
    if not question or "frame" not in about or wanting:
        raise GradingError(
            "`of` and `frame` at the top, and `tries` and `code` in every table",
            f"none in {', '.join(wanting)}" if wanting else f"only {', '.join(about)[:200]}",
            f"Mend {path}.",
        )
    return [
        Attack(
            f"{path.stem}.{name}",
            entry["tries"],
            f"{entry['code']}\n{about['frame']}",
            way="borrow",
            of=(coursework, question),
        )
        for name, entry in entries.items()
    ]


def parted(attacks: list[Attack], part: str) -> list[Attack]:
    """Return the attacks of one part of several, so that each fits into a job of its own.

    Args:
        attacks: all of them; every part has some of each kind.
        part: ``2/4`` for the second of four, ``""`` for all, or the beginning of names.

    Raises:
        GradingError: there is no such part.
    """
    number, slash, of = part.partition("/")
    if not slash:
        chosen = [attack for attack in attacks if attack.name.startswith(part)]
    elif number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of):
        chosen = attacks[int(number) - 1 :: int(of)]
    else:
        chosen = []
    if not chosen:
        names = ", ".join(sorted({attack.name.partition(".")[0] for attack in attacks})[:8])
        raise GradingError(
            f"a part such as 2/4, or the beginning of a name such as {names}",
            repr(part),
            "Name one of those, or leave --part out to try all.",
        )
    return chosen


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
