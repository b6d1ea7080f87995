"""What is for a person to look at: ways around the seam are seen, and right answers are not."""

import json
from pathlib import Path

import nbformat
import pytest

from rnn_course.authoring.corpus import samples
from rnn_course.checks.courses import find
from rnn_course.checks.reaching import reached
from rnn_course.checks.unusual import unusual

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = 1\ny = torch.ops.aten.lstm(x)", "torch.ops.aten.lstm (line 2)"),
        ("from torch._decomp import get_decompositions", "torch._decomp (line 1)"),
        ("import torch.utils._python_dispatch as d", "torch.utils._python_dispatch (line 1)"),
        ("import gc", "gc (line 1)"),
        ("exec(text)", "exec() (line 1)"),
        ("eval('torch.' + 'ops')", "eval() (line 1)"),
        ("getattr(torch, 'o' + 'ps')", "getattr() of torch with a name that is put together"),
        ("torch.nn.Linear.forward = mine", "a change of torch.nn.Linear.forward (line 1)"),
        ("setattr(np, 'abs', mine)", "a change of np (line 1)"),
        ("layer.__class__ = Other", "a change of layer.__class__ (line 1)"),
        ("os.fork()", "os.fork (line 1)"),
        ("f.__code__.co_consts", ".__code__ (line 1)"),
    ],
)
def test_a_way_around_is_seen_with_its_line(source: str, said: str) -> None:
    assert said in ", ".join(unusual(source))


@pytest.mark.parametrize(
    "source",
    [
        "signal = x.new_ones(3)\nsignal.sum()",
        "layer = getattr(nn, kind.upper())(3, 4)",
        "model.eval()\ntorch.autograd.grad(y, x)",
        "self.cell = eval(f'nn.{kind}')(3, 4)",
        "import os, sys\nsys.path.append(os.getcwd())",
        "this is no Python",
    ],
)
def test_what_is_usual_is_not(source: str) -> None:
    assert unusual(source) == ()


@pytest.mark.parametrize("name", find(ROOT))
def test_neither_a_right_answer_nor_a_cell_that_was_handed_out_is_named(name: str) -> None:
    known = [s for s in samples(ROOT / "tests" / "submissions", name) if s.right]
    assert known
    assert {sample.name: found for sample in known if (found := unusual(sample.text))} == {}
    (notebook,) = (ROOT / "solutions" / name).glob("*.ipynb")
    cells = json.loads(notebook.read_text())["cells"]
    assert [
        c["id"] for c in cells if c["cell_type"] == "code" and unusual("".join(c["source"]))
    ] == []


GIVEN = sorted(
    [
        *ROOT.glob("solutions/*/*.ipynb"),
        *ROOT.glob("examples/solutions/*/*.ipynb"),
        *ROOT.glob("rnn_course/authoring/templates/*.ipynb"),
    ]
)


@pytest.mark.parametrize("path", GIVEN, ids=lambda path: path.stem)
def test_what_students_are_given_is_not_for_review(path):
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert cells
    assert [(cell.id, unusual(cell.source)) for cell in cells if unusual(cell.source)] == []
    assert [(cell.id, reached(cell.source)) for cell in cells if list(reached(cell.source))] == []
