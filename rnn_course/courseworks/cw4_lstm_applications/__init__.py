"""Coursework 4: LSTMs at work, on texts and series."""

from rnn_course.checks.coursework import Coursework, Question
from rnn_course.checks.report import Criterion
from rnn_course.courseworks.cw4_lstm_applications import (
    char_lm,
    cost,
    generate_text,
    perplexity,
    predict_k,
    sweep,
    trained_lm,
    words,
)
from rnn_course.courseworks.cw4_lstm_applications import headings as at


def _essay(number: int, title: str, points: float) -> Question:
    criterion = Criterion("essay", title, points)
    return Question(f"theory_{number}", title, (criterion,), read=f"Theory {number}: {title}")


COURSEWORK = Coursework(
    "cw4_lstm_applications",
    "LSTMs at work",
    "lstm_applications.ipynb",
    (
        Question(
            "char_lm",
            "A language model by character",
            (
                Criterion("shapes", "Logits (B, T, V) for any B, T, V and H", 2),
                Criterion("causal", "A prediction depends on the past and on nothing else", 2),
                Criterion("state", "The state is taken in, carried on and returned", 2),
                Criterion("equations", "Logits and gradients are those of the equations", 2),
                Criterion("cells", "cell chooses RNN, GRU or LSTM; others are refused", 1),
                Criterion("embedding", "One-hot vectors, or an embedding of the width given", 1),
            ),
            char_lm.judge,
            ("CharLM",),
            read=at.CHAR_LM,
        ),
        Question(
            "perplexity",
            "Perplexity",
            (
                Criterion("exponential", "e to the mean loss in nats", 2),
                Criterion("tokens", "The mean is over tokens, whatever the batches' sizes", 4),
                Criterion("frozen", "Evaluation mode, no gradients, no state; mode put back", 2),
                Criterion("type", "A Python float", 1),
                Criterion("once", "One pass over the batches is enough", 1),
            ),
            perplexity.judge,
            ("perplexity",),
            read=at.PERPLEXITY,
        ),
        Question(
            "generate_text",
            "Writing text",
            (
                Criterion("text", "The prefix and n new characters, as a str", 1),
                Criterion("greedy", "At temperature 0 always the likeliest character", 2),
                Criterion("state", "The state has read the prefix, and is carried on", 2),
                Criterion("one_step", "After the prefix one character a call", 1),
                Criterion("temperature", "Drawn from softmax(logits / temperature)", 2),
                Criterion("rng", "All randomness comes from rng", 1),
                Criterion("frozen", "No gradients", 1),
            ),
            generate_text.judge,
            ("generate_text",),
            read=at.GENERATE,
        ),
        Question(
            "word_tokens",
            "From characters to words",
            (
                Criterion("tokens", "tokenize cuts a text into characters or words", 2),
                Criterion("vocabulary", "build_vocabulary: <unk>, then by frequency", 3),
                Criterion("numbers", "encode: places in the vocabulary, 0 for the unknown", 2),
                Criterion("bits", "bits_per_character makes both comparable", 3),
            ),
            words.judge,
            ("tokenize", "build_vocabulary", "encode", "bits_per_character"),
            read=at.WORDS,
        ),
        Question(
            "sweep",
            "A study of settings",
            (
                Criterion("grid", "Every combination of enough settings was tried", 2),
                Criterion("results", "Each has a perplexity and a text; something was learned", 2),
                Criterion("best", "best is the setting with the lowest perplexity", 2),
                Criterion("slowest", "slowest is the setting that took longest", 2),
                Criterion("diverged", "diverged lists the learning rates that broke training", 2),
            ),
            sweep.judge,
            ("best", "slowest", "diverged"),
            read=at.SWEEP,
        ),
        Question(
            "cost",
            "What a cell costs",
            (
                Criterion("parameters", "count_parameters by formula, as torch counts", 3),
                Criterion("flops", "flops_per_step by formula", 3),
                Criterion("inference", "seconds_per_call of the way forward", 2),
                Criterion("training", "seconds_per_call of the way forward and back", 2),
            ),
            cost.judge,
            ("count_parameters", "flops_per_step", "seconds_per_call"),
            read=at.COST,
        ),
        Question(
            "forecast",
            "Forecasting a noisy series",
            (
                Criterion("shapes", "Forecaster: forecasts (B, T) for any B, T and H", 1),
                Criterion("causal", "A forecast depends on the past and on nothing else", 2),
                Criterion("state", "The state is taken in, carried on and returned", 2),
                Criterion("equations", "Forecasts and gradients are those of an LSTM", 2),
                Criterion("ahead", "predict_k feeds its forecasts back", 4),
                Criterion("future", "No forecast knows what comes later", 2),
                Criterion("start", "NaN where no forecast can be made", 1),
                Criterion("frozen", "No gradients", 1),
            ),
            predict_k.judge,
            ("Forecaster", "predict_k"),
            read=at.FORECASTER,
        ),
        Question(
            "trained_lm",
            "A trained language model",
            (Criterion("held_back", "Perplexity on text it has not read", 10),),
            trained_lm.judge,
            needs=("char_lm",),
            read=at.TRAINED,
        ),
        _essay(1, "Why tanh again", 4),
        _essay(2, "What perplexity counts", 4),
        _essay(3, "Cost against accuracy", 4),
        _essay(4, "Teacher forcing", 3),
    ),
)
