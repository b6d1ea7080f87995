from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rnn_course.errors import GradingError
from rnn_course.grading.judge.result_store import ResultStore
from rnn_course.grading.judge.secret_seed import VARIABLE, secret_seed


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings" / "seed"
    monkeypatch.setenv(VARIABLE, str(path))
    return path


def test_a_seed_is_made_once_for_its_owner_alone(file: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        seeds = set(pool.map(lambda _: secret_seed(), range(32)))
    assert len(seeds) == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["seed"]


def test_two_instructors_have_two_seeds(file: Path) -> None:
    first = secret_seed()
    file.unlink()
    assert secret_seed() != first


def test_a_damaged_seed_is_named(file: Path) -> None:
    secret_seed()
    file.write_text("abc")
    with pytest.raises(GradingError, match=r"Expected one whole number in .*Delete the file"):
        secret_seed()


def test_a_missing_result_is_named(tmp_path: Path) -> None:
    with pytest.raises(GradingError, match=r"a result of ada.*`rnn-course autograde cw1_bptt`"):
        ResultStore(tmp_path, "cw1_bptt").result("ada")
