"""What goes wrong in coursework 3's models. Headings are those of the notebook."""

from rnn_course.checks.mistakes import mistake

DATA = "The temporal order problem"
RNN = "A plain recurrent network"
END = "Each sequence ends at its own step"
LSTM = "The LSTM and its forget gate"
ATTENTION = "Attention"
BUG = "A loss that goes down for nothing"
SOLVED = "When is it solved?"
ERRORS = "Counting errors"
WEIGHTS = "Train, save, hand in"

# sequence classifiers

READS_PADDING = mistake(
    "reads_last_padded_step",
    "The logits come from the last step of the padded batch.",
    "A short sequence ended before; the state has since walked through padding.",
    END,
)
READS_FIRST = mistake(
    "reads_first_step",
    "The logits come from the first step.",
    "At step 0 the network has only seen E.",
    END,
)
READS_ONE_EARLY = mistake(
    "reads_one_early",
    "The logits come from the step before the last.",
    "A sequence of length n ends at index n - 1, not n - 2.",
    END,
)
READS_ONE_LATE = mistake(
    "reads_one_late",
    "The logits come from the step after the last.",
    "A sequence of length n ends at index n - 1, not n.",
    END,
)
READS_MEAN = mistake(
    "reads_mean",
    "The logits come from an average (or sum, or maximum) over the steps.",
    "The question asks for the state at the end; averaging is a shortcut back in time.",
    END,
)
READS_SAME_STEP = mistake(
    "reads_same_step",
    "All sequences are read at one step.",
    "The lengths differ within a batch: index step lengths[i] - 1 of sequence i.",
    END,
)
ORDER_LOST = mistake(
    "order_lost",
    "The logits come back in another order than the sequences.",
    "What was sorted for packing must be put back, or let enforce_sorted=False do it.",
    END,
)
TIME_IS_BATCH = mistake(
    "time_is_batch",
    "The network runs along the batch instead of along time.",
    "torch.nn takes (T, B, D) unless it is told batch_first=True.",
    RNN,
)
RUNS_BACKWARDS = mistake(
    "runs_backwards",
    "The network reads the sequences from the end.",
    "It has to start at E; then the distance to the symbols is what the problem is about.",
    RNN,
)
NO_RECURRENCE = mistake(
    "no_recurrence",
    "The state does not depend on the state before.",
    "Without the recurrent product nothing is carried from one step to the next.",
    RNN,
)
NOT_TANH = mistake(
    "not_tanh",
    "The state is not tanh of the sum.",
    "The equation asks for tanh; another function changes what the comparison shows.",
    RNN,
)
TANH_TWICE = mistake(
    "tanh_twice",
    "tanh is applied twice to the state.",
    "nn.RNN and nn.RNNCell contain it already.",
    RNN,
)
STATE_ADDED = mistake(
    "state_added",
    "The old state is added to the new one.",
    "A residual path makes the gradient easy; a plain RNN has none.",
    RNN,
)
STATE_CUT = mistake(
    "state_cut",
    "The gradient does not flow from a step to the step before.",
    "The state is detached: nothing can be learned about earlier symbols.",
    RNN,
)
SOFTMAX_LEFT = mistake(
    "softmax_left",
    "What comes out has been through a softmax, sigmoid, tanh or ReLU.",
    "Cross-entropy takes logits and has its own softmax.",
    RNN,
)
ONE_OUTPUT_PER_STEP = mistake(
    "one_output_per_step",
    "There are logits for every step.",
    "One class is asked per sequence: pick the state of its own last step.",
    END,
)
OTHER_CELL = mistake(
    "other_cell",
    "The recurrent part is another kind than the question asks for.",
    "The three models are compared: each has to be what its name says.",
    RNN,
)
OTHER_EQUATIONS = mistake(
    "other_equations",
    "With all parameters equal the logits are not those of the equations.",
    "Go through a step line by line: which sums, which function of each, and what is classified; "
    "nothing else stands between, such as a norm, a scale or a second use of a weight.",
    RNN,
)
BIAS_MISSING = mistake(
    "bias_missing",
    "The model has fewer parameters than the equations: a bias is missing.",
    "The state has a bias b (an LSTM one for each gate), and the logits have a bias c.",
    RNN,
)
FROZEN = mistake(
    "weights_frozen",
    "The outputs are right, but some of the parameters cannot learn.",
    "Every one needs a gradient: leave requires_grad as it is; no detach and no .data in forward.",
    RNN,
)
LARGE_INPUTS = mistake(
    "large_inputs",
    "The logits are wrong for large inputs.",
    "exp overflows where torch.tanh and torch.sigmoid do not; and nothing is cut off.",
    RNN,
)
MEMORY_CLIPPED = mistake(
    "memory_clipped",
    "The memory c is cut off, or bent back, where it is large.",
    "c is a plain sum and may grow as far as it likes; tanh comes on the way out alone.",
    LSTM,
)
NO_INPUT_GATE = mistake(
    "no_input_gate",
    "There is no input gate of its own: 1 - f stands in its place.",
    "The equations have four sets of weights: i, f, o and g.",
    LSTM,
)
FORGET_SECOND_BIAS = mistake(
    "second_bias_random",
    "The forget gate's bias is forget_bias and, besides, something of a random start.",
    "Set it, and add nothing; where two biases are added, as in nn.LSTM, put zero into the other.",
    LSTM,
)
FORGET_OTHER = mistake(
    "forget_bias_other",
    "The forget gate starts with another bias than was asked for.",
    "All the biases that the gate adds up make forget_bias in every unit.",
    LSTM,
)
FORGET_DEFAULT = mistake(
    "forget_bias_default",
    "Without forget_bias the model starts otherwise than with forget_bias=1.0.",
    "1.0 is the default in the first line of __init__.",
    LSTM,
)
FORGET_CONSTANT = mistake(
    "forget_bias_not_learned",
    "The value of forget_bias is added in forward, and the forget gate has no bias that learns.",
    "It is where a parameter starts: write it into the bias, in __init__.",
    LSTM,
)
NO_PARAMETERS = mistake(
    "no_parameters",
    "Layers that are needed have no trainable parameters in the module.",
    "Layers in a plain list, or made in forward, are not registered and never learn.",
    RNN,
)
NOT_REPEATABLE = mistake(
    "not_repeatable",
    "The same sequences give other logits when they come again.",
    "Nothing may be left from the call before, and nothing may be random in evaluation mode: "
    "a state that is kept, a random start, dropout that is not switched off by eval().",
    RNN,
)
LENGTHS_UNUSED = mistake(
    "lengths_unused",
    "Other lengths give the same logits.",
    "The argument says where each sequence ends; what the inputs look like does not.",
    END,
)
BOTH_DIRECTIONS = mistake(
    "both_directions",
    "The network reads the sequences in both directions.",
    "What comes later must not enter a state: here the way from a symbol to the end is studied.",
    RNN,
)
MORE_LAYERS = mistake(
    "more_layers",
    "The network holds more weights than the equations need.",
    "One recurrent layer and one linear layer are asked for: no second layer, nothing between.",
    RNN,
)
NOT_ZERO_START = mistake(
    "state_not_zero",
    "The state does not start at zero.",
    "Before the first symbol there is nothing to remember.",
    RNN,
)
WEIGHTS_OVERWRITTEN = mistake(
    "weights_overwritten",
    "A forward pass changes the parameters.",
    "Values are written into parameters once, in __init__; after that only training changes them.",
    RNN,
)
LENGTHS_CHANGED = mistake(
    "input_changed",
    "The inputs or the lengths were changed in place.",
    "The next line of the caller uses them again.",
    END,
)
MEMORY_READ = mistake(
    "memory_read",
    "The logits come from the memory c and not from the state h.",
    "The output gate decides what of the memory is shown: classify h.",
    LSTM,
)
NO_FORGET_GATE = mistake(
    "no_forget_gate",
    "The memory is never multiplied by a forget gate.",
    "This is the LSTM of 1997; the question asks for the one with a forget gate.",
    LSTM,
)
NO_OUTPUT_GATE = mistake(
    "no_output_gate",
    "The output gate is missing.",
    "h is the output gate times tanh of the memory.",
    LSTM,
)
NO_TANH_ON_CELL = mistake(
    "no_tanh_on_cell",
    "The memory goes out without tanh.",
    "h is the output gate times tanh of the memory.",
    LSTM,
)
OLD_CELL = mistake(
    "old_cell", "h is computed from the old memory.", "Update c first, then h from it.", LSTM
)
SIGMOID_CANDIDATE = mistake(
    "sigmoid_candidate",
    "The candidate goes through a sigmoid.",
    "With tanh the memory can be pushed both ways.",
    LSTM,
)
FORGET_NOT_SETTABLE = mistake(
    "forget_bias_not_settable",
    "There is no argument forget_bias.",
    "The gate has to be open at the start; the argument says how far.",
    LSTM,
)
FORGET_IGNORED = mistake(
    "forget_bias_ignored",
    "The forget gate starts the same whatever forget_bias is.",
    "Write the value into the bias after the layers are made.",
    LSTM,
)
FORGET_DOUBLED = mistake(
    "forget_bias_doubled",
    "The forget gate's bias is twice what was asked for.",
    "nn.LSTM adds two biases: put the value into one of them and zero into the other.",
    LSTM,
)
FORGET_NEGATED = mistake(
    "forget_bias_negated",
    "The forget gate's bias is minus what was asked for.",
    "A negative bias closes the gate: what was stored is gone after a step.",
    LSTM,
)
FORGET_PARTLY = mistake(
    "forget_bias_in_some_units",
    "Only some units' forget gates start as was asked for.",
    "Every unit has a forget gate: the slice from H to 2H, not a single entry.",
    LSTM,
)
FORGET_WRONG_GATE = mistake(
    "forget_bias_wrong_gate",
    "The value of forget_bias sits in another gate.",
    "nn.LSTM stacks the gates in the order input, forget, candidate, output.",
    LSTM,
)
FORGET_ALL_GATES = mistake(
    "forget_bias_everywhere",
    "The value of forget_bias sits in other gates too.",
    "Only the quarter of the bias that belongs to the forget gate is meant.",
    LSTM,
)

# attention

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
    "nn.init.normal_(self.rnn.weight_ih_l0): with torch's small ones a symbol hardly shows in the "
    "state.",
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
