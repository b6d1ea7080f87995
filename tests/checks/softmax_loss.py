"""A small question as data, and answers to it, for tests of the engine."""

import numpy as np

from rnn_course.checks import Mistake, Part, array, calls, compare, integers
from rnn_course.checks.recording import Source

MODEL = """
def softmax_loss(X, W, y):
    scores = X @ W
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(y))
    delta = np.exp(log_p)
    delta[rows, y] -= 1
    return -log_p[rows, y].mean(), X.T @ delta / len(y)
"""
ABOVE = "import numpy as np"
SOURCE = Source("softmax_loss", MODEL, ABOVE)
GROUPS = ("small", "sizes", "more")
QUESTION = compare(
    "softmax_loss",
    "Loss and gradient of a softmax regression",
    cases=calls("softmax_loss", array("B", "D"), array("D", "K"), integers("B", below="K")),
    signature={"softmax_loss": ("X", "W", "y")},
    parts=(
        Part("loss", "The loss", 4, "loss=result.0", groups=GROUPS),
        Part("gradient", "Its gradient", 4, "gradient=result.1", groups=GROUPS),
        Part("stable", "Finite for scores of a million", 1, "result.0", groups=("thousands",)),
        Part("pure", "The arguments are left alone", 1, ("result@changed", "result@again")),
    ),
    mistakes=(
        Mistake(
            "sum_for_mean",
            "The losses of the batch are added up.",
            "With a mean the step does not grow with the batch.",
            edits=(("-log_p[rows, y].mean()", "-log_p[rows, y].sum()"),),
        ),
        Mistake(
            "not_divided",
            "The gradient is that of the sum.",
            "Divide by the number of rows.",
            edits=((" / len(y)", ""),),
        ),
    ),
)


def answered(old: str = "", new: str = "", text: str = MODEL) -> dict[str, object]:
    """Return the notebook of a student who wrote the model answer with a piece exchanged."""
    assert old in text
    namespace: dict[str, object] = {"np": np, "__name__": "__main__"}
    exec(compile(text.replace(old, new), "<answer>", "exec"), namespace)
    return namespace
