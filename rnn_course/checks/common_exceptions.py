"""What the exceptions that students meet most often mean, each in a sentence.

All of them keep the id ``raises``: that code stopped is one mistake, and this is the reason. The
texts are matched against what NumPy and PyTorch say.
"""

import re
from dataclasses import replace

from rnn_course.checks.mistakes import RAISES
from rnn_course.checks.report import Misconception
from rnn_course.checks.values import Raised

_MEANT: tuple[tuple[str, str, str, str], ...] = (
    # type of the exception, its text, what was seen, why
    (
        "AttributeError",
        r"before Module\.__init__\(\) call|object has no attribute '_(modules|parameters)'",
        "A layer was made before the module was.",
        "Begin `__init__` with `super().__init__()`: only then can it hold layers.",
    ),
    (
        "TypeError|AttributeError",
        r"'?tuple'? object has no attribute|not tuple|but got tuple|'tuple' and 'Tensor'"
        r"|'Tensor' and 'tuple'|can only concatenate tuple",
        "A pair was used as if it were one array.",
        "Recurrent layers and LSTM cells return several things: unpack them, `out, state = …`.",
    ),
    (
        "TypeError|AttributeError",
        r"'?NoneType'? (object|and)|and 'NoneType'|must be Tensor, not NoneType",
        "A value is None where your code needs an array.",
        "A state that was not given is None: make zeros of it first. A function without `return` "
        "gives None as well.",
    ),
    (
        "IndexError|TypeError",
        r"arrays used as indices must be|only integers, slices|only integer .*arrays? can be conv"
        r"|tensors used as indices must be",
        "Something else than whole numbers was used as an index.",
        "Labels must be integers. To pick one entry a row, write `a[np.arange(len(a)), labels]`.",
    ),
    (
        "IndexError",
        r"too many indices|too many dimensions|Dimension out of range",
        "An array has fewer axes than the index or the axis that was asked for.",
        "Print its `.shape` in the line before. A batch of one sequence still needs its axis.",
    ),
    (
        "IndexError",
        r"out of (bounds|range)",
        "An index lies beyond the end of an array or a list.",
        "Take every size from the array in your hands, and remember that the last index is "
        "its length minus 1.",
    ),
    (
        "KeyError",
        r"",
        "A dict was asked for a name that it does not have.",
        "Names are spelled as in the statement, capitals included: compare with the table there.",
    ),
    (
        "RuntimeError",
        r"does not require grad",
        "The result does not depend on any parameter that is trained.",
        "`.detach()`, `.item()`, `.numpy()`, `torch.tensor(…)` and `no_grad()` cut the way back.",
    ),
    (
        "TypeError|ValueError|RuntimeError",
        r"[Cc]an't convert .*tensor to numpy|Can't call numpy\(\) on Tensor|'?(Tensor|numpy\.nd"
        r"array)'? and '?(Tensor|numpy\.ndarray)'?|must be Tensor, not (numpy\.)?ndarray",
        "NumPy arrays and torch tensors were mixed.",
        "Stay with one of them inside a function: NumPy where the question says so.",
    ),
)


def meaning(error: Raised) -> Misconception:
    """Return what an exception usually means; `RAISES` where nothing more is known."""
    for kinds, pattern, seen, why in _MEANT:
        if re.fullmatch(kinds, error.type) and re.search(pattern, error.text):
            return replace(RAISES, seen=seen, why=why)
    return RAISES
