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
