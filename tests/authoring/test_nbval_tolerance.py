"""Stored outputs are compared as words and numbers, with nbval itself."""

import os
import re
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from rnn_course.authoring.nbval_tolerance import alike, tolerance


@pytest.mark.parametrize(
    ("one", "other", "rtol"),
    [
        ("perplexity is 3.67", "perplexity is 3.66", 0),
        ("3.67", "3.69", 0.01),
        ("loss −0.00", "loss 0.00", 0),
        ("2.51e-08", "2.50e-08", 0),
        ("a 1.0, b 2.25", "a 1.1, b 2.25", 0),
        ("0.999", "1.000", 0),
        ("[0.5, 1.]", "[0.5, 1.]", 0),
    ],
)
def test_numbers_may_differ_by_their_last_digit_or_as_much_as_the_cell_says(one, other, rtol):
    assert alike(one, other, rtol)


@pytest.mark.parametrize(
    ("one", "other", "rtol"),
    [
        ("perplexity is 3.67", "perplexity is 3.69", 0),
        ("perplexity is 3.67", "perplexity is 4.67", 0.1),
        ("perplexity is 3.67", "loss is 3.67", 0.1),
        ("15 of 16", "14 of 16", 0.5),
        ("1.5 and 2.5", "1.5", 0),
        ("version 2.13.0", "version 2.12.0", 0.5),
        ("0.5", "nan", 0.5),
        ("2.50e-08", "2.50e-07", 0),
    ],
)
def test_words_whole_numbers_and_other_numbers_are_told(one, other, rtol):
    assert not alike(one, other, rtol)


def test_a_tag_that_is_no_share_is_told():
    assert tolerance(["remove-cell", "nbval-rtol-0.05"]) == 0.05
    with pytest.raises(pytest.UsageError, match=r"Got nbval-rtol-5%\. Correct the tag"):
        tolerance(["nbval-rtol-5%"])


def test_nbval_uses_it_and_names_the_cell_that_differs(tmp_path):
    def cell(prints, stored, *tags):
        shown = new_output("stream", name="stdout", text=f"{stored}\n")
        return new_code_cell(
            f"print({prints!r})",
            outputs=[shown],
            metadata={"tags": list(tags)},
            execution_count=1,
        )

    cells = [
        cell("perplexity 3.66", "perplexity 3.67"),
        cell("perplexity 3.69", "perplexity 3.67"),
        cell("perplexity 3.69", "perplexity 3.67", "nbval-rtol-0.05"),
        cell("perplexity 3.9", "perplexity 3.6", "nbval-rtol-0.05"),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "some.ipynb")
    command = [
        *(sys.executable, "-m", "pytest", "-p", "rnn_course.authoring.nbval_tolerance"),
        *("--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "-c", os.devnull),
        *("--rootdir", tmp_path, "-q", "--color=no", "-rA", tmp_path / "some.ipynb"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    marks = {n: w for w, n in re.findall(r"^(PASSED|FAILED) .*Cell (\d)", done.stdout, re.M)}
    assert marks == {"0": "PASSED", "1": "FAILED", "2": "PASSED", "3": "FAILED"}, done.stdout
