"""Where a mistake sits in a gated step is told by what must vanish for it to go."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from rnn_course.courseworks.cw1_bptt.gated_steps import Inputs, Lstm, sigmoid
from rnn_course.courseworks.cw1_bptt.gates_place import place


def inputs() -> Inputs:
    rng = np.random.default_rng(0)
    model = {
        f"{kind}{gate}": rng.normal(size=shape)
        for gate in "ifog"
        for kind, shape in (("Wx", (3, 4)), ("Wh", (4, 4)), ("b", (1, 4)))
    }
    x, h, c = rng.normal(size=(2, 3)), rng.uniform(-0.9, 0.9, (2, 4)), rng.normal(size=(2, 4))
    return Inputs(x, h, c, model)


def works(wrong: Lstm) -> Callable[[Inputs], bool]:
    return lambda s: np.allclose(wrong.apply(s)[1], Lstm().apply(s)[1])


@pytest.mark.parametrize(
    ("change", "id", "text"),
    [
        ({"f": lambda s: sigmoid(s.sum("f") + s.model["bi"])}, "gate_bias_wrong", "biases"),
        ({"i": lambda s: sigmoid(2 * s.sum("i"))}, "one_gate_wrong", "i half open"),
        ({"f": lambda s: sigmoid(s.sum("f") + 1)}, "kept_part_wrong", "c = 0"),
        ({"i": lambda s: sigmoid(s.sum("i") + 1)}, "written_part_wrong", "candidate of 0"),
    ],
    ids=["bias", "gate", "kept", "written"],
)
def test_a_part_is_found(change, id, text):
    message, misconception = place(works(replace(Lstm(), **change)), inputs(), "g", "ifo")
    assert misconception.id == id
    assert text in message


def test_a_step_that_is_always_wrong_has_no_place():
    assert place(lambda s: False, inputs(), "g", "ifo") is None
