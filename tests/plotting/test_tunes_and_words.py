"""Pictures of what trained networks do: a tune, and a word being heard."""

import numpy as np
import torch
from torch import nn

from rnn_course import plotting
from rnn_course.data.melody import ODE_TO_JOY
from rnn_course.plotting.hearing import beliefs


def test_a_tune_is_drawn_note_by_note_and_mistakes_are_hatched():
    wrong = list(ODE_TO_JOY)
    wrong[0] = "G"
    figure, alt = plotting.piano_roll({"right": ODE_TO_JOY, "wrong": wrong}, ODE_TO_JOY)
    first, second = figure.axes
    assert len(first.patches) == len(ODE_TO_JOY)
    assert not any(bar.get_hatch() for bar in first.patches)
    hatched = [bar for bar in second.patches if bar.get_hatch()]
    assert [bar.get_x() for bar in hatched] == [0]
    assert "right, 128 of 128 symbols" in alt
    assert "wrong, 127 of 128" in alt


class Counting(nn.Module):
    """Says class 0 until it has seen half of the clip."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1, dtype=torch.float64))

    def forward(self, x):
        seen = self.weight * (x.shape[1] - 16.5)
        return torch.stack([-seen, seen], dim=-1)


def test_beliefs_are_those_after_each_step():
    found = beliefs(Counting(), np.zeros((32, 20), dtype=np.float32))
    assert found.shape == (32, 2)
    assert (found.argmax(1) == np.repeat([0, 1], 16)).all()


def test_a_clip_is_heard_to_its_end():
    samples = np.sin(np.arange(16000) / 5).astype(np.float32)
    figure, alt = plotting.heard(Counting(), samples, ["yes", "no"])
    assert "is in turn yes, no." in alt
    assert "hears “no”, with 100 %" in alt
    assert [t.get_text() for t in figure.axes[1].texts] == ["yes", "no"]
