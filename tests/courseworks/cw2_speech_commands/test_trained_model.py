import json

import numpy as np
import pytest
from safetensors.numpy import save

from rnn_course.checks.requests import Anatomy, Description, Outcome
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Tensor
from rnn_course.checks.weights_file import SavedWeights, read_weights
from rnn_course.courseworks.cw2_speech_commands import trained_model
from rnn_course.courseworks.cw2_speech_commands.trained_model import TRAINED_MODEL, held_back
from rnn_course.errors import ObservationError
from rnn_course.seeding import PUBLIC_SEED

NOTE = {
    "class": "Net",
    "mode": "GRU",
    "input_size": "20",
    "hidden_size": "8",
    "num_layers": "1",
    "bias": "True",
    "output_size": "3",
}
LABELS = np.repeat([0, 1, 2], 100)


class Oracle(Subject):
    """A subject that is right about a given number of the 300 clips."""

    def __init__(self, right, note=NOTE):
        self.content = save({"w": np.zeros(2, np.float32)}, metadata=note)
        said = LABELS.copy()
        wrong = np.random.default_rng(0).permutation(300)[: 300 - right]
        said[wrong] = (said[wrong] + np.arange(len(wrong)) % 2 + 1) % 3
        self.logits, self.at = np.eye(3)[said].astype(np.float32), 0

    def file(self, name):
        return self.content

    def source(self, name):
        return ""

    def answers(self, requests):
        return map(self._answer, requests)

    def _answer(self, request):
        kind = type(request).__name__
        if kind == "Describe":
            return Description("module")
        if kind == "Inspect":
            return Anatomy((("w", (2,), "float32"),), (), ("Net",), {})
        count = len(request.cases[0].inputs[0])
        part = self.logits[self.at : self.at + count]
        self.at = (self.at + count) % 300
        return [Outcome(value=Tensor(part, part.shape, "float32"))]


@pytest.fixture(autouse=True)
def clips(monkeypatch):
    features = np.random.default_rng(1).normal(0, 1, (300, 32, 20)).astype(np.float32)
    monkeypatch.setattr(trained_model, "held_back", lambda *_: (features, LABELS, "clips"))


@pytest.mark.parametrize(
    ("right", "points"),
    [(100, 0), (150, 0), (180, 2.5), (210, 5), (240, 7.5), (270, 10), (300, 10)],
)
def test_points_rise_with_accuracy(right, points):
    report = TRAINED_MODEL.report(Oracle(right), 1)
    assert report.score == pytest.approx(points)
    assert f"{right / 3:.1f} % of 300 clips" in report.verdicts[0].message


@pytest.mark.parametrize(
    ("change", "id"),
    [
        ({"hidden_size": "513"}, "model_too_large"),
        ({"hidden_size": "-1"}, "model_too_large"),
        ({"num_layers": "9" * 300}, "model_too_large"),
        ({"bias": "__import__('os')"}, "note_missing"),
        ({"hidden_size": "8.5"}, "note_missing"),
    ],
)
def test_an_odd_note_earns_nothing(change, id):
    report = TRAINED_MODEL.report(Oracle(300, {**NOTE, **change}), 1)
    assert report.score == 0
    assert [m.id for m in report.misconceptions] == [id]


def test_a_file_that_is_none_of_ours_is_refused():
    header = json.dumps({"__metadata__": {"class": 3}}).encode()
    for content in (
        b"",
        b"PK\x03\x04 a pickle of torch.save",
        len(header).to_bytes(8, "little") + header,
        (9).to_bytes(8, "little") + b"[1, 2, 3]",
    ):
        with pytest.raises(ObservationError, match="Save the model again with save_weights"):
            read_weights(content)


def test_differences_are_listed():
    saved = SavedWeights({}, {"a": np.zeros(2), "c": np.zeros(1)})
    anatomy = Anatomy((("a", (3,), "float32"), ("b", (1,), "float32")), (), (), {})
    assert saved.misfit(anatomy) == (
        "a is (2,) in the file and (3,) in the class; b is not in the file; c is not in the class"
    )


def test_what_the_class_makes_itself_or_has_no_place_for_is_no_difference():
    saved = SavedWeights({}, {"a": np.zeros(2), "left_over": np.zeros(1)})
    anatomy = Anatomy((("a", (2,), "float32"),), (("made", (9,), "float32"),), (), {})
    assert saved.misfit(anatomy) == ""


def test_what_the_class_has_no_place_for_is_mentioned():
    subject = Oracle(300)
    subject.content = save({name: np.zeros(2, np.float32) for name in "wv"}, metadata=NOTE)
    report = TRAINED_MODEL.report(subject, 1)
    assert report.score == 10
    assert report.notes == ("speech_model.safetensors also holds v, which Net has not.",)


def test_the_students_own_seed_means_the_students_own_clips(monkeypatch):
    monkeypatch.setattr(trained_model, "_test_split", lambda: ("features", "labels"))
    assert held_back(PUBLIC_SEED, "")[:2] == ("features", "labels")


def test_another_seed_means_fresh_clips(monkeypatch):
    from rnn_course.data import held_back as fresh

    monkeypatch.setattr(fresh, "held_back_speech", lambda seed, classes: (seed, classes))
    assert held_back(9, "synthetic speech")[:2] == (9, ("one", "two", "three"))


def test_recordings_are_judged_on_recordings_where_there_are_some(monkeypatch):
    features, labels = np.zeros((900, 32, 20)), np.arange(900)
    monkeypatch.setattr(trained_model, "_test_split", lambda: (features, labels))
    monkeypatch.setattr(trained_model, "_test_source", lambda: "recorded")
    _, chosen, sentence = held_back(9, "the published recordings")
    assert len(set(chosen.tolist())) == 300
    assert sentence == "recorded clips of the test split"
