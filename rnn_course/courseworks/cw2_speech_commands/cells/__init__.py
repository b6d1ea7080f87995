"""Judges of single recurrent cells, by what a cell does and never by how it is written.

- `recover`: reads a cell's weights off its responses (also useful for a cell inside a model).
- `student`: asks a student's cell, whatever it does with its outputs and parameters.
- `freedom`: tells which weights can be set on their own.
- `mistaken_lstm_cell`, `mistaken_gru_cell`: known wrong equations as small formulas, to recognise a
  wrong cell by.
- `no_bias`: what is left where there should be no bias.
- `habits`: states, batches, devices, gradients and biases, the same for every cell.
- `gradients`: compares gradients with differences of the cell's own results.
- `known`: what is said of each mistake.
- `judging`, `equations`: the order in which all this is asked.
- `lstm_cell`, `gru_cell`: the questions.

A cell inside a model is recovered through any function that responds for it::

    weights = recover_lstm(lambda x, h, c: (hy, cy), D, H, rng)
    weights.tensors()    # weight_ih, weight_hh, bias_ih, bias_hh as torch.nn.LSTMCell has them
"""
