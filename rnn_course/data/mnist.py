"""Where the MNIST files are: a folder of yours, or the cached download."""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnn_course.data._fetch import fetch
from rnn_course.data.cache import cache_dir
from rnn_course.data.idx import read_idx
from rnn_course.errors import DataError

VARIABLE = "RNN_COURSE_DATA"
PARTS = {"train": "train", "test": "t10k"}
_KINDS = {"images": ("images-idx3-ubyte", 3), "labels": ("labels-idx1-ubyte", 1)}
_LAYOUTS = (".", "mnist", "MNIST", "MNIST/raw")
SHA256 = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",  # noqa: E501
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",  # noqa: E501
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)


class Images(NamedTuple):
    """Images (N, height, width) and labels (N,), both uint8, and where they come from."""

    images: np.ndarray
    labels: np.ndarray
    source: str


def read_mnist(part: str, root: str | Path | None = None) -> Images:
    """Read one part of MNIST, ``train`` or ``test``.

    Looks in ``root``, else in ``$RNN_COURSE_DATA``, else in the cached download. The files may
    be compressed or not, and may lie in the folder or in its ``mnist`` or ``MNIST/raw``.

    Raises:
        DataError: the files are not there, are damaged, or do not belong together.
    """
    folder, source = _find_folder(root)
    images, labels = (read_idx(_find(folder, part, kind), _KINDS[kind][1]) for kind in _KINDS)
    if len(images) != len(labels):
        raise DataError(
            f"as many labels as images in the {part} files of {folder}",
            f"{len(images)} images and {len(labels)} labels",
            "Take both files from the same place.",
        )
    if labels.max() > 9:
        raise DataError(
            f"labels from 0 to 9 in the {part} files of {folder}",
            f"a label {labels.max()}",
            "Check that the files are MNIST's.",
        )
    return Images(images, labels, source)


def download_mnist() -> Path:
    """Download the four published files (11 MB) where they are not in the cache yet.

    Returns:
        The folder they are in.

    Raises:
        DownloadError: no mirror gave one of them.
    """
    for name, sha256 in SHA256.items():
        fetch(name, urls=[mirror + name for mirror in MIRRORS], sha256=sha256)
    return download_folder()


def download_folder() -> Path:
    """Return the folder of the downloaded files, whether it is there or not."""
    return cache_dir() / "downloads"


def _find_folder(root: str | Path | None) -> tuple[Path, str]:
    named = root if root is not None else os.environ.get(VARIABLE)
    if named is not None:
        for layout in _LAYOUTS:
            folder = Path(named).expanduser() / layout
            if _candidates(folder, "train", "images"):
                return folder, "MNIST: the files in your folder."
        if root is not None:
            raise DataError(
                f"MNIST's files in {root}, or in its mnist or MNIST/raw",
                "no train-images-idx3-ubyte there, compressed or not",
                "Correct root, or leave it out.",
            )
    folder = download_folder()
    if not _candidates(folder, "train", "images"):
        raise DataError(
            f"MNIST's downloaded files in {folder}",
            "none",
            "Run: rnn-course data mnist --download (11 MB), or use the embedded digits.",
        )
    return folder, "MNIST: the published files."


def _candidates(folder: Path, part: str, kind: str) -> list[Path]:
    """Return the files of a part that are there; the dotted spelling is an old mirror's."""
    stem = f"{PARTS[part]}-{_KINDS[kind][0]}"
    names = (stem, f"{stem}.gz", stem.replace("-idx", ".idx"))
    return [folder / name for name in names if (folder / name).is_file()]


def _find(folder: Path, part: str, kind: str) -> Path:
    found = _candidates(folder, part, kind)
    if not found:
        raise DataError(
            f"a file {PARTS[part]}-{_KINDS[kind][0]} or with .gz in {folder}",
            "neither",
            "Put all four files there: images and labels of train and t10k.",
        )
    return found[0]
