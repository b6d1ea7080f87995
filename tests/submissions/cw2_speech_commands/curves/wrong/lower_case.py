"""misconception: spelling"""
A_model = "gru"
B_model = "rnn"
C_model = "lstm"
