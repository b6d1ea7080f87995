"""Mistakes in recurrent classifiers: what was seen, why, where to read, and what they cost."""

from rnn_course.courseworks.cw2_speech_commands.models import mistakes_of_directions
from rnn_course.courseworks.cw2_speech_commands.models.catalogue import (
    CELL,
    CRITERION,
    HABITS,
    MISTAKES,
    mistake,
)

__all__ = ["CRITERION", "MISTAKES", "mistakes_of_directions"]

mistake(
    "first_step_read",
    "whole",
    "The logits come from the first step's state.",
    "After its first step a network has read one frame; only the last state knows them all.",
)
mistake(
    "mean_over_time",
    "whole",
    "The logits come from the states of all steps, pooled over time.",
    "The question asks for the last state: the network itself must remember what mattered.",
)
mistake(
    "state_not_carried",
    "whole",
    "Every step begins with a fresh state, so the logits depend on one frame only.",
    "The state that a step returns has to be handed to the next step.",
)
mistake(
    "start_not_zero",
    "whole",
    "Without hx the states do not start at zero.",
    "A start that is random, learned or one makes the result depend on more than the input.",
)
mistake(
    "random_start",
    "whole",
    "The same input gives other logits each time.",
    "Without hx the states start at zero, not at random numbers; dropout has no place here.",
)
mistake(
    "frame_for_state",
    "mode",
    "A frame, (B, D), stands where a state, (B, H), belongs.",
    "A cell takes the frame first and the state second; before the first step the state is zeros.",
)
mistake(
    "frame_skipped",
    "whole",
    "A frame at an end of the sequence is left out.",
    "range(1, T) skips the first frame and range(T - 1) the last; range(T) has them all.",
)
mistake(
    "sequence_reversed",
    "whole",
    "The sequence is read backwards.",
    "One direction alone reads from the first frame to the last.",
)
mistake(
    "gradient_cut",
    "whole",
    "The gradient of the logits does not reach the early frames.",
    "detach(), .data, .item() or no_grad() cut the graph: the network cannot learn to remember.",
)
mistake(
    "axes_confused",
    "whole",
    "The time axis and the batch axis are confused.",
    "The input is (B, T, D): frame t of every sample is input[:, t]; use transpose, not reshape.",
    HABITS,
)
mistake(
    "cell_state_read",
    "whole",
    "The logits come from the cell state c instead of the hidden state h.",
    "c is the cell's memory; h is what it shows to others.",
)
mistake(
    "all_layers_read",
    "layers",
    "The logits come from the last states of all layers.",
    "Only the last layer is read; the layers below serve it.",
)
mistake(
    "num_layers_ignored",
    "layers",
    "The number of layers is not the one that was asked for.",
    "Make num_layers cells in a loop over range(num_layers).",
)
mistake(
    "layers_not_stacked",
    "layers",
    "A layer does not read the layer below it.",
    "Layer 0 reads the frame (D numbers); every other layer reads the state below (H numbers).",
)
mistake(
    "first_layer_read",
    "layers",
    "The logits come from the first layer; the layers above it change nothing.",
    "The last layer's state is the one to read.",
)
mistake(
    "layers_unused",
    "layers",
    "Not all layers count: the logits are those of fewer than were asked for.",
    "Loop over all the layers there are, not over a fixed number of them.",
)
mistake(
    "too_few_weights",
    "layers",
    "The model holds fewer weights than the layers that were asked for need.",
    "Make num_layers cells, of two directions for each; what torch does not know is not counted.",
)
mistake(
    "layers_share_weights",
    "layers",
    "Several layers use the same weights.",
    "[cell] * n holds one cell n times; make a new cell for every layer.",
)
mistake(
    "layers_share_state",
    "layers",
    "The layers overwrite one common state.",
    "Each layer has its own past: keep one state a layer.",
)
mistake(
    "layers_see_old_state",
    "layers",
    "A layer reads the state that the layer below had one step earlier.",
    "Update the lower layer first and hand its new state upwards in the same step.",
)
mistake(
    "cell_state_fed_on",
    "layers",
    "A layer reads the cell state c of the layer below instead of its hidden state h.",
    "An LSTM cell returns (h, c); only h goes upwards.",
)
mistake(
    "lstm_tuple_fed_on",
    "lstm",
    "The LSTM's pair (h, c) is handed on where one tensor is needed.",
    "An LSTM cell returns two states: keep both for the next step, hand on h.",
)
mistake(
    "layers_not_registered",
    "layers",
    "Some layers' weights are not among model.parameters().",
    "A plain Python list hides modules from PyTorch: they are neither trained nor moved nor "
    "saved. Use nn.ModuleList.",
)
mistake(
    "mode_ignored",
    "mode",
    "The cells of another mode are at work.",
    "The mode chooses the cell: LSTM, GRU, or a plain cell with tanh or relu.",
)
mistake(
    "softmax_in_logits",
    "logits",
    "The outputs are probabilities (or their logarithms), not logits.",
    "The loss, cross_entropy, applies the softmax itself; applied twice it learns slowly.",
)
mistake(
    "activation_before_readout",
    "logits",
    "A nonlinearity acts on the final states before the readout.",
    "The readout is one linear layer on the states as they are.",
)
mistake(
    "states_normalised",
    "logits",
    "The states are normalised on their way to the logits.",
    "What is the same for all units is taken away there; the readout takes the states as they are.",
)
mistake(
    "logits_rescaled",
    "logits",
    "The logits are multiplied with a number.",
    "The readout is one linear layer, and nothing after it.",
)
mistake(
    "values_cut_off",
    "logits",
    "Large numbers are cut off on the way.",
    "Nothing in the model has a bound but the cells' own functions; leave clamp out.",
)
mistake(
    "random_logits",
    "logits",
    "The logits are random: the same input gives other ones each time.",
    "Nothing is drawn at random here: no dropout, whatever the mode.",
)
mistake(
    "input_unused",
    "layers",
    "What the model is given makes no difference.",
    "Each layer reads the hidden states of the layer below, and the first one the input.",
)
mistake(
    "extra_weights",
    "layers",
    "The model holds more weights than the layers that were asked for need.",
    "There are num_layers layers of cells and one linear readout, and nothing between them.",
)
mistake(
    "activation_on_logits",
    "logits",
    "A nonlinearity acts on the logits.",
    "Logits must be free to take any value; the last layer is linear.",
)
mistake(
    "dropout_in_logits",
    "logits",
    "In training mode the logits are random.",
    "Nobody asked for dropout here; the results cannot be compared with it.",
)
mistake(
    "no_readout",
    "logits",
    "The result has H numbers a sample instead of K.",
    "A linear layer turns the last state (B, H) into one logit for each class (B, K).",
)
mistake(
    "every_step_returned",
    "logits",
    "The result holds logits for every step.",
    "One decision a clip is wanted, from the last step: (B, K).",
)
mistake(
    "bias_ignored",
    "bias",
    "With bias=False the cells still have biases.",
    "Hand the argument on to every cell.",
)
mistake(
    "bias_missing",
    "bias",
    "With bias=True the cells have no biases.",
    "Hand the argument on to every cell.",
)
mistake(
    "readout_bias_missing",
    "bias",
    "The readout has no bias.",
    "The flag speaks of the cells; the readout is a linear layer with its bias, always.",
)
mistake(
    "fixed_length",
    "batch",
    "The model takes clips of one length only.",
    "How many steps there are is the input's own: input.shape[1].",
    HABITS,
)
mistake(
    "squeeze_without_dim",
    "batch",
    "A batch of one sample does not work.",
    "squeeze() without a dim removes every axis of size 1, the batch axis too.",
    HABITS,
)
mistake(
    "state_kept_between_calls",
    "batch",
    "A second call with the same input gives other logits: states of the first call are kept.",
    "Start every call from zero (or from hx); states must not live in self.",
)
mistake(
    "samples_mixed",
    "batch",
    "A sample's logits depend on the other samples in the batch.",
    "Every row of a batch is computed by itself; look for a sum, a norm or an index over axis 0.",
    HABITS,
)
mistake(
    "input_changed",
    "batch",
    "The model writes into its own input.",
    "In-place changes of an argument spoil it for everybody else who uses it.",
    HABITS,
)
mistake(
    "unknown_mode_accepted",
    "mode_error",
    "An unknown mode is accepted silently.",
    "A misspelt mode should be noticed at once: raise ValueError.",
)
mistake(
    "wrong_exception",
    "mode_error",
    "An unknown mode ends in an exception that is no ValueError.",
    "Check the mode in the constructor, and raise ValueError for all others.",
)
mistake(
    "hx_ignored",
    "hx",
    "The initial states hx change nothing.",
    "Where hx is given, the states start there and not at zero.",
)
mistake(
    "hx_refused",
    "hx",
    "hx cannot be handed over in the form that the question states.",
    "One tensor of (L, B, H), of two directions (2L, B, H); for an LSTM a pair of such tensors.",
)
mistake(
    "hx_misplaced",
    "hx",
    "The states in hx start other layers than their own.",
    "hx[l] is where layer l starts; of two directions the forward layers come first.",
)
mistake(
    "hx_cells_ignored",
    "hx",
    "The cell states in hx change nothing.",
    "An LSTM's hx is a pair (h0, c0): its layers start from both.",
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
    mistake(f"cell_{_id}", "mode", _seen, _why, CELL)
