import torch
from torch import nn

from rnn_course.checks.local import LocalSubject
from rnn_course.checks.requests import Build, Inspect, Pass, Run

SOURCE = """
import torch
from torch import nn


class Unset(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.Tensor(50, 50))


class Frozen(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Parameter(torch.ones(2))
        self.b = nn.Parameter(torch.ones(2), requires_grad=False)

    def forward(self, x):
        return x * self.a * self.b


class Mixed(Frozen):
    def forward(self, x):
        return self.a + torch.zeros(2)
"""


def subject() -> LocalSubject:
    namespace = {"torch": torch, "nn": nn}
    exec(SOURCE, namespace)
    return LocalSubject(namespace)


def test_memory_that_was_never_set_shows_as_nan() -> None:
    anatomy = subject().ask(Inspect(Build("Unset")))
    assert bool((anatomy.initial["weight"] != anatomy.initial["weight"]).all())
    assert not torch.are_deterministic_algorithms_enabled()


def test_meta_is_as_strict_about_devices_as_an_accelerator() -> None:
    (outcome,) = subject().ask(Run(Build("Mixed", device="meta"), (Pass((1,)),)))
    assert "same device, but found cpu and meta" in outcome.error.text
    (outcome,) = subject().ask(Run(Build("Frozen", device="meta"), (Pass((1.0,)),)))
    assert outcome.error is None


def test_frozen_parameters_have_no_gradient_and_do_not_spoil_the_others() -> None:
    case = Pass((torch.ones(2).numpy(),), cotangents=torch.ones(2).numpy())
    (outcome,) = subject().ask(Run(Build("Frozen"), (case,)))
    assert outcome.gradients["parameters"]["a"].tolist() == [1.0, 1.0]
    assert outcome.gradients["parameters"]["b"] is None
