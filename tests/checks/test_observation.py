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


def test_a_number_in_a_text_is_compared_to_the_digits_that_all_processors_agree_on():
    assert see("perplexity 15.061268858934477").structure == "'perplexity 15.06126886'"
    assert see("15.06126885893447").structure == see("15.061268858934477").structure
    assert see("15.0612").structure != see("15.0613").structure
    assert see("1.50").structure == "'1.50'", "what someone wrote out is left as it is"
    assert see("2024.1.30000000000001").structure == "'2024.1.30000000000001'"
