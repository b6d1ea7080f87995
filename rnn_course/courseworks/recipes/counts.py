"""References of the functions that count and cut, of coursework 4."""

from functools import partial

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from rnn_course.checks.requests import Call
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Ref
from rnn_course.courseworks.recipes.recipe import Arrays, Recipe, Tensors, results
from rnn_course.data.vocabulary import Vocabulary
from rnn_course.seeding import numpy_generator

_CELLS = {"RNN": torch.nn.RNNCell, "GRU": torch.nn.GRUCell, "LSTM": torch.nn.LSTMCell}


# Parameters and operations of a cell


def _draw_sizes(seed: int) -> Arrays:
    return {"input/sizes": numpy_generator(seed, "cost").integers(5, 90, 2)}


def _cost(a: Tensors) -> Tensors:
    sizes, numbers, flops = a["input/sizes"], [], []
    for kind in _CELLS.values():
        with torch.device("meta"), FlopCounterMode(display=False) as counter:
            cell = kind(*sizes.tolist())
            cell(torch.zeros(1, int(sizes[0])))
        numbers.append(sum(p.numel() for p in cell.parameters()))
        flops.append(counter.get_total_flops())
    return {"output/parameters": sizes.new_tensor(numbers), "output/flops": sizes.new_tensor(flops)}


def _ask_cost(subject: Subject, a: Arrays) -> Arrays:
    calls = {"parameters": "count_parameters", "flops": "flops_per_step"}
    sizes = a["input/sizes"].tolist()
    return {
        f"output/{what}": np.array(
            results(subject, *(Call(name, (kind, *sizes)) for kind in _CELLS))
        )
        for what, name in calls.items()
    }


# Words and their numbers


def _draw_text(seed: int) -> Arrays:
    rng = numpy_generator(seed, "word_tokens")
    words = ["".join(rng.choice(list("abcdef"), rng.integers(1, 3))) for _ in range(60)]
    codes = np.frombuffer(" ".join(words).encode(), np.uint8).copy()
    return {"input/text": codes, "input/perplexity": rng.uniform(5, 400, ())}


def _words(a: Tensors) -> Tensors:
    tokens = bytes(a["input/text"].tolist()).decode().split()
    numbers = torch.from_numpy(Vocabulary(tokens, 2).encode(tokens))
    bits = a["input/perplexity"].log2() * len(tokens) / len(a["input/text"])
    return {"output/numbers": numbers, "output/bits": bits}


def _ask_words(subject: Subject, a: Arrays) -> Arrays:
    text = a["input/text"].tobytes().decode()
    tokenize, build = Call("tokenize", (text, "word")), Call("build_vocabulary", (Ref(0), 2))
    tokens, _, numbers = results(subject, tokenize, build, Call("encode", (Ref(0), Ref(1))))
    call = Call("bits_per_character", (float(a["input/perplexity"]), len(tokens), len(text)))
    (bits,) = results(subject, call)
    return {"output/numbers": np.asarray(numbers), "output/bits": np.asarray(bits)}


_recipe = partial(Recipe, "cw4_lstm_applications")
RECIPES = (
    _recipe("word_tokens", "words", "encode", _draw_text, _words, _ask_words),
    _recipe("cost", "cells", "count_parameters, flops_per_step", _draw_sizes, _cost, _ask_cost),
)
