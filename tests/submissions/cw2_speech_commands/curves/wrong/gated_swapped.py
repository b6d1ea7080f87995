"""misconception: gated_networks_exchanged"""
A_model = "LSTM"
B_model = "RNN"
C_model = "GRU"
