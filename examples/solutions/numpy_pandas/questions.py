"""Questions about data, without torch: arrays, frames, texts, drawings, an essay."""

import numpy as np

from rnn_course.checks import (
    Call,
    Case,
    Mistake,
    Part,
    array,
    calls,
    choice,
    compare,
    essay,
    frame,
    integer,
    integers,
    number,
    text,
)

SOFTMAX_LOSS = compare(
    "softmax_loss",
    "Softmax regression",
    cases=calls(
        "softmax_loss",
        array("B", "D"),
        array("D", "K", extremes=("zeros", "ties", "thousands")),
        integers("B", below="K"),
        sizes={"K": (2, 5)},
    ),
    parts=(
        Part("loss", "The loss, also for scores of ±1000", 4, "loss=result.0"),
        Part("gradient", "Its derivative by W", 5, "dW=result.1"),
        Part("pure", "The arguments are left alone", 1, "result@changed"),
    ),
    mistakes=(
        Mistake(
            "sum_for_mean",
            "The losses of the batch are added up.",
            "A mean does not grow with the batch, and neither should the step it leads to.",
            edits=(("y].mean()", "y].sum()"),),
        ),
        Mistake(
            "gradient_of_sum",
            "The gradient belongs to the sum over the batch; the loss is a mean.",
            "What is divided by B in the loss is divided by B in its derivative.",
            edits=(("X.T @ ds / B", "X.T @ ds"),),
        ),
        Mistake(
            "right_class_not_subtracted",
            "The gradient is that of log Σ exp(s) alone.",
            "The loss is log Σ exp(s) − s_y: the second term takes 1 off at the right class.",
            edits=(("ds[rows, y] -= 1\n    ", ""),),
        ),
        Mistake(
            "softmax_over_batch",
            "The softmax runs over the batch, not over the classes.",
            "Each row is one example; its K probabilities add up to 1.",
            edits=((("max(axis=1", "max(axis=0"), ("sum(axis=1", "sum(axis=0")),),
        ),
        Mistake(
            "overflow",
            "Large scores give NaN or ∞.",
            "exp(1000) overflows; subtract the row's largest score first.",
            edits=(("scores - scores.max(axis=1, keepdims=True)", "scores"),),
        ),
    ),
    signature={"softmax_loss": ("X", "W", "y")},
    equivalent={
        "axis=-1": "the last axis is the second one",
        "len(X)": "X has as many rows as y",
        "-np.arange": "rows counted from the end, each with another row's class",
        ".sum(-1": "probabilities add up to 1 already",
    },
)

BY_GROUP = compare(
    "by_group",
    "A table of groups",
    cases=calls(
        "turnover",
        frame(
            "R",
            shop=choice("north", "east", "old town"),
            price=number(0.5, 9),
            pieces=integer(1, 6),
        ),
        sizes={"R": (1, 9)},
    ),
    parts=(
        Part("turnover", "The turnover of each shop", 2, "result.turnover"),
        Part("price", "The mean price of a piece", 2, "result.mean_price"),
        Part("rows", "One row for each shop, in alphabetical order", 1, "result@index"),
        Part("pure", "The table is left alone", 1, "result@changed"),
    ),
    mistakes=(
        Mistake(
            "price_of_sales",
            "The mean price is that of the sales, not of the pieces.",
            "A sale of 99 pieces counts 99 times when you ask what a piece costs.",
            edits=(
                (
                    'groups["turnover"] / groups["pieces"]',
                    'sales.groupby("shop")["price"].mean()',
                ),
            ),
        ),
        Mistake(
            "pieces_forgotten",
            "The prices are added up without the pieces.",
            "Turnover is what customers have paid: price × pieces.",
            edits=(('sales["price"] * sales["pieces"]', 'sales["price"]'),),
        ),
        Mistake(
            "column_added",
            "The table that came in has another column afterwards.",
            "`sales[…] = …` writes into the caller's table; `assign` makes a new one.",
            edits=(
                (
                    "paid = sales.assign(turnover=",
                    "paid = sales\n    sales['turnover'] = (",
                ),
            ),
        ),
    ),
    signature={"turnover": ("sales",)},
)

ODD = {
    "capitals": "Ab aB AB",
    "blanks": "  a   b\t\na ",
    "digits": "a1b 22 a",
    "marks": "it's well-known, isn't it?",
    "accents": "café Café ŒUF",
    "nothing": "1 - 2",
}
COUNT_WORDS = compare(
    "count_words",
    "Counting words",
    cases=calls("count_words", text("aabB c'-1é", "N", ODD), sizes={"N": (1, 30)}),
    parts=(Part("counts", "Every word, and how often it stands there", 6),),
    mistakes=(
        Mistake(
            "capitals_apart",
            "Words with capital letters are counted apart.",
            "“The” at the start of a sentence is the word “the”.",
            edits=(("text.lower()", "text"),),
        ),
        Mistake(
            "blanks_only",
            "Only blanks separate words; digits and marks remain in them.",
            "A word is a run of letters: everything else ends it.",
            edits=(('c if c.isalpha() else " " for c', "c for c"),),
        ),
        Mistake(
            "digits_are_letters",
            "Digits are part of words.",
            "`isalnum` is also true for digits; `isalpha` is not.",
            edits=(("isalpha", "isalnum"),),
        ),
        Mistake(
            "marks_dropped",
            "What is no letter is taken out, so that words grow together.",
            "`it's` has two words; without its apostrophe it would be one.",
            edits=(
                (
                    'c if c.isalpha() else " " for c in text.lower()',
                    "c for c in text.lower() if c.isalpha() or c.isspace()",
                ),
            ),
        ),
        Mistake(
            "each_once",
            "Every word is counted once.",
            "Add 1 to what was counted so far.",
            edits=(("counts.get(word, 0) + 1", "1"),),
        ),
    ),
    signature={"count_words": ("text",)},
    equivalent={"[::-1]": "a dict's order does not count"},
)


def _spreads(rng: np.random.Generator):
    """Two calls each: the second shows whether it draws on the first one's axes."""
    for said, edges, low, high in (
        ("a few values", [0.0, 1.0, 2.0], 0, 2),
        ("bars of width 0.5", [-1.0, -0.5, 0.0, 0.5], -1, 0.5),
        ("values outside of all bars", [0.0, 2.0, 4.0], -2, 6),
        ("values on the edges", [0.0, 1.0, 2.0, 3.0], None, None),
    ):
        values = rng.uniform(low, high, 7).round(2) if said[-5:] != "edges" else np.array(edges)
        step = Call("plot_spread", (values, np.array(edges)))
        yield Case(said, {"first": step, "second": Call("plot_spread", (values[:3], step.args[1]))})


HISTOGRAM = compare(
    "histogram",
    "A picture that says what it shows",
    cases=_spreads,
    parts=(
        Part("bars", "Bars at their places, as high as the share", 3, "bars=first.bars"),
        Part("labels", "The axes are called value and share", 1, ("first.xlabel", "first.ylabel")),
        Part("own", "Every call draws a picture of its own", 1, "bars=second.bars", follows="bars"),
    ),
    mistakes=(
        Mistake(
            "counts",
            "The bars show how many values there are, not which share.",
            "A sample of twice the size would have bars of twice the height.",
            edits=(("counts / len(values)", "counts"),),
        ),
        Mistake(
            "density",
            "The bars are divided by their width as well.",
            "matplotlib's `density=True` makes the area 1; a share is a height here.",
            edits=(("counts / len(values)", "counts / counts.sum() / np.diff(edges)"),),
        ),
        Mistake(
            "share_of_the_drawn",
            "The shares are those of the values inside of the bars.",
            "Values outside of all intervals belong to the N values, too.",
            edits=(("counts / len(values)", "counts / counts.sum()"),),
        ),
        Mistake(
            "centred_on_edges",
            "The bars stand around the left ends of their intervals.",
            '`ax.bar` centres its bars unless it is told `align="edge"`.',
            edits=((', align="edge"', ""),),
        ),
    ),
    signature={"plot_spread": ("values", "edges")},
    equivalent={"plt.close": "a figure may stay open", "plt.close(_": "it is that figure"},
)

ACCURACY = essay("accuracy", "What accuracy hides")

QUESTIONS = (SOFTMAX_LOSS, BY_GROUP, COUNT_WORDS, HISTOGRAM, ACCURACY)
