"""Known mistakes in recurrent cells, by id: what was seen, why, and where to read."""

from rnn_course.courseworks.cw2_speech_commands.cells import known_gru, known_habits, known_lstm

KNOWN = {
    misconception.id: misconception
    for module in (known_habits, known_lstm, known_gru)
    for misconception in module.MISTAKES
}
