"""Mistakes that any recurrent cell can show: states, batches, devices, parameters, gates."""

from rnn_course.checks.mistakes import mistake

HABITS, PLAIN = "Shapes, and three habits", "A plain RNN cell, given"

MISTAKES = (
    mistake(
        "default_state_not_zero",
        "Without a state the cell does not start from zeros.",
        "hx=None stands for zeros: not random, not learned, not left over from last time.",
        PLAIN,
    ),
    mistake(
        "state_required",
        "The cell cannot be called without a state.",
        "hx may be None; the cell then makes zeros of the right shape itself.",
        PLAIN,
    ),
    mistake(
        "state_ignored",
        "The result is the same whatever state is given.",
        "A cell that does not read its state forgets everything at every step.",
        PLAIN,
    ),
    mistake(
        "state_kept_between_calls",
        "The same input and state give another result the second time.",
        "Something is remembered on self; a cell's only memory is the state.",
        PLAIN,
    ),
    mistake(
        "random_result",
        "The result is random: the same input and state give another one each time.",
        "The equations draw nothing; dropout is not part of them.",
        PLAIN,
    ),
    mistake(
        "random_in_training",
        "In training mode the result is random.",
        "Dropout is not part of the cell's equations.",
        HABITS,
    ),
    mistake(
        "state_overwritten",
        "The input or the state that was handed in has other values afterwards.",
        "The caller still needs them; write c = f * c + … and not c *= f.",
        HABITS,
    ),
    mistake(
        "one_row_of_the_batch",
        "All rows of the result are the same although their inputs differ.",
        "Each row of a batch is a sequence of its own; only one of them was processed.",
        HABITS,
    ),
    mistake(
        "rows_mixed",
        "A row's result changes with the other rows of the batch.",
        "Each row is a sequence of its own; no sum or softmax may run over the batch axis.",
        HABITS,
    ),
    mistake(
        "single_row_only",
        "The cell fails on a batch of some size.",
        "Any number of rows must do; take it from input.shape[0], and do not squeeze axes away.",
        HABITS,
    ),
    mistake(
        "axis_lost",
        "An axis of size 1 is gone from the result.",
        "squeeze() without a dim removes every axis of size 1, the batch's too; leave it out.",
        HABITS,
    ),
    mistake(
        "gates_not_cut_apart",
        "The numbers of several gates meet a state that is as wide as one.",
        "Cut the product along its last axis, chunk(…, dim=-1); along axis 0 it is the batch.",
        HABITS,
    ),
    mistake(
        "frozen_parameter",
        "A parameter that the result depends on gets no gradient.",
        "requires_grad=False freezes it, .data and detach() hide it: it would never be trained.",
        HABITS,
    ),
    mistake(
        "constant_in_gate",
        "Without biases a constant is left in a gate.",
        "With bias=False none of the b exist, nor a number in their place, such as a forget bias.",
        HABITS,
    ),
    mistake(
        "large_numbers_cut",
        "Large numbers are cut off on the way.",
        "The equations have no bound but tanh and sigma; leave clamp out.",
        HABITS,
    ),
    mistake(
        "inputs_and_hidden_confused",
        "The cell works only where input_size and hidden_size are equal.",
        "One matrix has input_size where hidden_size belongs, or the other way round.",
        HABITS,
    ),
    mistake(
        "gradient_cut",
        "A gradient is zero, or too small, although the result depends on that number.",
        "detach(), .data, .item(), no_grad and new torch.tensor(…) cut the path of learning.",
        HABITS,
    ),
    mistake(
        "nothing_to_train",
        "The cell has no parameters.",
        "Only an nn.Parameter or a module on self, or in a ModuleList, is found and trained.",
        HABITS,
    ),
    mistake(
        "parameters_not_registered",
        "Weights that the cell uses are not among its parameters.",
        "Weights in a plain list, dict or tensor are never trained, saved or moved.",
        HABITS,
    ),
    mistake(
        "not_initialised",
        "Weights hold whatever was in memory.",
        "torch.Tensor(…) and torch.empty(…) only reserve memory: call your reset_parameters().",
        HABITS,
    ),
    mistake(
        "all_alike_at_start",
        "All hidden units start with the same weights.",
        "Units that start alike get the same gradients and stay alike for ever.",
        HABITS,
    ),
    mistake(
        "weights_too_large_at_start",
        "Weights start so large that every gate is saturated.",
        "Draw them evenly from -1/√H to 1/√H.",
        HABITS,
    ),
    mistake(
        "bias_missing",
        "A gate has no bias, though bias=True.",
        "Without a bias a gate is always half open where its inputs are zero.",
        HABITS,
    ),
    mistake(
        "bias_ignored",
        "With bias=False there still is a bias.",
        "Hand the argument on to every layer: nn.Linear(…, bias=bias).",
        HABITS,
    ),
    mistake(
        "bias_argument_missing",
        "The constructor takes no bias argument.",
        "Its signature is __init__(self, input_size, hidden_size, bias=True).",
        HABITS,
    ),
    mistake(
        "shared_weights",
        "Two gates always have the same weights.",
        "Each gate decides something else and needs weights of its own.",
        HABITS,
    ),
    mistake(
        "coupled_gates",
        "One gate is always one minus another.",
        "Coupled gates make a smaller cell; here each gate has weights of its own.",
        HABITS,
    ),
    mistake(
        "no_recurrent_input",
        "A gate does not read the hidden state.",
        "Every gate reads both the input and the state, or it cannot depend on what came before.",
        HABITS,
    ),
    mistake(
        "no_input",
        "A gate does not read the input.",
        "Every gate reads both the input and the state.",
        HABITS,
    ),
    mistake(
        "weights_not_free",
        "Not every weight can take any value: some are tied to others, or fixed.",
        "Each gate has a full matrix for the input, a full one for the state, and a bias.",
        HABITS,
    ),
    mistake(
        "softmax_for_sigmoid",
        "Gates add up to one: they went through a softmax.",
        "Each unit's gate opens and closes by itself: a sigmoid for each, no competition.",
        HABITS,
    ),
    mistake(
        "gate_hard",
        "A gate is made of straight lines.",
        "A hard sigmoid has no slope at its ends: the question asks for the logistic function.",
        HABITS,
    ),
    mistake(
        "parts_multiplied",
        "The input's and the state's part of a gate are multiplied.",
        "A gate is sigma of their sum: W x + b + U h + b.",
        HABITS,
    ),
    mistake(
        "gate_without_sigmoid",
        "A gate leaves the range from 0 to 1.",
        "A gate says how much passes: a sigmoid keeps it between 0 and 1.",
        HABITS,
    ),
    mistake(
        "gate_with_tanh",
        "A gate goes through tanh, and may turn a sign round.",
        "A gate says how much passes, between 0 and 1: use a sigmoid.",
        HABITS,
    ),
    mistake(
        "gate_twice_squashed",
        "A gate goes through the sigmoid twice and stays between 0.5 and 0.73.",
        "Apply the sigmoid once, to the weighted sum.",
        HABITS,
    ),
)
