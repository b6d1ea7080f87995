"""References of the questions that ask for a module: cells, classifiers, models of every step."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from torch import nn

from rnn_course.courseworks.recipes.mapped import Inputs, Module
from rnn_course.courseworks.recipes.networks import Attention, Classifier, EveryStep, OneStep
from rnn_course.courseworks.recipes.recipe import Recipe

D, H, L, K, V, T = 3, 4, 2, 3, 7, 5
_MODES = ("LSTM", "GRU", "RNN_TANH", "RNN_RELU")


def _floats(*shapes: tuple[int, ...]) -> Inputs:
    """Draw normal numbers, an array for each shape of one row."""
    return lambda rng, rows: [rng.normal(0, 1, (rows, *shape)) for shape in shapes]


def _sequences(rng: np.random.Generator, rows: int) -> list[np.ndarray]:
    """Draw sequences of different lengths, and zeros after their ends."""
    x, lengths = rng.normal(0, 1, (rows, T, D)), T - np.arange(rows) % (T - 1)
    x[np.arange(T) >= lengths[:, None]] = 0
    return [x, lengths]


def _ids(rng: np.random.Generator, rows: int) -> list[np.ndarray]:
    """Draw ids; a vocabulary's worth of them is in any two rows."""
    return [rng.permutation(np.arange(rows * T) % V).reshape(rows, T)]


def _recipe(coursework: str, question: str, case: str, module: Module) -> Recipe:
    draw = partial(_drawn, module, question, case)
    calls = f"{module.name}{module.args}"
    return Recipe(coursework, question, case.lower(), calls, draw, module.oracle, module.answer)


def _drawn(module: Module, question: str, case: str, seed: int) -> dict[str, np.ndarray]:
    return module.draw(seed, question, case)


def _cells() -> Iterator[Recipe]:
    pair, single = ((D,), (H,), (H,)), ((D,), (H,))
    lstm, gru = partial(OneStep, nn.LSTMCell, D, H), partial(OneStep, nn.GRUCell, D, H)
    cell = Module("LSTMCell", (D, H), lstm, _floats(*pair), parts=2, paired=True)
    yield _recipe("cw2_speech_commands", "lstm_cell", "cell", cell)
    cell = Module("GRUCell", (D, H), gru, _floats(*single))
    yield _recipe("cw2_speech_commands", "gru_cell", "cell", cell)


def _classifiers() -> Iterator[Recipe]:
    x, sizes = _floats((T, D)), (D, H, L, K)
    for kind in ("RNN", "GRU", "LSTM"):
        make = partial(Classifier, kind, sizes)
        module = Module("RecurrentClassifier", (kind, *sizes), make, x)
        yield _recipe("cw1_bptt", "recurrent_classifier", kind, module)
    names = {"rnn_model": ("RNNModel", 1), "bidir_model": ("BidirRecurrentModel", 2)}
    for question, (name, directions) in names.items():
        for mode in _MODES:
            make = partial(Classifier, mode, sizes, directions)
            module = Module(name, (mode, D, H, L, True, K), make, x)
            yield _recipe("cw2_speech_commands", question, mode, module)
    own_end = {
        "sequence_rnn": ("RecurrentNeuralNet", "RNN"),
        "sequence_lstm": ("LSTMNeuralNet", "LSTM"),
    }
    for question, (name, kind) in own_end.items():
        module = Module(name, (D, H, K), partial(Classifier, kind, (D, H, 1, K)), _sequences)
        yield _recipe("cw3_temporal_order", question, kind, module)


def _others() -> Iterator[Recipe]:
    attention = partial(Attention, D, H, K)
    weighed = {"return_weights": True}
    module = Module("AttnRecurrentNeuralNet", (D, H, K), attention, _sequences, weighed, parts=2)
    yield _recipe("cw3_temporal_order", "attention", "additive", module)
    for kind in ("RNN", "GRU", "LSTM"):
        make = partial(EveryStep, kind, (V, H, V), V)
        yield _recipe(
            "cw4_lstm_applications",
            "char_lm",
            kind,
            Module("CharLM", (V, H, kind), make, _ids, parts=1),
        )
    embedded = partial(EveryStep, "LSTM", (D, H, V), V, embedded=True)
    module = Module("CharLM", (V, H, "LSTM", D), embedded, _ids, parts=1)
    yield _recipe("cw4_lstm_applications", "char_lm", "embedded", module)
    module = Module(
        "Forecaster", (H,), partial(EveryStep, "LSTM", (1, H, 1)), _floats((T,)), parts=1
    )
    yield _recipe("cw4_lstm_applications", "forecast", "forecaster", module)


RECIPES = (*_cells(), *_classifiers(), *_others())
