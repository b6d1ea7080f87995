"""Where a model is trained, and the precision that it asks for."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from rnn_course.errors import TrainingError


def choose_device(device: str | torch.device = "auto") -> torch.device:
    """Return the device to compute on.

    ``"auto"`` takes CUDA where there is one, else the CPU. Apple's ``"mps"`` is never chosen
    automatically: it has no float64, and small recurrent networks run slower there than on the
    CPU beside it. It can be asked for by name.

    Args:
        device: ``"auto"``, or anything that ``torch.device`` understands.

    Raises:
        TrainingError: the name means nothing to torch, or this machine lacks that device.
    """
    if str(device) == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        place = torch.device(device)
        torch.empty(1, device=place)
    # torch built without CUDA answers with AssertionError
    except (RuntimeError, AssertionError, NotImplementedError) as problem:
        raise TrainingError(
            "a device that this machine has",
            f"{str(device)!r} ({str(problem).splitlines()[0]})",
            'Use device="auto" or device="cpu".',
        ) from problem
    return place


def model_dtype(model: nn.Module) -> torch.dtype:
    """Return the floating-point type of a model's first parameter (torch's default if none)."""
    floating = (p.dtype for p in model.parameters() if p.is_floating_point())
    return next(floating, torch.get_default_dtype())


@contextmanager
def cudnn_set(**switches: bool) -> Iterator[None]:
    """Set switches of ``torch.backends.cudnn`` for a while.

    Its own ``flags()`` would also set those that were not named, TF32 among them.
    """
    cudnn = torch.backends.cudnn
    before = {name: getattr(cudnn, name) for name in switches}
    try:
        for name, value in switches.items():
            setattr(cudnn, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(cudnn, name, value)
