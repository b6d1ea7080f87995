"""``named.toml`` in a coursework's folder: names that an instructor gave to what a class did.

::

    [[named]]
    question = "cost"
    id = "the_gradient_is_that_of_the_mean"
    seen = "The gradient is that of the mean."
    why = "The loss is the sum: what is divided there is divided in its gradient, too."
    asked = "1f3a0c2e 9b…"
    observed = [
        ["1f3a0c2e", "cost([[1, 2]], [0]): its gradient", "(2,3)", 1e-05, [0.5, 0.25]],
    ]

`seen` and `why` are sentences for students and may be changed at any time; `asked` and `observed`
are what a wrong answer did, see `behaviour`. Delete a table, and nobody is told its name.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rnn_course.checks.behaviour import Named, behaviour_data, behaviour_from
from rnn_course.errors import CheckError

NAMED = "named.toml"
_HEAD = (
    "# Names for what wrong answers of a class did; `rnn-course name` adds to them.\n"
    "# The sentences are yours to change: then build, and autograde.\n"
)
_WORDS = 7


def read_named(path: Path) -> tuple[Named, ...]:
    """Read the names of a coursework; none where there is no file.

    Raises:
        CheckError: it is no TOML, or a table is not as it should be, or two have one id.
    """
    if not path.is_file():
        return ()
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("named", [])
        found = tuple(from_data(entry) for entry in entries)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CheckError(f"TOML in {path}", str(error), "Mend it there.") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CheckError(
            f"tables [[named]] in {path}, each with question, id, seen, why, asked and observed",
            f"{type(error).__name__}: {error}",
            "Change sentences only; what is missing, `rnn-course name` writes anew.",
        ) from error
    twice = {(n.question, n.id) for n in found if [m.id for m in found].count(n.id) > 1}
    if twice:
        name = ", ".join(sorted(ident for _, ident in twice))
        raise CheckError(f"names with ids of their own in {path}", f"{name} twice", "Rename one.")
    return found


def add_named(path: Path, named: Named) -> None:
    """Append a name to a coursework's file; what stands there stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.is_file() else _HEAD
    path.write_text(f"{before.rstrip()}\n\n{_table(named)}", encoding="utf-8")


def id_of(sentence: str, taken: Iterable[str]) -> str:
    """Make a short id of a sentence's first words; another one than those that are taken."""
    words = re.findall(r"[a-z0-9]+", sentence.lower())[:_WORDS]
    stem = "_".join(words) or "named"
    known, number, found = set(taken), 1, stem
    while found in known:
        number += 1
        found = f"{stem}_{number}"
    return found


def _table(named: Named) -> str:
    """Write a name as TOML; a text in JSON is one in TOML."""
    data = as_data(named)
    del data["telling"]  # a name always rests on enough
    rows = "".join(f"    {_json(row)},\n" for row in data.pop("observed"))
    lines = "".join(f"{key} = {_json(value)}\n" for key, value in data.items())
    return f"[[named]]\n{lines}observed = [\n{rows}]\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).replace("\x7f", "")


def as_data(named: Named) -> dict[str, Any]:
    """Return a name as plain data; see `from_data`."""
    data = {key: getattr(named, key) for key in ("question", "id", "seen", "why")}
    return data | behaviour_data(named.behaviour)


def from_data(data: Mapping[str, Any]) -> Named:
    """Make a name of plain data.

    Raises:
        KeyError, TypeError, ValueError: it is not one.
    """
    question, ident, seen, why = texts = [data[key] for key in ("question", "id", "seen", "why")]
    if not all(isinstance(text, str) for text in texts) or not (question and ident and seen):
        raise ValueError(f"question, id and seen are texts, not {str(texts)[:200]}")
    return Named(question, ident, seen, why, behaviour_from(data))
