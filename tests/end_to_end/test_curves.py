"""The question on curves can be answered from what students are shown, and only by thinking."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from rnn_course.training import History

FOLDER = Path(__file__).parents[2] / "solutions" / "cw2_speech_commands"
BLOCKS = {"RNN": 1, "GRU": 3, "LSTM": 4}  # pairs of matrices, counted in the notebook's equations
STEP_100 = 3  # the runs were validated every 25 steps


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("make_curves", FOLDER / "make_curves.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def facts():
    return json.loads((FOLDER / "curves" / "facts.json").read_text())


@pytest.fixture(scope="module")
def accuracy():
    """Return validation accuracies (runs, looks) by name."""
    return {
        name: np.array(
            [
                [point.accuracy for point in History.load(file).valid]
                for file in sorted((FOLDER / "curves").glob(f"{name}_*.json"))
            ]
        )
        for name in "ABC"
    }


def test_counting_matrices_names_all_three(script, facts):
    budget, inputs = script.BUDGET, 20
    for name, fact in facts.items():
        blocks = BLOCKS[script.NAMES[name]]

        def cost(hidden, blocks=blocks):
            return blocks * (hidden * hidden + inputs * hidden + 2 * hidden)

        assert cost(fact["hidden_size"]) == fact["recurrent_parameters"] <= budget
        assert cost(fact["hidden_size"] + 1) > budget


def test_the_plain_network_stays_at_chance_for_want_of_a_gradient(script, facts, accuracy):
    (plain,) = (name for name, kind in script.NAMES.items() if kind == "RNN")
    assert accuracy[plain].max() < 0.4
    for name, fact in facts.items():
        norms = fact["gradient_norms_before_training"]
        assert (norms[0] < 1e-12 * norms[-1]) == (name == plain)
        assert (norms[0] > 1e-3 * norms[-1]) == (name != plain)


def test_the_gru_is_ahead_of_the_lstm_in_every_run(script, facts, accuracy):
    names = {kind: name for name, kind in script.NAMES.items()}
    gru, lstm = accuracy[names["GRU"]], accuracy[names["LSTM"]]
    assert len(gru) == len(lstm) == len(script.SEEDS)
    assert gru[:, STEP_100].min() > lstm[:, STEP_100].max() + 0.05
    assert lstm[:, -1].min() > 0.8
    first, second = (facts[names[k]]["gradient_norms_before_training"] for k in ("GRU", "LSTM"))
    assert np.all(np.array(first) > np.array(second))


def test_what_is_shipped_names_no_network():
    for file in (FOLDER / "curves").iterdir():
        text = file.read_text().upper()
        assert not any(kind in text for kind in BLOCKS), file.name


@pytest.mark.slow
def test_the_stored_runs_are_what_the_script_makes(script, tmp_path, monkeypatch):
    monkeypatch.delenv("RNN_COURSE_DATA", raising=False)
    monkeypatch.setattr(script, "SEEDS", range(1))
    monkeypatch.setattr(script, "__file__", str(tmp_path / "make_curves.py"))
    script.main()
    for name in script.NAMES:
        stored = History.load(FOLDER / "curves" / f"{name}_0.json")
        again = History.load(tmp_path / "curves" / f"{name}_0.json")
        # The first steps are the same on every machine, up to rounding that grows later.
        np.testing.assert_allclose(again.train_loss[:10], stored.train_loss[:10], rtol=1e-3)
        assert abs(again.valid[-1].accuracy - stored.valid[-1].accuracy) < 0.08
