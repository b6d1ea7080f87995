"""What goes wrong in coursework 3's attention model."""

from rnn_course.checks.mistakes import mistake
from rnn_course.courseworks.cw3_temporal_order.mistakes import ATTENTION

WEIGHTS_ON_PADDING = mistake(
    "weights_on_padding",
    "Padded steps get attention.",
    "Give them the score minus infinity before the softmax; then they get exactly 0.",
    ATTENTION,
)
WEIGHTS_NOT_NORMED = mistake(
    "weights_not_normed",
    "The weights of a sequence do not add up to 1.",
    "Mask the scores before the softmax; zeroing weights after it takes their share away.",
    ATTENTION,
)
SOFTMAX_WRONG_AXIS = mistake(
    "softmax_wrong_axis",
    "The softmax runs over the batch and not over the steps.",
    "The weights of one sequence add up to 1: the axis is time.",
    ATTENTION,
)
LAST_MASKED = mistake(
    "last_step_masked",
    "The last step of each sequence gets no weight.",
    "A sequence of length n has the steps 0 to n - 1: all of them are valid.",
    ATTENTION,
)
SCORES_SEE_CONSTANTS = mistake(
    "scores_see_detached_states",
    "The scores have no gradient for what was read.",
    "States that are detached before they are scored never learn to be found.",
    ATTENTION,
)
WEIGHTS_NEGATIVE = mistake(
    "weights_negative",
    "A weight is negative.",
    "Scores become weights by a softmax; return what multiplies the states.",
    ATTENTION,
)
SCORES_CUT = mistake(
    "scores_never_learn",
    "No gradient flows through the weights into the scores.",
    "Weights that are detached, or picked by argmax, stay as they were at the start.",
    ATTENTION,
)
WEIGHTS_CONSTANT = mistake(
    "weights_constant",
    "The weights do not depend on what was read.",
    "Score each state; equal or fixed weights are an average and find nothing.",
    ATTENTION,
)
WEIGHTS_UNUSED = mistake(
    "weights_unused",
    "The logits do not come from the weighted sum of the states.",
    "The classifier may see the context alone; any other way past the weights defeats them.",
    ATTENTION,
)
PADDING_LEAKS = mistake(
    "padding_leaks",
    "The padding changes the result.",
    "Scores of padded steps must not enter the softmax, nor their states the sum.",
    ATTENTION,
)
POSITION_UNSEEN = mistake(
    "position_unseen",
    "The scores do not depend on where a step is.",
    "Give the score the position of the step, not only its state.",
    "Where am I?",
)
POSITION_BROKEN = mistake(
    "position_needs_full_length",
    "The result depends on how long the padded batch is.",
    "A position is t / 110, counted from the start, whatever the batch is padded to.",
    "Where am I?",
)
NO_WEIGHTS = mistake(
    "no_weights_returned",
    "With return_weights=True no pair (logits, weights) comes back.",
    "The weights are what you will look at to see what the model attends to.",
    ATTENTION,
)
HARD_ATTENTION = mistake(
    "hard_attention",
    "A single step gets all the weight, by argmax.",
    "argmax has no gradient: the scores can never learn.",
    ATTENTION,
)
SCORES_RETURNED = mistake(
    "scores_returned",
    "What comes back beside the logits are the scores, not the weights.",
    "Return what multiplies the states: the softmax of the masked scores.",
    ATTENTION,
)
NO_SOFTMAX = mistake(
    "weights_without_softmax",
    "The weights of a sequence add up to more than 1.",
    "A softmax over the steps makes shares of 1 out of the scores; a sigmoid, or an exponential, "
    "of each score by itself does not.",
    ATTENTION,
)
NOTHING_LEFT = mistake(
    "softmax_over_nothing",
    "Some sequences give NaN.",
    "A softmax over nothing but minus infinity is NaN: is the mask the wrong way round, or does it "
    "cover every step of a sequence?",
    ATTENTION,
)
INFINITY_TIMES_ZERO = mistake(
    "infinity_times_zero",
    "All logits are NaN.",
    "0 times minus infinity is NaN, so no mask can be multiplied by it: use masked_fill or where.",
    ATTENTION,
)
NOT_OF_STATES = mistake(
    "sum_not_of_states",
    "The weighted sum is not of states that know what came before.",
    "Weigh the states of the recurrent network, h_t, and not the inputs or functions of them.",
    ATTENTION,
)
MORE_THAN_STATES = mistake(
    "more_than_states",
    "The classifier sees more than the weighted sum of the states of a plain RNN.",
    "The position belongs into the score alone, and nothing goes past the weights.",
    ATTENTION,
)
SMALL_INPUT_WEIGHTS = mistake(
    "input_weights_spread",
    "The input weights do not start with a spread of 1.",
    "Use nn.init.normal_ on the layer's weight_ih_l0: with torch's small ones a symbol hardly "
    "shows in the state.",
    ATTENTION,
)
TOO_FEW_POSITIONS = mistake(
    "too_few_positions",
    "A batch of 110 steps raises an exception.",
    "Sequences have up to 110 steps: a table of positions needs a row for each.",
    "Where am I?",
)
WEIGHTS_LOG = mistake(
    "weights_log",
    "The weights are logarithms.",
    "Return what multiplies the states: softmax, not log_softmax, of the scores.",
    ATTENTION,
)
GATED_INSIDE = mistake(
    "gated_inside",
    "The recurrent part has gates.",
    "With an LSTM inside one cannot say whether the gates or the attention solved it.",
    ATTENTION,
)
