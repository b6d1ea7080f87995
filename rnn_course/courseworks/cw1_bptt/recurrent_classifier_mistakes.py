"""What goes wrong in a classifier of sequences, each mistake with the logits it leads to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from rnn_course.checks.mistakes import mistake
from rnn_course.checks.report import Misconception

IMAGES = "Reading images row by row"

CELL_IGNORED = mistake(
    "cell_ignored",
    "The network is made of another kind of cell than the one asked for.",
    "The argument cell names the class: RNN, GRU or LSTM in torch.nn.",
    IMAGES,
)
LAYERS_IGNORED = mistake(
    "num_layers_ignored",
    "The number of layers is not the one asked for.",
    "Pass num_layers on: each layer reads the states of the layer below.",
    IMAGES,
)
SIZES_IGNORED = mistake(
    "sizes_ignored",
    "The weights do not have the sizes asked for.",
    "input_size, memory_units and output_size must decide the sizes, whatever they are.",
    IMAGES,
)
NOT_REGISTERED = mistake(
    "layers_not_registered",
    "The module has no parameters to train, or too few.",
    "Layers in a plain list are invisible to PyTorch; assign them to self or use nn.ModuleList.",
    IMAGES,
)
BOTH_DIRECTIONS = mistake(
    "bidirectional",
    "The network reads in both directions.",
    "This question asks for one direction, from the first row to the last.",
    IMAGES,
)
FIRST_STEP = mistake(
    "first_step_used",
    "The scores come from the first step.",
    "After one row the network has seen a fraction of the image; the last step has seen it all.",
    IMAGES,
)
POOLED = mistake(
    "steps_pooled",
    "The scores are made from the states of several steps.",
    "Here the last state alone decides: the network has to remember what matters.",
    IMAGES,
)
LOWER_LAYER = mistake(
    "lower_layer_used",
    "The scores come from a lower layer, or from all of them.",
    "The top layer has the last word: h_n[-1], which is outputs[:, -1] as well.",
    IMAGES,
)
CELL_STATE = mistake(
    "cell_state_used",
    "The scores come from the LSTM's cell state.",
    "An LSTM returns outputs, (h_n, c_n); what it shows is h_n.",
    IMAGES,
)
NOT_LOGITS = mistake(
    "not_logits",
    "Something was applied to the scores, such as a softmax.",
    "The loss in PyTorch takes plain scores and does the softmax itself.",
    IMAGES,
)
BATCH_TIME = mistake(
    "batch_and_time_exchanged",
    "The rows of the batch are read as if they were time steps.",
    "nn.RNN expects (T, B, D) unless batch_first=True says (B, T, D).",
    IMAGES,
)
REVERSED = mistake(
    "read_from_the_end",
    "The sequence is read from its last row to its first.",
    "Only a second direction would read that way.",
    IMAGES,
)
TURNED = mistake(
    "image_turned",
    "Flat images are cut into something else than their rows.",
    "Consecutive input_size numbers are one row: reshape to (B, −1, input_size).",
    IMAGES,
)
FLAT_ONLY = mistake(
    "one_form_of_images",
    "Only one of the two forms of images works.",
    "reshape(len(images), −1, input_size) makes (B, T, D) of both.",
    IMAGES,
)
FIXED_STEPS = mistake(
    "fixed_number_of_steps",
    "It works for one number of steps only.",
    "Let reshape work out the number of steps: −1. A recurrent network takes any.",
    IMAGES,
)
ONE_ROW = mistake(
    "single_image_fails",
    "A batch of one image fails or comes back in another shape.",
    "squeeze() drops every axis of length one; index the step instead: outputs[:, -1].",
    IMAGES,
)
OTHER_STEP = mistake(
    "other_step_used",
    "The scores come from a step before the last.",
    "Only the last step has seen the whole image: outputs[:, -1].",
    IMAGES,
)
RELU = mistake(
    "relu_instead_of_tanh",
    "The plain RNN has a ReLU.",
    "nn.RNN has tanh unless it is told otherwise.",
    IMAGES,
)
ROWS_UNREAD = mistake(
    "rows_not_read",
    "Some rows of the image have no influence on the scores.",
    "Every row is a time step; after the last one the state must have gathered them all.",
    IMAGES,
)
STEPS_WRONG = mistake(
    "steps_in_disorder",
    "For images of a single row the scores are right, for several rows they are not.",
    "Look at how the steps follow each other: which axis is time, in which order the rows come, "
    "and which step is read at the end.",
    IMAGES,
)
PIXELS_CHANGED = mistake(
    "pixels_changed",
    "For images that are zero everywhere the scores are right, for others they are not.",
    "The pixels go into the recurrent layer as they come, neither scaled nor reordered.",
    IMAGES,
)
BIAS_MISSING = mistake(
    "bias_missing",
    "A layer has no bias.",
    "torch's layers have theirs unless bias=False.",
    IMAGES,
)
EVERY_STEP = mistake(
    "every_step_scored",
    "There are scores for every row of an image.",
    "One label belongs to a whole image: take the last step before the linear layer.",
    IMAGES,
)
LAST_IMAGE = mistake(
    "last_image_scored",
    "The scores are those of the last image of the batch, row by row.",
    "With batch_first=True the outputs are (B, T, H): outputs[:, -1] is the last step of each.",
    IMAGES,
)
DROPOUT_AT_END = mistake(
    "dropout_elsewhere",
    "With one layer, and dropout, two runs in training differ: values are dropped in another place "
    "than between the layers.",
    "The recurrent layer takes the argument dropout and does it; nothing else drops values.",
    IMAGES,
)
DROPOUT_BY_DEFAULT = mistake(
    "dropout_by_default",
    "Who does not ask for dropout gets it in training.",
    "The last argument of the constructor is dropout=0.0.",
    IMAGES,
)
NO_DROPOUT = mistake(
    "dropout_ignored",
    "dropout makes no difference in training.",
    "Pass it on to the recurrent layer, which applies it between its layers.",
    IMAGES,
)
DROPOUT_STAYS = mistake(
    "dropout_in_evaluation",
    "The same image gets other scores each time, or dropout=0 has an effect.",
    "Dropout belongs to training; nn.Dropout and dropout=… heed model.eval(), hand-made masks "
    "must look at self.training.",
    IMAGES,
)
STATE_KEPT = mistake(
    "state_kept_between_calls",
    "The scores depend on the batch that came before.",
    "Each image starts from a state of zeros; do not keep the last state in self.",
    IMAGES,
)
DETACHED = mistake(
    "gradient_cut",
    "The gradient does not reach the input as it should.",
    "detach(), .data, no_grad() or .numpy() cut the way back that training needs.",
    IMAGES,
)
EXTRA_ACTIVATION = mistake(
    "extra_layer",
    "There is something between the last state and the scores.",
    "One linear layer leads from the last state to the scores.",
    IMAGES,
)
START_NOT_ZERO = mistake(
    "start_not_zero",
    "The state does not start at zero.",
    "A start that is random, one or learned makes the scores depend on more than the image.",
    IMAGES,
)
NOT_BUILT_IN = mistake(
    "built_in_not_used",
    "No recurrent layer of torch.nn ran.",
    "This question is about using nn.RNN, nn.GRU and nn.LSTM.",
    IMAGES,
)


@dataclass(frozen=True, eq=False)
class Reference:
    """torch's own layers with the student's numbers in them.

    Attributes:
        layers: nn.RNN, nn.GRU or nn.LSTM, batch first.
        weight: (K, H) and bias (K,) of the last linear map.
    """

    layers: nn.RNNBase
    weight: Tensor
    bias: Tensor

    def head(self, state: Tensor) -> Tensor:
        """Return scores (…, K) of states (…, H)."""
        return state @ self.weight.T + self.bias

    def states(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
        """Return outputs (B, T, H), last hidden and last cell states (L, B, H)."""
        outputs, last = self.layers(x)
        hidden, cell = last if isinstance(last, tuple) else (last, None)
        return outputs, hidden, cell

    def logits(self, x: Tensor) -> Tensor:
        """Return the right scores (B, K)."""
        return self.head(self.states(x)[0][:, -1])


def reference(
    cell: str, sizes: tuple[int, int, int], values: list[Any], head: tuple[Any, Any]
) -> Reference:
    """Build torch's layers from arrays.

    Args:
        cell: RNN, GRU or LSTM.
        sizes: D, H, L.
        values: for each layer weight_ih, weight_hh, bias_ih, bias_hh; a bias may be None.
        head: weight (K, H) and bias (K,).
    """
    features, units, layers = sizes
    made = getattr(nn, cell)(features, units, layers, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        for parameter, value in zip(made.parameters(), values, strict=True):
            parameter.copy_(torch.as_tensor(value) if value is not None else torch.zeros(()))
    weight, bias = (torch.as_tensor(part, dtype=torch.float64) for part in head)
    return Reference(made, weight, bias)


def wrong_logits(ref: Reference, x: Tensor) -> Iterator[tuple[Misconception, Tensor]]:
    """Yield the scores of each known mistake for sequences (B, T, D)."""
    outputs, hidden, cell = ref.states(x)
    right = ref.head(outputs[:, -1])
    yield FIRST_STEP, ref.head(outputs[:, 0])
    yield POOLED, ref.head(outputs.mean(1))
    yield POOLED, ref.head(outputs.sum(1))
    yield POOLED, ref.head(outputs.max(1).values)
    yield POOLED, ref.head(outputs).sum(1)
    for t in range(1, outputs.shape[1] - 1):
        yield OTHER_STEP, ref.head(outputs[:, t])
    for state in (*hidden[:-1], hidden.sum(0), hidden.mean(0)):
        yield LOWER_LAYER, ref.head(state)
    if cell is not None:
        for state in (*cell, cell.mean(0), cell.sum(0)):
            yield CELL_STATE, ref.head(state)
    for squash in (torch.tanh, torch.sigmoid, torch.relu, torch.exp):
        yield NOT_LOGITS, squash(right)
        yield EXTRA_ACTIVATION, ref.head(squash(outputs[:, -1]))
    yield NOT_LOGITS, right.softmax(-1)
    yield NOT_LOGITS, right.log_softmax(-1)
    yield NOT_LOGITS, right.softmax(0)
    yield NOT_LOGITS, right.argmax(-1)
    yield EXTRA_ACTIVATION, ref.head(outputs[:, -1].softmax(-1))
    normed = nn.functional.layer_norm(outputs[:, -1], outputs.shape[-1:])
    yield EXTRA_ACTIVATION, ref.head(normed)
    yield BATCH_TIME, ref.head(outputs[-1])
    turned, last, _ = ref.states(x.transpose(0, 1))
    yield BATCH_TIME, ref.head(turned[-1])
    yield BATCH_TIME, ref.head(turned.transpose(0, 1)[:, -1])
    yield BATCH_TIME, ref.head(turned[:, -1])
    yield BATCH_TIME, ref.head(last[-1])
    reshaped, _, _ = ref.states(x.reshape(x.shape[1], x.shape[0], -1))
    yield BATCH_TIME, ref.head(reshaped.transpose(0, 1)[-1])
    yield BATCH_TIME, ref.head(reshaped[:, -1])[: len(x)]
    yield REVERSED, ref.logits(x.flip(1))
    yield TURNED, ref.logits(x.flip(2))
    if type(ref.layers) is nn.RNN:
        yield RELU, _with_relu(ref).logits(x)
    for one in (torch.ones_like(hidden),):
        start = one if cell is None else (one, one)
        yield START_NOT_ZERO, ref.head(ref.layers(x, start)[0][:, -1])
    yield START_NOT_ZERO, _second_call(ref, x)


def _with_relu(ref: Reference) -> Reference:
    old = ref.layers
    sizes = old.input_size, old.hidden_size, old.num_layers
    made = nn.RNN(*sizes, nonlinearity="relu", batch_first=True, dtype=torch.float64)
    made.load_state_dict(old.state_dict())
    return Reference(made, ref.weight, ref.bias)


def mixed_steps(ref: Reference, x: Tensor, logits: Tensor) -> Misconception | None:
    """Recognise scores that are a weighted sum over the steps, whatever the weights."""
    outputs, _, _ = ref.states(x)
    columns = (outputs @ ref.weight.T).transpose(1, 2).reshape(-1, x.shape[1])
    wanted = (logits - ref.bias).reshape(-1, 1)
    weights = torch.linalg.lstsq(columns, wanted).solution
    if len(columns) <= x.shape[1] or not torch.allclose(columns @ weights, wanted, atol=1e-8):
        return None
    return POOLED


def _second_call(ref: Reference, x: Tensor) -> Tensor:
    _, last = ref.layers(x)
    return ref.head(ref.layers(x, last)[0][:, -1])


def turned_images(ref: Reference, x: Tensor) -> Iterator[tuple[Misconception, Tensor]]:
    """Yield the scores for flat images (B, T·D) that were cut in a wrong way."""
    B, T, D = x.shape
    flat = x.reshape(B, T * D)
    if T == D:
        yield TURNED, ref.logits(flat.reshape(B, D, T).transpose(1, 2))
    yield TURNED, ref.logits(flat.reshape(B, D, T).transpose(1, 2).contiguous())
    yield BATCH_TIME, ref.logits(flat.reshape(T, B, D).transpose(0, 1))
    yield REVERSED, ref.logits(flat.reshape(B, T, D).flip(1))
