import numpy as np
import pytest

from rnn_course.data import noisy_sine, series_from_csv, series_windows
from rnn_course.errors import DataError


def test_the_sine_is_as_defined():
    clean = noisy_sine(500, noise=0.0)
    np.testing.assert_allclose(clean, np.sin(0.01 * np.arange(1, 501)), atol=1e-6)
    rest = noisy_sine(20_000, seed=3) - noisy_sine(20_000, noise=0.0)
    assert abs(rest.mean()) < 0.01
    assert abs(rest.std() - 0.2) < 0.005
    np.testing.assert_array_equal(noisy_sine(seed=1), noisy_sine(seed=1))
    assert not np.array_equal(noisy_sine(seed=1), noisy_sine(seed=2))


def test_the_targets_of_a_window_are_one_step_later():
    inputs, targets = series_windows(np.arange(10.0), 4)
    assert inputs.shape == targets.shape == (6, 4)
    np.testing.assert_array_equal(targets, inputs + 1)
    np.testing.assert_array_equal(inputs[:, 0], np.arange(6))


def test_a_column_of_a_file_is_read_with_or_without_a_header(tmp_path):
    named, bare = tmp_path / "named.csv", tmp_path / "bare.csv"
    named.write_text("day, temperature\n1,20.5\n\n2,-3e0\n", encoding="utf-8-sig")
    bare.write_text("1,2\n3,4\n", encoding="utf-8")
    assert series_from_csv(named, "temperature").tolist() == [20.5, -3.0]
    assert series_from_csv(bare, 1).tolist() == [2.0, 4.0]


def test_bad_files_sizes_and_columns_are_refused(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("t,x\n1,2\n3,\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"a column of .*: t, x\. Got 'y'"):
        series_from_csv(path, "y")
    with pytest.raises(DataError, match=r"a finite number in column 1 .*Got ''\. Fill the gap"):
        series_from_csv(path, "x")
    with pytest.raises(DataError, match=r"a CSV file at .*FileNotFoundError"):
        series_from_csv(tmp_path / "nowhere.csv")
    path.write_text("t,x\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"numbers in .*Got none"):
        series_from_csv(path)
    with pytest.raises(DataError, match=r"tau between 1 and 4.*Got tau=5"):
        series_windows(np.arange(5.0), 5)
    with pytest.raises(DataError, match=r"n=-1, noise=0\.2"):
        noisy_sine(-1)
