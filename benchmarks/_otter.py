"""Otter-Grader beside nbgrader and ours: installed apart, with tests as its authors write them.

``otter run`` grades one notebook without a container, in a process of its own. What it needs that
conflicts with nothing here is put into an environment in the cache, which sees this one's packages.
"""

import json
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from rnn_course.data.cache import cache_dir
from rnn_course.grading.intake.release import grade_id

_PACKAGE = "otter-grader>=7,<8"
_TEST = """
OK_FORMAT = False

name = "{name}"
points = {points}

from otter.test_files import test_case

{cases}
"""
_CELL = """
@test_case(points=1)
def test_shapes({cls}):
    import torch
    cell = {cls}(3, 4)
    out = cell(torch.randn(5, 3))
    for part in (out if isinstance(out, tuple) else (out,)):
        assert part.shape == (5, 4) and torch.isfinite(part).all()

@test_case(points=1)
def test_gradients({cls}):
    import torch
    cell = {cls}(3, 4)
    out = cell(torch.randn(5, 3))
    sum(part.sum() for part in (out if isinstance(out, tuple) else (out,))).backward()
    assert all(parameter.grad is not None for parameter in cell.parameters())

@test_case(points=1)
def test_state_matters({cls}):
    import torch
    cell, x, h = {cls}(3, 4), torch.randn(5, 3), torch.randn(5, 4)
    first = cell(x, (h, h) if {pair} else h)
    other = cell(x, (-h, h) if {pair} else -h)
    assert not torch.allclose(*(out[0] if {pair} else out for out in (first, other)))
"""
_MODEL = """
@test_case(points=1)
def test_logits({cls}):
    import torch
    for mode in ("RNN_TANH", "RNN_RELU", "LSTM", "GRU"):
        for layers in (1, 2, 3):
            model = {cls}(mode, 3, 4, layers, True, 6)
            logits = model(torch.randn(5, 7, 3))
            assert logits.shape == (5, 6) and torch.isfinite(logits).all()

@test_case(points=1)
def test_gradients({cls}):
    import torch
    for mode in ("RNN_TANH", "RNN_RELU", "LSTM", "GRU"):
        model = {cls}(mode, 3, 4, 2, True, 6)
        model(torch.randn(5, 7, 3)).sum().backward()
        assert all(parameter.grad is not None for parameter in model.parameters())

@test_case(points=1)
def test_unknown_mode({cls}):
    try:
        {cls}("TRANSFORMER", 3, 4, 2, True, 6)
    except ValueError:
        return
    assert False, "an unknown mode gives a model"
"""
_TESTS = {
    "lstm_cell": _CELL.format(cls="LSTMCell", pair=True),
    "gru_cell": _CELL.format(cls="GRUCell", pair=False),
    "rnn_model": _MODEL.format(cls="RNNModel"),
    "bidir_model": _MODEL.format(cls="BidirRecurrentModel"),
}


def otter() -> Path | None:
    """Return the command, installed if it was not yet; None where it cannot be had."""
    place = cache_dir() / "bench" / "otter"
    command = place / "bin" / "otter"
    if not command.exists():
        venv.create(place, with_pip=True)
        (packages,) = place.glob("lib/python*/site-packages")
        (packages / "course.pth").write_text(sysconfig.get_paths()["purelib"])
        install = [place / "bin" / "python", "-m", "pip", "install", "--quiet", _PACKAGE]
        if subprocess.run(install, check=False).returncode:
            print(f"{_PACKAGE} cannot be installed: no row of it", file=sys.stderr)
            return None
    return command


def autograder(command: Path, folder: Path) -> Path:
    """Make the archive of tests that ``otter run`` takes."""
    tests = folder / "tests"
    tests.mkdir(parents=True)
    for name, cases in _TESTS.items():
        (tests / f"{name}.py").write_text(_TEST.format(name=name, points=3, cases=cases))
    made = folder / "autograder.zip"
    bare = ["--no-environment", "--no-requirements"]
    subprocess.run(
        [command, "generate", "-t", tests, "-o", made, *bare], check=True, capture_output=True
    )
    return made


def without_checks(text: str) -> str:
    """Return a notebook without its check cells: those tests are nbgrader's and ours."""
    import nbformat

    notebook = nbformat.reads(text, as_version=4)
    for cell in notebook.cells:
        if grade_id(cell).startswith("check_"):
            cell.source = "# tested by Otter"
    return nbformat.writes(notebook)


def grade(command: Path, tests: Path, notebook: Path, folder: Path) -> float:
    """Grade a notebook; return the points."""
    ran = [command, "run", "-a", tests, "-o", folder, "--no-logo", notebook]
    subprocess.run(ran, check=True, capture_output=True, cwd=notebook.parent)
    found = json.loads((folder / "results.json").read_text())
    return float(sum(test.get("score", 0) for test in found["tests"]))
