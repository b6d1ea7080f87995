"""The judge of the trained classifier: the file, its note, and its points."""

from pathlib import Path

import pytest
import torch
from torch import nn

from rnn_course.checks.local import LocalSubject
from rnn_course.courseworks.cw1_bptt import COURSEWORK
from rnn_course.courseworks.cw1_bptt.trained_classifier import FILE, held_back
from rnn_course.training import save_weights

ROOT = Path(__file__).parents[3]
QUESTION = COURSEWORK["trained_classifier"]
SETTINGS = {"cell": "GRU", "input_size": 8, "memory_units": 8, "num_layers": 1, "output_size": 10}


class RecurrentClassifier(nn.Module):
    def __init__(self, cell, input_size, memory_units, num_layers, output_size, dropout=0.0):
        super().__init__()
        self.input_size = input_size
        self.memory = getattr(nn, cell)(input_size, memory_units, num_layers, batch_first=True)
        self.scores = nn.Linear(memory_units, output_size)

    def forward(self, images):
        rows = images.reshape(len(images), -1, self.input_size)
        return self.scores(self.memory(rows)[0][:, -1])


def report(folder, seed=3):
    subject = LocalSubject({"RecurrentClassifier": RecurrentClassifier}, folder)
    return QUESTION.report(subject, seed)


def only_misconception(found):
    (misconception,) = found.misconceptions
    return misconception.id


def test_the_model_answers_weights_earn_everything():
    assert report(ROOT / "solutions" / "cw1_bptt").score == 5


def test_a_missing_file_says_what_to_do(tmp_path):
    found = report(tmp_path)
    assert (found.score, only_misconception(found)) == (0, "weights_missing")


def test_an_untrained_classifier_earns_the_file_only(tmp_path):
    torch.manual_seed(0)
    save_weights(RecurrentClassifier(**SETTINGS), tmp_path / FILE, **SETTINGS)
    found = report(tmp_path)
    assert (found.score, only_misconception(found)) == (1, "accuracy_low")


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ({}, "does not tell cell, input_size, memory_units, num_layers, output_size"),
        ({**SETTINGS, "memory_units": "many"}, "The note in the file holds"),
        ({**SETTINGS, "memory_units": 10**6}, "asks for sizes"),
    ],
)
def test_a_note_that_does_not_fit_is_explained(tmp_path, note, message):
    save_weights(RecurrentClassifier(**SETTINGS), tmp_path / FILE, **note)
    found = report(tmp_path)
    assert (found.score, only_misconception(found)) == (0, "weights_unreadable")
    assert message in found.verdicts[0].message


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ({**SETTINGS, "memory_units": 9}, "is (24, 8) in the file and (27, 8) in the class"),
        ({**SETTINGS, "num_layers": 2}, "memory.weight_ih_l1 is not in the file"),
        ({**SETTINGS, "cell": "system"}, "Your code raised"),
    ],
)
def test_weights_of_another_model_are_told_by_name_and_shape(tmp_path, note, message):
    save_weights(RecurrentClassifier(**SETTINGS), tmp_path / FILE, **note)
    found = report(tmp_path)
    assert (found.score, only_misconception(found)) == (0, "weights_do_not_fit")
    assert message in found.verdicts[0].message


def test_a_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / FILE).write_bytes(b"PK\x03\x04 not weights")
    found = report(tmp_path)
    assert (found.score, only_misconception(found)) == (0, "weights_unreadable")


def test_every_seed_shows_the_same_images_with_other_noise():
    (a, labels), (b, again), (c, _) = held_back(1), held_back(2), held_back(1)
    assert labels.tolist() == again.tolist()
    assert (a == c).all()
    assert 0.001 < abs(a - b).mean() < 0.05
    assert a.shape == (360, 64)
