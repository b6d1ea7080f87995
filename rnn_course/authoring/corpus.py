"""The corpus: known right and wrong answers, as files and as edits of files.

::

    <coursework>/<question>/right/*.py    right answers
                            right.toml    right answers that are another one, somewhat changed
                            wrong/*.py    wrong answers that are programs of their own
                            wrong.toml    wrong answers that are a right one with a mistake put in

The docstring of a wrong file begins with ``misconception: <id>``; several ids that would do are
separated by `` | ``; an id may also be a report's status, such as ``missing``. In a TOML file each
answer is a table called after it::

    [back_dh]
    base = "plain"
    expected = ["flow_not_through_weights"]
    note = "Returns the gradient of the new state."
    edits = '''
    -    return grad, da @ model["Whh"].T
    +    return grad, dh
    '''

``base`` is the stem of a file in ``right/``, or in ``wrong/`` of one that makes one mistake only.
``edits`` are written as a diff: lines with ``-`` are replaced by those with ``+``, and a line with
a blank in front stays: it says where. After an empty line comes the next edit, applied to what the
one before has made. The lines of an edit that begin with ``-`` or a blank must stand in the program
exactly once, one below the other.
"""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnn_course.checks.courses import find
from rnn_course.errors import CheckError

_MARK = "misconception:"
_SIDES = ("right", "wrong")


@dataclass(frozen=True)
class Sample:
    """One known answer.

    Attributes:
        right: whether it is a correct answer.
        path: where its file is, or would be if it were not an edit.
        text: its code, without the docstring that says what it is.
        expected: ids of misconceptions (or a status) of which one must be found; of a wrong one.
    """

    coursework: str
    question: str
    right: bool
    path: Path
    text: str
    expected: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Where the file is, or would be, within the corpus, without its ending."""
        return f"{self.coursework}/{self.question}/{self.path.parent.name}/{self.path.stem}"


def samples(folder: Path, name: str | None = None) -> Iterator[Sample]:
    """List a corpus.

    Args:
        folder: holds ``<coursework>/<question>/``.
        name: one coursework; all of them if None.

    Raises:
        CheckError: no such folder or coursework, or see `of_question`.
    """
    chosen = [entry for entry in find() if (folder / entry).is_dir() and name in (None, entry)]
    if not chosen:
        raise CheckError(
            f"folders of answers named after courseworks in {folder}",
            f"none for {name}" if name else "none",
            "Run it in a checkout of the repository, or name the folder that tests/submissions is.",
        )
    for entry in chosen:
        for question in sorted((folder / entry).iterdir()):
            yield from of_question(question)


def of_question(place: Path) -> list[Sample]:
    """List the answers to one question, right ones first, by name.

    Args:
        place: ``<coursework>/<question>`` of a corpus.

    Raises:
        CheckError: a wrong answer does not say what is wrong, two have the same name, or an edit
            is not written as it should be, or does not apply.
    """
    return [sample for side in _SIDES for sample in _of_side(place, side)]


def text_of(folder: Path, name: str) -> str:
    """Return the code of one answer.

    Args:
        folder: the corpus.
        name: as in `Sample.name`.

    Raises:
        CheckError: there is none of this name, or see `of_question`.
    """
    place = folder / Path(name).parent.parent
    for sample in of_question(place):
        if sample.name == name:
            return sample.text
    raise CheckError(f"an answer {name} in {folder}", "none", "Name one that `samples` lists.")


def _of_side(place: Path, side: str) -> list[Sample]:
    found = [_from_file(path) for path in (place / side).glob("*.py")]
    names = {sample.path.stem for sample in found}
    for name, entry in _entries(place / f"{side}.toml").items():
        where = f"[{name}] in {place / f'{side}.toml'}"
        if name in names:
            raise CheckError(
                f"one answer called {name} in {place}",
                f"a file in {side}/ and {where}",
                "Rename one of them.",
            )
        found.append(_from_entry(place / side / f"{name}.py", entry, where))
    return sorted(found, key=lambda sample: sample.path.stem)


def _sample(path: Path, text: str, expected: tuple[str, ...]) -> Sample:
    coursework, question, side = path.parts[-4:-1]
    return Sample(coursework, question, side == "right", path, text, expected)


def _from_file(path: Path) -> Sample:
    docstring, text = _parted(path)
    if path.parent.name == "right":
        return _sample(path, text, ())
    lines = docstring.splitlines()
    if not lines or not lines[0].startswith(_MARK):
        raise CheckError(
            f"{path} to begin with a docstring that begins with '{_MARK} <id>'",
            repr(lines[0]) if lines else "no docstring",
            "Say which mistake the file makes.",
        )
    ids = lines[0].removeprefix(_MARK).split("|")
    return _sample(path, text, tuple(each.strip() for each in ids))


def _parted(path: Path) -> tuple[str, str]:
    """Return a file's docstring and its code."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    docstring = ast.get_docstring(tree)
    if docstring is None:
        return "", source
    lines = source.splitlines(keepends=True)
    del lines[tree.body[0].lineno - 1 : tree.body[0].end_lineno]
    return docstring, "".join(lines).lstrip("\n")


def _entries(path: Path) -> dict[str, dict[str, Any]]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as problem:
        raise CheckError(
            f"a table for each answer, each name once, in {path}",
            f"no valid TOML: {problem}",
            "Mend it there.",
        ) from problem


def _from_entry(path: Path, entry: dict[str, Any], where: str) -> Sample:
    _require_keys(entry, path.parent.name, where)
    places = [path.parents[1] / kind / f"{entry['base']}.py" for kind in _SIDES]
    base = next((place for place in places if place.exists()), places[0])
    if not base.exists():
        raise CheckError(
            f"the base of {where} to be the stem of a file in right/ or wrong/",
            repr(entry["base"]),
            "Name one that is there; the base of an edit is not itself an edit.",
        )
    text = _edited(_parted(base)[1], entry["edits"], where)
    return _sample(path, text, tuple(entry.get("expected", ())))


def _require_keys(entry: object, side: str, where: str) -> None:
    kinds = {"base": str, "edits": str, **({"expected": list} if side == "wrong" else {})}
    known = {**kinds, "note": str}
    if (
        isinstance(entry, dict)
        and kinds.keys() <= entry.keys() <= known.keys()
        and all(isinstance(value, known[key]) for key, value in entry.items())
        and entry.get("expected") != []
    ):
        return
    fix = "Say which mistakes would do, as a list of ids." if side == "wrong" else "Mend it there."
    raise CheckError(
        f"{where} to have {', '.join(kinds)} and perhaps a note", _description(entry), fix
    )


def _description(entry: object) -> str:
    if not isinstance(entry, dict):
        return f"{entry!r}"
    return ", ".join(f"{key}: {type(value).__name__}" for key, value in entry.items()) or "nothing"


def _edited(text: str, edits: str, where: str) -> str:
    lines = text.splitlines()
    for edit in _parts(edits):
        old, new = _sides(edit, where)
        places = [i for i in range(len(lines)) if lines[i : i + len(old)] == old]
        if len(places) != 1:
            fix = "Add lines that stay around it." if places else "Copy the lines from the base."
            raise CheckError(
                f"the lines of an edit exactly once in the base of {where}",
                f"{len(places)} times:\n" + "\n".join(old) + "\n",
                fix,
            )
        lines[places[0] : places[0] + len(old)] = new
    return "\n".join(lines) + "\n"


def _parts(edits: str) -> list[list[str]]:
    """Split at empty lines."""
    parts: list[list[str]] = [[]]
    for line in edits.splitlines():
        if line:
            parts[-1].append(line)
        elif parts[-1]:
            parts.append([])
    return parts if parts[-1] else parts[:-1]


def _sides(edit: list[str], where: str) -> tuple[list[str], list[str]]:
    """Return the lines before and after an edit."""
    strange = [line for line in edit if line[0] not in "-+ "]
    old = [line[1:] for line in edit if line[0] != "+"]
    if strange or not old:
        raise CheckError(
            f"each edit of {where} to have lines that begin with '-' or a blank, then '+'",
            repr(strange[0]) if strange else "only lines to add",
            "Write it as a diff; a line that stays says where lines are added.",
        )
    return old, [line[1:] for line in edit if line[0] != "-"]
