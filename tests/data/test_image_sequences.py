import gzip

import numpy as np
import pytest
import torch
from idx_files import idx_bytes
from sklearn.datasets import load_digits

from rnn_course.data import mnist, sequential_images
from rnn_course.errors import DataError


def as_rows(*splits):
    return {tuple(row) for data in splits for row in data.features.flatten(1).tolist()}


def test_digits_are_scikit_learns_split_in_three():
    train, valid, test = (sequential_images("digits", s) for s in ("train", "valid", "test"))
    assert [len(d) for d in (train, valid, test)] == [1200, 237, 360]
    assert train.features.shape == (1200, 8, 8)
    assert train.features.dtype == torch.float32
    assert train.features.min() >= 0
    assert train.features.max() == 1
    everything = {tuple(row) for row in (load_digits().data / 16).astype("float32").tolist()}
    assert as_rows(train, valid, test) == everything
    features, label = test[5]
    assert torch.equal(features, test.features[5])
    assert label == int(test.labels[5])


def test_labels_belong_to_their_images():
    found = load_digits()
    rows = map(tuple, (found.data / 16).tolist())
    by_image = dict(zip(rows, found.target, strict=True))
    data = sequential_images("digits", "valid")
    for features, label in data:
        assert by_image[tuple(features.flatten().tolist())] == label


def test_pixel_orders_hold_the_same_pixels():
    rows = sequential_images("digits", "test")
    pixels = sequential_images("digits", "test", order="pixels")
    permuted = sequential_images("digits", "test", order="permuted")
    assert pixels.features.shape == permuted.features.shape == (360, 64, 1)
    assert torch.equal(pixels.features.reshape(360, 8, 8), rows.features)
    assert not torch.equal(permuted.features, pixels.features)
    assert torch.equal(permuted.features.sort(1).values, pixels.features.sort(1).values)
    train = sequential_images("digits", "train", order="permuted")
    plain = sequential_images("digits", "train", order="pixels")
    moved = [(plain.features[:, :, 0] == train.features[:, t]).all(0).nonzero() for t in range(64)]
    assert all(len(where) for where in moved), "one order for all images"


def test_a_fraction_is_fixed_and_nested():
    small = sequential_images("digits", "train", fraction=0.05)
    large = sequential_images("digits", "train", fraction=0.5)
    assert (len(small), len(large)) == (60, 600)
    assert torch.equal(sequential_images("digits", fraction=0.05).features, small.features)
    assert as_rows(small) < as_rows(large) < as_rows(sequential_images())


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"name": "cifar"}, "name in ('digits', 'mnist'). Got 'cifar'"),
        ({"split": "dev"}, "split in ('train', 'valid', 'test'). Got 'dev'"),
        ({"order": "columns"}, "order in ('rows', 'pixels', 'permuted'). Got 'columns'"),
        ({"fraction": 0.0}, "fraction above 0 and at most 1"),
        ({"fraction": float("nan")}, "fraction above 0 and at most 1"),
        ({"split": "test", "fraction": 0.5}, "fraction=0.5 with split='test'"),
        ({"root": "here"}, "no root with name='digits'"),
    ],
)
def test_unusable_arguments_are_refused(arguments, text):
    with pytest.raises(DataError) as caught:
        sequential_images(**arguments)
    assert text in str(caught.value)


def mnist_files(folder, count=24, pack=True):
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)
    made = {}
    for part, n in (("train", count), ("t10k", 6)):
        made[part] = rng.integers(0, 256, (n, 28, 28), np.uint8), rng.integers(0, 10, n, np.uint8)
        for kind, array in zip(("images-idx3", "labels-idx1"), made[part], strict=True):
            data, name = idx_bytes(array), f"{part}-{kind}-ubyte"
            file = folder / (f"{name}.gz" if pack else name)
            file.write_bytes(gzip.compress(data) if pack else data)
    return made


@pytest.mark.parametrize(("place", "pack"), [(".", True), ("mnist", False), ("MNIST/raw", True)])
def test_mnist_is_read_from_a_folder(tmp_path, place, pack):
    made = mnist_files(tmp_path / place, pack=pack)
    train, valid, test = (
        sequential_images("mnist", split, root=tmp_path) for split in ("train", "valid", "test")
    )
    assert [len(d) for d in (train, valid, test)] == [22, 2, 6]
    images = np.concatenate([train.features, valid.features])
    assert np.allclose(images, made["train"][0] / 255, atol=1e-7)
    assert test.labels.tolist() == made["t10k"][1].tolist()


def test_mnist_is_read_from_the_named_variable_and_the_cache(tmp_path, monkeypatch):
    mnist_files(tmp_path / "lab")
    monkeypatch.setenv("RNN_COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("RNN_COURSE_DATA", str(tmp_path / "lab"))
    assert sequential_images("mnist", "test").source == "MNIST: the files in your folder."
    mnist_files(tmp_path / "cache" / "downloads")
    monkeypatch.setenv("RNN_COURSE_DATA", str(tmp_path))  # a lab share with other data only
    assert sequential_images("mnist", "test").source == "MNIST: the published files."


def test_mnist_that_is_not_there_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setenv("RNN_COURSE_CACHE", str(tmp_path))
    monkeypatch.delenv("RNN_COURSE_DATA", raising=False)
    with pytest.raises(DataError, match="rnn-course data mnist --download"):
        sequential_images("mnist")
    with pytest.raises(DataError, match=r"MNIST's files in .* Correct root"):
        sequential_images("mnist", root=tmp_path)


def test_mnist_files_that_do_not_belong_together_are_refused(tmp_path):
    mnist_files(tmp_path)
    labels = tmp_path / "train-labels-idx1-ubyte.gz"
    labels.write_bytes(gzip.compress(idx_bytes(np.zeros(5, np.uint8))))
    with pytest.raises(DataError, match="24 images and 5 labels"):
        sequential_images("mnist", root=tmp_path)
    labels.write_bytes(gzip.compress(idx_bytes(np.full(24, 11, np.uint8))))
    with pytest.raises(DataError, match="a label 11"):
        sequential_images("mnist", root=tmp_path)
    labels.unlink()
    with pytest.raises(DataError, match="Put all four files there"):
        sequential_images("mnist", root=tmp_path)


def test_the_download_asks_both_mirrors_for_each_published_file(tmp_path, monkeypatch):
    monkeypatch.setenv("RNN_COURSE_CACHE", str(tmp_path))
    asked = {}
    monkeypatch.setattr(mnist, "fetch", lambda name, **how: asked.update({name: how}))
    assert mnist.download_mnist() == mnist.download_folder() == tmp_path / "downloads"
    assert len(asked) == 4
    for name, how in asked.items():
        assert [url.rsplit("/", 1)[1] for url in how["urls"]] == [name, name]
        assert how["sha256"] == mnist.SHA256[name]
        assert len(how["sha256"]) == 64
