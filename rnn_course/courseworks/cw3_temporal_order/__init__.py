"""Coursework 3: long-term dependencies, on the temporal order problem.

A question bears the heading under which the notebook asks it.
"""

from rnn_course.checks.coursework import Coursework, Question
from rnn_course.checks.report import Criterion
from rnn_course.courseworks.cw3_temporal_order import (
    attention,
    generate,
    sequence_lstm,
    sequence_rnn,
    train_until_solved,
    weights,
)
from rnn_course.courseworks.cw3_temporal_order import mistakes as m

_SEQUENCE_CRITERIA = (
    Criterion("shapes", "Logits (B, K) for any B, T, D, H and K; nothing changed in place", 2),
    Criterion("own_end", "The logits come from each sequence's own last step", 3),
)


def _essay(number: int, title: str, points: float) -> Question:
    heading = f"Essay {number}: {title}"
    return Question(f"theory_{number}", heading, (Criterion("essay", title, points),))


COURSEWORK = Coursework(
    "cw3_temporal_order",
    "Long-term dependencies",
    "temporal_order.ipynb",
    (
        Question(
            "generate",
            m.DATA,
            (
                Criterion("shapes", "inputs (n, 110, 8), lengths (n,), labels (n,)", 1),
                Criterion("structure", "E first, B last, zeros after the end", 2),
                Criterion("symbols", "Three X or Y, each in its range", 2),
                Criterion("labels", "The class is the order; classes are balanced", 2),
                Criterion("distribution", "Everything is uniform and independent", 2),
                Criterion("rng", "All randomness comes from rng", 1),
            ),
            generate.judge,
            ("generate_inputs_labels",),
            read=m.DATA,
        ),
        Question(
            "sequence_rnn",
            m.RNN,
            (
                *_SEQUENCE_CRITERIA,
                Criterion("equations", "Logits and gradients are those of the equations", 3),
                Criterion("learns", "It learns a small task", 2),
            ),
            sequence_rnn.judge,
            ("RecurrentNeuralNet",),
            read=m.RNN,
        ),
        Question(
            "sequence_lstm",
            m.LSTM,
            (
                *_SEQUENCE_CRITERIA,
                Criterion("equations", "Logits and gradients are those of the equations", 2),
                Criterion("forget_bias", "forget_bias sets the start of the forget gate alone", 2),
                Criterion("learns", "It learns a small task", 1),
            ),
            sequence_lstm.judge,
            ("LSTMNeuralNet",),
            read=m.LSTM,
        ),
        Question(
            "attention",
            m.ATTENTION,
            (
                Criterion("shapes", "Logits (B, K), and weights (B, T) where asked for", 2),
                Criterion("distribution", "Weights are a distribution over the valid steps", 3),
                Criterion("padding", "Padding changes nothing", 2),
                Criterion("content", "The weights depend on what was read", 1),
                Criterion("use", "The logits come from the weighted sum alone", 2),
                Criterion("position", "The score knows where a step is", 2),
                Criterion("plain", "A plain RNN, with input weights of spread 1 at the start", 1),
                Criterion("learns", "It learns a small task", 2),
            ),
            attention.judge,
            ("AttnRecurrentNeuralNet",),
            read=m.ATTENTION,
        ),
        Question(
            "train_until_solved",
            m.SOLVED,
            (
                Criterion("result", "sequences, errors and solved say what happened", 2),
                Criterion("learns", "The model is trained on fresh sequences", 2),
                Criterion("step", "Rate and clipping are those asked for; one optimizer", 1),
                Criterion("all_right", "The last 2000 training sequences were all right", 3),
                Criterion("mean_error", "Their mean error is under 0.1", 2),
                Criterion("fresh_test", "2560 fresh sequences at frozen weights decide", 3),
                Criterion("limit", "max_sequences ends a run that does not learn", 2),
            ),
            train_until_solved.judge,
            ("train_until_solved",),
            read=m.SOLVED,
        ),
        Question(
            "weights",
            m.WEIGHTS,
            (
                Criterion("lstm", "lstm.safetensors solves fresh sequences", 5),
                Criterion("attention", "attention.safetensors solves fresh sequences", 5),
            ),
            weights.judge,
            needs=("sequence_lstm", "attention"),
            read=m.WEIGHTS,
        ),
        _essay(1, "how many sequences?", 4),
        _essay(2, "the gradient at the first symbol", 4),
        _essay(3, "what attention shortens", 4),
        _essay(4, "why position?", 3),
    ),
)
