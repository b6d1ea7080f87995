import numpy as np
import pytest

from rnn_course.errors import TrainingError
from rnn_course.plotting import error_bands


def run(errors, solved=True):
    return {"solved": solved, "points": [(512 * (i + 1), e) for i, e in enumerate(errors)]}


def test_the_line_is_the_median_and_a_solved_run_keeps_its_last_error():
    ax = error_bands({"LSTM": [run([2.0, 1.0]), run([2.0, 1.8, 0.6]), run([2.2, 0.2, 0.1])]})
    line = ax.get_lines()[0]
    assert line.get_xdata().tolist() == [512, 1024, 1536]
    assert np.allclose(line.get_ydata(), [2.0, 1.0, 0.6])
    assert line.get_label() == "LSTM (3 of 3 solved)"
    low, high = ax.collections[0].get_paths()[0].get_extents().intervaly
    assert (low, high) == (0.1, 2.2)


def test_the_dot_is_there_only_where_all_runs_are_solved_and_chance_is_named():
    ax = error_bands({"RNN": [run([2.1, 2.1], False), run([2.0, 1.0])]}, chance=2.08)
    assert [line.get_markersize() for line in ax.get_lines()[:-1]] == [5]
    assert [text.get_text() for text in ax.texts] == ["chance"]
    assert "1 of 2 solved" in ax.get_legend().get_texts()[0].get_text()


@pytest.mark.parametrize("runs", [[], [{"solved": False, "points": []}]])
def test_runs_without_points_are_refused(runs):
    with pytest.raises(
        TrainingError, match=r"runs of 'RNN', each with points\. Got none\. Rebuild"
    ):
        error_bands({"RNN": runs})
