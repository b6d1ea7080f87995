"""misconception: spelling"""
A_model = "GRU "
B_model = "RNN"
C_model = " LSTM"
