"""What a classifier got right: pure functions on labels, and the result of one evaluation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnn_course.errors import TrainingError


@dataclass(frozen=True, eq=False)
class Metrics:
    """How a model did on one data set. Everything but the loss is counted from the matrix.

    Args:
        loss: mean cross-entropy over the samples, in nats.
        confusion: (K, K) counts; row = true class, column = predicted class.
    """

    loss: float
    confusion: np.ndarray

    @property
    def count(self) -> int:
        """Number of samples."""
        return int(self.confusion.sum())

    @property
    def correct(self) -> int:
        """Number of samples whose class was predicted."""
        return int(np.trace(self.confusion))

    @property
    def accuracy(self) -> float:
        """Share of samples whose class was predicted, from 0 to 1."""
        return self.correct / self.count

    def __str__(self) -> str:
        share = f"{100 * self.accuracy:.1f} % ({self.correct} of {self.count})"
        return f"loss {self.loss:.3f}, accuracy {share}"


def accuracy(predicted: ArrayLike, labels: ArrayLike) -> float:
    """Return the share of predictions that equal their label.

    Args:
        predicted: (N,) predicted classes.
        labels: (N,) true classes.

    Raises:
        TrainingError: different lengths, or nothing to count.

    >>> accuracy([0, 1, 2, 2], [0, 1, 1, 2])
    0.75
    """
    predicted, labels = _paired(predicted, labels)
    return float((predicted == labels).mean())


def confusion_matrix(predicted: ArrayLike, labels: ArrayLike, classes: int) -> np.ndarray:
    """Count how often each class was taken for each other one.

    Args:
        predicted: (N,) predicted classes, 0 to K - 1.
        labels: (N,) true classes, 0 to K - 1.
        classes: K; a class that does not occur keeps its row and column of zeros.

    Returns:
        (K, K) counts; row = true class, column = predicted class.

    Raises:
        TrainingError: different lengths, nothing to count, or a class outside 0 to K - 1.

    >>> confusion_matrix([0, 1, 1], [0, 0, 1], classes=2).tolist()
    [[1, 1], [0, 1]]
    """
    from sklearn.metrics import confusion_matrix as count_pairs

    predicted, labels = _paired(predicted, labels)
    for name, values in (("predictions", predicted), ("labels", labels)):
        check_classes(name, int(values.min()), int(values.max()), classes)
    return count_pairs(labels, predicted, labels=np.arange(classes))


def check_classes(name: str, lowest: int, highest: int, classes: int) -> None:
    """Check that class numbers lie between 0 and K - 1.

    Raises:
        TrainingError: they do not.
    """
    if lowest < 0 or highest >= classes:
        raise TrainingError(
            f"{name} from 0 to {classes - 1} (there are {classes} classes)",
            f"{name} from {lowest} to {highest}",
            "Number the classes from 0, and give the model one output for each class.",
        )


def _paired(predicted: ArrayLike, labels: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    predicted, labels = np.asarray(predicted), np.asarray(labels)
    if predicted.shape != labels.shape or labels.ndim != 1 or labels.size == 0:
        raise TrainingError(
            "one prediction for each label, both of shape (N,), N at least 1",
            f"predictions {predicted.shape} and labels {labels.shape}",
            "Take the class of each row first: logits.argmax(-1).",
        )
    return predicted, labels
