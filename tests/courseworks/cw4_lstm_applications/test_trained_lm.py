"""Submitted weights: read as data, loaded into the student's class, measured on unseen text."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from rnn_course.checks.local import LocalSubject
from rnn_course.courseworks.cw4_lstm_applications import COURSEWORK
from rnn_course.data import Vocabulary, prose
from rnn_course.training import save_weights

QUESTION = COURSEWORK["trained_lm"]
SOLUTION = Path(__file__).parents[3] / "solutions" / "cw4_lstm_applications"
SETTINGS = {"vocab_size": 28, "hidden_size": 128, "cell": "LSTM", "embedding": 32}


class CharLM(nn.Module):
    def __init__(self, vocab_size, hidden_size, cell="LSTM", embedding=None):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embedding)
        self.recurrent = getattr(nn, cell)(embedding, hidden_size, batch_first=True)
        self.readout = nn.Linear(hidden_size, vocab_size)

    def forward(self, ids, state=None):
        h, state = self.recurrent(self.embedding(ids), state)
        return self.readout(h), state


def report(folder, seed=1, **names):
    return QUESTION.report(LocalSubject(names or {"CharLM": CharLM}, folder), seed)


def named(found):
    return [mistake.id for mistake in found.misconceptions]


def test_the_model_answer_earns_everything_at_any_seed():
    assert {report(SOLUTION, seed).score for seed in range(3)} == {10.0}


def test_frequencies_alone_earn_nothing(tmp_path):
    model = CharLM(**SETTINGS)
    counts = np.bincount(Vocabulary.characters().encode(prose()), minlength=28) + 1.0
    with torch.no_grad():
        model.readout.weight.zero_()
        model.readout.bias.copy_(torch.from_numpy(np.log(counts)))
    save_weights(model, tmp_path / "language_model.safetensors", **SETTINGS)
    found = report(tmp_path)
    assert found.score == 0
    assert named(found) == ["learned_little"]
    assert "perplexity is 1" in found.verdicts[0].message


def test_something_between_earns_something_between(tmp_path):
    from rnn_course.training import load_weights

    model = CharLM(**SETTINGS)
    load_weights(model, SOLUTION / "language_model.safetensors")
    with torch.no_grad():
        model.readout.weight *= 0.3
        model.readout.bias *= 0.3
    save_weights(model, tmp_path / "language_model.safetensors", **SETTINGS)
    assert 0 < report(tmp_path).score < 10


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "settings_not_saved"),
        ({**SETTINGS, "hidden_size": "many"}, "settings_out_of_bounds"),
        ({**SETTINGS, "vocab_size": 99}, "settings_out_of_bounds"),
        ({**SETTINGS, "hidden_size": 64}, "weights_do_not_fit"),
        ({**SETTINGS, "cell": "GRU"}, "weights_do_not_fit"),
    ],
)
def test_a_note_that_is_missing_or_wrong_is_named(tmp_path, settings, expected):
    save_weights(CharLM(**SETTINGS), tmp_path / "language_model.safetensors", **settings)
    assert named(report(tmp_path)) == [expected]


def test_other_shapes_are_told_by_name(tmp_path):
    save_weights(
        CharLM(**SETTINGS),
        tmp_path / "language_model.safetensors",
        **{**SETTINGS, "hidden_size": 64},
    )
    message = report(tmp_path).verdicts[0].message
    assert "weight_ih_l0 is (512, 32) in the file and (256, 32) in the class" in message


def test_no_file_a_pickle_and_no_class_are_named(tmp_path):
    assert named(report(tmp_path)) == ["no_weights"]
    torch.save(CharLM(**SETTINGS).state_dict(), tmp_path / "language_model.safetensors")
    assert named(report(tmp_path)) == ["weights_not_readable"]
    assert "Nothing called `CharLM`" in report(SOLUTION, other=1).verdicts[0].message


class Sure(CharLM):
    def forward(self, ids, state=None):
        logits, state = super().forward(ids, state)
        return torch.full_like(logits, 1e30), state


class Peeks(CharLM):
    def forward(self, ids, state=None):
        logits, state = super().forward(ids, state)
        logits = logits + 50 * nn.functional.one_hot(ids.roll(-1, 1), 28)
        logits[..., 27] = -1e6  # beside which 50 is little
        return logits, state


def test_logits_beyond_what_a_logarithm_shows_beside_are_a_guess():
    found = report(SOLUTION, CharLM=Sure)
    assert found.score == 0
    assert "perplexity is 28.00" in found.verdicts[0].message


def test_a_model_that_reads_what_it_is_to_predict_earns_nothing():
    found = report(SOLUTION, CharLM=Peeks)
    assert found.score == 0
    assert found.verdicts[0].message == (
        "Its predictions change with the characters that are to be predicted."
    )
