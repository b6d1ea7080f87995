"""Drawings by their structure: what is named in them, how many arrows, and no text upon another."""

from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import FancyArrowPatch

from rnn_course.errors import ShapeError
from rnn_course.plotting import language, remembering, symbol_pictures, writing

mpl.use("Agg")

BATCH = ("EabXcYdXB", "EbYaXdcaYcB", "EXacdYXB")
DRAWINGS = {
    "batch": lambda: remembering.padded_batch(BATCH),
    "cell": remembering.lstm_cell,
    "back": remembering.ways_back,
    "attention": remembering.attention_over_steps,
    "next": writing.next_character,
    "own inputs": writing.own_inputs,
    "fused": writing.fused_products,
}
ARROWS = {  # forward, of a gradient
    "batch": (0, 0),
    "cell": (15, 0),
    "back": (16, 13),
    "attention": (19, 0),
    "next": (13, 0),
    "own inputs": (21, 0),
    "fused": (0, 0),
}


def texts(ax):
    return [text.get_text() for text in ax.texts]


def arrows(ax, kind):
    return [p for p in ax.patches if isinstance(p, FancyArrowPatch) and p.get_gid() == kind]


@pytest.mark.parametrize("name", DRAWINGS)
def test_no_text_stands_upon_another_or_outside(name):
    ax = DRAWINGS[name]()
    canvas = FigureCanvasAgg(ax.figure)
    canvas.draw()
    boxes = [text.get_window_extent(canvas.get_renderer()) for text in ax.texts]
    for (i, one), (j, other) in combinations(enumerate(boxes), 2):
        assert not one.overlaps(other), (texts(ax)[i], texts(ax)[j])
    whole = ax.figure.bbox
    for text, extent in zip(texts(ax), boxes, strict=True):
        assert whole.x0 <= extent.x0 <= extent.x1 <= whole.x1, text
        assert whole.y0 <= extent.y0 <= extent.y1 <= whole.y1, text


@pytest.mark.parametrize("name", DRAWINGS)
def test_each_is_told_in_words(name):
    assert len(DRAWINGS[name]().get_label()) > 100


@pytest.mark.parametrize("name", DRAWINGS)
def test_arrows_forward_and_back(name):
    ax = DRAWINGS[name]()
    assert (len(arrows(ax, "forward")), len(arrows(ax, "gradient"))) == ARROWS[name]


def test_each_sequence_has_its_end_framed_and_its_padding_hatched():
    ax = remembering.padded_batch(BATCH)
    ends = [patch for patch in ax.patches if patch.get_gid() == "end"]
    assert [round((end.get_x() - 0.3) / 0.5) for end in ends] == [8, 10, 7]
    assert sum(patch.get_hatch() is not None for patch in ax.patches) == 2 + 0 + 3
    assert "length 11: state at step 10" in texts(ax)


def test_a_cell_names_every_gate_and_has_three_products_and_a_sum():
    named = texts(remembering.lstm_cell())
    assert {"$f$", "$i$", "$g$", "$o$", "$c_{t-1}$", "$c_t$", "$h_t$"} <= set(named)
    assert (named.count("×"), named.count("+"), named.count("σ")) == (3, 1, 3)


def test_attention_s_weights_add_up_to_one():
    bars = [p for p in remembering.attention_over_steps().patches if p.get_gid() == "weight"]
    assert sum(bar.get_height() / 1.1 for bar in bars) == pytest.approx(1)


def test_fused_products_are_as_many_matrices_of_the_state_as_there_are_gates():
    ax = writing.fused_products()
    assert sum(patch.get_gid() == "matrix" for patch in ax.patches) == 4 + 4 + 4


@pytest.mark.parametrize(
    ("names", "same"),
    [
        (("RNN", "RNN, identity start"), True),
        (("LSTM", "LSTM, forget 3", "LSTM, forget 3, input −3"), True),
        (("attention", "RNN with attention"), True),
        (("RNN", "LSTM"), False),
        (("LSTM, forget 0", "LSTM, forget 3"), False),
        (("RNN with attention", "RNN with attention, no position"), False),
        (("attention, no recurrence", "RNN with attention"), False),
        (("linear, no memory", "GRU"), False),
    ],
)
def test_a_network_looks_the_same_in_every_picture(names, same):
    assert (len({symbol_pictures.look(name) for name in names}) == 1) is same


def test_what_is_kept_is_the_product_of_the_gates():
    ax = symbol_pictures.kept(0, 0)
    symbol, noise = (line.get_ydata() for line in ax.lines[:2])
    assert symbol[:3] == pytest.approx([0.5, 0.25, 0.125])
    assert noise[0] == pytest.approx(0.25 * np.sqrt(1 + 0.25))
    assert "forget gate at 0.50" in ax.get_label()
    both = symbol_pictures.kept(0, -2).lines
    assert both[0].get_ydata()[0] / both[1].get_ydata()[0] == pytest.approx(symbol[0] / noise[0])


def test_a_gradient_is_drawn_over_the_distance_to_the_end():
    ax = symbol_pictures.by_distance({"RNN": np.array([0.0, 0.1, 1.0])})
    assert ax.lines[0].get_xdata().tolist() == [2, 1, 0]
    assert np.isnan(ax.lines[0].get_ydata()[0])
    assert ax.get_label().endswith("it goes for RNN from 1e+00 to 0e+00.")


def test_runs_look_as_in_the_race_and_are_told():
    runs = [{"points": [(512, 2.0)], "solved": False, "sequences": 600}]
    ax = symbol_pictures.runs({"RNN with attention": runs})
    race = symbol_pictures.race({"RNN with attention": [(0, 1)]}, {}).axes[0]
    assert ax.lines[0].get_color() == race.lines[0].get_color()
    assert (
        "RNN with attention: 0 of 1 solved, the longest run after 600 sequences" in ax.get_label()
    )


def test_a_race_draws_both_halves_also_before_the_first_point():
    points = {"RNN": [(0, 2.1), (800, 2.0)], "LSTM": []}
    left, right = symbol_pictures.race(points, points).axes
    assert [line.get_label() for line in left.lines[:2]] == ["RNN", "LSTM"]
    assert left.lines[0].get_color() == right.lines[0].get_color()
    assert right.get_yscale() == "log"
    assert (
        "after 800 sequences, in nats: RNN 2.00."
        in symbol_pictures.race(points, points).get_label()
    )


def test_weights_mark_the_three_symbols():
    inputs = np.zeros((110, 8))
    inputs[15, 5] = inputs[40, 6] = inputs[70, 5] = 1
    weights = np.full(110, 0.001)
    weights[[41, 16, 71]] = 0.3
    row = {"weights": weights, "inputs": inputs, "title": "XYX"}
    figure = symbol_pictures.weights([row, row])
    assert figure.get_label().endswith("at the steps 16, 41, 71; 16, 41, 71.")
    first, second = figure.axes
    assert texts(first) == ["X", "Y", "X"]
    assert [line.get_xdata()[0] for line in second.lines] == [15, 40, 70]


def test_one_hot_columns_are_named_by_their_symbols():
    ax = symbol_pictures.one_hot(np.eye(8))
    assert [label.get_text() for label in ax.get_yticklabels()] == list("EabcdXYB")


def setting(T, H, lr, perplexity):
    return {
        "num_steps": T,
        "num_hiddens": H,
        "lr": lr,
        "perplexity": perplexity,
        "seconds": T + lr,
    }


def test_what_is_off_the_scale_of_a_study_is_at_the_edge_and_said():
    rows = [setting(16, 8, 3, 1e92), setting(16, 8, 0.3, 7), setting(64, 8, 3, None)]
    figure = language.study(rows, 28)
    left, right = figure.axes
    fit, wild = left.lines[0], left.lines[1]
    assert fit.get_xydata().tolist() == [[0.3, 7]]
    assert (wild.get_marker(), wild.get_ydata()[0]) == ("^", 100)
    assert left.get_title() == "△ at the upper edge: above 100, or failed"
    assert "2 of 3 settings are above 100 or failed" in figure.get_label()
    assert right.lines[0].get_ydata().tolist() == [16.3, 19]


def test_a_study_in_which_all_went_well_has_no_such_title():
    assert language.study([setting(16, 8, 3, 7)], 28).axes[0].get_title() == ""


def test_the_next_letters_are_in_order_of_their_chances():
    figure = language.next_letters([0.1, 0.6, 0.3], ["a", " ", "b"], 0.5, "so it is")
    (ax,) = figure.axes
    assert [label.get_text() for label in ax.get_xticklabels()] == ["␣", "b", "a"]
    assert [bar.get_height() for bar in ax.patches] == [0.6, 0.3, 0.1]
    assert "␣ 0.60, b 0.30, a 0.10" in figure.get_label()
    with pytest.raises(ShapeError, match="the chances"):
        language.next_letters([0.5, 0.5], ["a"], 1, "")


def test_a_text_is_coloured_by_sign_and_strength():
    text = "the function" * 8
    ax = language.coloured(text, np.linspace(-1, 0.5, len(text)), "Unit 3")
    assert "".join(texts(ax)) == text
    first, last = ax.patches[0], ax.patches[-1]
    assert (first.get_alpha(), last.get_alpha()) == (0.75, pytest.approx(0.375))
    assert first.get_facecolor()[:3] != last.get_facecolor()[:3]
    assert "from -1.00 to 0.50" in ax.get_label()
    with pytest.raises(ShapeError, match="the values"):
        language.coloured("ab", [1.0], "Unit 3")


def test_forecasts_tell_their_errors_and_that_of_holding_the_last_value():
    series = np.arange(10.0)
    made = {1: np.r_[np.nan, series[1:]], 2: series + 0.5}
    figure = language.forecasts(series, series, made, 6)
    titles = [ax.get_title() for ax in figure.axes]
    assert titles == [
        "k = 1: error 0.00; holding the last value 1.00",
        "k = 2: error 0.50; holding the last value 2.00",
    ]
    assert "k = 2: 0.50, and 2.00 for holding" in figure.get_label()


def test_perplexities_have_a_line_each():
    ax = language.perplexities([9, 5], [8, 4])
    assert [line.get_ydata().tolist() for line in ax.lines] == [[9, 5], [8, 4]]
    assert "from 8.0 to 4.0" in ax.get_label()
