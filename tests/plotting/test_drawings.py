"""Drawings of networks: by what they are made of, and by what must not lie on what."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from rnn_course import plotting
from rnn_course.plotting.diagram import GRADIENT, INK, Diagram

DRAWINGS = {
    "plain cell": plotting.plain_cell,
    "LSTM": plotting.lstm_cell,
    "GRU after": plotting.gru_cell,
    "GRU before": lambda: plotting.gru_cell("before"),
    "unrolled": plotting.unrolled,
    "way back": plotting.way_back,
    "chain": plotting.chain,
    "stack": plotting.stacked,
    "three layers": lambda: plotting.stacked(3, 4),
    "two directions": plotting.two_directions,
}
every = pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)


def texts(diagram: Diagram):
    return [t for t in diagram.ax.texts if not isinstance(t, Annotation) and t.get_text()]


def words(diagram: Diagram) -> list[str]:
    return [t.get_text() for t in texts(diagram)]


def ways(diagram: Diagram, way: str) -> int:
    return sum(arrow.way == way for arrow in diagram.arrows)


@every
def test_no_two_texts_overlap_and_none_leaves_the_picture(draw):
    diagram = draw()
    diagram.figure.draw_without_rendering()
    width, height = diagram.figure.bbox.size
    boxes = {t.get_text() + str(t.get_position()): t.get_window_extent() for t in texts(diagram)}
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        assert not a.overlaps(b), (one, other)
    for text, box in (*boxes.items(), ("title", diagram.ax.title.get_window_extent())):
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= width, text
        assert box.y1 <= height, text


@every
def test_no_arrow_runs_through_a_node_that_it_does_not_join(draw):
    diagram = draw()
    for arrow in diagram.arrows:
        for start, end in zip(arrow.points, arrow.points[1:], strict=False):
            inner = np.linspace(start, end, 101)[1:-1]
            for node in diagram.nodes:
                inside = (abs(inner[:, 0] - node.x) < node.width / 2 - 0.02) & (
                    abs(inner[:, 1] - node.y) < node.height / 2 - 0.02
                )
                assert not inside.any(), (arrow, node)


@every
def test_a_drawing_shows_itself_with_a_text(draw):
    shown = draw()._repr_mimebundle_()
    assert set(shown) == {"text/html", "image/png", "text/plain"}
    assert len(shown["text/plain"]) > 60


def test_the_lstm_has_all_its_letters_and_products():
    d = plotting.lstm_cell()
    assert sorted(words(d)) == sorted(
        ["$x$", "$h$", "$c$", "$c'$", "$h'$", "σ", "σ", "σ", "tanh", "tanh"]
        + ["$\\odot$"] * 3
        + ["+", "$f$", "$i$", "$g$", "$o$"]
    )
    assert [n.shape for n in d.nodes].count("gate") == 3
    assert ways(d, "forward") == 8 + 11


@pytest.mark.parametrize(
    ("reset", "proposal", "matrix"), [("after", "$n$", True), ("before", "$\\tilde{h}$", False)]
)
def test_the_two_grus_differ_in_where_the_matrix_stands(reset, proposal, matrix):
    found = words(plotting.gru_cell(reset))
    assert proposal in found
    assert ("$W_{hn}h + b_{hn}$" in found) == matrix
    assert found.count("σ") == 2
    assert found.count("$\\odot$") == 3
    assert "$1-z$" in found


@pytest.mark.parametrize("steps", [2, 4, 5])
def test_unrolling_draws_both_ways(steps):
    d = plotting.unrolled(steps)
    assert ways(d, "forward") == 4 * steps  # x to h, h to y, y to loss, h to h
    assert ways(d, "gradient") == 3 * steps
    colours = {a.arrow_patch.get_edgecolor()[:3] for a in d.ax.texts if isinstance(a, Annotation)}
    assert len(colours) == 2
    assert GRADIENT != INK


def test_the_way_back_has_a_factor_for_each_step():
    found = words(plotting.way_back(4))
    assert found.count("$\\times\\,W_{hh}^\\top$") == 3
    assert [f for f in found if "1-h" in f] == [f"$\\times\\,(1-h_{t}^2)$" for t in (2, 3, 4)]
    assert ways(plotting.way_back(4), "forward") == 0


@pytest.mark.parametrize(("layers", "steps"), [(1, 2), (2, 3), (3, 4)])
def test_a_stack_joins_up_and_right(layers, steps):
    assert ways(plotting.stacked(layers, steps), "forward") == 2 * layers * steps + 2


def test_two_directions_say_what_each_state_has_read():
    d = plotting.two_directions(3)
    small = [t.get_text() for t in texts(d) if t.get_fontsize() == 10]
    ahead, back = small[::2], small[1::2]
    assert ahead == ["$x_1$", "$x_1$, $x_2$", "$x_1$, $x_2$, $x_3$"]
    assert back == ["$x_3$, $x_2$, $x_1$", "$x_3$, $x_2$", "$x_3$"]


VIEWS = {
    "product": plotting.product_gradients,
    "one-hot": plotting.one_hot,
    "repeated": plotting.repeated_product,
    "vanishing": plotting.vanishing,
    "several": plotting.vanishing_lines,
    "memory": plotting.memory,
}


@pytest.mark.parametrize("draw", VIEWS.values(), ids=VIEWS)
def test_a_view_is_a_figure_with_a_text_and_nothing_beyond_its_edge(draw):
    figure = draw()
    alt = figure.get_label()
    assert isinstance(figure, Figure)
    assert len(alt) > 60
    figure.draw_without_rendering()
    width, height = figure.bbox.size
    for ax in figure.axes:
        shown = [t for t in ax.texts if t.get_text()]
        for text in shown:
            box = text.get_window_extent()
            assert box.x0 >= 0, text
            assert box.x1 <= width, text
            assert 0 <= box.y0 <= box.y1 <= height, text
        for one, other in combinations(shown, 2):
            assert not one.get_window_extent().overlaps(other.get_window_extent()), (one, other)


def test_blocks_of_a_product_have_sides_that_fit():
    figure = plotting.product_gradients()
    (ax,) = figure.axes
    for block in ax.patches:
        assert ax.get_xlim()[0] < block.get_x()
        assert block.get_x() + block.get_width() < ax.get_xlim()[1]
    sizes = [(p.get_width(), p.get_height()) for p in figure.axes[0].patches]
    assert len(sizes) == 9
    for result, first, second in zip(sizes[::3], sizes[1::3], sizes[2::3], strict=True):
        assert first[0] == second[1]  # across the first is down the second
        assert result == (second[0], first[1])


def test_a_gradient_vanishes_below_radius_one_and_grows_above():
    from rnn_course.plotting.vanishing import backward_lengths

    weak, _ = backward_lengths(0.5, 0.001)
    level, _ = backward_lengths(1.0, 0.001)
    grown, _ = backward_lengths(1.1, 0.001)
    strong, slopes = backward_lengths(1.1, 1.0)
    assert weak[-1] < 1e-12
    assert 0.05 < level[-1] < 20
    assert grown[-1] > 10
    assert strong[-1] < 1e-3 * grown[-1]
    assert slopes.shape == (50, 100)
    assert len(weak) == 51


def test_a_memory_keeps_what_its_forget_gate_lets_it():
    open_ = plotting.memory(1.0, 1.0, 1.0).get_label()
    shut = plotting.memory(0.0, 1.0, 1.0).get_label()
    assert "1.00 just before the second and 1.50 at the end" in open_
    assert "0.00 just before the second and 0.00 at the end" in shut
