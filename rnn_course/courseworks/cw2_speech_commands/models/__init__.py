"""Judges of the two models that students build from cells, in whatever way they build them.

A model is recognised by what it computes while all its parameters are equal (`simulate`, with the
library of known mistakes in `plans`, compared in `seen`); which parameter does what is then found
from gradients (`recover`); and torch's own network with the same weights has the last word
(`verify`).

- `rnn_model`, `bidir_model`: the questions.
- `judging`: what both are asked, and in which order.
"""
