import gzip

import numpy as np
import pytest
from idx_files import idx_bytes

from rnn_course.data.idx import read_idx
from rnn_course.errors import DataError

IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)


def test_reads_plain_and_compressed_files(tmp_path):
    plain, packed = tmp_path / "images", tmp_path / "images.gz"
    plain.write_bytes(idx_bytes(IMAGES))
    packed.write_bytes(gzip.compress(idx_bytes(IMAGES)))
    assert np.array_equal(read_idx(plain, 3), IMAGES)
    assert np.array_equal(read_idx(packed, 3), IMAGES)


@pytest.mark.parametrize(
    ("content", "came"),
    [
        (b"", "starts with the bytes"),
        (b"\x00\x00\x08", "starts with the bytes 00 00 08"),
        (b"GIF89a" + bytes(20), "starts with the bytes 47 49 46 38"),
        (idx_bytes(IMAGES, code=13), "starts with the bytes 00 00 0d 03"),
        (idx_bytes(IMAGES[0]), "starts with the bytes 00 00 08 02"),
        (idx_bytes(IMAGES)[:-1], "23 bytes where its header promises 24"),
        (idx_bytes(IMAGES) + b"x", "more bytes where its header promises 24"),
        (bytes((0, 0, 8, 3)) + b"\xff" * 12, "promises an array of shape"),
        (bytes((0, 0, 8, 3)) + bytes(12), "promises an array of shape (0, 0, 0)"),
    ],
)
def test_a_file_that_lies_is_refused(tmp_path, content, came):
    file = tmp_path / "images"
    file.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_idx(file, 3)
    assert "an idx file of unsigned bytes with 3 axes at" in caught.value.expected
    assert came in caught.value.came
    assert caught.value.fix == "Fetch the file again."


@pytest.mark.parametrize("damage", [lambda b: b[:-12], lambda b: b"\x1f\x8b" + b[2:-9] + bytes(9)])
def test_a_damaged_archive_is_refused(tmp_path, damage):
    file = tmp_path / "images.gz"
    noise = np.random.default_rng(0).integers(0, 256, (20, 28, 28), dtype=np.uint8)
    file.write_bytes(damage(gzip.compress(idx_bytes(noise))))
    with pytest.raises(DataError, match="Fetch the file again"):
        read_idx(file, 3)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(DataError, match="FileNotFoundError"):
        read_idx(tmp_path / "nothing.gz", 1)


def test_a_bomb_is_not_unpacked(tmp_path):
    file = tmp_path / "bomb.gz"
    with gzip.open(file, "wb") as stream:
        stream.write(idx_bytes(np.zeros((1, 2, 2), np.uint8)))
        for _ in range(64):
            stream.write(bytes(2**20))
    with pytest.raises(DataError, match="more bytes where its header promises 4"):
        read_idx(file, 3)
