"""What is decided by chance must be decided alike at every seed.

Recording a question for a seed takes up to a minute, so one stands here for all; the corpus is
judged at another, and ``rnn-course audit --seeds 8`` tries more.
"""

from pathlib import Path

import pytest

from rnn_course.authoring import answers, corpus

SUBMISSIONS = Path(__file__).parents[2] / "submissions"
SEED = 2**40 + 1


def samples():
    chosen = ("generate_text", "perplexity", "word_tokens", "forecast")
    found = [
        sample
        for sample in corpus.samples(SUBMISSIONS, "cw4_lstm_applications")
        if sample.question in chosen
    ]
    return [sample for index, sample in enumerate(found) if index % 7 == 0]


@pytest.mark.slow
@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_verdict_does_not_depend_on_the_seed(sample):
    found = answers.examine(sample, SEED)
    assert found.good, answers.AuditResult((found,)).complaints()
