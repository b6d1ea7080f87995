"""Mistakes that any question can show: names, exceptions, types, shapes, numbers.

A notebook explains them under one heading, `READ`.
"""

from rnn_course.checks.report import Misconception

READ = "How answers are checked"


def mistake(id: str, seen: str, why: str, read: str = READ) -> Misconception:
    """Write a misconception down; ``read`` is the heading all notebooks share unless given."""
    return Misconception(id, seen, why, read)


NAME_MISSING = mistake(
    "name_missing",
    "A name that the question asks for is not defined.",
    "The check looks for exactly this name; spelling and capitals count.",
)
WRONG_KIND = mistake(
    "wrong_kind",
    "The name stands for something else than the question asks for.",
    "A class, a function and a value are used in different ways.",
)
WRONG_SIGNATURE = mistake(
    "wrong_signature",
    "The arguments are not those that the question states.",
    "Other cells call your code with these arguments in this order.",
)
NOT_WRITTEN = mistake(
    "not_written",
    "The answer still raises NotImplementedError.",
    "Replace the line by your own code.",
)
RAISES = mistake(
    "raises",
    "Your code stopped with an exception.",
    "Run the cell on the example yourself and follow the traceback to the line named here.",
)
UNKNOWN_NAME = mistake(
    "unknown_name",
    "Your code uses a name that does not exist where it runs.",
    "A variable of another cell or function is not there when the notebook runs from the top.",
)
NEVER_SET = mistake(
    "never_set",
    "A variable is read that was never given a value.",
    "A loop that ran no time, or an `if` that was not taken, leaves it without one.",
)
SHAPES_DISAGREE = mistake(
    "shapes_disagree",
    "Two arrays inside your code do not fit together.",
    "A size is fixed somewhere, or two axes are exchanged; write the shapes beside each line.",
)
FIXED_DTYPE = mistake(
    "fixed_dtype",
    "Your code makes numbers of a fixed type.",
    "A new tensor must take its dtype from the input, e.g. input.new_zeros(…).",
)
FIXED_DEVICE = mistake(
    "fixed_device",
    "Your code puts a tensor on a fixed device.",
    "A new tensor must take its device from the input, or the model fails on a GPU.",
)
IN_PLACE_GRADIENT = mistake(
    "in_place_gradient",
    "The gradient cannot be computed: a value it needs was overwritten.",
    "Write x = x + y and not x += y, or assign into a fresh tensor.",
)
RETURNS_NOTHING = mistake(
    "returns_nothing",
    "Your code returns None.",
    "A function without a return statement returns None.",
)
PRINTS = mistake(
    "prints_instead_of_returning",
    "Your code prints its result and returns None.",
    "What is printed is seen by you only; other code needs the value that `return` hands over.",
)
WRONG_TYPE = mistake(
    "wrong_type",
    "The result is not of the type that the question asks for.",
    "Other code goes on with your result and relies on its type.",
)
WRONG_SHAPE = mistake(
    "wrong_shape",
    "The result has the wrong shape.",
    "Numbers in the wrong shape are broadcast silently and spoil what comes later.",
)
OTHER_MODULE = mistake(
    "other_module",
    "No choice of weights makes your module compute what is asked.",
    "A layer, a bias, or a function between two layers is missing, or there is one too many.",
)
NOT_FINITE = mistake(
    "not_finite",
    "The result contains NaN or infinity.",
    "A division by zero, a logarithm of zero, an overflow, or memory that was never set.",
)
CONSTANT_SIZE = mistake(
    "hard_coded_size",
    "Your code works for one size only.",
    "Sizes must come from the arguments or from the input's shape.",
)
USES_GLOBAL = mistake(
    "depends_on_global",
    "Your code reads a variable of the notebook that is not among its arguments.",
    "It works only as long as that variable happens to fit; use the arguments.",
)
INPUTS_CHANGED = mistake(
    "inputs_changed",
    "The function writes into what it was given.",
    "The caller goes on using it. Write h = h + a instead of h += a, or work on a copy.",
)
