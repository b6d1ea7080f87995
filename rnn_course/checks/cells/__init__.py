"""Judges of single recurrent cells, by what a cell does and never by how it is written.

- `recover`: reads a cell's weights off its responses (also useful for a cell inside a model).
- `student`: asks a student's cell, whatever it does with its outputs and parameters.
- `freedom`: tells which weights can be set on their own.
- `mistaken`: known wrong equations as small formulas, to recognise a wrong cell by.
- `habits`: states, batches, devices, gradients and biases, the same for every cell.
- `lstm`, `gru`: the questions.
"""
