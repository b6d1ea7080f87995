import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from rich.console import Console
from safetensors.numpy import save_file

from rnn_course.checks.courses import find
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.watch import Watch
from rnn_course.courseworks.recipes import RECIPES, WITHOUT
from rnn_course.courseworks.recipes.steps import PUBLISHED
from rnn_course.courseworks.reference_answers import SOLUTIONS, rebuild, reference
from rnn_course.courseworks.reference_files import FOLDER, load, path_of, store
from rnn_course.courseworks.references import TOLERANCES, Comparison, compare, verify
from rnn_course.errors import CheckError

BY_NAME = {recipe.name: recipe for recipe in RECIPES}
GATES = BY_NAME["cw1_bptt/gates-gru"]
CELL = BY_NAME["cw2_speech_commands/gru_cell-cell"]


READ_NUMBERS = {
    f"cw4_lstm_applications/{name}"
    for name in ("generate_text-greedy", "word_tokens-words", "cost-cells")
}  # so they cannot run on meta


def _given(name):
    return name.startswith(("input/", "parameter/", "torch/"))


def test_this_machine_agrees_with_the_references():
    comparison = verify("cpu")
    assert comparison.ok, [row for row in comparison.rows if not row.ok]
    assert len(comparison.rows) == 2 * len(RECIPES)


def test_every_question_with_code_has_a_reference_or_a_reason():
    questions = {
        f"{folder.name}/{question.id}"
        for folder in find(SOLUTIONS.parent).values()
        for question in folder.coursework()
        if question.judge
    }
    covered = {f"{recipe.coursework}/{recipe.question}" for recipe in RECIPES}
    assert covered | set(WITHOUT) == questions
    assert not covered & set(WITHOUT)


def test_there_is_no_file_without_a_recipe_and_none_is_large():
    files = set(FOLDER.rglob("*.safetensors"))
    assert files == {path_of(FOLDER, recipe) for recipe in RECIPES}
    assert all(path.stat().st_size < 100_000 for path in files)


def test_the_table_has_a_line_for_every_reference_and_names_what_has_none():
    console = Console(width=80, record=True, file=io.StringIO())
    comparison = verify("cpu")
    off = replace(comparison.rows[1], difference=0.5)  # of float32, so the first line is not ok
    console.print(Comparison((comparison.rows[0], off, *comparison.rows[2:])).table())
    lines = console.export_text().splitlines()
    assert all(any(recipe.name in line for line in lines) for recipe in RECIPES)
    assert [line for line in lines if "NO" in line and "5.0e-01" in line and off.reference in line]
    assert sum("│ yes" in line for line in lines) == len(RECIPES) - 1
    assert any("cw3_temporal_order/generate: every correct answer draws" in line for line in lines)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_a_reference_holds_inputs_results_and_how_it_was_made(recipe):
    arrays, header = load(FOLDER, recipe)
    assert {name.partition("/")[0] for name in arrays} >= {"input", "output"}
    assert header.keys() == {"torch", "device", "dtype", "seed", "calls", "content"}
    assert (header["device"], header["dtype"], header["seed"]) == ("cpu", "float64", recipe.seed)
    assert {str(array.dtype) for array in arrays.values()} <= {"float64", "int64", "uint8"}


def test_the_published_output_is_kept_with_its_recipe():
    recipe = BY_NAME["cw1_bptt/rnn_forward-published"]
    arrays, header = load(FOLDER, recipe)
    assert header["seed"] == 1234
    np.testing.assert_allclose(arrays["output/h"], [PUBLISHED], rtol=0, atol=2e-8)
    for name, array in recipe.draw(1234).items():
        np.testing.assert_array_equal(arrays[name], array)


def test_the_clipped_gradients_are_clipped():
    arrays, _ = load(FOLDER, BY_NAME["cw1_bptt/bptt-clipped"])
    gradients = [np.abs(array) for name, array in arrays.items() if name.startswith("gradient")]
    assert max(gradient.max() for gradient in gradients) == 5


def test_every_tolerance_leaves_room_above_what_was_measured():
    for tolerance in TOLERANCES.values():
        assert tolerance.seen
        assert tolerance.spread is None or 3 * tolerance.spread < tolerance.limit


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_a_changed_result_is_noticed(recipe):
    arrays, _ = load(FOLDER, recipe)
    for name in arrays:
        if name.startswith(("output", "gradient")):
            whole = arrays[name].dtype.kind == "i"
            changed = arrays[name] + (1 if whole else 1e-3 * (1 + np.abs(arrays[name]).max()))
            assert compare(recipe, {**arrays, name: changed}, "cpu", "float32") > 1e-5


@pytest.mark.parametrize(
    "recipe", [r for r in RECIPES if r.name not in READ_NUMBERS], ids=lambda recipe: recipe.name
)
def test_nothing_stays_behind_on_the_cpu(recipe):
    arrays, _ = load(FOLDER, recipe)
    given = {name: torch.from_numpy(a).to("meta") for name, a in arrays.items() if _given(name)}
    with Watch():
        found = recipe.oracle(given)
    assert {tensor.device.type for tensor in found.values()} == {"meta"}


def test_comparing_draws_nothing():
    before = torch.get_rng_state()
    verify("cpu")
    assert torch.equal(torch.get_rng_state(), before)


def test_a_missing_or_misshapen_or_infinite_result_is_noticed():
    arrays, _ = load(FOLDER, GATES)
    new = arrays["output/h"]
    for changed in (new[:1], np.full_like(new, np.nan)):
        assert compare(GATES, {**arrays, "output/h": changed}, "cpu", "float64") == np.inf
    assert compare(GATES, {**arrays, "output/more": new}, "cpu", "float64") == np.inf


def test_a_changed_number_is_noticed_by_the_hash(tmp_path):
    arrays, _ = load(FOLDER, GATES)
    path = store(tmp_path, GATES, arrays)
    written = path.read_bytes()
    path.write_bytes(written[:-1] + bytes([written[-1] ^ 1]))
    with pytest.raises(
        CheckError, match=r"to have the hash \w{64}\. Got \w{64}\. Restore the file"
    ):
        load(tmp_path, GATES)


@pytest.mark.parametrize("metadata", [None, {"reference": "{}"}, {"reference": "no JSON"}])
def test_a_file_without_a_right_header_is_refused(tmp_path, metadata):
    path_of(tmp_path, GATES).parent.mkdir()
    save_file(load(FOLDER, GATES)[0], path_of(tmp_path, GATES), metadata=metadata)
    with pytest.raises(CheckError, match="Restore the file"):
        load(tmp_path, GATES)


def test_a_broken_file_is_refused(tmp_path):
    path = store(tmp_path, GATES, load(FOLDER, GATES)[0])
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(CheckError, match=r"Expected a reference in .*gates-gru.*Restore the file"):
        load(tmp_path, GATES)


def test_a_missing_file_says_how_it_is_made(tmp_path):
    with pytest.raises(CheckError, match=r"Got no file\. .*rnn-course references --rebuild"):
        load(tmp_path, GATES)
    with pytest.raises(CheckError, match="no file"):
        verify("cpu", tmp_path)


def test_storing_keeps_numbers_whatever_their_layout_in_memory(tmp_path):
    arrays, _ = load(FOLDER, GATES)
    turned = {name: np.asfortranarray(array) for name, array in arrays.items()}
    first, again = store(tmp_path / "a", GATES, arrays), store(tmp_path / "b", GATES, turned)
    assert first.read_bytes() == again.read_bytes()


def test_without_a_checkout_the_error_says_so(tmp_path):
    with pytest.raises(CheckError, match="one of the courseworks"):
        rebuild(tmp_path)


def test_comparing_leaves_tf32_as_it_was():
    before = torch.backends.cuda.matmul.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = True
    try:
        verify("cpu")
        assert torch.backends.cuda.matmul.allow_tf32
    finally:
        torch.backends.cuda.matmul.allow_tf32 = before


WRONG = {
    "cw1_bptt/gates-gru": "def gru_step(x, h, model): return h",
    "cw2_speech_commands/gru_cell-cell": """
from torch import nn
class GRUCell(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.cell = nn.GRUCell(d, h)
    def forward(self, x, h):
        return 0.9 * self.cell(x, h)
""",
}


@pytest.mark.parametrize(
    ("recipe", "says"),
    [(GATES, r"gru_step .*to agree with torch.*a difference of"), (CELL, "no correspondence")],
)
def test_a_wrong_model_answer_is_refused(recipe, says):
    names: dict = {}
    exec(WRONG[recipe.name], names)
    with pytest.raises(CheckError, match=says):
        reference(LocalSubject(names), recipe, recipe.seed)


@pytest.mark.parametrize(
    ("recipe", "says"),
    [(GATES, "name 'gru_step' is not defined"), (CELL, r"a class GRUCell\. Got NameError")],
)
def test_a_missing_model_answer_is_refused(recipe, says):
    with pytest.raises(CheckError, match=says + ".*Mend the model answer"):
        reference(LocalSubject({}), recipe, recipe.seed)


@pytest.mark.slow
def test_the_model_answers_still_give_the_references_byte_for_byte(tmp_path, request):
    solutions = request.config.rootpath / SOLUTIONS
    first, again = (rebuild(solutions, tmp_path / name) for name in "ab")
    for recipe, one, other in zip(RECIPES, first, again, strict=True):
        assert one.read_bytes() == other.read_bytes()
        (old, _), (new, _) = load(FOLDER, recipe), load(tmp_path / "a", recipe)
        assert old.keys() == new.keys()
        for name in old:  # another processor may round the last digit in another way
            np.testing.assert_allclose(new[name], old[name], rtol=0, atol=1e-12, err_msg=name)
