import math
import sys
from itertools import pairwise
from types import SimpleNamespace

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot, rcParams
from matplotlib.figure import Figure
from matplotlib.text import Text

from rnn_course import plotting
from rnn_course.errors import ShapeError, TrainingError
from rnn_course.training import History, SweepPoint, SweepResult, ValidPoint
from rnn_course.training.drawing import End, label_ends

matplotlib.use("Agg")


def run(level=1.0):
    losses = tuple(level * (1 + math.cos(step)) for step in range(40))
    points = tuple(ValidPoint(10 * k, level / k, 0.5 + 0.1 * (k % 4)) for k in (1, 2, 3, 4))
    return History(losses, points, 30, 10, 2.0, "finished")


def sweep_result(failing=True):
    points = [
        SweepPoint({"hidden": h, "lr": lr}, {"loss": h * lr}, None, 0.5)
        for h in (8, 16)
        for lr in (0.1, 0.01, 1.0)
    ]
    if failing:
        points.append(SweepPoint({"hidden": 8, "lr": 10.0}, {}, "ValueError: no", 0.1))
        points.append(SweepPoint({"hidden": 16, "lr": 10.0}, {"loss": math.inf}, None, 0.1))
    return SweepResult(tuple(points))


def rng():
    return np.random.default_rng(0)


PICTURES = {
    "one run": lambda ax: plotting.learning_curves(run(), ax),
    "runs": lambda ax: plotting.learning_curves({"GRU": run(), "LSTM": run(0.5)}, ax),
    "accuracy": lambda ax: plotting.learning_curves({"GRU": run()}, ax, what="accuracy"),
    "confusion": lambda ax: plotting.confusion_matrix(np.diag([3, 4]), ["yes", "no"], ax),
    "clip": lambda ax: plotting.clip(rng().normal(size=16000), rng().normal(size=(32, 20)), ax),
    "gates": lambda ax: plotting.gate_activations({"input": rng().random((9, 5))}, ax),
    "norms": lambda ax: plotting.gradient_norms({"RNN": 0.5 ** np.arange(30)}, ax),
    "sweep": lambda ax: plotting.sweep_plot(sweep_result(), ax, x="lr", y="loss"),
    "run itself": lambda ax: run().plot(ax),
}


def lines(ax):
    """Data of the labelled lines, by label."""
    return {line.get_label(): line.get_xydata() for line in ax.lines if line.get_label()[:1] != "_"}


def names(ax):
    return {text.get_text() for text in ax.texts}


@pytest.fixture(autouse=True)
def _nothing_global_changes():
    before, settings = pyplot.get_fignums(), dict(rcParams)
    yield
    assert pyplot.get_fignums() == before
    assert dict(rcParams) == settings


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_every_picture_has_axes_with_names_and_can_be_saved(draw, tmp_path):
    ax = draw(None)
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    ax.figure.savefig(tmp_path / "picture.png", dpi=40)
    assert (tmp_path / "picture.png").stat().st_size > 1000


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_every_picture_is_drawn_where_it_is_told_to(draw):
    figure = Figure(layout="constrained")
    left, right = figure.subplots(1, 2)
    assert draw(right) is right
    assert right.has_data()
    assert not left.has_data()


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_nothing_is_drawn_beyond_the_picture(draw):
    ax = draw(None)
    ax.figure.draw_without_rendering()
    width, height = ax.figure.bbox.size
    for axes in ax.figure.axes:
        box = axes.get_tightbbox()
        assert box.x0 >= -1
        assert box.y0 >= -1
        assert box.x1 <= width + 1
        assert box.y1 <= height + 1


def test_in_ipython_new_axes_are_pyplots_which_shows_them(monkeypatch):
    # where another test has had a shell, pyplot would ask this one for what it has not
    monkeypatch.setattr(pyplot, "install_repl_displayhook", lambda: None)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=object))
    ax = plotting.learning_curves(run())
    assert pyplot.fignum_exists(ax.figure.number)
    pyplot.close(ax.figure)


def test_a_run_is_drawn_with_its_validation_and_the_weights_kept():
    ax = plotting.learning_curves(run())
    drawn = lines(ax)
    assert drawn["validation"].tolist() == [[10, 1], [20, 0.5], [30, 1 / 3], [40, 0.25]]
    steps, means = drawn["training"].T
    losses = run().train_loss
    # A twentieth of 40 steps is 2: the first mean lies between steps 1 and 2.
    assert steps[0] == 1.5
    assert means == pytest.approx([(a + b) / 2 for a, b in pairwise(losses)])
    rings = [line for line in ax.lines if line.get_fillstyle() == "none"]
    assert [line.get_xydata().tolist() for line in rings] == [[[30, 1 / 3]]]
    assert ax.get_ylabel() == "cross-entropy (nats)"


def test_runs_are_told_apart_without_colour():
    ax = plotting.learning_curves({name: run(k + 1) for k, name in enumerate("ABC")})
    looks = {
        (line.get_linestyle(), line.get_marker())
        for line in ax.lines
        if "validation" in line.get_label()
    }
    assert len(looks) == 3
    assert names(ax) == {"A", "B", "C"}


def test_accuracy_is_in_per_cent():
    ax = plotting.learning_curves({"GRU": run()}, what="accuracy")
    assert lines(ax)["GRU validation"][:, 1] == pytest.approx([60, 70, 80, 50])
    assert "%" in ax.get_ylabel()


def test_a_run_that_was_stopped_at_once_can_be_drawn():
    ax = plotting.learning_curves(History((), (), None, 5, 0.0, "interrupted"))
    assert lines(ax) == {}


@pytest.mark.parametrize(("histories", "what"), [({}, "loss"), (run(), "speed")])
def test_unusable_histories_are_named(histories, what):
    with pytest.raises(TrainingError, match=r"at least one history.*what fit returned"):
        plotting.learning_curves(histories, what=what)


def test_a_confusion_matrix_shows_its_counts_with_true_classes_downwards():
    ax = plotting.confusion_matrix([[5, 1], [0, 7]], ["yes", "no"])
    assert [text.get_text() for text in ax.texts] == ["5", "1", "0", "7"]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["yes", "no"]
    assert (ax.get_ylabel(), ax.get_xlabel()[:9]) == ("true class", "predicted")
    with pytest.raises(ShapeError, match=r"confusion matrix of shape \(3, 3\)"):
        plotting.confusion_matrix([[5, 1], [0, 7]], ["a", "b", "c"])


@pytest.mark.parametrize("free", [False, True])
def test_a_clips_waveform_and_mfcc_share_their_time(free):
    figure = Figure()
    ax = figure.add_axes((0.2, 0.2, 0.6, 0.6)) if free else figure.subplots()
    samples, mfcc = rng().normal(size=16000), rng().normal(size=(32, 20))
    assert plotting.clip(samples, mfcc, ax) is ax
    (wave,) = (other for other in figure.axes if other is not ax)
    seconds, values = wave.lines[0].get_data()
    assert seconds[-1] == pytest.approx(15999 / 16000)
    assert np.array_equal(values, samples)
    assert wave.get_xlim() == ax.get_xlim()
    assert wave.get_position().y0 > ax.get_position().y1
    (image,) = ax.images
    assert np.array_equal(image.get_array(), mfcc.T)
    assert image.get_extent() == pytest.approx((-0.016, 31.5 * 0.032, -0.5, 19.5))


def test_a_clip_of_another_shape_is_named():
    with pytest.raises(ShapeError, match=r"samples of shape \(N\)"):
        plotting.clip(np.zeros((2, 9)), np.zeros((1, 20)))
    with pytest.raises(ShapeError, match=r"MFCC of shape \(T, D\)"):
        plotting.clip(np.zeros(9), np.zeros(20))


def test_gates_are_means_with_a_band():
    gate = np.tile(np.linspace(0, 1, 11), (4, 1))
    ax = plotting.gate_activations({"forget": gate, "input": 0 * gate})
    assert lines(ax)["forget"][:, 1] == pytest.approx([0.5] * 4)
    heights = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == pytest.approx((0.1, 0.9))
    assert names(ax) == {"forget", "input"}
    with pytest.raises(ShapeError, match=r"gate 'forget' of shape \(T, H\)"):
        plotting.gate_activations({"forget": np.zeros(4)})


def test_gradient_norms_are_logarithmic_and_broken_at_zero():
    ax = plotting.gradient_norms({"RNN": [0.0, 0.02, 0.3], "LSTM": [0.1, 0.1, 0.1]})
    assert ax.get_yscale() == "log"
    assert ax.get_ylim() == pytest.approx((0.01, 1.0))
    first, *rest = lines(ax)["RNN"][:, 1]
    assert math.isnan(first)
    assert rest == [0.02, 0.3]
    assert names(ax) == {"RNN", "LSTM"}
    assert names(plotting.gradient_norms(np.ones(4))) == set()
    with pytest.raises(ShapeError, match=r"gradient norms of shape \(T\)"):
        plotting.gradient_norms(np.ones((2, 2)))


def test_norms_that_are_all_zero_can_be_drawn(tmp_path):
    plotting.gradient_norms(np.zeros(5)).figure.savefig(tmp_path / "zero.png")


def test_a_sweep_has_a_line_for_each_other_setting_and_crosses_for_failures():
    ax = plotting.sweep_plot(sweep_result(), x="lr", y="loss")
    drawn = lines(ax)
    assert drawn["hidden=8"].tolist() == pytest.approx(np.array([[0.01, 0.08], [0.1, 0.8], [1, 8]]))
    assert names(ax) == {"hidden=8", "hidden=16"}
    crosses = [line for line in ax.lines if line.get_marker() == "x"]
    assert [list(line.get_xdata()) for line in crosses] == [[10.0], [10.0]]
    assert (ax.get_xscale(), ax.get_xlabel(), ax.get_ylabel()) == ("log", "lr", "loss")
    assert ax.get_legend().get_texts()[0].get_text() == "failed or not finite"


def test_a_sweep_without_failures_has_no_legend_and_texts_are_places():
    points = tuple(
        SweepPoint({"cell": cell}, {"loss": loss}, None, loss / 10)
        for cell, loss in (("RNN", 3.0), ("GRU", 1.0), ("LSTM", 2.0))
    )
    ax = plotting.sweep_plot(SweepResult(points), x="cell", y="seconds")
    assert [text.get_text() for text in ax.get_xticklabels()] == ["RNN", "GRU", "LSTM"]
    assert ax.lines[0].get_ydata() == pytest.approx([0.3, 0.1, 0.2])
    assert ax.get_legend() is None
    assert ax.get_ylabel() == "running time (s)"


@pytest.mark.parametrize(("x", "y"), [("depth", "loss"), ("lr", "accuracy")])
def test_names_that_a_sweep_does_not_have_are_named(x, y):
    with pytest.raises(TrainingError, match=r"x to be a setting.*hidden, lr, loss.*print"):
        plotting.sweep_plot(sweep_result(), x=x, y=y)


def test_names_at_the_ends_of_lines_do_not_overlap():
    ax = Figure(layout="constrained").subplots()
    levels = [0.5, 0.5, 0.501, 0.1, 0.9]
    for level in levels:
        ax.plot([0, 1], [level, level])
    label_ends(ax, [End(1, level, f"run {k}", "black") for k, level in enumerate(levels)])
    ax.figure.draw_without_rendering()
    # An annotation's own extent would include the line that joins it.
    extents = [Text.get_window_extent(text) for text in ax.texts]
    boxes = sorted(extents, key=lambda box: box.y0)
    letters = 9 * ax.figure.dpi / 72
    assert min(above.y0 - below.y0 for below, above in pairwise(boxes)) >= letters
    for box, level in zip(extents, levels, strict=True):
        wanted = ax.transData.transform((1, level))[1]
        assert abs((box.y0 + box.y1) / 2 - wanted) < 2 * letters
