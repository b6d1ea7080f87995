import numpy as np
import pytest
import torch

from rnn_course.errors import TrainingError
from rnn_course.training import Metrics, accuracy, confusion_matrix


def test_rows_are_true_and_columns_predicted_classes():
    matrix = confusion_matrix(torch.tensor([1, 1, 2, 0]), torch.tensor([0, 1, 2, 0]), classes=4)
    assert matrix.tolist() == [[1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    metrics = Metrics(loss=0.5, confusion=matrix)
    assert (metrics.count, metrics.correct, metrics.accuracy) == (4, 3, 0.75)
    assert accuracy([1, 1, 2, 0], np.array([0, 1, 2, 0])) == 0.75


@pytest.mark.parametrize("measure", [accuracy, lambda p, y: confusion_matrix(p, y, 3)])
@pytest.mark.parametrize(
    ("predicted", "labels", "text"),
    [
        ([0, 1], [0], r"predictions \(2,\) and labels \(1,\)"),
        ([], [], r"N at least 1"),
        (np.eye(2), np.eye(2), r"argmax"),
    ],
)
def test_what_cannot_be_paired_is_named(measure, predicted, labels, text):
    with pytest.raises(TrainingError, match=text):
        measure(predicted, labels)


def test_classes_out_of_range_are_named():
    with pytest.raises(TrainingError, match=r"predictions from 0 to 2 .* from 0 to 3"):
        confusion_matrix([0, 3], [0, 1], classes=3)
    with pytest.raises(TrainingError, match=r"labels from 0 to 2 .* from -1 to 1"):
        confusion_matrix([0, 2], [-1, 1], classes=3)
