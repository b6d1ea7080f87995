"""What becomes of a notebook that a student, or an editor, has rearranged."""

import json
from collections.abc import Callable
from copy import deepcopy

import nbformat
import pytest
import toy
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from rnn_course.errors import GradingError
from rnn_course.grading.intake.notebook_reader import MAX_CELLS, read_notebook
from rnn_course.grading.intake.release import grade_id
from rnn_course.grading.intake.repair import Repaired, repair

ANSWERS = {"double": toy.DOUBLE, "square": toy.SQUARE, "eighth": toy.EIGHTH}


def arrive(change: Callable[[NotebookNode], object] = lambda notebook: None) -> Repaired:
    notebook = toy.solved()
    change(notebook)
    return repair(read_notebook(json.dumps(notebook)), toy.RELEASE)


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if cell.id == name)


def without(notebook: NotebookNode, *names: str) -> None:
    notebook.cells = [cell for cell in notebook.cells if cell.id not in names]


def bare(notebook: NotebookNode) -> None:
    """Do what copy and paste into a new notebook does."""
    for number, copied in enumerate(notebook.cells):
        copied.metadata, copied["id"] = NotebookNode(), f"new{number}"


def order(repaired: Repaired) -> list[str]:
    return [c.id for c in repaired.notebook.cells if grade_id(c)]


def said(repaired: Repaired) -> str:
    assert {remark.kind for remark in repaired.remarks} <= {"recovered"}
    return " ".join(f"[{remark.cell}] {remark.message}" for remark in repaired.remarks)


IN_ORDER = ["double", "check_double", "square", "check_square", "eighth", "check_eighth", "essay"]


def test_a_notebook_as_it_was_handed_out_comes_through_unchanged() -> None:
    repaired = arrive()
    assert order(repaired) == IN_ORDER
    assert not repaired.remarks
    assert repaired.idle == {"training"}
    assert [c.source for c in repaired.notebook.cells] == [c.source for c in toy.solved().cells]


def test_neither_argument_is_changed() -> None:
    submitted = read_notebook(toy.text())
    before, released = deepcopy(submitted), deepcopy(toy.RELEASE.notebook)
    repair(submitted, toy.RELEASE)
    assert submitted == before
    assert toy.RELEASE.notebook == released


def test_the_result_is_a_valid_notebook_whose_graded_cells_are_the_releases() -> None:
    repaired = arrive(bare)
    nbformat.validate(repaired.notebook)
    released = {grade_id(c): c.metadata for c in toy.RELEASE.graded_cells()}
    assert {grade_id(c): c.metadata for c in repaired.notebook.cells if grade_id(c)} == released


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (bare, "had lost its mark; recognised by what it defines"),
        (lambda n: [c.metadata.clear() for c in n.cells], "recognised by its cell id"),
        (bare, "[essay] The answer to essay had lost its mark; recognised by what it stands below"),
        (lambda n: without(n, "check_double", "check_square"), ""),
        (lambda n: n.cells.reverse(), ""),
        (lambda n: cell(n, "check_double").update(source="4.0"), "The check cell was edited"),
        (lambda n: cell(n, "check_double").metadata.nbgrader.update(points=99), "4 count"),
        (
            lambda n: n.metadata.kernelspec.update(name="ir", language="R"),
            "asks for the kernel 'ir'",
        ),
        (lambda n: n.cells.append(cell(n, "double").copy()), "2 cells claim to answer double"),
        (lambda n: n.cells.append(new_code_cell(toy.STUB)), ""),
        (lambda n: n.cells.insert(3, new_code_cell(toy.STUB, id="double")), ""),
    ],
)
def test_answers_are_found_again_and_that_is_said(
    change: Callable[[NotebookNode], object], message: str
) -> None:
    repaired = arrive(change)
    found = {grade_id(c): c.source for c in repaired.notebook.cells}
    assert {name: found[name] for name in ANSWERS} == ANSWERS
    assert found["essay"] == "Because twice is nice."
    assert sorted(order(repaired)) == sorted(IN_ORDER)
    assert message in said(repaired)
    assert bool(message) == bool(repaired.remarks)


def test_check_cells_and_points_are_those_of_the_release() -> None:
    def forge(notebook: NotebookNode) -> None:
        cell(notebook, "check_square").update(source="print(4.0)")
        cell(notebook, "check_square").metadata.nbgrader.update(points=400, grade=False)

    check = cell(arrive(forge).notebook, "check_square")
    assert (check.source, check.metadata.nbgrader.points) == ('check("square")', 4)
    assert check.metadata.nbgrader.grade


def test_a_deleted_answer_is_stood_in_for_but_not_run() -> None:
    repaired = arrive(lambda n: without(n, "double"))
    assert "double" in repaired.idle
    assert "There is no answer cell for double." in said(repaired)


def test_an_answer_in_another_questions_cell_counts() -> None:
    def merge(notebook: NotebookNode) -> None:
        without(notebook, "double")
        cell(notebook, "square").source += "\n\n" + toy.DOUBLE

    repaired = arrive(merge)
    assert "stands in a cell of another question" in said(repaired)
    places = order(repaired)
    assert places.index("check_double") > places.index("square")
    assert "double" in repaired.idle


def test_an_answer_that_was_split_is_checked_after_its_last_part() -> None:
    def split(notebook: NotebookNode) -> None:
        cell(notebook, "double").source = "factor = 2"
        notebook.cells.insert(4, new_code_cell("def double(x):\n    return factor * x", id="more"))
        without(notebook, "check_double")

    ids = [c.id for c in arrive(split).notebook.cells]
    assert ids.index("double") < ids.index("more") < ids.index("check_double")


def test_an_answer_beside_an_untouched_stub_counts_and_the_stub_is_gone() -> None:
    def beside(notebook: NotebookNode) -> None:
        cell(notebook, "double").source = toy.STUB
        notebook.cells.insert(2, new_code_cell(toy.DOUBLE, id="mine"))
        without(notebook, "check_double")

    repaired = arrive(beside)
    sources = [c.source for c in repaired.notebook.cells]
    assert sources.count(toy.DOUBLE) == 1
    assert toy.STUB not in sources


def test_of_two_cells_with_one_id_the_one_that_defines_the_answer_counts() -> None:
    def reuse(notebook: NotebookNode) -> None:
        copied = cell(notebook, "double").copy()
        copied["source"] = "print('notes')"
        notebook.cells.append(copied)

    found = {grade_id(c): c.source for c in arrive(reuse).notebook.cells}
    assert found["double"] == toy.DOUBLE


def test_a_check_stays_where_the_student_ran_it_unless_its_answer_comes_later() -> None:
    later = "def double(x):\n    return 0"
    repaired = arrive(lambda n: n.cells.append(new_code_cell(later, id="scratch")))
    ids = [c.id for c in repaired.notebook.cells]
    assert ids.index("check_double") == ids.index("double") + 1 < ids.index("scratch")


def test_a_question_is_checked_after_the_answers_that_it_needs() -> None:
    def move(notebook: NotebookNode) -> None:
        moved = cell(notebook, "square")
        without(notebook, "square")
        notebook.cells.append(moved)

    places = order(arrive(move))
    assert places.index("square") < places.index("check_eighth")


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_an_answer_in_a_cell_of_the_wrong_kind_is_code_again(kind: str) -> None:
    def toggle(notebook: NotebookNode) -> None:
        cell(notebook, "double").update(cell_type=kind)

    double = cell(arrive(toggle).notebook, "double")
    assert (double.cell_type, double.source) == ("code", toy.DOUBLE)


@pytest.mark.parametrize(
    "change",
    [
        bare,
        lambda n: cell(n, "training").update(id="x", source=toy.TRAINING.replace("12", "13")),
        lambda n: cell(n, "training").update(source="while True: pass"),
    ],
)
def test_long_training_is_not_run_also_where_its_cell_was_edited_or_lost_its_id(
    change: Callable[[NotebookNode], object],
) -> None:
    repaired = arrive(change)
    idle = [c.source for c in repaired.notebook.cells if c.id in repaired.idle]
    assert len(idle) == 1


def test_ids_are_unique_and_valid_whatever_came() -> None:
    def spoil(notebook: NotebookNode) -> None:
        for number, spoilt in enumerate(notebook.cells):
            spoilt["id"] = ["check_square", "", "a b\n", "x" * 99, 7, None][number % 6]

    repaired = arrive(spoil)
    ids = [c.id for c in repaired.notebook.cells]
    assert len(set(ids)) == len(ids)
    nbformat.validate(repaired.notebook)


def test_cells_beyond_a_limit_are_left_out_and_that_is_said() -> None:
    repaired = arrive(lambda n: n.cells.extend(new_markdown_cell("") for _ in range(MAX_CELLS)))
    assert f"The last {len(toy.solved().cells)} cells were left out" in said(repaired)


@pytest.mark.parametrize(
    ("text", "came"),
    [
        ("", "JSONDecodeError"),
        ("{ not JSON", "JSONDecodeError"),
        ("[]", "AttributeError"),
        ("{}", "notebook"),
        ('{"nbformat": 4}', "KeyError"),
        ('{"nbformat": 99, "cells": []}', "99"),
        ('{"nbformat": 4, "cells": 7}', "TypeError"),
        ("[" * 100_000, "RecursionError"),
    ],
)
def test_what_is_no_notebook_is_refused_with_a_reason(text: str, came: str) -> None:
    with pytest.raises(
        GradingError, match=r"Expected a Jupyter notebook\. Got .*Save it"
    ) as raised:
        read_notebook(text)
    assert came in str(raised.value)


def test_a_notebook_of_format_3_is_converted_and_that_is_said() -> None:
    old = nbformat.convert(toy.solved(), 3)
    repaired = repair(read_notebook(nbformat.writes(old, 3)), toy.RELEASE)
    assert {grade_id(c): c.source for c in repaired.notebook.cells}.items() >= ANSWERS.items()
    assert "saved in format 3" in said(repaired)


def test_half_characters_do_not_get_through() -> None:
    repaired = arrive(lambda n: cell(n, "double").update(source='x = "\ud800"'))
    nbformat.writes(repaired.notebook).encode()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
_KEYS = st.sampled_from(["cell_type", "id", "source", "metadata", "outputs", "execution_count"])
_VALUES = _JSON | st.sampled_from(
    ["code", "double", toy.DOUBLE, {"nbgrader": {"grade_id": "double"}}, {"nbgrader": 3}]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.dictionaries(_KEYS, _VALUES) | _JSON, max_size=6), _JSON)
def test_nothing_that_json_can_say_stops_it(cells: list, metadata: object) -> None:
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells})
    repaired = repair(read_notebook(text), toy.RELEASE)
    assert sorted(order(repaired)) == sorted(IN_ORDER)
    nbformat.validate(repaired.notebook)


# As the hosts save them


def saved_by_colab(notebook: NotebookNode) -> None:
    """Colab writes the format without cell ids, and names cells in their metadata."""
    notebook.nbformat_minor = 0
    notebook.metadata |= {"colab": {"provenance": [], "gpuType": "T4"}, "accelerator": "GPU"}
    for number, each in enumerate(notebook.cells):
        del each["id"]
        each.metadata |= {"id": f"aB{number}cD", "colab": {"base_uri": "https://localhost/"}}
        if each.cell_type == "code":
            each.metadata |= {"outputId": "1f2a-33", "cellView": "form"}


def saved_by_kaggle(notebook: NotebookNode) -> None:
    notebook.metadata |= {"kaggle": {"accelerator": "none", "dataSources": []}, "papermill": {}}
    for each in notebook.cells:
        each.metadata |= {"_uuid": "8f2839f25d", "_cell_guid": "b1076dfc", "trusted": True}
        each.metadata |= {"execution": {"iopub.status.busy": "2026-11-30T10:00:00.000Z"}}


def saved_by_vs_code(notebook: NotebookNode) -> None:
    notebook.metadata.kernelspec = {"display_name": ".venv", "language": "python", "name": "v"}
    notebook.metadata.vscode = {"interpreter": {"hash": "aee8b7b2"}}
    for each in notebook.cells:
        each.metadata |= {"vscode": {"languageId": "python"}, "scrolled": False}


def saved_by_a_hub(notebook: NotebookNode) -> None:
    """JupyterHub with an extension for tables of contents and one that times cells."""
    notebook.metadata |= {"toc": {"base_numbering": 1}, "varInspector": {"cols": {}}}
    for each in notebook.cells:
        each.metadata |= {"ExecuteTime": {"end_time": "2026-11-30T10:00:00Z"}, "tags": ["mine"]}


HOSTS = (saved_by_colab, saved_by_kaggle, saved_by_vs_code, saved_by_a_hub)


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.__name__)
def test_what_a_host_writes_into_a_notebook_changes_nothing(host: Callable) -> None:
    repaired = arrive(host)
    assert not repaired.remarks
    names = [grade_id(c) for c in repaired.notebook.cells if grade_id(c)]
    assert names == IN_ORDER
    assert [c.source for c in repaired.notebook.cells] == [c.source for c in toy.solved().cells]


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.__name__)
def test_a_host_that_drops_what_it_does_not_know_costs_no_answer(host: Callable) -> None:
    def change(notebook: NotebookNode) -> None:
        for each in notebook.cells:
            each.metadata = NotebookNode()
        host(notebook)

    repaired = arrive(change)
    answers = {grade_id(c): c.source for c in repaired.notebook.cells if grade_id(c)}
    assert {name: answers[name] for name in ANSWERS} == ANSWERS
