import gc
import weakref

import pytest
import torch
from torch import nn

from rnn_course.courseworks.cw3_temporal_order.step_watch import StepWatch
from rnn_course.courseworks.cw3_temporal_order.stubs import Scripted


def watched():
    parameters = [nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(2))]
    return parameters, StepWatch(parameters)


def step(optimizer, parameters, size=3.0, clip=None):
    optimizer.zero_grad()
    sum((size * p).sum() for p in parameters).backward()
    if clip:
        nn.utils.clip_grad_norm_(parameters, clip)
    optimizer.step()


def test_rates_and_norms_are_those_of_the_step():
    parameters, watch = watched()
    step(torch.optim.Adam(parameters, lr=0.25), parameters)
    step(torch.optim.SGD(parameters, lr=0.5), parameters, clip=1.0)
    assert watch.rates == [("Adam", 0.25), ("SGD", 0.5)]
    (left, used), (left_again, clipped) = watch.gradients
    assert (left, used, left_again, clipped) == pytest.approx((6, 6, 6, 1), abs=1e-5)


def test_only_what_had_gathered_something_is_a_restart():
    parameters, watch = watched()
    for kind in (torch.optim.SGD, torch.optim.SGD, torch.optim.Adam, torch.optim.Adam):
        step(kind(parameters, lr=0.1), parameters)
    assert (watch.steps, watch.restarts) == (4, 1)


def test_other_parameters_are_not_its_business():
    _, watch = watched()
    others, _ = watched()
    step(torch.optim.Adam(others, lr=0.1), others)
    assert watch.steps == 0


def test_a_model_goes_with_all_that_looked_on():
    """Each check had left hooks behind, so every later step of every optimizer took longer."""
    gone = []
    for _ in range(3):
        model = Scripted(learns=True)
        optimizer = torch.optim.Adam(model.parameters())
        model(torch.zeros(2, 110, 8), torch.tensor([100, 110])).sum().backward()
        optimizer.step()
        gone.append((weakref.ref(model), weakref.ref(model._watch)))
    del model, optimizer
    gc.collect()
    assert [(one(), other()) for one, other in gone] == [(None, None)] * 3
