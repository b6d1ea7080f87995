"""The same checks on a GPU: same references, same marks, and a model that learns there."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from rnn_course.checks.local import LocalSubject
from rnn_course.checks.requests import Inspect, Run
from rnn_course.checks.subject import Subject
from rnn_course.courseworks.cw2_speech_commands import COURSEWORK
from rnn_course.courseworks.reference_answers import SOLUTIONS, definitions
from rnn_course.courseworks.references import verify
from rnn_course.training import evaluate, fit

NOTEBOOK = Path(__file__).parents[2] / SOLUTIONS / COURSEWORK.name / COURSEWORK.notebook
cuda = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine"),
]
CODE = ("lstm_cell", "gru_cell", "rnn_model", "bidir_model")


class Elsewhere(Subject):
    """A subject whose modules live on another device wherever a judge asks for the CPU."""

    def __init__(self, namespace, device):
        self.inner, self.device = LocalSubject(namespace), device

    def source(self, name):
        return self.inner.source(name)

    def file(self, name):
        return self.inner.file(name)

    def answers(self, requests):
        return self.inner.answers([self._moved(request) for request in requests])

    def _moved(self, request):
        if isinstance(request, (Run, Inspect)) and request.build.device == "cpu":
            return replace(request, build=replace(request.build, device=self.device))
        return request


@pytest.mark.parametrize(
    "device", ["cpu", pytest.param("cuda", marks=cuda)]
)  # on the CPU it proves that the detour itself costs nothing
@pytest.mark.parametrize("question", CODE)
def test_the_model_answer_earns_full_marks_there_too(question, device):
    namespace = definitions(NOTEBOOK, CODE)
    report = COURSEWORK[question].report(Elsewhere(namespace, device), 5)
    assert report.score == report.max_score, report.text()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine")
def test_the_references_hold():
    comparison = verify("cuda")
    assert comparison.ok, [row for row in comparison.rows if not row.ok]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine")
def test_a_model_learns():
    model = definitions(NOTEBOOK, CODE)["RNNModel"]("GRU", 4, 16, 1, True, 2)
    x = torch.randn(128, 6, 4, generator=torch.Generator().manual_seed(0))
    data = torch.utils.data.TensorDataset(x, (x.sum((1, 2)) > 0).long())
    fit(model, data, data, epochs=15, lr=0.02, batch_size=32, device="cuda", progress=False)
    assert next(model.parameters()).device.type == "cuda"
    assert evaluate(model, data).accuracy > 0.9
