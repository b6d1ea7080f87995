"""Images that are read like text: one row, or one pixel, at each time step."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch.utils.data import Dataset

from rnn_course.data.mnist import Images, read_mnist
from rnn_course.errors import DataError
from rnn_course.seeding import numpy_generator

NAMES = ("digits", "mnist")
SPLITS = ("train", "valid", "test")
ORDERS = ("rows", "pixels", "permuted")
_DIGITS_TRAIN, _DIGITS_VALID = 1200, 237
_MNIST_VALID = 1 / 12  # of the published training files: 5000 of 60000


class SequentialImages(Dataset[tuple[torch.Tensor, int]]):
    """Labelled images as sequences.

    ``data[i]`` is ``(features, label)``: features a float32 tensor (T, D) within [0, 1], label an
    int from 0 to 9.

    Attributes:
        features: (N, T, D) float32 tensor.
        labels: (N,) int64 tensor.
        name, split, order: what was asked for.
        source: a sentence that says where the images come from.
    """

    def __init__(self, features: torch.Tensor, labels: torch.Tensor, about: "_About") -> None:
        self.features, self.labels = features, labels
        self.name, self.split, self.order, self.source = about

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return self.features[index], int(self.labels[index])

    def __repr__(self) -> str:
        _, steps, width = self.features.shape
        return (
            f"SequentialImages({self.name!r}, {self.split!r}: {len(self)} images, "
            f"{steps} steps of {width})"
        )


class _About(NamedTuple):
    name: str
    split: str
    order: str
    source: str


def sequential_images(
    name: str = "digits",
    split: str = "train",
    *,
    order: str = "rows",
    fraction: float = 1.0,
    root: str | Path | None = None,
) -> SequentialImages:
    """Load images of handwritten digits as sequences.

    ``digits`` are scikit-learn's 1797 images of 8×8 pixels, which need no network: 1200 to train,
    237 to validate, 360 to test. ``mnist`` are 70000 images of 28×28: 55000, 5000 and 10000; they
    are read from ``root``, from ``$RNN_COURSE_DATA`` or from the cached download. Which images
    are used is printed once.

    Args:
        name: digits or mnist.
        split: train, valid or test. No image is in two of them.
        order: ``rows``, a row of pixels a step, (8, 8) or (28, 28); ``pixels``, one pixel a step
            from the top left, (64, 1) or (784, 1); ``permuted``, the same in one shuffled order
            for all images, so that neighbours in time are no neighbours on paper.
        fraction: share of the training images to keep, the same ones in every call; a smaller
            share is part of every larger one.
        root: a folder with MNIST's files.

    Raises:
        DataError: an argument is unknown or out of range, or the files are missing or damaged.
    """
    _check(name, split, order, fraction, root)
    images, labels, source = read_digits(split) if name == "digits" else _mnist(split, root)
    _announce(source)
    if split == "train":
        kept = _kept(len(labels), name, fraction)
        images, labels = images[kept], labels[kept]
    features = torch.from_numpy(_in_order(images, order, name))
    return SequentialImages(
        features, torch.from_numpy(labels.astype(np.int64)), _About(name, split, order, source)
    )


def read_digits(split: str) -> Images:
    """Read one part of scikit-learn's digits: images (N, 8, 8) within [0, 1], and labels (N,)."""
    from sklearn.datasets import load_digits

    found = load_digits()
    shuffled = numpy_generator("digits", "splits").permutation(len(found.target))
    cuts = np.split(shuffled, [_DIGITS_TRAIN, _DIGITS_TRAIN + _DIGITS_VALID])
    chosen = cuts[SPLITS.index(split)]
    source = "Digits: 1797 handwritten digits of 8×8 pixels, from scikit-learn."
    return Images(found.images[chosen] / 16, found.target[chosen], source)


def _mnist(split: str, root: str | Path | None) -> Images:
    images, labels, source = read_mnist("test" if split == "test" else "train", root)
    if split != "test":
        cut = len(labels) - round(len(labels) * _MNIST_VALID)
        part = slice(0, cut) if split == "train" else slice(cut, None)
        images, labels = images[part], labels[part]
    return Images(images / np.float32(255), labels, source)


def _kept(count: int, name: str, fraction: float) -> np.ndarray:
    """Return which training images to keep, in their own order."""
    shuffled = numpy_generator(name, "fraction").permutation(count)
    return np.sort(shuffled[: max(1, round(count * fraction))])


def _in_order(images: np.ndarray, order: str, name: str) -> np.ndarray:
    """Turn images (N, height, width) into sequences (N, T, D) of float32."""
    if order != "rows":
        images = images.reshape(len(images), -1, 1)
    if order == "permuted":
        images = images[:, numpy_generator(name, "permuted").permutation(images.shape[1])]
    return np.ascontiguousarray(images, dtype=np.float32)


def _check(name: str, split: str, order: str, fraction: float, root: str | Path | None) -> None:
    for value, known, what in (
        (name, NAMES, "name"),
        (split, SPLITS, "split"),
        (order, ORDERS, "order"),
    ):
        if value not in known:
            raise DataError(f"{what} in {known}", repr(value), "Choose one of them.")
    if not 0 < fraction <= 1 or (fraction < 1 and split != "train"):
        raise DataError(
            "fraction above 0 and at most 1, and below 1 for split='train' only",
            f"fraction={fraction!r} with split={split!r}",
            "Leave the validation and test images as they are.",
        )
    if root is not None and name == "digits":
        raise DataError(
            "no root with name='digits', which come with scikit-learn",
            f"root={str(root)!r}",
            "Leave out root, or ask for name='mnist'.",
        )


@cache
def _announce(sentence: str) -> None:
    """Print a sentence the first time it is said in this process."""
    print(sentence)
