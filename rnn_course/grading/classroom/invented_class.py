"""A class for a coursework, made of what its questions declare: one student a mistake."""

from collections.abc import Iterator, Mapping

from rnn_course.checks.courses import CourseworkFolder
from rnn_course.checks.coursework import Question
from rnn_course.checks.model import edited
from rnn_course.checks.recording import audited, telling
from rnn_course.seeding import PUBLIC_SEED

MUTANTS = 2
"""How many students a question make a mistake that nobody declared."""


def invented_class(folder: CourseworkFolder, blank: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return for every student the cells that are not as in the model answer.

    Args:
        folder: the coursework.
        blank: the released cells, by grade id.
    """
    questions = [question for question in folder.coursework() if question.comparison]
    answers = {cell["id"]: cell["source"] for cell in folder.cells}
    essays = {question.id for question in folder.coursework() if question.judge is None}
    empty = {ident: text for ident, text in blank.items() if ident in answers}
    found: dict[str, dict[str, str]] = {"right": {}, "blank": empty}
    for question in questions:
        for student, text in (*_mistaken(folder, question), *_mutants(folder, question)):
            unwritten = {ident: blank[ident] for ident in essays if ident in blank}
            found[student] = {question.id: text, **unwritten}
    return found


def _mistaken(folder: CourseworkFolder, question: Question) -> Iterator[tuple[str, str]]:
    assert question.comparison is not None
    source = folder.source(question)
    for mistake in question.comparison.mistakes:
        for way in mistake.ways()[:1]:
            yield f"{question.id}-{mistake.id}", edited(source.text, way, mistake.id)


def _mutants(folder: CourseworkFolder, question: Question) -> Iterator[tuple[str, str]]:
    """Yield the first mutants that are seen, each by another operator."""
    assert question.comparison is not None
    seen: set[str] = set()
    for mutant, differs in audited(question.comparison, folder.source(question), PUBLIC_SEED):
        if len(seen) == MUTANTS:
            return
        if mutant.operator not in seen and telling(differs):
            seen.add(mutant.operator)
            yield f"{question.id}-mutant-{len(seen)}", mutant.source
