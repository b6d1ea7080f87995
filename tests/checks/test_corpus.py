"""Every known answer, through the same path as a submission, one test a file."""

import functools
from pathlib import Path

import pytest

from rnn_course.checks import audit

SUBMISSIONS = Path(__file__).parents[1] / "submissions"
SAMPLES = list(audit.samples(SUBMISSIONS))
QUESTIONS = sorted({(sample.coursework, sample.question) for sample in SAMPLES})


@functools.cache
def finding(sample: audit.Sample) -> audit.Finding:
    return audit.examine(sample)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_right_answers_earn_everything_and_wrong_ones_do_not(sample):
    found = finding(sample)
    assert found.accepted == sample.right, audit.AuditResult((found,)).complaints()


@pytest.mark.parametrize("question", QUESTIONS, ids="/".join)
def test_wrong_answers_are_called_by_their_own_name_and_in_time(question):
    found = [finding(s) for s in SAMPLES if (s.coursework, s.question) == question]
    (row,) = audit.AuditResult(tuple(found)).rows()
    assert row.good, (row, audit.AuditResult(tuple(found)).complaints())
