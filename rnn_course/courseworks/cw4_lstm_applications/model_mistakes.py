"""What goes wrong in a recurrent network that answers at every step."""

from functools import partial

from rnn_course.checks.mistakes import mistake as _mistake
from rnn_course.courseworks.cw4_lstm_applications.headings import CHAR_LM

mistake = partial(_mistake, read=CHAR_LM)

NOT_A_PAIR = mistake(
    "no_state_returned",
    "forward does not return a pair of outputs and state.",
    "Whoever goes on with the text needs the state: return both.",
)
STATE_NONE = mistake(
    "state_is_none",
    "The state that forward returns is None.",
    "The second result of the recurrent layer is the state after the last step: return it.",
)
STATE_IGNORED = mistake(
    "state_ignored",
    "The state that is handed to forward changes nothing.",
    "Pass it on to the recurrent layer: it is what the network remembers of the text so far.",
)
STATE_LEAKS = mistake(
    "state_kept_inside",
    "The same call gives something else the second time.",
    "A state kept on self leaks from one text into the next; it belongs into the result.",
)
STATE_CHANGED = mistake(
    "state_changed_in_place",
    "Going on twice from the same state gives two different results.",
    "The state that was handed in has been overwritten; make a new one.",
)
STATE_INCOMPLETE = mistake(
    "state_incomplete",
    "Two halves of a text, with the state between them, do not give what the whole gives.",
    "The state must hold all that the next step needs: of an LSTM both h and c, "
    "after the last step.",
)
LAST_STEP_ONLY = mistake(
    "last_step_only",
    "There is one output for a whole sequence.",
    "Every step has a next token to predict, so every state goes through the linear layer.",
)
FLATTENED = mistake(
    "batch_and_time_flattened",
    "Batch and time are one axis in the result.",
    "Flatten them for the loss, outside the model: the model returns (B, T, …).",
)
AXES_EXCHANGED = mistake(
    "axes_exchanged",
    "The axes of the result are in another order.",
    "It is batch, time, vocabulary; transpose where a layer wants or gives another order.",
)
SQUEEZED = mistake(
    "squeezed",
    "An axis of length one vanishes.",
    "squeeze() without an axis also removes a batch of one; name the axis.",
)
SEES_FUTURE = mistake(
    "sees_the_future",
    "An output depends on inputs that come later.",
    "It would only have to copy the answer, and at the end of a text there is no future to read.",
)
TIME_IS_BATCH = mistake(
    "time_is_batch",
    "The network runs along the batch instead of along time.",
    "torch's recurrent layers take time first unless batch_first=True is set.",
)
RUNS_BACKWARDS = mistake(
    "runs_backwards",
    "The network reads from the end to the beginning.",
    "Then each output depends on the future alone.",
)
NO_RECURRENCE = mistake(
    "no_recurrence",
    "An output depends on the input at its own step alone.",
    "The state must go from each step to the next.",
)
STATE_CUT = mistake(
    "gradient_cut",
    "The outputs are right, but gradients do not flow back through the state.",
    "A detach, a .data or a no_grad within forward leaves nothing to learn from.",
)
READS_OLD_STATE = mistake(
    "reads_old_state",
    "The output at step t comes from the state before step t.",
    "The state after reading token t predicts token t + 1.",
)
LAST_STATE_EVERYWHERE = mistake(
    "last_state_everywhere",
    "All steps get the same output.",
    "Each step has its own state, and its own output.",
)
READS_MEAN = mistake(
    "reads_mean",
    "The output comes from a sum or a mean of states.",
    "The state at step t already holds what matters of the past.",
)
MEMORY_READ = mistake(
    "memory_read",
    "The output comes from the cell state c.",
    "The hidden state h is what an LSTM shows to the layers above.",
)
EXTRA_NONLINEARITY = mistake(
    "extra_nonlinearity",
    "There is another non-linearity before the linear layer.",
    "The cell has had its own; the linear layer reads h as it is.",
)
SOFTMAX_LEFT = mistake(
    "softmax_left_in",
    "The outputs have gone through a softmax or another squashing function.",
    "Return the linear layer's output as it is; a loss applies its own softmax.",
)
RELU = mistake(
    "relu_instead_of_tanh",
    "The plain RNN has a ReLU.",
    'cell="RNN" means h = tanh(…).',
)
OTHER_CELL = mistake(
    "other_cell",
    "The recurrent layer is of another kind than was asked for.",
    "The kind decides what the network can remember, and what it costs.",
)
UNKNOWN_CELL_TAKEN = mistake(
    "unknown_cell_accepted",
    "A kind of cell that does not exist is taken without complaint.",
    "A spelling mistake should be found at once: raise ValueError.",
)
OTHER_ERROR = mistake(
    "unknown_cell_other_error",
    "A kind of cell that does not exist raises another exception than ValueError.",
    "Whoever calls can expect a ValueError only if the statement's word is kept.",
)
BIAS_MISSING = mistake(
    "bias_missing",
    "A bias is missing.",
    "Both layers have their biases, as torch's have unless bias=False: the logits are R h + r.",
)
EMBEDDING_CHANGED = mistake(
    "embedding_changed",
    "What comes out of the embedding is changed before the recurrent layer reads it.",
    "The rows of the table go into the recurrent layer as they are.",
)
ONE_HOT_WIDTH = mistake(
    "one_hot_width",
    "The one-hot vectors are only as wide as the highest token of the batch asks for.",
    "F.one_hot guesses the number of classes: pass vocab_size.",
)
TOKEN_FROZEN = mistake(
    "token_not_learned",
    "The vector of a token gets no gradient.",
    "padding_idx makes a row zero, and keeps it so; here every token is one to learn.",
)
STATE_RANDOM = mistake(
    "state_random",
    "The network starts from a random state, or drops values at random.",
    "None means a fresh start: zeros. Without training nothing is random.",
)
IDS_AS_NUMBERS = mistake(
    "ids_as_numbers",
    "The numbers of tokens enter as quantities.",
    "Token 9 is not three times token 3: use one-hot vectors or an embedding.",
)
EMBEDDING_IGNORED = mistake(
    "embedding_ignored",
    "The argument embedding makes no difference.",
    "None means one-hot vectors, a number means nn.Embedding of that width.",
)
NOT_ONE_HOT = mistake(
    "not_one_hot",
    "With embedding=None the inputs are no one-hot vectors.",
    "None means no embedding: each token is a vector of zeros with a single one.",
)
EMBEDDING_WIDTH = mistake(
    "embedding_width",
    "The embedding has another width than was asked for.",
    "embedding is the number of entries of each token's vector.",
)
MORE_LAYERS = mistake(
    "other_layers",
    "There are more layers, or other ones, than were asked for.",
    "One recurrent layer, then one linear layer.",
)
NOT_REGISTERED = mistake(
    "layers_not_registered",
    "The module has too few parameters: some of its layers are not part of it.",
    "Assign layers to self; in a plain list, or made anew in forward, they are never trained.",
)
OTHER_EQUATIONS = mistake(
    "other_equations",
    "The outputs are not those of one recurrent layer with one linear layer after it.",
    "Between input and output stands nothing else: no sum with the input, no normalisation, no "
    "second use of a weight.",
)
OTHER_DEFAULTS = mistake(
    "other_defaults",
    "Without further arguments the model is another than with cell='LSTM' and embedding=None.",
    "Defaults stand in the first line of __init__; other cells rely on them.",
)
TOKENS_ALIKE = mistake(
    "tokens_alike",
    "Different tokens give the same outputs.",
    "Each of the vocab_size tokens has a vector of its own.",
)
FROZEN = mistake(
    "weights_frozen",
    "The outputs are right, but some of the weights cannot learn.",
    "Every weight is a parameter with a gradient: leave requires_grad as it is.",
)
