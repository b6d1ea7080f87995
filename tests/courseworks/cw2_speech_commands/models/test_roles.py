import numpy as np
import pytest
import torch

from rnn_course.courseworks.cw2_speech_commands.models.roles import (
    GATES,
    MODES,
    Dress,
    Roles,
    Size,
    dresses,
)


def torch_logits(roles, values, x):
    """Compute the same with torch.nn's modules, weights set block by block."""
    size, total = roles.size, 0
    for d in range(size.directions):
        kind = {"LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU}.get(size.mode, torch.nn.RNN)
        more = {"nonlinearity": size.mode[4:].lower()} if kind is torch.nn.RNN else {}
        net = kind(size.D, size.H, size.L, batch_first=True, **more).double()
        blocks = {
            (b.layer, b.kind, b.gate): values[b.start : b.stop].reshape(b.shape)
            for b in roles.blocks
            if b.direction == d
        }
        with torch.no_grad():
            for layer in range(size.L):
                for row, gate in enumerate(GATES[size.mode]):
                    rows = slice(row * size.H, (row + 1) * size.H)
                    parts = {"weight_ih": "x", "weight_hh": "h", "bias_ih": "b", "bias_hh": "b"}
                    for name, part in parts.items():
                        key = (layer, part, f"{gate}_h" if name == "bias_hh" else gate)
                        value = blocks.get(key, torch.zeros(()).double())
                        getattr(net, f"{name}_l{layer}")[rows] = value
            last = net(x.flip(1) if d else x)[0][:, -1]
            total = total + last @ blocks[size.L, "out", ""].T
    bias = next(b for b in roles.blocks if b.kind == "out_b")
    return total + values[bias.start : bias.stop]


@pytest.mark.parametrize("directions", [1, 2])
@pytest.mark.parametrize("mode", MODES)
def test_the_oracle_is_torchs_network(mode, directions):
    size = Size(mode, directions)
    roles = Roles(size, next(dresses(mode)))
    rng = np.random.default_rng(0)
    values = torch.from_numpy(rng.normal(0, 0.5, len(roles)))
    x = torch.from_numpy(rng.normal(0, 1, (2, 4, size.D)))
    torch.testing.assert_close(roles.logits(values, x), torch_logits(roles, values, x))


def test_a_flipped_update_gate_is_one_minus_the_gate():
    size = Size("GRU", L=1)
    plain = Roles(size, Dress((0, 0, 0, 0), 0, (1, 1, 1), (0.0, 0.0, 0.0)))
    flipped = Roles(size, Dress((0, 0, 0, 0), 0, (1, -1, 1), (0.0, 0.0, 0.0)))
    values = torch.linspace(-1, 1, len(plain)).double()
    negated = values.clone()
    for block in plain.blocks:
        if block.gate == "z":
            negated[block.start : block.stop] *= -1
    x = torch.ones(1, 3, size.D).double()
    torch.testing.assert_close(plain.logits(values, x), flipped.logits(negated, x))


def test_given_states_are_started_from():
    size = Size("RNN_TANH", L=1)
    roles = Roles(size, next(dresses("RNN_TANH")))
    values, x = torch.ones(len(roles)).double() / 9, torch.zeros(2, 1, size.D).double()
    start = torch.ones(1, 2, size.H).double()
    assert not torch.allclose(roles.logits(values, x), roles.logits(values, x, {0: (start,)}))
