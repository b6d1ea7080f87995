"""What the exceptions that students meet most often mean, each in a sentence.

torch says what it saw, in its own terms; what is said here is which step was forgotten. Some are
mistakes with a name of their own (`familiar`); the others keep the id ``raises``: that code stopped
is one mistake, and the sentence is its reason (`meaning`). Patterns are matched against what NumPy
and PyTorch say.
"""

import re
from dataclasses import replace

from rnn_course.checks.mistakes import RAISES, mistake
from rnn_course.checks.report import Misconception
from rnn_course.checks.values import Raised

CLASSES_NOT_SECOND = mistake(
    "classes_not_second",
    "The logits and the targets of a cross-entropy do not fit together.",
    "It takes axis 1 as the classes: flatten logits (B, T, V) to (B·T, V) and targets to (B·T,), "
    "or permute the logits to (B, V, T).",
)
TARGETS_NOT_NUMBERS = mistake(
    "targets_not_numbers",
    "The targets of a cross-entropy are neither class numbers nor probabilities.",
    "Class numbers are integers (torch.long) of one axis less than the logits; probabilities are "
    "floating-point and have the shape of the logits.",
)
PAST_THE_END = mistake(
    "past_the_end",
    "An index points behind the last element of an axis.",
    "Counting starts at 0, so the last of n elements has the index n − 1; a sequence of length n "
    "ends at step n − 1.",
)
UNSORTED_PACKING = mistake(
    "unsorted_packing",
    "Sequences are packed that are not sorted by length.",
    "Pass enforce_sorted=False to pack_padded_sequence; torch then sorts them and restores the "
    "order.",
)
LENGTHS_UNFIT = mistake(
    "lengths_unfit",
    "The lengths for packing are not what torch wants.",
    "They are whole numbers of at least 1, in a tensor on the CPU: lengths.cpu().",
)
PAIR_RETURNED = mistake(
    "pair_returned",
    "A pair is used as if it were a tensor.",
    "torch's recurrent layers return (outputs, state): write outputs, state = layer(x).",
)
STATE_UNFIT = mistake(
    "state_unfit",
    "The state that is handed to a recurrent layer does not have its form.",
    "It is (layers, B, H), also with batch_first=True; for an LSTM it is a pair (h, c) of these.",
)
INPUT_UNFIT = mistake(
    "input_unfit",
    "The input of a layer does not have the axes or the number of features that it was built for.",
    "With batch_first=True a recurrent layer reads (B, T, D), and D is its first argument.",
)
NUMBERS_NOT_INTEGERS = mistake(
    "numbers_not_integers",
    "Token numbers or class numbers are not integers.",
    "nn.Embedding, one_hot and indexing want torch.long: convert them with .long().",
)
OUTSIDE_VOCABULARY = mistake(
    "outside_vocabulary",
    "A token or class number is as large as the number of them, or larger.",
    "With V tokens the numbers go from 0 to V − 1; check the size that the layer was built with.",
)
NOT_PROBABILITIES = mistake(
    "not_probabilities",
    "It is drawn from numbers that are no probabilities.",
    "They must be finite, not negative and not all 0: draw from a softmax, and treat temperature "
    "0 on its own instead of dividing by it.",
)
NOTHING_TO_LEARN = mistake(
    "nothing_to_learn",
    "The way back starts at a number that depends on no parameter.",
    "The graph was cut by torch.no_grad(), .detach(), .item() or a conversion to NumPy.",
)
GRAPH_USED_TWICE = mistake(
    "graph_used_twice",
    "The way back is gone a second time through the same graph.",
    "A state that is carried from one step of training to the next has to be cut: state.detach().",
)
STILL_IN_GRAPH = mistake(
    "still_in_graph",
    "A tensor that gradients depend on is turned into NumPy or a plain number.",
    "Detach it first: tensor.detach().numpy(); or compute it under torch.no_grad().",
)
MANY_TRUTHS = mistake(
    "many_truths",
    "An `if`, `and` or `not` is asked of many numbers at once.",
    "Say whether .all() or .any() is meant, or choose element by element with torch.where.",
)
MASK_NOT_BOOLEAN = mistake(
    "mask_not_boolean",
    "A mask is made of numbers instead of True and False.",
    "Make it by a comparison, as steps >= lengths[:, None].",
)

_FAMILIAR: tuple[tuple[str, Misconception], ...] = (
    (r"Expected target size|target batch_size", CLASSES_NOT_SECOND),
    (r"expected target dtype|type for target with class", TARGETS_NOT_NUMBERS),
    (r"sorted in decreasing order", UNSORTED_PACKING),
    (r"Length of all samples|'lengths' argument should be", LENGTHS_UNFIT),
    (r"must be Tensor, not tuple|'tuple' object has no attribute '(shape|size|dim|view|"
     r"reshape|flatten|transpose|squeeze|unsqueeze|backward)'", PAIR_RETURNED),
    (r"hx should|Expected hidden(\[\d\])? size|Expected hx", STATE_UNFIT),
    (r"equal to input_size|Expected input to be \dD", INPUT_UNFIT),
    (r"argument #1 'indices'|one_hot is only applicable", NUMBERS_NOT_INTEGERS),
    (r"index out of range in self|Class values must be smaller|Target \d+ is out of bounds",
     OUTSIDE_VOCABULARY),
    # exactly one too far, and not of one element: other numbers are met where a size is fixed or a
    # pair was expected, and those mistakes have names of their own
    (r"index ([2-9]|\d\d+) is out of bounds for dimension \d with size \1\b", PAST_THE_END),
    (r"multinomial distribution|probability tensor contains", NOT_PROBABILITIES),
    (r"does not require grad and does not have a grad_fn", NOTHING_TO_LEARN),
    (r"backward through the graph a second time", GRAPH_USED_TWICE),
    (r"Can't call numpy\(\) on Tensor", STILL_IN_GRAPH),
    (r"more than one (value|element) is ambiguous", MANY_TRUTHS),
    (r"only supports boolean masks", MASK_NOT_BOOLEAN),
)  # fmt: skip


def familiar(text: str) -> Misconception | None:
    """Return the mistake behind an exception's message, if it is one of these."""
    return next((found for pattern, found in _FAMILIAR if re.search(pattern, text)), None)


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
