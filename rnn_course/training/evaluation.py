"""Measure a classifier of sequences without changing it."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from rnn_course.errors import ShapeError, TrainingError
from rnn_course.shapes import expect_shape
from rnn_course.training.batches import Batches, Samples
from rnn_course.training.device import choose_device, model_dtype
from rnn_course.training.metrics import Metrics, check_classes, confusion_matrix


def evaluate(
    model: nn.Module, data: Samples, *, batch_size: int = 256, device: str | torch.device = "auto"
) -> Metrics:
    """Measure a model on a data set.

    The model is put into evaluation mode (no dropout) and no gradients are kept; every module's
    own mode is put back afterwards. Each call counts from zero.

    Args:
        model: maps features (B, T, D) to logits (B, K). It is moved to the device and stays there.
        data: data set of (features, label) pairs, as for `fit`.
        batch_size: samples at a time; it changes the memory needed, not the result.
        device: see `choose_device`.

    Returns:
        Loss, accuracy, counts and the (K, K) confusion matrix.

    Raises:
        TrainingError: empty data, labels that are no classes of the model, or an output that is
            not (B, K).
    """
    if batch_size < 1:
        raise TrainingError(
            "batch_size of at least 1", f"{batch_size!r}", "Take 256, or less if memory is short."
        )
    place = choose_device(device)
    batches = Batches(data, batch_size, place, model_dtype(model), "evaluation")
    return measure(model.to(place), batches)


def measure(model: nn.Module, batches: Batches) -> Metrics:
    """Do the work of `evaluate` on a model and batches that are on their device already."""
    losses: list[Tensor] = []  # read at the end: each reading would wait for the device
    predicted: list[Tensor] = []
    labels: list[Tensor] = []
    with mode(model, training=False), torch.no_grad():
        for features, classes in batches:
            logits = checked_logits(model, features, classes)
            loss = cross_entropy(logits, classes.to(logits.device), reduction="sum")
            losses.append(loss.double())
            predicted.append(logits.argmax(-1))
            labels.append(classes)
    matrix = confusion_matrix(torch.cat(predicted).cpu(), torch.cat(labels), logits.shape[-1])
    return Metrics(float(sum(losses)) / batches.count, matrix)


def checked_logits(model: nn.Module, features: Tensor, labels: Tensor) -> Tensor:
    """Apply a model to features (B, T, D), and return logits (B, K) that fit the labels (B,).

    Raises:
        TrainingError: the output is not a tensor (B, K), or a label is not below K.
    """
    logits = model(features)
    try:
        if not isinstance(logits, Tensor):
            raise TrainingError(
                "a model that returns logits, one tensor of shape (B, K)",
                f"{type(logits).__name__} from {type(model).__name__}",
                "Return only the logits from forward, not the states beside them.",
            )
        classes = expect_shape("the model's output", logits, "B K", B=len(labels))["K"]
    except ShapeError as problem:
        raise TrainingError(problem.expected, problem.came, problem.fix) from problem
    low, high = torch.aminmax(labels)
    check_classes("labels", int(low), int(high), classes)
    return logits


@contextmanager
def mode(model: nn.Module, *, training: bool) -> Iterator[None]:
    """Put a model into training or evaluation mode, and each module back as it was at the end."""
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, was_training in before:
            module.training = was_training
