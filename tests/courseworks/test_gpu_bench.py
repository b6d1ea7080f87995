"""The bench of a GPU's spread, as far as a CPU can try it."""

import runpy
import sys

import pytest
import torch

from benchmarks.gpu import ROOM, limit_for, line
from rnn_course.courseworks.references import TOLERANCES, Tolerance

NO_CUDA = "Torch not compiled with CUDA enabled"


def run(monkeypatch, capsys, *arguments):
    """Run the bench as `python -m benchmarks.gpu` does; return its exit code and what it said."""
    monkeypatch.setattr(sys, "argv", ["benchmarks.gpu", *arguments])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("benchmarks.gpu", run_name="__main__")
    return ended.value.code, *capsys.readouterr()


@pytest.fixture(autouse=True)
def _run_as_main_again(monkeypatch):
    monkeypatch.delitem(sys.modules, "benchmarks.gpu", raising=False)


def test_the_cpu_is_measured_and_its_lines_can_be_put_into_the_table(monkeypatch, capsys):
    code, said, _ = run(monkeypatch, capsys, "--device", "cpu", "--seeds", "1")
    assert code == 0, said
    written = "\n".join(row for row in said.splitlines() if row.startswith("    "))
    table = eval(f"{{{written}}}", {"Tolerance": Tolerance})
    assert table.keys() == {("cpu", "float64"), ("cpu", "float32")}
    for key, found in table.items():
        assert 0 < found.spread <= TOLERANCES[key].spread
        assert found.limit <= TOLERANCES[key].limit
        assert f"torch {torch.__version__}, 1 seeds a reference" in found.seen
    assert "cpu float64: " in said
    assert "DOES NOT" not in said


def test_what_does_not_fit_is_said_and_fails(monkeypatch, capsys):
    monkeypatch.setitem(TOLERANCES, ("cpu", "float32"), Tolerance(1e-9, None, ""))
    code, said, _ = run(monkeypatch, capsys, "--device", "cpu", "--seeds", "1")
    assert code == 1
    assert "; it DOES NOT FIT the tolerance" in said


def test_without_a_gpu_it_says_so(monkeypatch, capsys):
    def zeros(*_, device):
        raise AssertionError(NO_CUDA)

    monkeypatch.setattr(torch, "zeros", zeros)
    code, said, error = run(monkeypatch, capsys)
    assert (code, said) == (2, "")
    assert error == (
        f"Expected a device cuda that torch can use. Got torch {torch.__version__}, which says: "
        f"{NO_CUDA}. Run it on a machine with an NVIDIA card and its driver, or try it with "
        "--device cpu.\n"
    )


def test_a_device_that_the_table_does_not_know_is_refused(monkeypatch, capsys):
    code, _, error = run(monkeypatch, capsys, "--device", "abacus")
    assert code == 2
    assert error.startswith("Expected a device among cpu, cuda. Got 'abacus'. Name one of these;")


@pytest.mark.parametrize(("seen", "limit"), [(1.6e-15, 1e-14), (9.3e-7, 1e-5), (0.0, 1e-15)])
def test_a_tolerance_has_room_and_is_a_power_of_ten(seen, limit):
    assert limit_for(seen) == pytest.approx(limit)
    assert ROOM * seen <= limit_for(seen)


def test_a_line_is_python():
    found = Tolerance(1e-13, 2.5e-15, "a card, torch 2")
    text = line(("cuda", "float64"), found)
    assert eval(f"{{{text}}}", {"Tolerance": Tolerance}) == {("cuda", "float64"): found}
