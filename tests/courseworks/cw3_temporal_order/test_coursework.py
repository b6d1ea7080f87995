import itertools
from pathlib import Path

import pytest
from torch import nn

from rnn_course.checks.courses import located
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.notebook import PUBLIC_SEED

COURSEWORK = located("cw3_temporal_order", Path(__file__).parents[3]).coursework()
POINTS = {
    "generate": 10,
    "sequence_rnn": 10,
    "the_bug": 10,
    "sequence_lstm": 10,
    "attention": 15,
    "train_until_solved": 15,
    "weights": 10,
    "evaluation": 5,
    "theory_1": 4,
    "theory_2": 4,
    "theory_3": 4,
    "theory_4": 3,
}
CODE = {question.id: question.defines[0] for question in COURSEWORK if question.defines}


class Hostile:
    def __eq__(self, other):
        raise RuntimeError("compared")

    __hash__ = None


ANSWERS = [None, "text", (1, 2), (1, 2, 3), [[], "a"], {"sequences": 1}, Hostile()]


def test_the_points_are_those_of_the_statement_and_add_up_to_a_hundred():
    assert {question.id: question.points for question in COURSEWORK} == POINTS
    assert sum(POINTS.values()) == 100


@pytest.mark.parametrize(("question", "answer"), [*itertools.product(CODE, range(len(ANSWERS)))])
def test_a_function_or_module_that_returns_nonsense_still_gets_a_report(question, answer):
    def function(*args, **kwargs):
        return ANSWERS[answer]

    class Module(nn.Module):
        def __init__(self, input_size, hidden_size, n_classes, forget_bias=1.0):
            super().__init__()
            self.rnn = nn.RNN(input_size, hidden_size)
            self.out = nn.Linear(hidden_size, n_classes)

        def forward(self, x, lengths, return_weights=False):
            return ANSWERS[answer]

    name = CODE[question]
    report = COURSEWORK[question].report(
        LocalSubject({name: Module if name[0].isupper() else function}), PUBLIC_SEED
    )
    assert report.score <= 2
    assert all(verdict.message or verdict.passed for verdict in report.verdicts)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["RecurrentNeuralNet", "LSTMNeuralNet", "AttnRecurrentNeuralNet"])
def test_a_module_that_changes_its_mind_about_shapes_gets_a_report(name):
    class Module(nn.Module):
        """Right for the first calls, nonsense afterwards."""

        calls = 0

        def __init__(self, input_size, hidden_size, n_classes):
            super().__init__()
            self.rnn = nn.RNN(input_size, hidden_size, batch_first=True)
            self.out = nn.Linear(hidden_size, n_classes)

        def forward(self, x, lengths, return_weights=False):
            type(self).calls += 1
            logits, weights = self.out(self.rnn(x)[0][:, 0]), x.sum(2).softmax(1)
            wild = [
                (logits, weights),
                (logits[0], weights),
                None,
                (None, None),
                (logits, weights[:, :1]),
            ]
            return (
                wild[type(self).calls % 5]
                if return_weights
                else (logits, None)[self.calls % 7 == 6]
            )

    question = next(q for q in COURSEWORK if name in q.defines)
    for seed in range(4):
        report = question.report(LocalSubject({name: Module}), seed)
        assert report.score < report.max_score
