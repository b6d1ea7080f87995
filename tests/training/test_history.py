import json
from dataclasses import asdict

import pytest
from small_task import build, history, train

from rnn_course.errors import TrainingError
from rnn_course.training import History


def test_a_real_run_survives_a_file(tmp_path):
    run = train(build(), clip_norm=1.0)
    run.save(tmp_path / "new folder" / "run.json")
    assert History.load(tmp_path / "new folder" / "run.json") == run


def test_text_and_derived_numbers():
    run = history()
    assert (run.steps, run.epochs, run.best.step) == (4, 2.0, 4)
    assert str(run) == (
        "4 steps (2.0 epochs), stopped: finished, best at step 4: validation loss 0.750, "
        "accuracy 75.0 %"
    )
    assert str(history(accuracies=())).endswith("never validated")


def test_a_run_without_validation_survives_a_file(tmp_path):
    run = history(accuracies=(), stopped="interrupted")
    run.save(tmp_path / "run.json")
    assert History.load(tmp_path / "run.json") == run


def damage(**changes):
    return json.dumps({**asdict(history()), **changes})


@pytest.mark.parametrize(
    ("text", "came"),
    [
        ("{", "JSONDecodeError"),
        ("[1, 2]", "TypeError"),
        ("{}", "KeyError: 'valid'"),
        (damage(surprise=1), "unexpected keyword argument 'surprise'"),
        (damage(valid=[{"step": 1}]), "TypeError"),
        (damage(valid=[{"step": 0, "loss": 1.0, "accuracy": 1.0}]), "unusable values in valid st"),
        (damage(train_loss=["one"]), "unusable values in train_loss"),
        (damage(train_loss=[float("nan")]), "unusable values in train_loss"),
        (damage(best_step=3), "unusable values in best_step"),
        (damage(steps_per_epoch=0), "unusable values in steps_per_epoch"),
        (damage(seconds=-1), "unusable values in seconds"),
        (damage(stopped="bored"), "unusable values in stopped"),
        (damage(settings=[]), "unusable values in settings"),
    ],
)
def test_a_file_that_is_no_history_is_named_with_what_is_wrong(tmp_path, text, came):
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(TrainingError) as caught:
        History.load(tmp_path / "run.json")
    assert "written by History.save in" in caught.value.expected
    assert came in caught.value.came
    assert "train again" in caught.value.fix


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(TrainingError, match=r"nowhere\.json.*FileNotFoundError"):
        History.load(tmp_path / "nowhere.json")
