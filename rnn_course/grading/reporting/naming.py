"""Gives a name to what a wrong answer of a class does, for all that do the same."""

import shlex
from dataclasses import dataclass
from pathlib import Path

from rnn_course.checks.behaviour import Named
from rnn_course.checks.courses import located
from rnn_course.checks.coursework import Question
from rnn_course.checks.named import add_named, id_of, read_named
from rnn_course.errors import GradingError
from rnn_course.grading.reporting.class_results import Answer, ClassResults, read_class
from rnn_course.grading.reporting.mistakes import Group, unnamed_groups

_LONGEST = 400


@dataclass(frozen=True)
class Told:
    """A name that was given.

    Attributes:
        file: where it stands now.
        students: of the graded class, who will be told it.
    """

    named: Named
    file: Path
    students: tuple[str, ...]


def command_to_name(coursework: str, group: Group) -> str:
    """Return the command that names what a group does, with a sentence to be filled in."""
    words = (coursework, group.question.id, group.example)
    return f"rnn-course name {' '.join(map(shlex.quote, words))} '…'"


def name_behaviour(
    root: Path, coursework: str, question: str, student: str, seen: str, why: str = ""
) -> Told:
    """Name what a student's wrong answer does.

    Args:
        root: the course's folder.
        coursework: its name.
        question: the question's id.
        student: anybody of the group, as the report lists it.
        seen: what is wrong, a sentence for students.
        why: why it happens or matters, another one.

    Raises:
        GradingError: that answer has no behaviour that could be named, or the sentence is missing.
        CheckError: there is no such coursework or question, or `named.toml` cannot be read.
    """
    root, seen, why = root.resolve(), _sentence(seen), _sentence(why)
    results = read_class(root, coursework)
    about, folder = results.coursework[question], located(coursework, root)
    if not seen:
        raise GradingError(
            "a sentence that tells a student what is wrong", "an empty one", "Write it in quotes."
        )
    group = _group(results, about, student)
    taken = {n.id for n in read_named(folder.named_file)} | _declared(about)
    named = Named(question, id_of(seen, taken), seen, why, group.behaviour)
    add_named(folder.named_file, named)
    return Told(named, folder.named_file, group.students)


def _sentence(text: str) -> str:
    """Put a text on one line, without what cannot be shown."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST]


def _declared(question: Question) -> set[str]:
    mistakes = question.comparison.mistakes if question.comparison else ()
    return {mistake.id for mistake in mistakes}


def _group(results: ClassResults, question: Question, student: str) -> Group:
    """Return the group of a student's answer.

    Raises:
        GradingError: there is none, or what it does cannot be told from something else.
    """
    ours = [g for g in unnamed_groups(results) if g.question.id == question.id]
    group = next((group for group in ours if student in group.students), None)
    if group is None:
        listed = ", ".join(g.example for g in ours[:5]) or "nobody's is"
        raise GradingError(
            f"a student whose answer to {question.id} is wrong and without a name, such as: "
            f"{listed}",
            f"{student}, {_standing(results, question, student)}",
            f"Take one of a group that `rnn-course report {results.coursework.name}` shows.",
        )
    if not group.behaviour.observed:
        raise GradingError(
            f"an answer to {question.id} that was tried on the public seed's cases",
            f"no such trial in the result of {student}",
            f"Run `rnn-course autograde {results.coursework.name} --force` once, with this "
            "version; an answer that stops its process cannot be named.",
        )
    if not group.behaviour.telling:
        raise GradingError(
            "numbers or texts that this mistake alone gives, in two cases",
            f"of {student}'s answer to {question.id} only a yes, a no or an exception",
            "A name would be told to other mistakes, too. Add a case or a mistake to the question.",
        )
    return group


def _standing(results: ClassResults, question: Question, student: str) -> str:
    graded = {one.member.id: one for one in results.submitted}
    if student not in graded:
        return "who is not among those graded"
    answer: Answer | None = graded[student].answers.get(question.id)
    if answer is None:
        return "of whom no result is kept"
    if answer.status == "passed":
        return "whose answer is right"
    names = [v["misconception"] for v in answer.criteria.values() if v["misconception"]]
    return f"whose answer is told {names[0]!r}" if names else f"whose answer is {answer.status}"
