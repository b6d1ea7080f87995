import numpy as np
import pytest

from rnn_course.courseworks.cw2_speech_commands.models.recover import (
    Cast,
    Response,
    Stuck,
    by_name,
    draw_probe,
    recover,
    signature,
)
from rnn_course.courseworks.cw2_speech_commands.models.roles import MODES, Roles, Size, dresses

NUMBER = 0.23


def shuffled(roles, rng, unread=3):
    """A student's model: parameters in random order, some shared by none, some unread."""
    role = rng.permutation(np.repeat(np.arange(len(roles)), roles.copies()))
    role = np.concatenate([role, np.full(unread, -1)])

    def ask(parameters, probe):
        values = np.bincount(role[role >= 0], parameters[role >= 0], len(roles))
        answer = signature(roles, values, probe)
        return Response(answer.logits, np.where(role < 0, 0.0, answer.gradients[role]))

    return ask, role


def first(roles, ask, count, seed):
    probe = draw_probe(roles, (seed, "first"), roles.copies() * NUMBER)
    return probe, ask(np.full(count, NUMBER), probe), NUMBER


@pytest.mark.parametrize("directions", [1, 2])
@pytest.mark.parametrize("mode", MODES)
def test_parameters_in_any_order_find_their_roles(mode, directions):
    for seed, dress in enumerate(list(dresses(mode, plain=True))[:4]):
        rng = np.random.default_rng(seed)
        roles = Roles(Size(mode, directions, H=3), dress)
        ask, role = shuffled(roles, rng)
        cast = recover(roles, ask, first(roles, ask, len(role), seed), (seed,))
        assert isinstance(cast, Cast)
        assert np.array_equal(cast.role < 0, role < 0)
        values = rng.normal(0, 0.5, len(roles))
        probe = draw_probe(roles, (seed, "last"), values)
        expected = signature(roles, values, probe).logits
        np.testing.assert_allclose(ask(cast.parameters(values), probe).logits, expected)


def test_a_weight_with_two_roles_is_found():
    roles = Roles(Size("RNN_TANH", L=2), next(dresses("RNN_TANH")))
    rng = np.random.default_rng(0)
    ask, role = shuffled(roles, rng)

    def sharing(parameters, probe):
        response = ask(parameters, probe)
        gradients = response.gradients.copy()
        gradients[0] += gradients[1]
        return Response(response.logits, gradients)

    stuck = recover(roles, sharing, first(roles, sharing, len(role), 0), (0,))
    assert isinstance(stuck, Stuck)
    assert len(stuck.foreign) == 1
    assert len(stuck.missing) >= 1


def test_flat_parameters_are_cut_by_name():
    cut = by_name(np.arange(8.0), {"a": (2, 3), "b": (2,)})
    assert cut["a"].shape == (2, 3)
    assert cut["b"].tolist() == [6, 7]
