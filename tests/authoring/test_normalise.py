import copy

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output
from sample_course import cell, grading, notebook, shown

from rnn_course.authoring.normalise import (
    as_text,
    code_digest,
    keep_varying_outputs,
    normalised,
)


def saved_by_an_editor():
    book = notebook()
    book.metadata |= {
        "kernelspec": {"name": "conda-env-x", "display_name": "my env", "language": "python"},
        "language_info": {"name": "python", "version": "3.12.1"},
        "widgets": {"application/vnd.jupyter.widget-state+json": {}},
    }
    book.cells[0].metadata["jp-MarkdownHeadingCollapsed"] = True
    book.cells[1].metadata["execution"] = {"iopub.execute_input": "2024-01-01"}
    book.cells[1].source += "\n"
    cell(book, "double").id = "a1b2c3"
    cell(book, "check_double").outputs[0].metadata = {"scrolled": True}
    return book


def test_what_an_editor_leaves_behind_is_gone():
    assert as_text(normalised(saved_by_an_editor())) == as_text(notebook())


def test_the_argument_is_left_as_it_is():
    book = saved_by_an_editor()
    before = copy.deepcopy(book)
    normalised(book)
    assert book == before


def test_the_text_is_a_valid_notebook_and_a_fixed_point():
    text = as_text(notebook())
    again = nbformat.reads(text, as_version=4)
    nbformat.validate(again)
    assert as_text(normalised(again)) == text
    assert text.endswith("}\n")


def test_graded_cells_carry_their_grade_id():
    about = grading("q", grade=False, solution=True)
    book = normalised(new_notebook(cells=[new_code_cell("1", id="zzz", metadata=about)]))
    assert book.cells[0].id == "q"


def test_progress_bars_and_stderr_are_dropped_but_not_results():
    widget = new_output(
        "display_data", {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "0%"}
    )
    emptied = new_output("display_data", {"text/plain": ""})
    noise = [new_output("stream", name="stderr", text="50%"), widget, emptied]
    kept = [new_output("stream", name="stdout", text="done\n"), shown("3")]
    book = normalised(new_notebook(cells=[new_code_cell("1", outputs=noise + kept)]))
    assert [out.output_type for out in book.cells[0].outputs] == ["stream", "execute_result"]


def rerun(stored):
    book = copy.deepcopy(stored)
    cell(book, "clock").outputs = [new_output("stream", name="stdout", text="2\n")]
    cell(book, "check_double").outputs = [shown("2.0")]
    return book


def test_varying_outputs_stay_while_the_code_stays():
    stored = notebook()
    cell(stored, "clock").outputs = [new_output("stream", name="stdout", text="1\n")]
    fresh = rerun(stored)
    keep_varying_outputs(fresh, stored)
    assert cell(fresh, "clock").outputs[0].text == "1\n"
    assert cell(fresh, "check_double").outputs == [shown("2.0")]


def test_varying_outputs_are_new_when_the_code_is():
    stored = notebook()
    cell(stored, "clock").outputs = [new_output("stream", name="stdout", text="1\n")]
    fresh = rerun(stored)
    cell(fresh, "setup").source += "\nx = 1"
    keep_varying_outputs(fresh, stored)
    assert cell(fresh, "clock").outputs[0].text == "2\n"


def test_the_digest_depends_on_code_alone():
    book = notebook()
    before = code_digest(book)
    cell(book, "title").source = "# Another"
    cell(book, "check_double").outputs = []
    assert code_digest(book) == before
    cell(book, "setup").source += " "
    assert code_digest(book) != before
