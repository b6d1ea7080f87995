"""torch's own networks for the code questions of coursework 2: what their references are made with.

Each question has one network or, for the models, one a mode. All take tensors and return a tuple.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from rnn_course.seeding import numpy_generator

D, H, L, K = 3, 4, 2, 3
_B, _T = 2, 5
_KINDS = {"LSTM": nn.LSTM, "GRU": nn.GRU, "RNN_TANH": nn.RNN, "RNN_RELU": nn.RNN}


class Cell(nn.Module):
    """torch's LSTM or GRU cell: input (B, D) and states (B, H) to the new states (B, H)."""

    def __init__(self, kind: type[nn.Module]) -> None:
        super().__init__()
        self.cell = kind(D, H)

    def forward(self, x: torch.Tensor, *states: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Make one step."""
        if len(states) == 1:
            return (self.cell(x, states[0]),)
        return self.cell(x, states)


class Classifier(nn.Module):
    """torch's recurrent layers in one or two independent directions: (B, T, D) to (B, K)."""

    def __init__(self, mode: str, directions: int) -> None:
        super().__init__()
        more = {"nonlinearity": mode[4:].lower()} if mode.startswith("RNN") else {}
        self.stacks = nn.ModuleList(
            _KINDS[mode](D, H, L, batch_first=True, **more) for _ in range(directions)
        )
        self.readout = nn.Linear(directions * H, K)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor]:
        """Return logits from the last state of each direction."""
        last = [stack(x.flip(1) if d else x)[0][:, -1] for d, stack in enumerate(self.stacks)]
        return (self.readout(torch.cat(last, dim=1)),)


@dataclass(frozen=True)
class Recipe:
    """How one reference is made.

    Attributes:
        question: id of the question.
        case: tells the references of one question apart.
        name: the student's class.
        args: of its constructor.
        inputs: shapes of its inputs.
        paired: whether the inputs after the first are handed over as one pair.
    """

    question: str
    case: str
    name: str
    args: tuple
    inputs: tuple[tuple[int, ...], ...]
    paired: bool = False

    @property
    def output(self) -> tuple[int, int]:
        """The shape of each output."""
        return (_B, H if self.question.endswith("_cell") else K)

    def handed(self, inputs: list[np.ndarray]) -> tuple:
        """Arrange inputs as the student's class takes them."""
        return (inputs[0], tuple(inputs[1:])) if self.paired else tuple(inputs)

    def network(self, dtype: torch.dtype = torch.float64, device: str = "cpu") -> nn.Module:
        """Build torch's network for it."""
        if self.question.endswith("_cell"):
            made: nn.Module = Cell(nn.LSTMCell if self.paired else nn.GRUCell)
        else:
            made = Classifier(self.case, 2 if self.question == "bidir_model" else 1)
        return made.to(device=device, dtype=dtype)

    def draw(self, seed: int) -> tuple[list[np.ndarray], dict[str, np.ndarray]]:
        """Draw inputs, and weights of torch's network by name; float64."""
        rng = numpy_generator(seed, self.question, self.case)
        inputs = [rng.normal(0, 1, shape) for shape in self.inputs]
        shapes = {name: tuple(p.shape) for name, p in self.network().named_parameters()}
        return inputs, {name: rng.uniform(-0.7, 0.7, shape) for name, shape in shapes.items()}


def recipes() -> Iterator[Recipe]:
    """List all references of coursework 2."""
    state = (_B, H)
    yield Recipe("lstm_cell", "cell", "LSTMCell", (D, H), ((_B, D), state, state), paired=True)
    yield Recipe("gru_cell", "cell", "GRUCell", (D, H), ((_B, D), state))
    for question, name in (("rnn_model", "RNNModel"), ("bidir_model", "BidirRecurrentModel")):
        for mode in _KINDS:
            yield Recipe(question, mode, name, (mode, D, H, L, True, K), ((_B, _T, D),))


def run(
    network: nn.Module, weights: Mapping[str, np.ndarray], inputs: list[np.ndarray]
) -> dict[str, np.ndarray]:
    """Run a network with given weights, in its own dtype and on its device.

    Returns:
        ``output/0`` …, and for the sum of all outputs ``gradient/input/0`` … and
        ``gradient/torch/<name>``; float64.
    """
    like = next(network.parameters())
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.copy_(torch.from_numpy(weights[name]))
    given = [torch.from_numpy(x).to(like).requires_grad_() for x in inputs]
    outputs = network(*given)
    named = dict(network.named_parameters())
    total = sum(output.sum() for output in outputs)
    found = torch.autograd.grad(total, [*given, *named.values()])
    labels = [f"input/{k}" for k in range(len(given))] + [f"torch/{name}" for name in named]
    result = {f"output/{k}": output for k, output in enumerate(outputs)}
    result |= {f"gradient/{label}": g for label, g in zip(labels, found, strict=True)}
    return {key: value.detach().cpu().double().numpy() for key, value in result.items()}
