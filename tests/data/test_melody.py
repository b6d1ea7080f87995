import io
import itertools
import wave

import pytest

from rnn_course.data.melody import NOTES, ODE_TO_JOY, sound
from rnn_course.errors import DataError


def test_the_tune_has_four_phrases_and_the_first_two_differ_at_their_end_only():
    first, second, third, fourth = (ODE_TO_JOY[k : k + 32] for k in range(0, 128, 32))
    assert len(ODE_TO_JOY) == 128
    assert set(ODE_TO_JOY) == set(NOTES)
    assert first[:24] == second[:24]
    assert first != second == fourth
    assert third[:8] != first[:8]


def test_a_tune_is_as_long_as_its_symbols():
    with wave.open(io.BytesIO(sound(ODE_TO_JOY))) as file:
        assert file.getframerate() == 8000
        assert file.getnframes() == 128 * 1280


def test_notes_have_their_pitch_and_are_held():
    with wave.open(io.BytesIO(sound(["C", "-", "-", "-"]))) as file:
        samples = list(file.readframes(file.getnframes()))
    ups = sum(a <= 128 < b for a, b in itertools.pairwise(samples))
    assert ups == pytest.approx(262 * 0.64, rel=0.05)
    with wave.open(io.BytesIO(sound(["-", "-"]))) as file:
        assert set(file.readframes(file.getnframes())) == {128}
    with wave.open(io.BytesIO(sound([]))) as file:
        assert file.getnframes() == 0


def test_an_unknown_note_is_named():
    with pytest.raises(DataError, match=r"notes out of - G, C D E F G\. Got 'H'.*NOTES\[k\]"):
        sound(["C", "H"])
