"""How far back a network's loss is felt: its gradient with respect to each time step."""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from rnn_course.errors import TrainingError
from rnn_course.training.device import cudnn_set, model_dtype
from rnn_course.training.evaluation import checked_logits, mode


def gradient_norms(model: nn.Module, x: Tensor, labels: Tensor) -> Tensor:
    """Return how strongly the loss depends on each time step of the input.

    For each clip, the length of ∂loss/∂x_t; then the mean over the clips. In a plain RNN it falls
    by orders of magnitude from the last step to the first: the gradient vanishes. The model is in
    evaluation mode meanwhile, and its own gradients are left as they were.

    Args:
        model: maps features (B, T, D) to logits (B, K).
        x: features (B, T, D), on any device; they are moved to the model's.
        labels: classes (B,).

    Returns:
        Norms (T,), on the CPU.

    Raises:
        TrainingError: x is not (B, T, D) floating-point features, the labels do not fit, or the
            output carries no gradient.

    References:
        Bengio, Simard and Frasconi, Learning long-term dependencies with gradient descent is
        difficult, 1994.
    """
    if x.dim() != 3 or not x.is_floating_point():
        raise TrainingError(
            "floating-point features of shape (B, T, D)",
            f"shape {tuple(x.shape)} and type {x.dtype}",
            "Pass a batch of features: x[None] makes one clip a batch.",
        )
    place = next((p.device for p in model.parameters()), x.device)
    features = x.detach().to(place, model_dtype(model)).requires_grad_()
    # cuDNN refuses to differentiate a recurrent layer in evaluation mode.
    with mode(model, training=False), torch.enable_grad(), cudnn_set(enabled=False):
        logits = checked_logits(model, features, labels.cpu())
        # Summed, not averaged: each clip's gradient is then its own, whatever the batch size.
        loss = cross_entropy(logits, labels.to(logits.device), reduction="sum")
        if not loss.requires_grad:
            raise TrainingError(
                "an output that depends on the input",
                "one without a gradient",
                "Look for detach(), no_grad(), .numpy() or .item() in the model's forward.",
            )
        (gradient,) = torch.autograd.grad(loss, features, materialize_grads=True)
    return gradient.norm(dim=-1).mean(dim=0).cpu()
