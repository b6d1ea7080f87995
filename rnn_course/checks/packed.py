"""A coursework as bytes: what a student's notebook gets, and what travels to a judge.

The bytes hold what `recording` has recorded of each question, for one seed: data only. A
hand-written judge goes along by its name in an installed package. A judge that stands in the
course's own ``questions.py`` goes to graders only, as text; in a student's notebook such a
question says that it is judged when it is handed in.
"""

import gzip
import importlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rnn_course.checks.courses import CourseworkFolder, installed, scaled
from rnn_course.checks.coursework import Coursework, Judge, Marking, Question
from rnn_course.checks.judging import behaved_by, judged_by
from rnn_course.checks.named import as_data as named_as_data
from rnn_course.checks.named import from_data as named_from_data
from rnn_course.checks.recording_data import as_data, from_data
from rnn_course.checks.report import Criterion
from rnn_course.checks.subject import Subject
from rnn_course.checks.wire import decode, encode
from rnn_course.errors import CheckError, ObservationError
from rnn_course.seeding import PUBLIC_SEED

VERSION = 2
SUFFIX = ".checks"
_DAMAGED = (OSError, EOFError, ObservationError, KeyError, TypeError, ValueError, AttributeError)
LATER = "This question is judged when you hand in: its check is not part of what you got."


def pack(course: Coursework, seed: int, sources: Mapping[str, str] | None = None) -> bytes:
    """Return a coursework as bytes, recorded for a seed.

    Args:
        course: with its model answers; see `courses.CourseworkFolder.coursework`.
        seed: of the cases.
        sources: texts of the modules with the course's own judges; for graders only.
    """
    data = {
        "version": VERSION,
        "name": course.name,
        "title": course.title,
        "notebook": course.notebook,
        "seed": seed,
        "questions": [_question_data(question, seed) for question in course],
        "sources": dict(sources or {}),
    }
    return gzip.compress(encode(data), 9, mtime=0)


def _question_data(question: Question, seed: int) -> dict[str, Any]:
    return {
        "id": question.id,
        "title": question.title,
        "criteria": [[c.id, c.title, c.points] for c in question.criteria],
        "defines": list(question.defines),
        "needs": list(question.needs),
        "read": question.read,
        "origin": question.origin,
        "person": question.judge is None,
        "beside": question.beside,
        "recording": _sealed(as_data(question.recorded(seed))) if question.recorded else None,
        **_behaving(question, seed),
    }


def _behaving(question: Question, seed: int) -> dict[str, Any]:
    """Return the names that were given, and what tells them where the seed is another one."""
    found: dict[str, Any] = {}
    if question.named:
        found["named"] = [named_as_data(named) for named in question.named]
    if question.public and seed != PUBLIC_SEED:
        found["public"] = _sealed(as_data(question.public()))
    return found


def _sealed(recording: Mapping[str, Any]) -> np.ndarray:
    """Encode a recording by itself: the bounds of a message hold for each, not for all together."""
    return np.frombuffer(encode(recording), np.uint8)


def _opened(content: bytes) -> dict[str, Any]:
    """Decode a packed coursework with the recordings in it."""
    data: dict[str, Any] = decode(gzip.decompress(content))
    for question in data["questions"]:
        if question["recording"] is not None:
            question["recording"] = decode(question["recording"].tobytes())
    return data


def unpack(content: bytes) -> Coursework:
    """Read a coursework from bytes.

    Raises:
        CheckError: they are damaged, or of another version.
    """
    try:
        data = _opened(content)
        if data["version"] != VERSION:
            raise ValueError(f"version {data['version']}")
    except _DAMAGED as error:
        raise CheckError(
            f"checks of version {VERSION} in the file",
            f"{type(error).__name__}: {error}",
            "Get the file again that was given out with the notebook.",
        ) from error
    own = _own(data["name"], data["sources"])
    questions = tuple(_question(entry, own) for entry in data["questions"])
    return Coursework(data["name"], data["title"], data["notebook"], questions)


def _own(name: str, sources: Mapping[str, str]) -> dict[str, Question]:
    """Import the course's own judges from their texts."""
    if not sources:
        return {}
    with tempfile.TemporaryDirectory(prefix="rnn-course-questions-") as folder:
        for path, text in sources.items():
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        return CourseworkFolder(name, Path(folder)).declared


def _question(data: Mapping[str, Any], own: Mapping[str, Question]) -> Question:
    criteria = tuple(Criterion(*entry) for entry in data["criteria"])
    question = Question(
        data["id"],
        data["title"],
        criteria,
        None,
        tuple(data["defines"]),
        tuple(data["needs"]),
        data["read"],
        origin=data["origin"],
        named=tuple(map(named_from_data, data.get("named", ()))),
    )
    if data["person"]:
        return question
    if data["recording"] is not None:
        beside = _beside(data, own) if data["beside"] else None
        recording = from_data(data["recording"])
        public = data.get("public")
        same = recording if public is None else from_data(decode(public.tobytes()))
        return replace(
            question,
            judge=judged_by(recording, beside),
            without=recording.without,
            behaves=behaved_by(lambda: same, beside),
        )
    known = _installed(data["origin"]) if data["origin"] else own
    if data["id"] not in known:
        return replace(question, judge=_later)
    found = scaled(known[data["id"]], question.points)
    return replace(question, judge=found.judge, prepare=found.prepare, without=found.without)


def _beside(data: Mapping[str, Any], own: Mapping[str, Question]) -> Judge:
    """Return the judge by hand that stands beside a comparison."""
    if data["origin"]:
        module, _, name = data["origin"].partition(":")
        found: Judge = getattr(importlib.import_module(module), name)
        return found
    known = own.get(data["id"])
    return known.judge if known and known.judge else _later_in_part


def _later_in_part(subject: Subject, seed: int, marking: Marking) -> None:
    marking.notes.append(LATER)


def _installed(origin: str) -> dict[str, Question]:
    return {question.id: question for question in installed(origin)}


def _later(subject: Subject, seed: int, marking: Marking) -> None:
    marking.notes.append(LATER)
    marking.fail_rest(LATER)


def alike(one: bytes, other: bytes) -> bool:
    """Tell whether two files say the same: words exactly, numbers up to another machine's rounding.

    Which mutants are kept may depend on the last digit; they are not compared.
    """
    try:
        first, second = (_opened(content) for content in (one, other))
    except _DAMAGED:
        return False
    for data in (first, second):
        for question in data["questions"]:
            for variants in [question["recording"] or {"variants": []}]:
                variants["variants"] = [v for v in variants["variants"] if v["told"][0] != "mutant"]
    return _close(first, second)


def _close(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and np.allclose(a, b, rtol=1e-6, atol=1e-9)
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        exact = a.get("within") == b.get("within")  # a tolerance is no result that was rounded
        return exact and a.keys() == b.keys() and all(_close(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(_close, a, b))
    if hasattr(a, "__dataclass_fields__"):
        return all(_close(getattr(a, f), getattr(b, f)) for f in a.__dataclass_fields__)
    if isinstance(a, float):
        return bool(np.isclose(a, b, rtol=1e-6, atol=1e-9, equal_nan=True))
    return bool(a == b)


def texts(content: bytes) -> Iterator[str]:
    """Yield every text in a packed coursework, to look for what it should not hold."""
    waiting: list[Any] = [_opened(content)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, Mapping):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, (list, tuple)):
            waiting += item
        elif hasattr(item, "__dataclass_fields__"):
            waiting += [getattr(item, name) for name in item.__dataclass_fields__]
