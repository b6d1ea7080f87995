"""A class whose mistakes repeat, in other words each time: are those alike put together?

Answers are drawn from the corpus, with repetition, and reworded. The question is robbed of its
declared mistakes, so that nothing is known of what goes wrong. Two figures are counted. *Purity*:
of an answer's group, most make its mistake. *Completeness*: an answer is in one group with the
others that were made of the same one.
"""

import random
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from reworded import reworded

from rnn_course.authoring import answers
from rnn_course.authoring.corpus import Sample, of_question
from rnn_course.checks.behaviour import Behaviour, Named, grouped
from rnn_course.checks.courses import located
from rnn_course.checks.coursework import Question
from rnn_course.checks.judging import behaved_by, judged_by
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.recording import record, record_right
from rnn_course.checks.report import Report
from rnn_course.checks.watch import isolated
from rnn_course.seeding import PUBLIC_SEED, derive

SUBMISSIONS = Path(__file__).parents[1] / "submissions"
SECRET, OTHER_YEAR = 7, 8
LARGEST = 12  # mistakes that a class makes of one question
ASKED = [
    "cw1_bptt/cell_fn_forward",
    pytest.param("cw3_temporal_order/the_bug", marks=pytest.mark.slow),
    "cw4_lstm_applications/perplexity",
    pytest.param("cw4_lstm_applications/word_tokens", marks=pytest.mark.slow),
]
"""What is quickly asked: recording `gates` or `bptt` without its mistakes takes a minute."""


@dataclass(frozen=True)
class Member:
    """A student: what the answer was made of, and what became of it."""

    sample: Sample
    text: str
    report: Report

    @property
    def unnamed(self) -> bool:
        return bool(not self.report.misconceptions and self.report.behaviour.observed)


@cache
def robbed(name: str, seed: int) -> Question:
    """Return a question that knows no mistake."""
    course, _, question = name.partition("/")
    folder = located(course)
    asked = folder.coursework()[question]
    bare, source = replace(asked.comparison, mistakes=()), folder.source(asked)
    own = record(bare, source, seed, named=False)
    public = record_right(bare, source, PUBLIC_SEED)
    beside = folder.declared[question].judge
    return replace(asked, judge=judged_by(own, beside), behaves=behaved_by(lambda: public, beside))


def judged(question: Question, sample: Sample, text: str, seed: int) -> Report:
    with tempfile.TemporaryDirectory() as folder, isolated():
        known, problem = answers._execute(replace(sample, text=text), folder)
        assert problem is None, (sample.name, problem, text)
        return question.report(LocalSubject(known, folder), seed)


@cache
def members(name: str) -> tuple[Member, ...]:
    """Return a class: mistakes repeat, the commonest most often; and their words differ."""
    question, rng = robbed(name, SECRET), random.Random(derive(1, name))
    samples = [sample for sample in of_question(SUBMISSIONS / name) if not sample.right]
    chosen = rng.sample(samples, len(samples))
    found: list[Member] = []
    mistakes = 0
    for sample in chosen:
        if mistakes == LARGEST:
            break
        first = Member(sample, sample.text, judged(question, sample, sample.text, SECRET))
        if not first.unnamed:
            continue
        mistakes += 1
        for copy in range(2 + 6 // mistakes):
            text = reworded(sample.text, derive(copy, sample.name))
            found.append(Member(sample, text, judged(question, sample, text, SECRET)))
    rng.shuffle(found)
    return tuple(found)


def figures(class_: tuple[Member, ...]) -> tuple[int, int, list[list[int]]]:
    """Count the answers in a group of their own mistake, and those beside all of their own."""
    groups = grouped([member.report.behaviour for member in class_])
    place = {i: n for n, group in enumerate(groups) for i in group}
    mistake = [m.sample.expected[0] for m in class_]
    pure = sum(max(Counter(mistake[i] for i in group).values()) for group in groups)
    together = Counter((m.sample.name, place[i]) for i, m in enumerate(class_))
    most: dict[str, int] = {}
    for (sample, _), number in together.items():
        most[sample] = max(most.get(sample, 0), number)
    return pure, sum(most.values()), groups


@pytest.mark.parametrize("name", ASKED)
def test_rewording_changes_the_words_and_not_what_is_done(name):
    class_ = members(name)
    assert all(member.unnamed for member in class_)
    changed = sum(m.text.split() != m.sample.text.split() for m in class_)
    assert changed >= 0.9 * len(class_)
    assert len({m.text for m in class_}) > len({m.sample.name for m in class_})


@pytest.mark.parametrize("name", ASKED)
def test_answers_that_make_one_mistake_are_one_group(name):
    class_ = members(name)
    pure, together, groups = figures(class_)
    samples = len({member.sample.name for member in class_})
    print(f"{name}: {len(class_)} answers of {samples}, {len(groups)} groups, "
          f"{pure} pure, {together} complete")  # fmt: skip
    assert together == len(class_)
    assert pure >= 0.95 * len(class_)


@pytest.mark.parametrize("name", ASKED)
def test_one_name_is_told_to_the_whole_group_next_year_too_and_to_nobody_who_is_right(name):
    class_ = members(name)
    groups = figures(class_)[2]
    given = {n: _named(name, n, class_[group[0]]) for n, group in enumerate(groups)}
    names = tuple(named for named in given.values() if named.behaviour.telling)
    assert names
    right = [s for s in of_question(SUBMISSIONS / name) if s.right][:8]
    for seed in (SECRET, OTHER_YEAR):
        question = replace(robbed(name, seed), named=names)
        for n, group in enumerate(groups):
            telling = given[n].behaviour.telling
            for member in (class_[i] for i in (group if seed == SECRET else group[:1])):
                report = judged(question, member.sample, member.text, seed)
                told = [m.id for m in report.misconceptions]
                if seed == SECRET or not told:
                    assert told == ([given[n].id] if telling else [])
                assert report.score == member.report.score or seed != SECRET
        for sample in right:
            assert judged(question, sample, sample.text, seed).status == "passed"


def _named(name: str, n: int, member: Member) -> Named:
    behaviour: Behaviour = member.report.behaviour
    return Named(name.partition("/")[2], f"group_{n}", "It is so.", "", behaviour)
