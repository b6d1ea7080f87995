"""Finds where in a gated step a mistake sits that is in no list: by what must vanish for it to go.

A step is asked again with a part of it switched off. If it is right then, the mistake is in that
part. This is no diagnosis of the code, and it is true of any code.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from rnn_course.checks.generic import Finding
from rnn_course.checks.mistakes import mistake
from rnn_course.checks.report import Misconception
from rnn_course.courseworks.cw1_bptt.gated_steps import GATES, Inputs

SIGMOID_WRONG = mistake(
    "sigmoid_wrong",
    "What turns sums into gates is not the sigmoid.",
    "A gate is σ(a) = 1 / (1 + exp(−a)): a half at zero, close to one for large sums, close to "
    "zero for small ones. Try your sigmoid at −2, 0 and 2.",
    GATES,
)
KEPT_WRONG = mistake(
    "kept_part_wrong",
    "With an empty memory the step is right, otherwise not.",
    "So it is about what is kept: f ⊙ c in an LSTM, z ⊙ h in a GRU.",
    GATES,
)
WRITTEN_WRONG = mistake(
    "written_part_wrong",
    "With a candidate of zero the step is right, otherwise not.",
    "So it is about what is written: i ⊙ g in an LSTM, (1 − z) ⊙ candidate in a GRU.",
    GATES,
)
BIAS_WRONG = mistake(
    "gate_bias_wrong",
    "With all biases at zero the step is right, otherwise not.",
    "Every gate and the candidate add the bias of their own name, once.",
    GATES,
)
STATE_WRONG = mistake(
    "recurrent_part_wrong",
    "With an old state of zero the step is right, otherwise not.",
    "Look at the products with Wh, and at what becomes of the old state.",
    GATES,
)
INPUT_WRONG = mistake(
    "input_part_wrong",
    "With an input of zero the step is right, otherwise not.",
    "Look at the products with Wx: each gate and the candidate have one of their own.",
    GATES,
)
GATE_WRONG = mistake(
    "one_gate_wrong",
    "With one gate's own weights and bias at zero the step is right, otherwise not.",
    "So it is this gate: the letters of its weights, what it reads, and its bias.",
    GATES,
)
SHOWN_WRONG = mistake(
    "shown_part_wrong",
    "The new cell state is right, and the hidden state made of it is not.",
    "h' = o ⊙ tanh(c'): the output gate reads the same x and old h as the other gates.",
    GATES,
)
OTHER_STEP = mistake(
    "other_gated_step",
    "The step is not that of the equations, whichever part is switched off.",
    "Take the equations line by line: gates, candidate, and how old and new are put together.",
    GATES,
)
Works = Callable[[Inputs], bool]


def place(works: Works, s: Inputs, candidate: str, gates: str) -> Finding | None:
    """Name the part without which a wrong step would be right.

    Args:
        works: whether the student's step is right for these inputs.
        s: inputs for which it is wrong.
        candidate: the letter of the candidate's weights.
        gates: those of the gates.
    """
    for said, misconception, easier in _easier(s, candidate, gates):
        if works(easier):
            return Finding(said, misconception)
    return None


def _easier(s: Inputs, candidate: str, gates: str) -> Iterable[tuple[str, Misconception, Inputs]]:
    yield "With all biases at 0 it is right.", BIAS_WRONG, _off(s, lambda name: name[0] == "b")
    for gate in gates:
        named = {f"Wx{gate}", f"Wh{gate}", f"b{gate}"}
        own = _off(s, named.__contains__)
        yield f"With {gate} half open everywhere it is right.", GATE_WRONG, own
    if candidate != "h":
        yield "With c = 0 it is right.", KEPT_WRONG, replace(s, c=0 * s.c)
    idle = {f"Wx{candidate}", f"Wh{candidate}", f"b{candidate}"}
    yield "With a candidate of 0 it is right.", WRITTEN_WRONG, _off(s, idle.__contains__)
    yield "With h = 0 it is right.", STATE_WRONG, replace(s, h=0 * s.h)
    yield "With x = 0 it is right.", INPUT_WRONG, replace(s, x=0 * s.x)
    open_half = [n for n in s.model if n not in idle]
    yield "With all gates half open it is right.", SIGMOID_WRONG, _off(s, open_half.__contains__)


def _off(s: Inputs, chosen: Callable[[str], bool]) -> Inputs:
    model = {n: np.zeros_like(v) if chosen(n) else v for n, v in s.model.items()}
    return replace(s, model=model)
