import numpy as np
import pytest
import torch
from small_task import OneByOne, build, clips
from torch import nn
from torch.nn.functional import cross_entropy

from rnn_course.errors import TrainingError
from rnn_course.training import evaluate


@pytest.mark.parametrize("wrap", [lambda data: data, OneByOne])
@pytest.mark.parametrize("batch_size", [7, 50, 256])
def test_loss_and_counts_do_not_depend_on_the_batches(batch_size, wrap):
    model, data = build().double(), clips(50, dtype=torch.float64)
    metrics = evaluate(model, wrap(data), batch_size=batch_size, device="cpu")
    features, labels = data.tensors
    logits = model(features)
    assert metrics.loss == pytest.approx(cross_entropy(logits, labels).item(), rel=1e-12)
    assert metrics.correct == int((logits.argmax(-1) == labels).sum())
    assert metrics.confusion.sum(axis=1).tolist() == labels.bincount(minlength=3).tolist()


def test_each_call_counts_from_zero():
    # The course's old loop added the test counts to those of the validation.
    model = build()
    first = evaluate(model, clips(50), device="cpu")
    evaluate(model, clips(70, 1), device="cpu")
    again = evaluate(model, clips(50), device="cpu")
    assert (again.count, again.accuracy) == (50, first.accuracy)


def test_it_measures_without_dropout_or_gradients_and_puts_modes_back():
    model, states = build(dropout=0.9), []
    model.out.eval()
    model.dropout.register_forward_hook(
        lambda module, *_: states.append((module.training, torch.is_grad_enabled()))
    )
    one, other = (evaluate(model, clips(20), device="cpu").loss for _ in range(2))
    assert states == [(False, False)] * 2
    assert one == other
    assert (model.training, model.dropout.training, model.out.training) == (True, True, False)


def test_modes_are_put_back_after_an_error():
    class Failing(nn.Module):
        def forward(self, x):
            raise RuntimeError("no")

    model = Failing()
    with pytest.raises(RuntimeError, match="no"):
        evaluate(model, clips(4), device="cpu")
    assert model.training


def test_the_text_of_metrics_says_how_many():
    always_first = nn.Sequential(nn.Flatten(), nn.Linear(18, 3))
    nn.init.zeros_(always_first[1].weight)
    always_first[1].bias.data = torch.tensor([9.0, 0.0, 0.0])
    metrics = evaluate(always_first, clips(40), device="cpu")
    right = int((clips(40).tensors[1] == 0).sum())
    assert f"accuracy {100 * right / 40:.1f} % ({right} of 40)" in str(metrics)
    assert np.array_equal(metrics.confusion[:, 1:], np.zeros((3, 2)))


def test_a_batch_size_below_one_is_named():
    with pytest.raises(TrainingError, match=r"batch_size of at least 1\. Got 0"):
        evaluate(build(), clips(4), batch_size=0, device="cpu")
