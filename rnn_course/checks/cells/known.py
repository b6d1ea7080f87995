"""Known mistakes in recurrent cells: what was seen, why, and where to read."""

from rnn_course.checks.mistakes import mistake
from rnn_course.checks.report import Misconception

LSTM, GRU = "An LSTM cell", "A GRU cell"
HABITS, PLAIN = "Shapes, and three habits", "A plain RNN cell, given"

KNOWN: dict[str, Misconception] = {}


def _known(id: str, seen: str, why: str, read: str) -> None:
    KNOWN[id] = mistake(id, seen, why, read)


# States, batches, devices, parameters: any cell

_known(
    "default_state_not_zero",
    "Without a state the cell does not start from zeros.",
    "hx=None stands for a state of zeros: not random, not learned, not left over from last time.",
    PLAIN,
)
_known(
    "state_required",
    "The cell cannot be called without a state.",
    "hx may be None; the cell then makes zeros of the right shape itself.",
    PLAIN,
)
_known(
    "state_ignored",
    "The result is the same whatever state is given.",
    "A cell that does not read its state forgets everything at every step.",
    PLAIN,
)
_known(
    "state_kept_between_calls",
    "The same input and state give another result the second time.",
    "Something is remembered on self, or drawn at random; a cell's only memory is the state.",
    PLAIN,
)
_known(
    "random_in_training",
    "In training mode the result is random.",
    "Dropout is not part of the cell's equations.",
    HABITS,
)
_known(
    "state_overwritten",
    "The input or the state that was handed in has other values afterwards.",
    "The caller still needs them; write c = f * c + … and not c *= f.",
    HABITS,
)
_known(
    "one_row_of_the_batch",
    "All rows of the result are the same although their inputs differ.",
    "Each row of a batch is a sequence of its own; only one of them was processed.",
    HABITS,
)
_known(
    "rows_mixed",
    "A row's result changes with the other rows of the batch.",
    "Each row of a batch is a sequence of its own; no sum or softmax may run over the batch axis.",
    HABITS,
)
_known(
    "single_row_only",
    "The cell fails on a batch of some size.",
    "Any number of rows must do; take it from input.shape[0], and do not squeeze axes away.",
    HABITS,
)
_known(
    "inputs_and_hidden_confused",
    "The cell works only where input_size and hidden_size are equal.",
    "One matrix has input_size where hidden_size belongs, or the other way round.",
    HABITS,
)
_known(
    "gradient_cut",
    "A gradient is zero, or too small, although the result depends on that number.",
    "detach(), .data, .item(), no_grad or a new torch.tensor(…) cut the path that learning needs.",
    HABITS,
)
_known(
    "nothing_to_train",
    "The cell has no parameters.",
    "Only nn.Parameter and modules that are attributes (or in a ModuleList) are found and trained.",
    HABITS,
)
_known(
    "parameters_not_registered",
    "Weights that the cell uses are not among its parameters.",
    "Weights in a plain list, dict or tensor are never trained, saved or moved to another device.",
    HABITS,
)
_known(
    "not_initialised",
    "Weights hold whatever was in memory.",
    "torch.Tensor(…) and torch.empty(…) only reserve memory: call your reset_parameters().",
    HABITS,
)
_known(
    "all_alike_at_start",
    "All hidden units start with the same weights.",
    "Units that start alike get the same gradients and stay alike for ever.",
    HABITS,
)
_known(
    "weights_too_large_at_start",
    "Weights start so large that every gate is saturated.",
    "Draw them evenly from -1/√H to 1/√H.",
    HABITS,
)
_known(
    "bias_missing",
    "A gate has no bias, though bias=True.",
    "Without a bias a gate is always half open where its inputs are zero.",
    HABITS,
)
_known(
    "bias_ignored",
    "With bias=False there still is a bias.",
    "Hand the argument on to every layer: nn.Linear(…, bias=bias).",
    HABITS,
)
_known(
    "bias_argument_missing",
    "The constructor takes no bias argument.",
    "Its signature is __init__(self, input_size, hidden_size, bias=True).",
    HABITS,
)
_known(
    "shared_weights",
    "Two gates always have the same weights.",
    "Each gate decides something else and needs weights of its own.",
    HABITS,
)
_known(
    "coupled_gates",
    "One gate is always one minus another.",
    "Coupled gates make a smaller cell; here each gate has weights of its own.",
    HABITS,
)
_known(
    "no_recurrent_input",
    "A gate does not read the hidden state.",
    "Every gate reads both the input and the state, or it cannot depend on what came before.",
    HABITS,
)
_known(
    "no_input",
    "A gate does not read the input.",
    "Every gate reads both the input and the state.",
    HABITS,
)
_known(
    "weights_not_free",
    "Not every weight can take any value: some are tied to others, or fixed.",
    "Each gate has a full matrix for the input, a full one for the state, and a bias.",
    HABITS,
)
_known(
    "softmax_for_sigmoid",
    "Gates add up to one: they went through a softmax.",
    "Each unit's gate opens and closes by itself: a sigmoid for each, no competition.",
    HABITS,
)
_known(
    "gate_without_sigmoid",
    "A gate leaves the range from 0 to 1.",
    "A gate says how much passes: a sigmoid keeps it between 0 and 1.",
    HABITS,
)
_known(
    "gate_with_tanh",
    "A gate goes through tanh, and may turn a sign round.",
    "A gate says how much passes, between 0 and 1: use a sigmoid.",
    HABITS,
)
_known(
    "gate_twice_squashed",
    "A gate goes through the sigmoid twice and stays between 0.5 and 0.73.",
    "Apply the sigmoid once, to the weighted sum.",
    HABITS,
)

# LSTM

_known(
    "cell_state_not_returned",
    "Only the hidden state comes back.",
    "The next step needs the cell state as well: return hy, cy.",
    LSTM,
)
_known(
    "states_in_wrong_order",
    "The cell state comes first and the hidden state second.",
    "The order is hy, cy; what reads the first as hidden state would read the wrong one.",
    LSTM,
)
_known(
    "output_nested",
    "The result is (hy, (hy, cy)), as of a whole layer.",
    "A cell returns the pair (hy, cy).",
    LSTM,
)
_known(
    "old_cell_returned",
    "The second result is the cell state that was handed in.",
    "Return the new cell state, or nothing is ever remembered.",
    LSTM,
)
_known(
    "hidden_for_cell",
    "The hidden state is returned twice, the second time in place of the cell state.",
    "The cell state is not squashed by tanh and not gated: return hy, cy.",
    LSTM,
)
_known(
    "no_forget_gate",
    "The old cell state is kept whole: the forget gate is missing.",
    "That was the form of 1997; without forgetting the cell grows without bound.",
    LSTM,
)
_known(
    "old_cell_dropped",
    "The old cell state plays no part in the new one.",
    "The sum f * c + i * g is what carries memory (and gradients) through time.",
    LSTM,
)
_known(
    "no_input_gate",
    "The candidate enters the cell whole: the input gate is missing.",
    "The input gate protects the cell from inputs that do not matter.",
    LSTM,
)
_known(
    "candidate_missing",
    "What is added to the cell is a gate and not gate times candidate.",
    "The candidate says what to write, the input gate how much of it.",
    LSTM,
)
_known(
    "candidate_sigmoid",
    "The candidate goes through a sigmoid, so the cell can only be raised.",
    "The candidate is content, not a gate: tanh lets it raise and lower the cell.",
    LSTM,
)
_known(
    "candidate_not_tanh",
    "The candidate is not squashed by tanh.",
    "tanh keeps what is written between -1 and 1.",
    LSTM,
)
_known(
    "tanh_twice",
    "tanh is applied twice on one way.",
    "Each quantity is squashed once: the candidate, and the new cell on its way out.",
    LSTM,
)
_known(
    "cell_squashed",
    "The new cell state itself went through tanh.",
    "The cell must be able to count beyond 1; tanh belongs to the output only.",
    LSTM,
)
_known(
    "product_for_sum",
    "Old cell and candidate are multiplied where they should be added.",
    "A sum carries the gradient through time unchanged; a product does not.",
    LSTM,
)
_known(
    "sum_for_product",
    "A gate is added where it should multiply.",
    "A gate lets a share through, so it multiplies.",
    LSTM,
)
_known(
    "gates_swapped_in_effect",
    "One gate does the work of another: it multiplies the wrong quantity.",
    "f multiplies the old cell, i the candidate, o the tanh of the new cell.",
    LSTM,
)
_known(
    "no_output_tanh",
    "The hidden state is the output gate times the cell itself, without tanh.",
    "tanh keeps the hidden state between -1 and 1 however large the cell has grown.",
    LSTM,
)
_known(
    "no_output_gate",
    "The hidden state shows the cell whole: the output gate is missing.",
    "The output gate decides which part of the memory is shown now.",
    LSTM,
)
_known(
    "hidden_is_cell",
    "The hidden state is the cell state.",
    "hy = o * tanh(cy) is a gated, squashed view of the cell.",
    LSTM,
)
_known(
    "hidden_from_old_cell",
    "The hidden state is computed from the old cell state.",
    "The cell is updated first; its new value is what is shown.",
    LSTM,
)
_known(
    "hidden_from_candidate",
    "The hidden state is computed from the candidate and not from the cell.",
    "hy = o * tanh(cy) shows the whole memory, not only what is new.",
    LSTM,
)
_known(
    "output_sigmoid",
    "The cell goes through a sigmoid on its way out.",
    "tanh lets the hidden state be negative as well.",
    LSTM,
)
_known(
    "tanh_around_product",
    "tanh is applied to gate times cell, not to the cell.",
    "First squash the cell, then let the gate decide how much of it is shown.",
    LSTM,
)
_known(
    "cell_missing_in_output",
    "The hidden state is the output gate alone.",
    "The gate says how much of tanh(cy) is shown.",
    LSTM,
)
_known(
    "peephole",
    "A gate reads the cell state.",
    "Peephole connections are another model; here the gates read the input and the hidden state.",
    LSTM,
)

# GRU

_known(
    "reset_before_product",
    "The reset gate acts on the state before the recurrent product, as in the form of 2014.",
    "Here, as in cuDNN and PyTorch, it multiplies the product: n = tanh(W x + r * (U h + b)).",
    GRU,
)
_known(
    "reset_on_input",
    "The reset gate multiplies the input's part of the candidate.",
    "It decides how much of the old state the candidate sees, so it multiplies that part.",
    GRU,
)
_known(
    "reset_on_everything",
    "The reset gate multiplies the input's part of the candidate as well.",
    "It decides how much of the old state the candidate sees; the input always counts.",
    GRU,
)
_known(
    "reset_outside_tanh",
    "The reset gate multiplies the candidate after tanh.",
    "It stands inside: n = tanh(W x + r * (U h + b)).",
    GRU,
)
_known(
    "reset_on_old_state",
    "The reset gate multiplies the old state in the final mixture.",
    "It acts inside the candidate only; the mixture is (1 - z) * n + z * h.",
    GRU,
)
_known(
    "no_reset_gate",
    "The candidate does not depend on a reset gate.",
    "The reset gate lets the candidate ignore the old state.",
    GRU,
)
_known(
    "no_update_gate",
    "The new state is the candidate: the update gate is missing.",
    "Mixing with the old state is what carries memory through time.",
    GRU,
)
_known(
    "update_not_complementary",
    "The shares of candidate and old state do not add up to one.",
    "The new state is a mixture: (1 - z) * n + z * h.",
    GRU,
)
_known(
    "gru_candidate_sigmoid",
    "The candidate goes through a sigmoid, so the state can only become positive.",
    "The candidate is content, not a gate: use tanh.",
    GRU,
)
_known(
    "gru_candidate_not_tanh",
    "The candidate is not squashed by tanh.",
    "tanh keeps the state between -1 and 1.",
    GRU,
)
_known(
    "candidate_without_state",
    "The candidate does not read the old state.",
    "n = tanh(W x + r * (U h + b)): the reset gate has nothing to act on otherwise.",
    GRU,
)
_known(
    "state_squashed",
    "The mixture went through tanh once more.",
    "The mixture of two numbers between -1 and 1 needs no squashing; tanh makes memory fade.",
    GRU,
)
_known(
    "returns_a_pair",
    "The cell returns more than its new state.",
    "A GRU has one state: return hy.",
    GRU,
)
