import pytest
import torch
from small_task import build, clips
from torch import nn
from torch.nn.functional import cross_entropy

from rnn_course.errors import TrainingError
from rnn_course.training import gradient_norms


def test_norms_agree_with_finite_differences():
    model = build().double()
    x, labels = (part[:3] for part in clips(3, dtype=torch.float64).tensors)

    def loss(features):
        return cross_entropy(model(features), labels, reduction="none")

    slopes, step = torch.zeros(3, 6, 3, dtype=torch.float64), 1e-6
    for t in range(6):
        for d in range(3):
            bump = torch.zeros(6, 3, dtype=torch.float64)
            bump[t, d] = step
            slopes[:, t, d] = (loss(x + bump) - loss(x - bump)) / (2 * step)
    torch.testing.assert_close(
        gradient_norms(model, x, labels), slopes.norm(dim=-1).mean(0).detach(), rtol=1e-6, atol=0
    )


def test_steps_that_the_output_ignores_have_norm_zero():
    class Middle(nn.Module):
        def __init__(self):
            super().__init__()
            self.out = nn.Linear(3, 3)

        def forward(self, x):
            return self.out(x[:, 2])

    norms = gradient_norms(Middle(), *clips(8).tensors)
    assert norms.shape == (6,)
    assert (norms > 0).tolist() == [False, False, True, False, False, False]


def test_the_model_is_left_as_it_was():
    model = build(dropout=0.9)
    with torch.no_grad():
        one, other = (gradient_norms(model, *clips(8).tensors) for _ in range(2))
    assert torch.equal(one, other)
    assert model.training
    assert all(p.grad is None for p in model.parameters())


class Cut(nn.Module):
    def forward(self, x):
        return x.detach()[:, -1]


@pytest.mark.parametrize(
    ("model", "x", "text"),
    [
        (build(), torch.zeros(6, 3), r"\(B, T, D\).*\(6, 3\).*x\[None\]"),
        (build(), torch.zeros(1, 6, 3, dtype=torch.long), r"floating-point.*int64"),
        (Cut(), torch.zeros(1, 6, 3), r"depends on the input.*detach"),
    ],
)
def test_unusable_input_is_named(model, x, text):
    with pytest.raises(TrainingError, match=text):
        gradient_norms(model, x, torch.zeros(len(x), dtype=torch.long))
