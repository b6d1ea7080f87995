"""Batches of a labelled data set: straight from memory where possible.

A `torch.utils.data.DataLoader` fetches clip by clip and stacks them again in every epoch. A data
set that holds its tensors anyway is indexed directly, which gives the same batches much sooner.
"""

import math
from collections.abc import Iterator, Sized
from typing import Any, Protocol, cast

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset

from rnn_course.errors import TrainingError

Pair = tuple[Tensor, Tensor]


class Samples(Protocol):
    """A map-style data set of (features, label) pairs."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Any: ...


class Batches:
    """Batches of features and labels, in order or shuffled.

    Args:
        data: a map-style data set of (features, label) pairs. If it has ``.features`` (N, ...)
            and ``.labels`` (N,) tensors, or is a ``TensorDataset`` of the two, or a ``Subset`` of
            such, it is indexed directly; else through a ``DataLoader``.
        batch_size: samples in a batch; the last batch of a pass may be smaller.
        device: where features are sent to. Labels stay on the CPU, where checking them is free.
        dtype: type that floating-point features are converted to; others are left alone.
        name: what the data set is called in errors.

    Raises:
        TrainingError: not a map-style data set, empty, or labels that are no class numbers.
    """

    def __init__(
        self, data: Samples, batch_size: int, device: torch.device, dtype: torch.dtype, name: str
    ) -> None:
        self.count = _count(data, name)
        self._name, self._device, self._dtype = name, device, dtype
        self._data, self._size = data, batch_size
        self._memory: Pair | None = None
        held = _held_tensors(data)
        if held is not None:
            self._memory = (self._place(held[0]), self._labels(held[1]))

    def __len__(self) -> int:
        return math.ceil(self.count / self._size)

    def __iter__(self) -> Iterator[Pair]:
        if self._memory is None:
            # Without a generator of its own, a DataLoader draws from the caller's global one.
            return self._loaded(torch.Generator(), shuffle=False)
        features, labels = self._memory
        return zip(features.split(self._size), labels.split(self._size), strict=True)

    def shuffled(self, generator: torch.Generator) -> Iterator[Pair]:
        """Yield every sample once, in an order drawn from the generator."""
        if self._memory is None:
            return self._loaded(generator, shuffle=True)
        return self._drawn(*self._memory, generator)

    def _drawn(self, features: Tensor, labels: Tensor, order: torch.Generator) -> Iterator[Pair]:
        for chosen in torch.randperm(self.count, generator=order).split(self._size):
            yield features[chosen.to(self._device)], labels[chosen]

    def _loaded(self, generator: torch.Generator, *, shuffle: bool) -> Iterator[Pair]:
        data = cast("Dataset[Any]", self._data)  # a DataLoader uses no more of one than Samples has
        loader = DataLoader(data, self._size, shuffle=shuffle, generator=generator)
        for features, labels in loader:
            yield self._place(features), self._labels(labels)

    def _place(self, features: Tensor) -> Tensor:
        dtype = self._dtype if features.is_floating_point() else None
        return features.to(self._device, dtype)

    def _labels(self, labels: Tensor) -> Tensor:
        whole = not (labels.is_floating_point() or labels.is_complex())
        if labels.dim() != 1 or not whole:
            raise TrainingError(
                f"one whole number (the class) for every sample of the {self._name} data",
                f"labels of shape {tuple(labels.shape)} and type {labels.dtype}",
                "Give class numbers 0 to K - 1, not one-hot vectors: one_hot.argmax(-1).",
            )
        return labels.to("cpu", torch.long)


def _count(data: Samples, name: str) -> int:
    if not hasattr(data, "__getitem__") or not hasattr(data, "__len__"):
        raise TrainingError(
            f"{name} data as a map-style data set (len(data) and data[i] work)",
            f"an object of type {type(data).__name__}",
            "Pass the data set itself, not a DataLoader (loader.dataset) or an iterator.",
        )
    if len(data) == 0:
        raise TrainingError(
            f"at least one sample in the {name} data",
            "an empty data set",
            "Check the split and the classes that it was built with.",
        )
    return len(data)


def _held_tensors(data: object) -> Pair | None:
    """Return the features (N, ...) and labels (N,) that a data set holds in memory, if it does."""
    if isinstance(data, Subset):
        held = _held_tensors(data.dataset)
        chosen = torch.as_tensor(data.indices)
        return None if held is None else (held[0][chosen], held[1][chosen])
    if isinstance(data, TensorDataset):
        return (data.tensors[0], data.tensors[1]) if len(data.tensors) == 2 else None
    features, labels = getattr(data, "features", None), getattr(data, "labels", None)
    if not (
        isinstance(features, Tensor) and isinstance(labels, Tensor) and isinstance(data, Sized)
    ):
        return None
    return (features, labels) if len(features) == len(labels) == len(data) else None
