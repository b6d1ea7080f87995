"""What a path sees of what came."""

import numpy as np

from rnn_course.checks.observation import MISSING, Path, Trial, see
from rnn_course.checks.requests import Outcome
from rnn_course.checks.values import Frame


def look(path: str, value: object):
    return Path.parse(path).look(Trial({"result": Outcome(value)}))


def test_the_labels_of_a_frame_are_seen_apart_from_its_numbers():
    frame = Frame({"price": np.array([1.0, 2.0])}, ["east", "north"])
    assert look("result@index", frame).structure == see(["east", "north"]).structure
    assert look("result@index", Frame({}, ["north", "east"])).structure != "['east','north']"
    assert look("result.price", frame).structure == "(2)"
    assert look("result@index", 3.0) is MISSING
