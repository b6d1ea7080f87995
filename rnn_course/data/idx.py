"""Read the idx format of the MNIST files, trusting nothing that the file says of itself.

An idx file starts with two zero bytes, a code for the type of its numbers, the number of axes,
and the length of each axis as four bytes, high byte first. The numbers follow.

References:
    LeCun, Cortes and Burges, The MNIST database of handwritten digits, 1998.
"""

import gzip
import math
import zlib
from pathlib import Path

import numpy as np

from rnn_course.errors import DataError

MAX_BYTES = 512 * 2**20
_UNSIGNED_BYTE = 0x08


def read_idx(file: Path, axes: int) -> np.ndarray:
    """Read an idx file of unsigned bytes, compressed (``.gz``) or not.

    Never more than the header promises is unpacked, and never more than 512 MiB.

    Args:
        file: the file.
        axes: how many axes its array must have: 3 for images, 1 for labels.

    Returns:
        An array of uint8.

    Raises:
        DataError: the file is unreadable, is not idx, or is shorter or longer than it says.
    """
    try:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
            head = stream.read(4 + 4 * axes)
            if len(head) < 4 + 4 * axes or head[:4] != bytes((0, 0, _UNSIGNED_BYTE, axes)):
                raise _damaged(file, axes, f"one that starts with the bytes {head[:4].hex(' ')}")
            shape = tuple(int(n) for n in np.frombuffer(head, ">u4", offset=4))
            size = math.prod(shape)
            if not 0 < size <= MAX_BYTES:
                raise _damaged(file, axes, f"one that promises an array of shape {shape}")
            body = stream.read(size + 1)
    except (OSError, EOFError, zlib.error) as problem:
        raise _damaged(file, axes, f"{type(problem).__name__}: {problem}") from problem
    if len(body) != size:
        came = f"{len(body)} bytes" if len(body) < size else "more bytes"
        raise _damaged(file, axes, f"{came} where its header promises {size}")
    return np.frombuffer(body, np.uint8).reshape(shape)


def _damaged(file: Path, axes: int, came: str) -> DataError:
    return DataError(
        f"an idx file of unsigned bytes with {axes} axes at {file}",
        came,
        "Fetch the file again.",
    )
