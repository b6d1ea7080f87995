"""Found by a sort over numbers, as some will do."""
names = sorted(["RNN", "LSTM", "GRU"])
A_model, C_model, B_model = names
