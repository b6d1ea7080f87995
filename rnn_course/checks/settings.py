"""Settings of torch and NumPy that hold for a whole process, and that a notebook may have changed.

A student may compute in float64, on a GPU, or with NumPy's warnings as errors. A judge in the same
process must not: its oracles would fail, and the student would pay for it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch


@dataclass(frozen=True)
class Settings:
    """What new tensors are, and what NumPy makes of an overflow.

    Attributes:
        dtype: torch's default.
        device: torch's default.
        errors: as ``numpy.geterr`` gives them.
    """

    dtype: torch.dtype
    device: torch.device
    errors: dict[str, Any]

    @classmethod
    def now(cls) -> "Settings":
        """Return those that hold."""
        return cls(torch.get_default_dtype(), usable_device(), {**np.geterr()})

    def apply(self) -> None:
        """Let these hold."""
        torch.set_default_dtype(self.dtype)
        if torch.get_default_device() != self.device:
            torch.set_default_device(self.device)
        np.seterr(**self.errors)


def usable_device() -> torch.device:
    """Return the default device; compute on the CPU where it is one that this machine lacks.

    torch takes such a device without a word, and then fails at every tensor.
    """
    try:
        return torch.get_default_device()
    except Exception:  # which one depends on the device
        torch.set_default_device(None)
        return torch.get_default_device()


USUAL = Settings(
    torch.float32,
    torch.device("cpu"),
    {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"},
)
"""Those of a fresh process."""
