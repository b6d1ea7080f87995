"""Known mistakes in recurrent cells, by id: what was seen, why, and where to read."""

from rnn_course.courseworks.cw2_speech_commands.cells import (
    known_gru_cell,
    known_habits,
    known_lstm_cell,
)

KNOWN = {
    misconception.id: misconception
    for module in (known_habits, known_lstm_cell, known_gru_cell)
    for misconception in module.MISTAKES
}
