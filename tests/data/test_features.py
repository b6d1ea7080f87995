import librosa
import numpy as np
import pytest

from rnn_course.data import features
from rnn_course.data.features import cached_mfcc, mfcc
from rnn_course.errors import ShapeError


def _course_definition(clip):
    return librosa.feature.mfcc(y=clip, sr=16000, hop_length=512, n_fft=2048).T


@pytest.fixture
def clips():
    """Six clips of very different loudness, one of them silent, most with near silence."""
    rng = np.random.default_rng(0)
    noise = rng.standard_normal((6, 16_000)) * np.logspace(-5, -1, 6)[:, None]
    noise[:, 8000:] *= 1e-4
    noise[3] = 0
    return noise.astype(np.float32)


def test_a_batch_equals_clip_by_clip(clips):
    expected = np.stack([_course_definition(clip) for clip in clips])
    result = mfcc(clips)
    assert result.shape == (6, 32, 20)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, expected, atol=3e-4)  # of values up to 1000


@pytest.mark.skipif(int(librosa.__version__.partition(".")[0]) >= 1, reason="1.0 mended it")
def test_librosa_on_a_batch_is_something_else(clips):
    batch = librosa.feature.mfcc(y=clips, sr=16000, hop_length=512, n_fft=2048).swapaxes(1, 2)
    assert np.abs(batch - mfcc(clips)).max() > 10  # or our detour would be for nothing


def test_neighbours_do_not_matter(clips):
    np.testing.assert_array_equal(mfcc(clips)[:1], mfcc(clips[:1]))


def test_one_clip_alone_is_refused(clips):
    with pytest.raises(
        ShapeError, match=r"\(N, samples\). Got shape \(16000,\). Pass .*clip\[None"
    ):
        mfcc(clips[0])


@pytest.fixture
def files(tmp_path, clips):
    paths = []
    for number, clip in enumerate(clips):
        paths.append(tmp_path / f"{number}.npy")
        np.save(paths[-1], clip)
    return paths


def _no_reading(file):
    raise AssertionError(f"{file} was read again")


def test_features_are_computed_once(files, clips):
    first = cached_mfcc(files, np.load)
    np.testing.assert_allclose(first, mfcc(clips), atol=3e-4)
    np.testing.assert_array_equal(cached_mfcc(files, _no_reading), first)


def test_a_moved_folder_needs_no_new_features(files, tmp_path):
    first = cached_mfcc(files, np.load)
    moved = [file.rename(file.with_suffix(".moved")) for file in files]
    np.testing.assert_array_equal(cached_mfcc(moved, _no_reading), first)


def test_a_changed_file_is_computed_again(files, clips):
    first = cached_mfcc(files, np.load)
    np.save(files[2], clips[5])
    second = cached_mfcc(files, np.load)
    np.testing.assert_array_equal(second[[0, 1, 3]], first[[0, 1, 3]])
    np.testing.assert_allclose(second[2], first[5], atol=3e-4)


def test_other_parameters_are_computed_again(files, monkeypatch):
    before = features._key(files)
    monkeypatch.setitem(features.PARAMETERS, "hop_length", 256)
    assert features._key(files) != before


def test_a_damaged_cache_is_computed_again(files, cache):
    first = cached_mfcc(files, np.load)
    (stored,) = (cache / "features").iterdir()
    stored.write_bytes(stored.read_bytes()[:500])
    np.testing.assert_array_equal(cached_mfcc(files, np.load), first)
    np.testing.assert_array_equal(cached_mfcc(files, _no_reading), first)


def test_a_failed_read_leaves_no_cache(files, cache):
    with pytest.raises(AssertionError):
        cached_mfcc(files, _no_reading)
    assert not list(cache.rglob("*.safetensors"))
