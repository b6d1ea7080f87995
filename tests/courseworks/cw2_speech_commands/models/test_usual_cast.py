"""Roles of parameters that are kept in torch's order are guessed; others are not taken for it."""

import numpy as np
import pytest

from rnn_course.courseworks.cw2_speech_commands.models.recover import (
    Response,
    draw_probe,
    signature,
    usual_cast,
)
from rnn_course.courseworks.cw2_speech_commands.models.roles import (
    MODES,
    Roles,
    Size,
    dresses,
    roles_of,
)

NUMBER = 0.23


def order(roles: Roles) -> np.ndarray:
    """Return the role of each parameter as torch keeps them: added biases beside each other."""
    parts = [np.tile(np.arange(b.start, b.stop), b.copies) for b in roles.blocks]
    return np.concatenate(parts)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("directions", [1, 2])
def test_torchs_order_is_guessed(mode: str, directions: int) -> None:
    roles = roles_of(Size(mode, directions), next(dresses(mode)))
    probe = draw_probe(roles, (1, mode), roles.copies() * NUMBER, B=8, T=5)
    answer = signature(roles, roles.copies() * NUMBER, probe)
    role = order(roles)
    cast = usual_cast(roles, (probe, Response(answer.logits, answer.gradients[role]), NUMBER))
    assert cast is not None
    assert (cast.role == role).all()


def test_gradients_that_no_role_has_are_no_guess() -> None:
    roles = roles_of(Size("LSTM"), next(dresses("LSTM")))
    probe = draw_probe(roles, (1, "LSTM"), roles.copies() * NUMBER, B=8, T=5)
    answer = signature(roles, roles.copies() * NUMBER, probe)
    wrong = answer.gradients[order(roles)].copy()
    wrong[3] += 0.1
    assert usual_cast(roles, (probe, Response(answer.logits, wrong), NUMBER)) is None
