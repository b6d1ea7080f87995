"""misconception: plain_network_mistaken"""
A_model = "RNN"
B_model = "GRU"
C_model = "LSTM"
