"""Every known answer, through the same path as a submission, one test an answer.

How long a check takes, `rnn-course audit` says.
"""

import functools
from pathlib import Path

import pytest

from rnn_course.authoring import answers, corpus

SUBMISSIONS = Path(__file__).parents[1] / "submissions"
SAMPLES = list(corpus.samples(SUBMISSIONS))
QUESTIONS = sorted({(sample.coursework, sample.question) for sample in SAMPLES})


@functools.cache
def finding(sample: corpus.Sample) -> answers.Judged:
    return answers.examine(sample)


def of_question(question: tuple[str, str]) -> answers.AuditResult:
    chosen = [sample for sample in SAMPLES if (sample.coursework, sample.question) == question]
    return answers.AuditResult(tuple(finding(sample) for sample in chosen))


def sampled(number: int, sample: corpus.Sample):
    """Every sixth answer is tried while one works, all of them before it is done."""
    marks = pytest.mark.slow if number % 6 else ()
    return pytest.param(sample, marks=marks, id=sample.name)


@pytest.mark.parametrize("sample", [sampled(*pair) for pair in enumerate(SAMPLES)])
def test_right_answers_earn_everything_and_wrong_ones_do_not(sample):
    found = finding(sample)
    assert found.accepted == sample.right, answers.AuditResult((found,)).complaints()
    assert not found.report.breakdown


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS, ids="/".join)
def test_wrong_answers_are_called_by_their_own_name(question):
    result = of_question(question)
    (row,) = result.rows()
    assert row.wrong_named >= answers.NAMED * row.wrong, result.complaints()
