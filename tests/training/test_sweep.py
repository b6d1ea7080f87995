import csv
import json
import math
import os

import numpy as np
import pytest

from rnn_course.errors import TrainingError
from rnn_course.training import sweep

GRID = {"lr": [0.1, 1.0], "hidden": [8, 16]}


def run(lr, hidden):
    if lr == 1.0 and hidden == 16:
        raise ValueError("loss is [nan]")
    return {"loss": lr * hidden, "text": f"h{hidden}"}


def counting(calls):
    def wrapped(**setting):
        calls.append(setting)
        return run(**setting)

    return wrapped


def do(path, run=run, grid=GRID, **settings):
    return sweep(grid, run, path=path, **{"progress": False, **settings})


def test_every_combination_is_run_in_the_grids_order(tmp_path):
    result = do(tmp_path / "new" / "s.jsonl")
    settings = [dict(point.setting) for point in result.points]
    assert settings == [
        {"hidden": 8, "lr": 0.1},
        {"hidden": 8, "lr": 1.0},
        {"hidden": 16, "lr": 0.1},
        {"hidden": 16, "lr": 1.0},
    ]
    assert result.points[0].result == {"loss": 0.8, "text": "h8"}
    assert result.points[0].seconds >= 0


def test_a_failure_is_recorded_and_not_fatal(tmp_path):
    result = do(tmp_path / "s")
    (failed,) = result.failures
    assert failed.setting == {"lr": 1.0, "hidden": 16}
    assert failed.error == "ValueError: loss is [nan]"
    assert failed.result == {}


def test_a_second_call_runs_only_what_is_new_and_gives_the_same(tmp_path):
    first = do(tmp_path / "s")
    calls = []
    wider = {"lr": [0.1, 1.0], "hidden": [8, 16, 32]}
    result = do(tmp_path / "s", counting(calls), wider)
    assert calls == [{"hidden": 32, "lr": 0.1}, {"hidden": 32, "lr": 1.0}]
    assert result.points[:4] == first.points
    assert do(tmp_path / "s", counting(calls)).points == first.points
    assert len(calls) == 2


def test_a_stopped_sweep_goes_on_where_it_was(tmp_path):
    def stopped(**setting):
        if setting == {"hidden": 16, "lr": 0.1}:
            raise KeyboardInterrupt
        return run(**setting)

    with pytest.raises(KeyboardInterrupt):
        do(tmp_path / "s", stopped)
    calls = []
    assert len(do(tmp_path / "s", counting(calls)).points) == 4
    assert calls == [{"hidden": 16, "lr": 0.1}, {"hidden": 16, "lr": 1.0}]


def test_a_finished_point_is_in_the_file_before_the_next_begins(tmp_path):
    seen = []

    def looking(**setting):
        seen.append(len((tmp_path / "s").read_text().splitlines()))
        return {}

    do(tmp_path / "s", looking)
    assert seen == [0, 1, 2, 3]


@pytest.mark.parametrize("cut", [1, 10, -1])
def test_a_half_written_last_line_is_survived(tmp_path, cut):
    path = tmp_path / "s"
    whole = do(path)
    *lines, last = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines) + last[:cut])
    calls = []
    result = do(path, counting(calls))
    assert len(calls) == 1
    assert [p.result for p in result.points] == [p.result for p in whole.points]
    assert all(json.loads(line) for line in path.read_text().splitlines())


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"setting": {}}', '"text"'])
def test_a_broken_line_inside_is_named(tmp_path, line):
    path = tmp_path / "s"
    do(path)
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(TrainingError, match=r"line 5: .*Delete that line"):
        do(path)


def test_processes_give_the_same_points_as_one(tmp_path):
    def where(**setting):
        return {**run(**setting), "process": os.getpid()}

    one = do(tmp_path / "one")
    result = do(tmp_path / "two", where, processes=2)
    assert os.getpid() not in {p.result.get("process") for p in result.points}
    for mine, theirs in zip(one.points, result.points, strict=True):
        assert (mine.setting, mine.error) == (theirs.setting, theirs.error)
        assert mine.result.get("loss") == theirs.result.get("loss")


def test_a_worker_that_dies_is_named_and_the_others_are_kept(tmp_path):
    def deadly(lr, hidden):
        if (lr, hidden) == (1.0, 16):
            os._exit(1)
        return {"loss": 0.0}

    with pytest.raises(TrainingError, match=r"one that died.*fewer processes"):
        do(tmp_path / "s", deadly, processes=2)
    assert len(do(tmp_path / "s").points) == 4


def test_numpy_numbers_and_infinities_survive(tmp_path):
    grid = {"lr": np.array([0.5, 2.0]), "cell": ["GRU"]}
    first, again = (
        do(tmp_path / "s", lambda lr, cell: {"loss": np.float32(lr) / 0 if lr > 1 else lr}, grid)
        for _ in range(2)
    )
    assert first.points == again.points
    # NumPy warns of a division by zero, and a warning is an error in these tests.
    assert [p.error and p.error.split(":")[0] for p in first.points] == [None, "RuntimeWarning"]
    result = do(tmp_path / "t", lambda lr: {"perplexity": math.inf}, {"lr": [1]})
    assert do(tmp_path / "t", None, {"lr": [1]}).points == result.points


@pytest.mark.parametrize(
    ("returned", "error"),
    [
        (None, "TypeError"),
        ({"loss": object()}, "TypeError: object is neither a number nor a text"),
        ({"lr": 1}, "ValueError: run returned names that are taken: lr"),
        ({"seconds": 1}, "ValueError: run returned names that are taken: seconds"),
    ],
)
def test_what_a_run_may_not_return_is_a_failure_of_that_point(tmp_path, returned, error):
    (point,) = do(tmp_path / "s", lambda lr: returned, {"lr": [1]}).points
    assert error in point.error


@pytest.mark.parametrize("grid", [3, {"lr": 0.1}, {"lr": "0.1"}, {"lr": []}, {"f": [print]}])
def test_an_unusable_grid_is_named(tmp_path, grid):
    with pytest.raises(TrainingError, match=r"a grid of names and lists.*Write it like"):
        do(tmp_path / "s", grid=grid)


def test_processes_below_one_are_refused(tmp_path):
    with pytest.raises(TrainingError, match="processes of at least 1"):
        do(tmp_path / "s", processes=0)


def test_the_bar_shows_an_estimate(tmp_path, capsys):
    sweep(GRID, run, path=tmp_path / "s")
    out, err = capsys.readouterr()
    assert out == ""
    assert "sweep:" in err
    assert "/4 [" in err


def test_rows_table_and_csv_hold_everything(tmp_path):
    result = do(tmp_path / "s")
    rows = result.rows()
    assert [*rows[0]] == ["hidden", "lr", "loss", "text", "seconds", "error"]
    assert rows[3]["loss"] is None
    table = str(result)
    assert "ValueError: loss is [nan]" in table
    assert "h16" in table
    assert len(table.splitlines()) == 2 + 4
    result.to_csv(tmp_path / "new" / "s.csv")
    with (tmp_path / "new" / "s.csv").open(newline="") as file:
        read = list(csv.DictReader(file))
    assert [row["text"] for row in read] == ["h8", "h8", "h16", ""]
    assert float(read[0]["loss"]) == 0.8


def test_a_table_without_failures_has_no_column_for_them(tmp_path):
    assert "error" not in str(do(tmp_path / "s", lambda lr: {"text": "x" * 99}, {"lr": [1]}))


def test_the_best_point_is_finite(tmp_path):
    losses = {1: 3.0, 2: math.inf, 3: 1.0, 4: math.nan}
    result = do(tmp_path / "s", lambda lr: {"loss": losses[lr]}, {"lr": [1, 2, 3, 4]})
    assert result.best("loss").setting == {"lr": 3}
    assert result.best("loss", largest=True).setting == {"lr": 1}
    with pytest.raises(TrainingError, match=r"'accuracy'.*\['loss'\], 0 of 4 points failed"):
        result.best("accuracy")
