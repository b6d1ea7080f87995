"""What goes wrong when students draw the sequences of coursework 3 themselves."""

from rnn_course.checks.mistakes import mistake
from rnn_course.courseworks.cw3_temporal_order.mistakes import DATA

NOT_ONE_HOT = mistake(
    "not_one_hot",
    "A step before the end is not a one-hot vector.",
    "Each of the 8 numbers stands for one symbol: exactly one is 1 and the others are 0.",
    DATA,
)
PADDED_IN_FRONT = mistake(
    "padded_in_front",
    "The padding stands before the sequence, not after it.",
    "Models here read from step 0 and stop at the length; zeros in front shift every step.",
    DATA,
)
PADDED_WITH_SYMBOLS = mistake(
    "padded_with_symbols",
    "Steps after the end hold symbols.",
    "Whatever stands after B is not part of the sequence: leave zeros there.",
    DATA,
)
NO_START = mistake(
    "no_start", "Step 0 is not E.", "Every sequence of this problem starts with E.", DATA
)
NO_END = mistake(
    "no_end", "The last step of a sequence is not B.", "B tells where to answer.", DATA
)
LENGTH_WRONG = mistake(
    "length_wrong",
    "The lengths do not count the steps of the sequences.",
    "A length counts every symbol, E and B included; the last index is one less.",
    DATA,
)
FIXED_LENGTH = mistake(
    "fixed_length",
    "All sequences have the same length.",
    "With one length the network could count steps; the problem draws it from 100 to 110.",
    DATA,
)
RANGE_END_MISSING = mistake(
    "range_end_missing",
    "The last value of a range is never drawn.",
    "rng.integers(a, b) leaves b out; add 1, or say endpoint=True.",
    DATA,
)
RANGE_WRONG = mistake(
    "range_wrong",
    "Values fall outside the range that the problem states.",
    "Steps count from 0 and both ends of a range belong to it.",
    DATA,
)
NOT_UNIFORM = mistake(
    "not_uniform",
    "Values of a range are not equally frequent.",
    "Draw with rng.integers; rounding a real number halves the share of both ends.",
    DATA,
)
SHARED_DRAW = mistake(
    "shared_draw",
    "One random number decides for several things at once.",
    "Every sequence and every position needs a draw of its own, or the network can use the link.",
    DATA,
)
DISTRACTOR_WRONG = mistake(
    "distractors_wrong",
    "The distractors are not a, b, c and d in equal shares.",
    "Between E and B every step that is not X or Y is drawn from the four letters.",
    DATA,
)
WRONG_SYMBOL_COUNT = mistake(
    "wrong_symbol_count",
    "Some sequences do not hold exactly three symbols X or Y.",
    "X and Y are not distractors: they stand at t1, t2 and t3 and nowhere else.",
    DATA,
)
LABEL_REVERSED = mistake(
    "label_reversed",
    "The label reads the three symbols backwards.",
    "The first symbol is worth 4, the second 2, the third 1.",
    DATA,
)
LABEL_INVERTED = mistake(
    "label_inverted", "X and Y are exchanged in the label.", "X counts 0 and Y counts 1.", DATA
)
LABEL_COUNTS = mistake(
    "label_counts",
    "The label depends on how many Y there are and not on their order.",
    "The order is the class: XXY, XYX and YXX are three classes.",
    DATA,
)
LABEL_UNRELATED = mistake(
    "label_unrelated",
    "The labels are not those of the sequences.",
    "Draw the label once and place its symbols, or read it off the symbols that you placed.",
    DATA,
)
LABEL_FROM_ONE = mistake(
    "label_from_one",
    "The classes are counted from 1.",
    "PyTorch counts classes from 0: XXX is 0 and YYY is 7.",
    DATA,
)
LABEL_ONE_HOT = mistake(
    "label_one_hot",
    "The labels are one-hot vectors.",
    "A label is one class number per sequence; the section on the bug shows why that matters.",
    DATA,
)
CLASSES_UNBALANCED = mistake(
    "classes_unbalanced",
    "The classes are not equally frequent.",
    "Draw each of the three symbols independently, X or Y with the same chance.",
    DATA,
)
DEALT_OUT = mistake(
    "dealt_out",
    "Values are dealt out in turn or in equal numbers, and not drawn for each sequence.",
    "Independent draws come in slightly unequal numbers, and a batch of one can be any class.",
    DATA,
)
NOT_FLOAT32 = mistake(
    "inputs_not_float32",
    "The inputs are not float32.",
    "Models hold float32 and refuse anything else: np.eye(8, dtype=np.float32).",
    DATA,
)
NOT_INTEGERS = mistake(
    "lengths_or_labels_not_integers",
    "Lengths or labels are not whole numbers.",
    "They index arrays and count classes: their type is an integer, such as np.int64.",
    DATA,
)
OURS = mistake(
    "calls_the_solution",
    "The sequences are those of temporal_order, one by one.",
    "The point of the question is to write the generator yourself; later cells use ours anyway.",
    DATA,
)
RNG_IGNORED = mistake(
    "rng_ignored",
    "Two generators with the same seed give different sequences.",
    "Draw everything from the generator that was passed, or nobody can repeat your run.",
    DATA,
)
ALWAYS_THE_SAME = mistake(
    "always_the_same",
    "Different generators give the same sequences.",
    "A seed is fixed inside: then a second call brings nothing new.",
    DATA,
)
ORDER_OF_SYMBOLS = mistake(
    "order_of_symbols",
    "The columns of the one-hot vectors are in another order.",
    "Column 0 is E, then a, b, c, d, X, Y, and column 7 is B.",
    DATA,
)
AXES_EXCHANGED = mistake(
    "axes_exchanged",
    "The axes of the inputs are exchanged.",
    "The order is batch, time, feature: (n, 110, 8).",
    DATA,
)
