"""Courseworks are found, not listed.

A coursework is a folder with one notebook (statements, model answers, check cells) and its
questions: ``questions.py`` with a tuple ``QUESTIONS``, or a folder ``questions`` in which every
module has a ``QUESTION``; both may be there. Such folders are found

- below ``solutions/`` in a course's folder, and
- as installed packages, by the entry point group ``rnn_course.courseworks``::

      [project.entry-points."rnn_course.courseworks"]
      softmax = "our_course.softmax"       # a package whose folder is the coursework

Order, points and the set of questions are the notebook's: a question that the notebook lacks is
left out, an essay that nobody declared is one by its cell, and criteria are scaled to the points
of the check cell.

References:
    Entry points: https://packaging.python.org/specifications/entry-points/
"""

import importlib
import importlib.util
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from rnn_course.checks.behaviour import Named
from rnn_course.checks.cell_source import definitions
from rnn_course.checks.coursework import Coursework, Question
from rnn_course.checks.judging import asked_keys, behaved_by, judged_by
from rnn_course.checks.named import NAMED, read_named
from rnn_course.checks.question import essay
from rnn_course.checks.recording import Recording, Source, record, record_right
from rnn_course.checks.remembered import remembered
from rnn_course.checks.report import Criterion
from rnn_course.errors import CheckError
from rnn_course.seeding import PUBLIC_SEED

GROUP = "rnn_course.courseworks"
SOLUTIONS = "solutions"
QUESTIONS = "questions"
_OWN = "_questions_of_"  # modules of a course's own questions are called so


@dataclass(frozen=True)
class CourseworkFolder:
    """A coursework's folder, with its model answers: an instructor's.

    Attributes:
        name: of the coursework.
        path: the folder.
        names: the folder with `named.toml`; None: the same. An installed package is not the
            instructor's to write to.
    """

    name: str
    path: Path
    names: Path | None = None

    @property
    def notebook(self) -> Path:
        """The one notebook in it.

        Raises:
            CheckError: there is none, or more than one.
        """
        found = sorted(p for p in self.path.glob("*.ipynb") if not p.name.startswith("."))
        if len(found) != 1:
            raise CheckError(
                f"one notebook in {self.path}",
                ", ".join(p.name for p in found) or "none",
                "Keep the coursework's notebook there and move others elsewhere.",
            )
        return found[0]

    @cached_property
    def cells(self) -> list[dict[str, Any]]:
        """The notebook's cells, as they are stored."""
        cells = json.loads(self.notebook.read_text(encoding="utf-8"))["cells"]
        return [cell | {"source": "".join(cell["source"])} for cell in cells]

    @cached_property
    def declared(self) -> dict[str, Question]:
        """The questions that are declared, by id.

        Raises:
            CheckError: a module cannot be imported, or declares none, or two are called alike.
        """
        found: dict[str, Question] = {}
        for place, question in self._declarations():
            if not isinstance(question, Question) or question.id in found:
                raise CheckError(
                    f"questions with names of their own in {self.path}",
                    f"{getattr(question, 'id', question)!r} in {place}",
                    "Make them with compare(…), variables(…), essay(…) or Question(…).",
                )
            found[question.id] = question
        return found

    def _declarations(self) -> Iterator[tuple[str, Any]]:
        single, several = self.path / f"{QUESTIONS}.py", self.path / QUESTIONS
        for path in [single, *sorted(several.glob("*.py"))]:
            if not path.is_file() or path.name.startswith("_"):
                continue
            module = _imported(path, self.name)
            if hasattr(module, "QUESTIONS"):
                yield from ((path.name, question) for question in module.QUESTIONS)
            elif hasattr(module, "QUESTION"):
                yield path.name, module.QUESTION
            elif path == single:
                raise CheckError(
                    f"{path} to define QUESTIONS",
                    "no such name",
                    "Write QUESTIONS = (compare(…), …).",
                )

    @property
    def sources(self) -> dict[str, str]:
        """The texts of the questions' modules, by path, for a judge elsewhere."""
        paths = [self.path / f"{QUESTIONS}.py", *sorted((self.path / QUESTIONS).glob("*.py"))]
        return {
            path.relative_to(self.path).as_posix(): path.read_text(encoding="utf-8")
            for path in paths
            if path.is_file()
        }

    def coursework(self) -> Coursework:
        """Return the coursework: the declared questions, as far as the notebook has them.

        Raises:
            CheckError: see `declared` and `notebook`; or a check cell has no question.
        """
        found: list[Question] = []
        for cell in self.cells:
            marks = grading(cell)
            ident = marks.get("grade_id", "")
            if not marks.get("grade"):
                continue
            points = float(marks.get("points") or 0)
            if marks.get("solution"):
                question = self.declared.get(ident) or essay(ident, self._heading(ident))
            else:
                question = self._checked(ident)
            question = replace(question, named=self._named.get(question.id, ()))
            found.append(self._resolved(scaled(question, points)))
        title = next(_headings(self.cells), self.name)
        return Coursework(self.name, title, self.notebook.name, tuple(found))

    @property
    def named_file(self) -> Path:
        """Where names are that an instructor gave to what wrong answers do; see `named`."""
        return (self.names or self.path) / NAMED

    @cached_property
    def _named(self) -> dict[str, tuple[Named, ...]]:
        found: dict[str, tuple[Named, ...]] = {}
        for named in read_named(self.named_file):
            if named.question not in self.declared:
                raise CheckError(
                    f"names for questions of {self.name} in {self.named_file}",
                    f"{named.id} for {named.question!r}",
                    "Correct the question's id, or delete the table.",
                )
            found[named.question] = (*found.get(named.question, ()), named)
        return found

    def _checked(self, ident: str) -> Question:
        question = self.declared.get(ident.removeprefix("check_"))
        if question is None:
            raise CheckError(
                f"a question {ident.removeprefix('check_')!r} for the cell {ident}",
                f"the questions {', '.join(self.declared) or 'of nobody'}",
                f"Declare it in {self.path / QUESTIONS}.py, or take the cell out.",
            )
        return question

    def _heading(self, ident: str) -> str:
        before = [c for c in self.cells[: self._place(ident)] if c["cell_type"] == "markdown"]
        return next(iter([*_headings(before)][::-1]), ident)

    def _place(self, ident: str) -> int:
        for index, cell in enumerate(self.cells):
            if grading(cell).get("grade_id") == ident or cell.get("id") == ident:
                return index
        raise CheckError(
            f"a cell {ident} in {self.notebook}", "no such cell", "Give the answer cell this id."
        )

    def _resolved(self, question: Question) -> Question:
        """Let a comparison's recordings be made when they are asked for."""
        if question.comparison is None:
            return question
        comparison, kept = question.comparison, dict[int, Recording]()

        def recorded(seed: int) -> Recording:
            if seed not in kept:
                read, source = question.read or question.title, self.source(question)
                about = (question.id, read, source, self.sources)
                kept[seed] = remembered(
                    about, seed, lambda: record(comparison, source, seed, read=read)
                )
            return kept[seed]

        def public() -> Recording:
            if PUBLIC_SEED not in kept:  # what is known to go wrong is not asked for
                return record_right(comparison, self.source(question), PUBLIC_SEED)
            return kept[PUBLIC_SEED]

        def decide(subject: Any, seed: int, marking: Any) -> None:
            judged_by(recorded(seed), question.judge)(subject, seed, marking)

        beside = question.judge
        origin = question.origin or (place_of(beside) if beside else "")
        return replace(
            question,
            judge=decide,
            recorded=recorded,
            origin=origin,
            beside=bool(beside),
            behaves=behaved_by(public, beside),
            public=public,
            asked=lambda: asked_keys(public()),
        )

    def source(self, question: Question) -> Source:
        """Return a question's model answer and what it needs of the cells above."""
        place, above = self._place(question.id), []
        needed = self._needed(question)
        for cell in self.cells[:place]:
            if cell["cell_type"] != "code":
                continue
            ident = grading(cell).get("grade_id", "")
            if not ident:
                above.append(definitions(cell["source"]))
            elif ident in needed:
                above.append(cell["source"])
        return Source(question.id, self.cells[place]["source"], "\n\n".join(above))

    def _needed(self, question: Question) -> set[str]:
        needed, waiting = set[str](), list(question.needs)
        while waiting:
            name = waiting.pop()
            if name not in needed:
                needed.add(name)
                waiting += self.declared[name].needs if name in self.declared else ()
        return needed


def grading(cell: Mapping[str, Any]) -> dict[str, Any]:
    """Return nbgrader's marks of a cell."""
    found = cell.get("metadata", {}).get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def _headings(cells: list[dict[str, Any]]) -> Iterator[str]:
    for cell in cells:
        if cell["cell_type"] == "markdown":
            for line in cell["source"].splitlines():
                if line.startswith("#"):
                    yield line.lstrip("#").strip()


def scaled(question: Question, points: float) -> Question:
    """Return a question whose criteria add up to other points, in the same proportions."""
    if not points or points == question.points:
        return question
    total = question.points
    share = {
        c.id: c.points / total if total else 1 / len(question.criteria) for c in question.criteria
    }
    criteria = tuple(
        Criterion(c.id, c.title, round(points * share[c.id], 4)) for c in question.criteria
    )
    return replace(question, criteria=criteria)


def _imported(path: Path, name: str) -> ModuleType:
    """Import a module of questions by its path; its folder's modules can be imported relatively."""
    package = f"{_OWN}{name}"
    title = package if path.stem == QUESTIONS else f"{package}.{path.stem}"
    if path.stem != QUESTIONS and package not in sys.modules:
        parent = ModuleType(package)
        parent.__path__ = [str(path.parent)]
        sys.modules[package] = parent
    elif path.stem != QUESTIONS:
        sys.modules[package].__path__ = [str(path.parent)]
    spec = importlib.util.spec_from_file_location(title, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    if path.stem != QUESTIONS:
        sys.modules[title] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise CheckError(
            f"questions that can be imported from {path}",
            f"{type(error).__name__}: {error}",
            "Mend the module; running it with Python shows the whole traceback.",
        ) from error
    return module


def find(root: Path | str = ".") -> dict[str, CourseworkFolder]:
    """Return all courseworks of a course's folder, and those of installed packages, by name.

    A folder of the course comes before an installed package of the same name.
    """
    found = {
        name: replace(folder, names=Path(root) / SOLUTIONS / name) for name, folder in _installed()
    }
    for path in sorted((Path(root) / SOLUTIONS).glob("*")):
        if (path / f"{QUESTIONS}.py").is_file() or any((path / QUESTIONS).glob("*.py")):
            found[path.name] = CourseworkFolder(path.name, path)
    return dict(sorted(found.items()))


def _installed() -> Iterator[tuple[str, CourseworkFolder]]:
    for entry in entry_points(group=GROUP):
        spec = importlib.util.find_spec(entry.module)
        for place in (spec.submodule_search_locations or [])[:1] if spec else []:
            yield entry.name, CourseworkFolder(entry.name, Path(place))


def located(name: str, root: Path | str = ".") -> CourseworkFolder:
    """Return one coursework's folder.

    Raises:
        CheckError: there is no such coursework.
    """
    found = find(root)
    if name not in found:
        raise CheckError(
            f"one of the courseworks {', '.join(found) or '(there are none)'}",
            repr(name),
            f"Correct the name, or add {Path(root) / SOLUTIONS / name / QUESTIONS}.py.",
        )
    return found[name]


def place_of(function: Callable[..., Any]) -> str:
    """Return where a function can be imported from, "" where it is a course's own."""
    module, name = function.__module__, function.__qualname__
    return "" if module.startswith(_OWN) or not name.isidentifier() else f"{module}:{name}"


def installed(place: str) -> tuple[Question, ...]:
    """Return questions of an installed module whose judges a student's notebook may import.

    Args:
        place: ``"package.module:NAME"``, where NAME is a question or a tuple of questions.
    """
    module, _, name = place.partition(":")
    found = getattr(importlib.import_module(module), name)
    questions = (found,) if isinstance(found, Question) else tuple(found)
    return tuple(replace(question, origin=place) for question in questions)
