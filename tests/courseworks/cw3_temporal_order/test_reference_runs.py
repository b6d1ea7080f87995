"""The stored runs of coursework 3 say what its notebook says about them."""

import json
from pathlib import Path

import pytest

RUNS = json.loads(
    (Path(__file__).parents[3] / "solutions/cw3_temporal_order/reference_runs.json").read_text()
)


@pytest.mark.parametrize(
    "name",
    [
        "LSTM, forget 3, input −3",
        "LSTM, biases by time scale",
        "GRU, update bias 2",
        "RNN with attention",
    ],
)
def test_gated_and_attentive_networks_are_solved_in_all_ten_runs(name):
    runs = RUNS[name]
    assert len(runs) == 10
    assert all(run["solved"] and run["accuracy"] >= 0.99 for run in runs)
    assert sum(run["sequences"] for run in runs) / 10 < 25_000


@pytest.mark.parametrize("name", ["RNN", "RNN with attention, no position", "LSTM, forget 0"])
def test_what_the_essays_call_failing_fails(name):
    assert not any(run["solved"] for run in RUNS[name])


def test_every_run_has_a_curve_that_ends_where_it_ends():
    for run in (run for runs in RUNS.values() for run in runs):
        ends = [sequences for sequences, _ in run["points"]]
        assert ends == list(range(512, run["sequences"] + 1, 512))


@pytest.mark.parametrize("name", ["attention, no recurrence", "linear, no memory"])
def test_controls_solve_the_problem_and_not_the_one_without_ranges(name):
    assert all(run["solved"] for run in RUNS[name])
    elsewhere = RUNS[f"anywhere: {name}"]
    assert len(elsewhere) == 10
    assert all(0.7 < run["accuracy"] < 0.9 and not run["solved"] for run in elsewhere)


@pytest.mark.parametrize("name", ["LSTM, forget 3, input −3", "RNN with attention"])
def test_networks_with_a_state_solve_it_without_ranges_too(name):
    assert all(run["solved"] for run in RUNS[f"anywhere: {name}"])


def test_attention_without_position_knows_how_many_and_not_where():
    shares = [run["accuracy"] for run in RUNS["RNN with attention, no position"]]
    assert all(abs(share - 0.5) < 0.03 for share in shares)
