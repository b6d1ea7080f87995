"""The three names."""
A_model = "GRU"
B_model = "RNN"
C_model = "LSTM"
