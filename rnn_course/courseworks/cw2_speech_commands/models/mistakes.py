"""Mistakes in recurrent classifiers: what was seen, why, where to read, and what they cost."""

from rnn_course.checks.report import Misconception

LAYERS = "From a cell to a model"
DIRECTIONS = "Reading in both directions"
CELL = "What a recurrent network is"
HABITS = "Shapes, and three habits"

MISTAKES: dict[str, Misconception] = {}
CRITERION: dict[str, str] = {}  # the criterion that a mistake costs; "mode" stands for the mode's


def _mistake(id: str, criterion: str, seen: str, why: str, read: str = LAYERS) -> None:
    MISTAKES[id] = Misconception(id, seen, why, read)
    CRITERION[id] = criterion


_mistake(
    "first_step_read",
    "whole",
    "The logits come from the first step's state.",
    "After its first step a network has read one frame; only the last state knows them all.",
)
_mistake(
    "mean_over_time",
    "whole",
    "The logits come from the states of all steps, pooled over time.",
    "The question asks for the last state: the network itself must remember what mattered.",
)
_mistake(
    "state_not_carried",
    "whole",
    "Every step begins with a fresh state, so the logits depend on one frame only.",
    "The state that a step returns has to be handed to the next step.",
)
_mistake(
    "start_not_zero",
    "whole",
    "Without hx the states do not start at zero.",
    "A start that is random, learned or one makes the result depend on more than the input.",
)
_mistake(
    "random_start",
    "whole",
    "The same input gives other logits each time.",
    "Without hx the states start at zero, not at random numbers; dropout has no place here.",
)
_mistake(
    "frame_skipped",
    "whole",
    "A frame at an end of the sequence is left out.",
    "range(1, T) skips the first frame and range(T - 1) the last; range(T) has them all.",
)
_mistake(
    "sequence_reversed",
    "whole",
    "The sequence is read backwards.",
    "One direction alone reads from the first frame to the last.",
)
_mistake(
    "gradient_cut",
    "whole",
    "The gradient of the logits does not reach the early frames.",
    "detach(), .data, .item() or no_grad() cut the graph: the network cannot learn to remember.",
)
_mistake(
    "axes_confused",
    "whole",
    "The time axis and the batch axis are confused.",
    "The input is (B, T, D): frame t of every sample is input[:, t]; use transpose, not reshape.",
    HABITS,
)
_mistake(
    "cell_state_read",
    "whole",
    "The logits come from the cell state c instead of the hidden state h.",
    "c is the cell's memory; h is what it shows to others.",
)
_mistake(
    "all_layers_read",
    "layers",
    "The logits come from the last states of all layers.",
    "Only the last layer is read; the layers below serve it.",
)
_mistake(
    "num_layers_ignored",
    "layers",
    "The number of layers is not the one that was asked for.",
    "Make num_layers cells in a loop over range(num_layers).",
)
_mistake(
    "layers_not_stacked",
    "layers",
    "A layer does not read the layer below it.",
    "Layer 0 reads the frame (D numbers); every other layer reads the state below (H numbers).",
)
_mistake(
    "first_layer_read",
    "layers",
    "The logits come from the first layer; the layers above it change nothing.",
    "The last layer's state is the one to read.",
)
_mistake(
    "layers_share_weights",
    "layers",
    "Several layers use the same weights.",
    "[cell] * n holds one cell n times; make a new cell for every layer.",
)
_mistake(
    "layers_share_state",
    "layers",
    "The layers overwrite one common state.",
    "Each layer has its own past: keep one state a layer.",
)
_mistake(
    "layers_see_old_state",
    "layers",
    "A layer reads the state that the layer below had one step earlier.",
    "Update the lower layer first and hand its new state upwards in the same step.",
)
_mistake(
    "cell_state_fed_on",
    "layers",
    "A layer reads the cell state c of the layer below instead of its hidden state h.",
    "An LSTM cell returns (h, c); only h goes upwards.",
)
_mistake(
    "lstm_tuple_fed_on",
    "lstm",
    "The LSTM's pair (h, c) is handed on where one tensor is needed.",
    "An LSTM cell returns two states: keep both for the next step, hand on h.",
)
_mistake(
    "layers_not_registered",
    "layers",
    "Some layers' weights are not among model.parameters().",
    "A plain Python list hides modules from PyTorch: they are neither trained nor moved nor "
    "saved. Use nn.ModuleList.",
)
_mistake(
    "mode_ignored",
    "mode",
    "The cells of another mode are at work.",
    "The mode chooses the cell: LSTM, GRU, or a plain cell with tanh or relu.",
)
_mistake(
    "softmax_in_logits",
    "logits",
    "The outputs are probabilities (or their logarithms), not logits.",
    "The loss, cross_entropy, applies the softmax itself; applied twice it learns slowly.",
)
_mistake(
    "activation_before_readout",
    "logits",
    "A nonlinearity acts on the final states before the readout.",
    "The readout is one linear layer on the states as they are.",
)
_mistake(
    "input_unused",
    "layers",
    "What the model is given makes no difference.",
    "Each layer reads the hidden states of the layer below, and the first one the input.",
)
_mistake(
    "extra_weights",
    "layers",
    "The model holds more weights than the layers that were asked for need.",
    "There are num_layers layers of cells and one linear readout, and nothing between them.",
)
_mistake(
    "activation_on_logits",
    "logits",
    "A nonlinearity acts on the logits.",
    "Logits must be free to take any value; the last layer is linear.",
)
_mistake(
    "dropout_in_logits",
    "logits",
    "In training mode the logits are random.",
    "Nobody asked for dropout here; the results cannot be compared with it.",
)
_mistake(
    "no_readout",
    "logits",
    "The result has H numbers a sample instead of K.",
    "A linear layer turns the last state (B, H) into one logit for each class (B, K).",
)
_mistake(
    "every_step_returned",
    "logits",
    "The result holds logits for every step.",
    "One decision a clip is wanted, from the last step: (B, K).",
)
_mistake(
    "bias_ignored",
    "bias",
    "With bias=False the cells still have biases.",
    "Hand the argument on to every cell.",
)
_mistake(
    "bias_missing",
    "bias",
    "With bias=True the cells have no biases.",
    "Hand the argument on to every cell.",
)
_mistake(
    "squeeze_without_dim",
    "batch",
    "A batch of one sample does not work.",
    "squeeze() without a dim removes every axis of size 1, the batch axis too.",
    HABITS,
)
_mistake(
    "state_kept_between_calls",
    "batch",
    "A second call with the same input gives other logits: states of the first call are kept.",
    "Start every call from zero (or from hx); states must not live in self.",
)
_mistake(
    "samples_mixed",
    "batch",
    "A sample's logits depend on the other samples in the batch.",
    "Every row of a batch is computed by itself; look for a sum, a norm or an index over axis 0.",
    HABITS,
)
_mistake(
    "input_changed",
    "batch",
    "The model writes into its own input.",
    "In-place changes of an argument spoil it for everybody else who uses it.",
    HABITS,
)
_mistake(
    "unknown_mode_accepted",
    "mode_error",
    "An unknown mode is accepted silently.",
    "A misspelt mode should be noticed at once: raise ValueError.",
)
_mistake(
    "wrong_exception",
    "mode_error",
    "An unknown mode ends in an exception that is no ValueError.",
    "Check the mode in the constructor, and raise ValueError for all others.",
)
_mistake(
    "hx_ignored",
    "hx",
    "The initial states hx change nothing.",
    "Where hx is given, the states start there and not at zero.",
)
_mistake(
    "hx_misplaced",
    "hx",
    "The states in hx start other layers than their own.",
    "hx[l] is where layer l starts; of two directions the forward layers come first.",
)
_mistake(
    "hx_cells_ignored",
    "hx",
    "The cell states in hx change nothing.",
    "An LSTM's hx is a pair (h0, c0): its layers start from both.",
)
_mistake(
    "reverse_reads_last_frame",
    "whole",
    "The reverse direction has only read the last frame.",
    "It starts at the last frame: its final state is the one after the first frame, and in a list "
    "of its states, in the order they were computed, that is the last and not the first.",
    DIRECTIONS,
)
_mistake(
    "reverse_not_reversed",
    "whole",
    "Both directions read the frames from first to last.",
    "The second stack must see the sequence backwards: flip it along the time axis.",
    DIRECTIONS,
)
_mistake(
    "reversed_fed_to_both",
    "whole",
    "Both directions read the frames from last to first.",
    "Only the second stack sees the reversed sequence.",
    DIRECTIONS,
)
_mistake(
    "reverse_flips_wrong_axis",
    "whole",
    "The reverse direction gets the samples in another order, not the frames.",
    "The input is (B, T, D); time is axis 1.",
    DIRECTIONS,
)
_mistake(
    "one_direction_unused",
    "whole",
    "The logits depend on one direction only.",
    "Concatenate both final states, (B, 2H), before the readout.",
    DIRECTIONS,
)
_mistake(
    "directions_share_weights",
    "stacks",
    "Both directions use the same weights.",
    "Each direction needs cells of its own: it has another task.",
    DIRECTIONS,
)
_mistake(
    "directions_share_state",
    "stacks",
    "One direction works on the states of the other.",
    "Each direction starts from zero and keeps its own states.",
    DIRECTIONS,
)
_mistake(
    "forward_reads_first_frame",
    "whole",
    "The forward direction has read only the first frame.",
    "In a list of outputs the forward stack's last one has read the whole sequence.",
    DIRECTIONS,
)
_mistake(
    "one_direction_averaged",
    "whole",
    "One direction is averaged over time.",
    "Each direction gives its final state, the one after the whole sequence.",
    DIRECTIONS,
)
_mistake(
    "directions_merged",
    "stacks",
    "The two final states are multiplied, or the larger one is taken.",
    "Concatenated, (B, 2H), each has its own weights in the readout.",
    DIRECTIONS,
)
_mistake(
    "directions_added",
    "stacks",
    "The two final states are added, not concatenated.",
    "Added, they share their readout weights; concatenated, (B, 2H), each has its own.",
    DIRECTIONS,
)
_mistake(
    "stacks_joined",
    "stacks",
    "The second layer reads both directions of the first.",
    "That is torch's bidirectional network; here the two stacks meet only in the readout.",
    DIRECTIONS,
)
for _id, _seen, _why in (
    ("no_output_tanh", "The hidden state shows c without tanh.", "h = o · tanh(c)."),
    ("sigmoid_candidate", "The candidate goes through a sigmoid.", "A candidate may be negative."),
    ("no_forget_gate", "The cell never forgets.", "c = f · c + i · g, with a forget gate f."),
    ("no_output_gate", "There is no output gate.", "h = o · tanh(c), with an output gate o."),
    ("old_cell_shown", "The hidden state is made of the old c.", "Compute the new c first."),
    ("sum_for_product", "i and g are added.", "The gate i multiplies the candidate g."),
    ("no_recurrence_in_gates", "The gates do not see h.", "Gates read the input and the state."),
    ("reset_before_product", "r acts on h before the product.", "n uses r · (W h + b)."),
    ("reset_on_input", "The reset gate acts on the input's part.", "It gates the state's part."),
    ("no_reset_gate", "There is no reset gate.", "n uses r · (W h + b)."),
    ("no_update_gate", "There is no update gate.", "h = (1 - z) · n + z · h."),
    ("shares_weights", "Two gates use the same weights.", "Each gate has weights of its own."),
):
    _mistake(f"cell_{_id}", "mode", _seen, _why, CELL)
