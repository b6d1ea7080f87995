"""Which mistakes a class makes: those with a name, and wrong answers that behave alike.

A wrong answer without a name was tried on the cases of the public seed; those that do the same on
them, within a tolerance, are one group, whatever their code looks like. See `checks.behaviour`.
What could not be tried is described by which criteria it failed and by what was seen, its numbers
rounded: all of a class are asked the same. That is all the groups rest on: two faults that look
alike from outside fall into one group.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rnn_course.checks.behaviour import UNKNOWN, Behaviour, grouped, rounded
from rnn_course.checks.coursework import Question
from rnn_course.grading.reporting.class_results import Answer, ClassResults

_STOPPED = {
    "missing": "no answer",
    "crashed": "the kernel died",
    "timeout": "took too long",
}


@dataclass(frozen=True)
class Mistake:
    """A mistake with a name, and who made it.

    Attributes:
        name: of the mistake in words, or what stopped the answer.
        example: a student who made it.
        finding: what was seen of that student's answer.
    """

    question: Question
    name: str
    students: tuple[str, ...]
    example: str
    finding: str


@dataclass(frozen=True)
class Group:
    """Wrong answers without a name that behave alike.

    Attributes:
        criteria: titles of the criteria they failed.
        findings: what was seen of the first of them.
        behaviour: what the first of them does, by which the others can be told its name.
    """

    question: Question
    students: tuple[str, ...]
    criteria: tuple[str, ...]
    findings: tuple[str, ...]
    behaviour: Behaviour = UNKNOWN

    @property
    def example(self) -> str:
        """The student whose answer stands for all."""
        return self.students[0]


def named_mistakes(results: ClassResults) -> list[Mistake]:
    """List the mistakes that have a name, the commonest first."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for student, question, answer in _wrong(results):
        for name, finding in _names(answer).items():
            found.setdefault((question.id, name), {}).setdefault(student, finding)
    mistakes = [
        Mistake(
            results.coursework[question],
            name,
            tuple(who),
            next(iter(who)),
            next(iter(who.values())),
        )
        for (question, name), who in found.items()
    ]
    return sorted(mistakes, key=lambda mistake: -len(mistake.students))


def unnamed_groups(results: ClassResults) -> list[Group]:
    """Group the wrong answers without any name, the largest group first."""
    unnamed: dict[str, list[tuple[str, Answer]]] = {}
    for student, question, answer in _wrong(results):
        if not _names(answer):
            unnamed.setdefault(question.id, []).append((student, answer))
    groups = [
        _group(results.coursework[question], members)
        for question, answers in unnamed.items()
        for members in _alike(answers)
    ]
    return sorted(groups, key=lambda group: -len(group.students))


def _alike(answers: list[tuple[str, Answer]]) -> Iterator[list[tuple[str, Answer]]]:
    """Yield the groups of a question's answers: by what they do, or else by what was said."""
    tried = [pair for pair in answers if pair[1].behaviour.observed]
    for group in grouped([answer.behaviour for _, answer in tried]):
        yield [tried[index] for index in group]
    others: dict[tuple[tuple[str, str], ...], list[tuple[str, Answer]]] = {}
    for student, answer in answers:
        if not answer.behaviour.observed:
            others.setdefault(_findings(answer), []).append((student, answer))
    yield from others.values()


def _wrong(results: ClassResults) -> Iterator[tuple[str, Question, Answer]]:
    for question in results.coursework:
        for one in results.submitted:
            answer = one.answers.get(question.id)
            if answer and answer.status not in ("passed", "manual"):
                yield one.member.id, question, answer


def _names(answer: Answer) -> dict[str, str]:
    """Return the names of an answer's mistakes, each with what was seen first."""
    if answer.status in _STOPPED:
        return {_STOPPED[answer.status]: _failed(answer)[0][1] if _failed(answer) else ""}
    names: dict[str, str] = {}
    for verdict in answer.criteria.values():
        if verdict["misconception"] and not verdict["passed"]:
            names.setdefault(verdict["misconception"].replace("_", " "), verdict["message"])
    return names


def _failed(answer: Answer) -> list[tuple[str, str]]:
    return [(c, v["message"]) for c, v in answer.criteria.items() if not v["passed"]]


def _findings(answer: Answer) -> tuple[tuple[str, str], ...]:
    return tuple((criterion, rounded(message)) for criterion, message in _failed(answer))


def _group(question: Question, members: list[tuple[str, Answer]]) -> Group:
    titles = {criterion.id: criterion.title for criterion in question.criteria}
    failed = _failed(members[0][1])
    return Group(
        question,
        tuple(student for student, _ in members),
        tuple(titles.get(criterion, criterion) for criterion, _ in failed),
        tuple(dict.fromkeys(message for _, message in failed if message)),
        members[0][1].behaviour,
    )
