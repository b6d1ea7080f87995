"""How the answers to this coursework are judged; the model answers stand in the notebook."""

from rnn_course.checks import (
    Build,
    Call,
    Case,
    Mistake,
    Part,
    Ref,
    Tensor,
    array,
    calls,
    compare,
    essay,
    integer,
    variables,
)

# A function. Letters are sizes. The smallest case comes first and is what a student is shown;
# lowest sizes, zeros, ties and ±1000 are tried without being asked for.
MOVING_AVERAGE = compare(
    "moving_average",
    "A moving average",
    cases=calls("moving_average", array("N"), integer(1, 3), sizes={"N": (3, 8)}),
    parts=(
        Part("means", "The means of all windows", 4),
        # what a statement says in words is looked at by a part: here 'Leave x as it is'
        Part("pure", "The measurements are left alone", 1, "result@changed"),
    ),
    # A mistake is an edit of the model answer: the engine runs it, and knows it by what it does.
    mistakes=(
        Mistake(
            "last_window_missing",
            "The last window is not there.",
            "N numbers have N − width + 1 windows; `range` stops before its end.",
            edits=(("len(x) - width + 1", "len(x) - width"),),
        ),
        Mistake(
            "sum_for_mean",
            "The numbers of a window are added up, and not divided by how many they are.",
            "An average of equal numbers must be that number.",
            edits=((".mean()", ".sum()"),),
        ),
        Mistake(
            "window_too_long",
            "Every window holds one number too many.",
            "`x[i : i + width]` ends before `i + width` already.",
            edits=(("x[i : i + width]", "x[i : i + width + 1]"),),
        ),
    ),
    signature={"moving_average": ("x", "width")},  # the names that a call may use
    # other ways to be right; `rnn-course audit` proves that they are accepted
    also_right=(
        'def moving_average(x, width):\n    return np.convolve(x, np.ones(width) / width, "valid")',
    ),
    # changed model answers that no case can tell from it, as the audit lists them, and why
    equivalent={
        "return [x": "a list of numbers is accepted in place of an array",
    },
)


# A class. A case is steps by name: build it, call it. What draws them is any function of a
# NumPy generator; two decimals make numbers that a student can paste.
def _layers(rng):
    for width, (rows, length) in ((2, (2, 4)), (1, (1, 3)), (3, (2, 3)), (3, (3, 7))):
        x = Tensor.of(rng.normal(size=(rows, length)).round(2), requires_grad=True)
        # weights of the result, so that the gradient of their sum is looked at, too
        weights = rng.normal(size=(rows, length - width + 1)).round(2)
        steps = {
            "layer": Build("Smooth", (width,)),
            "y": Call(Ref("layer"), (x,), cotangents=weights),
        }
        yield Case(f"width {width}, {rows} × {length} numbers", steps)


SMOOTH = compare(
    "smooth",
    "Smoothing as a layer",
    cases=_layers,
    parts=(
        Part("output", "The moving average of every row", 3, "y"),
        Part("gradient", "Gradients reach the input", 2, "y@gradients"),
    ),
    mistakes=(
        Mistake(
            "along_the_batch",
            "The windows run over the rows: different series are mixed.",
            "The first axis counts the series, the second one time.",
            edits=(("unfold(1, self.width, 1).mean(dim=-1)", "unfold(0, 1, 1).mean(dim=0)"),),
        ),
        Mistake(
            "sum_for_mean",
            "The numbers of a window are added up, and not divided by how many they are.",
            "An average of equal numbers must be that number.",
            edits=((".mean(dim=-1)", ".sum(dim=-1)"),),
        ),
        Mistake(
            "detached",
            "The numbers are right, and no gradient gets through.",
            "`detach` and `no_grad` cut the result off from its input.",
            edits=(("x.unfold", "x.detach().unfold"),),
        ),
    ),
    defines=("Smooth",),
    equivalent={
        "super().__init__()": "a layer without parameters works without it",
        "unfold(-1": "the last axis is the second one",
    },
)

# The value of a variable is a secret: what travels to students is its digest.
OUTLIER = variables(
    "outlier",
    "One wild number",
    Part("steady", "The summary that hardly moves", 2),
    mistakes=(
        Mistake(
            "mean_moves",
            "You chose the mean.",
            "A million divided by a thousand is still a thousand.",
            edits=(('"median"', '"mean"'),),
        ),
    ),
)

# A person marks it, by the scheme below the model answer; its points are the notebook's.
WHEN = essay("when", "When not to smooth")

QUESTIONS = (MOVING_AVERAGE, SMOOTH, OUTLIER, WHEN)
