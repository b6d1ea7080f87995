import pytest
import torch
from torch import nn

from rnn_course.checks.local import LocalSubject
from rnn_course.courseworks.cw3_temporal_order import COURSEWORK
from rnn_course.training import save_weights


class LSTMNeuralNet(nn.Module):
    """Reads the class off the sequence; right if its parameter says so."""

    def __init__(self, input_size, hidden_size, n_classes):
        super().__init__()
        self.sure = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, lengths):
        y = x[..., 6] > 0.5
        place = ((x[..., 5] > 0.5) | y).cumsum(1)
        labels = (y * (8 >> place)).sum(1)
        guess = torch.where(torch.arange(len(x)) < len(x) * self.sure[0], labels, (labels + 1) % 8)
        return nn.functional.one_hot(guess, 8).float() * self.sure.sum()


class AttnRecurrentNeuralNet(LSTMNeuralNet):
    pass


NAMES = {"LSTMNeuralNet": LSTMNeuralNet, "AttnRecurrentNeuralNet": AttnRecurrentNeuralNet}


def solved(share):
    model = LSTMNeuralNet(8, 5, 8)
    nn.init.constant_(model.sure, share)
    return model


def verdicts(folder, names=NAMES):
    report = COURSEWORK["weights"].report(LocalSubject(names, folder), seed=3)
    return {v.criterion.id: v for v in report.verdicts}


def test_points_rise_with_accuracy_and_the_hidden_size_is_found(tmp_path):
    save_weights(solved(1.0), tmp_path / "lstm.safetensors")
    save_weights(solved(0.75), tmp_path / "attention.safetensors")
    found = verdicts(tmp_path)
    assert found["lstm"].score == 5
    assert found["attention"].score == pytest.approx(5 * (0.75 - 0.5) / 0.49, abs=0.01)
    assert "75.0 % of 400 fresh sequences" in found["attention"].message
    assert found["attention"].misconception.id == "weights_not_solved"


def test_half_right_earns_nothing(tmp_path):
    save_weights(solved(0.5), tmp_path / "lstm.safetensors")
    assert verdicts(tmp_path)["lstm"].score == 0


def test_missing_broken_and_foreign_files_are_named(tmp_path):
    (tmp_path / "lstm.safetensors").write_bytes(b"no weights at all")
    found = verdicts(tmp_path)
    assert found["lstm"].misconception.id == "weights_unreadable"
    assert found["attention"].misconception.id == "no_weights_file"
    save_weights(nn.Linear(3, 4), tmp_path / "lstm.safetensors")
    verdict = verdicts(tmp_path)["lstm"]
    assert verdict.misconception.id == "weights_do_not_fit"
    assert verdict.message == (
        "sure is not in the file; bias is not in the class; weight is not in the class."
    )


def test_without_the_class_the_file_cannot_be_judged(tmp_path):
    save_weights(solved(1.0), tmp_path / "lstm.safetensors")
    message = verdicts(tmp_path, {})["lstm"].message
    assert message == "Nothing called `LSTMNeuralNet` is defined to load lstm.safetensors into."


def test_a_model_that_fails_on_real_sequences_says_so(tmp_path):
    class Broken(LSTMNeuralNet):
        def forward(self, x, lengths):
            raise ValueError("not today")

    save_weights(solved(1.0), tmp_path / "lstm.safetensors")
    verdict = verdicts(tmp_path, {"LSTMNeuralNet": Broken})["lstm"]
    assert verdict.score == 0
    assert "ValueError: not today" in verdict.message
