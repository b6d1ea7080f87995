import io

import numpy as np
import pytest
import torch
from rich.console import Console
from safetensors.numpy import load_file, save_file

from rnn_course.checks.reference_answers import NOTEBOOK, definitions, rebuild
from rnn_course.checks.reference_networks import recipes
from rnn_course.checks.references import FOLDER, TOLERANCES, content_hash, load, path_of, verify
from rnn_course.errors import CheckError

FIRST = next(recipes())


def test_this_machine_agrees_with_the_references():
    comparison = verify("cpu")
    assert comparison.ok, [row for row in comparison.rows if not row.ok]
    assert {row.question for row in comparison.rows} == {
        *("lstm_cell", "gru_cell", "rnn_model", "bidir_model")
    }


def test_the_table_has_a_line_for_every_comparison():
    console = Console(width=140, record=True, file=io.StringIO())
    comparison = verify("cpu")
    console.print(comparison.table())
    assert console.export_text().count("float32") == len(comparison.rows) // 2


def test_the_header_says_how_it_was_made():
    _, header = load(FOLDER, FIRST)
    assert header["device"] == "cpu"
    assert header["dtype"] == "float64"
    assert header["class"] == "LSTMCell"
    assert header.keys() >= {"torch", "seed", "arguments", "content"}


def test_every_tolerance_leaves_room_above_what_was_measured():
    for tolerance in TOLERANCES.values():
        assert tolerance.seen
        assert tolerance.spread is None or 3 * tolerance.spread < tolerance.limit


def test_another_result_is_noticed(tmp_path):
    for recipe in recipes():
        arrays, header = load(FOLDER, recipe)
        arrays["output/0"] = arrays["output/0"] + 1e-3
        header["content"] = content_hash(arrays)
        save_file(arrays, path_of(tmp_path, recipe), metadata=header)
    comparison = verify("cpu", tmp_path)
    assert not any(row.ok for row in comparison.rows)


def test_a_changed_file_is_noticed(tmp_path):
    arrays, header = load(FOLDER, FIRST)
    arrays["output/0"][0, 0] += 1e-9
    save_file(arrays, path_of(tmp_path, FIRST), metadata=header)
    with pytest.raises(CheckError, match="Restore the file"):
        load(tmp_path, FIRST)


def test_a_missing_file_says_how_it_is_made(tmp_path):
    with pytest.raises(CheckError, match="rnn-course references --rebuild"):
        load(tmp_path, FIRST)


def test_without_a_checkout_the_error_says_so(tmp_path):
    with pytest.raises(CheckError, match="in a checkout of the repository"):
        definitions(tmp_path / "none.ipynb")


def test_comparing_leaves_tf32_as_it_was():
    before = torch.backends.cuda.matmul.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = True
    try:
        verify("cpu")
        assert torch.backends.cuda.matmul.allow_tf32
    finally:
        torch.backends.cuda.matmul.allow_tf32 = before


@pytest.mark.slow
def test_the_model_answers_still_give_the_references(tmp_path, request):
    notebook = request.config.rootpath / NOTEBOOK
    for path in rebuild(notebook, tmp_path):
        old, new = load_file(FOLDER / path.name), load_file(path)
        for name in ("output/0", "gradient/input/0"):
            np.testing.assert_allclose(new[name], old[name], rtol=0, atol=1e-12)
