"""Pictures of what trained networks do: a tune, and a word being heard."""

import numpy as np
import torch
from torch import nn

from rnn_course import plotting
from rnn_course.data.melody import ODE_TO_JOY
from rnn_course.plotting.hearing import beliefs
from rnn_course.training import History, ValidPoint


def test_a_tune_is_drawn_note_by_note_and_mistakes_are_hatched():
    wrong = list(ODE_TO_JOY)
    wrong[5] = "G"
    figure = plotting.piano_roll({"right": ODE_TO_JOY, "wrong": wrong}, ODE_TO_JOY)
    alt = figure.get_label()
    first, second = figure.axes
    assert len(first.patches) == len(ODE_TO_JOY)
    assert not any(bar.get_hatch() for bar in first.patches)
    hatched = [bar for bar in second.patches if bar.get_hatch()]
    assert [bar.get_x() for bar in hatched] == [5]
    assert "right, right to the end." in alt
    assert "wrong, right for 5 symbols." in alt


def test_silence_is_not_drawn():
    silent = ["-"] * len(ODE_TO_JOY)
    figure = plotting.piano_roll({"silent": silent}, ODE_TO_JOY)
    alt = figure.get_label()
    assert not figure.axes[0].patches
    assert "silent, right for 0 symbols." in alt


def run(*accuracies):
    points = tuple(ValidPoint(10 * k, 1.0, a) for k, a in enumerate(accuracies, 1))
    return History((1.0,) * 30, points, 10, 10, 1.0, "finished")


def test_runs_are_compared_by_their_best_and_keep_their_look():
    figure = plotting.compared({"RNN": [run(0.6, 0.8), run(0.7, 0.6)], "GRU": [run(0.9, 0.9)] * 2})
    alt = figure.get_label()
    left, right = figure.axes
    assert "RNN 75.0 ± 7.1 %, GRU 90.0 ± 0.0 %" in alt
    curves = [line for line in left.lines if line.get_marker() in "os"]
    means = [line for line in right.lines if line.get_marker() in "os"]
    look = [(line.get_color(), line.get_marker()) for line in means]
    assert look == list(
        dict.fromkeys(
            (c.get_color(), c.get_marker()) for c in curves if c.get_fillstyle() == "full"
        )
    )


def test_an_image_is_drawn_whole_and_by_rows():
    figure = plotting.image_rows(np.eye(3), 7)
    alt = figure.get_label()
    whole, *rows = figure.axes
    assert whole.images[0].get_array().shape == (3, 3)
    assert [ax.images[0].get_array().tolist() for ax in rows] == [[r] for r in np.eye(3).tolist()]
    assert "its 3 rows" in alt


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
    figure = plotting.heard(Counting(), samples, ["yes", "no"])
    alt = figure.get_label()
    assert "is in turn yes, no." in alt
    assert "hears “no”, with 100 %" in alt
    assert [t.get_text() for t in figure.axes[1].texts] == ["yes", "no"]
